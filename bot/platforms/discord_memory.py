"""What the adapter remembers while it runs: what it has answered, and the message that each answer became."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

MOST_REMEMBERED = 2000


class FirstAnswers:
    """First answers by the key of their ask; the oldest are forgotten first.

    Previews and results wait for them: they change the message that a first answer became. After a restart
    nothing is known of earlier ones.
    """

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._answers: OrderedDict[str, asyncio.Future[int | None]] = OrderedDict()
        self._most = most

    def begin(self, key: str) -> bool:
        """Whether the ask is new; Discord may deliver an event twice."""
        if key in self._answers:
            return False
        self._answers[key] = asyncio.get_running_loop().create_future()
        if len(self._answers) > self._most:
            _, forgotten = self._answers.popitem(last=False)
            if not forgotten.done():
                # Whoever waits for it goes on without.
                forgotten.set_result(None)
        return True

    def end(self, key: str, message: int | None) -> None:
        """The first answer became this message; None when it could not be said."""
        answer = self._answers.get(key)
        if answer is not None:
            answer.set_result(message)

    async def find(self, key: str) -> int | None:
        """The message of a first answer, once it is there; None when there is or was none."""
        answer = self._answers.get(key)
        return await asyncio.shield(answer) if answer else None
