"""/cancel: stop a request that waits or is being painted, and refund it."""

from __future__ import annotations

from commands.chat import Answer, Ask
from commands.command import Command
from commands.i18n import N_
from commands.parsing.sanitize import readable
from commands.services.context import Services


async def _run(ask: Ask, services: Services) -> Answer:
    """Cancel a job. Raises UserError when it has ended or is another's."""
    says = await services.jobs.cancel(ask, readable(ask.words))
    return Answer(services.translate("Cancelled: {sentence}", sentence=says), private=True)


COMMAND = Command(
    "cancel",
    N_("Cancel your last request while it is not yet painted."),
    _run,
    aliases=("取消",),
    examples=("/cancel",),
)
