"""What Easel writes in Discord: the answer to an interaction, a reply to a message, and what replaces them.

An interaction's answer can be changed for 15 minutes with its token, and by nobody's leave:
https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.ui import View

from bot.platforms.discord_files import MOST_BYTES, files_of
from commands.chat import Picture

log = logging.getLogger(__name__)

TOKEN_SECONDS = 14 * 60.0
"""Discord takes an interaction's token for 15 minutes; a minute is left for uploading."""
TOO_OLD = 30046
"""Error of a message that is older than an hour and was changed as often as Discord allows."""
_ORIGINAL: Any = "@original"
"""The name of an interaction's first answer; discord.py's types know numbers only."""
_GONE = frozenset({401, 403, 404})
"""Statuses of a token that has ended and of a message that was deleted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asked, and how to answer them.

    channel, user: Discord's ids; event: the id of the interaction or the message
    application, token: of an interaction, whose token was given at `given` (UTC epoch seconds); 0 and empty
        for a message
    most: bytes of each file in the answer to an interaction
    """

    channel: int
    user: int
    event: int
    application: int = 0
    token: str = ""
    given: float = 0.0
    most: int = MOST_BYTES

    @property
    def key(self) -> str:
        """The key of the ask."""
        return f"discord:{self.event}"

    def to_reply(self) -> Mapping[str, str]:
        """As strings, for `Ask.reply`."""
        ids = {
            "channel": self.channel,
            "user": self.user,
            "event": self.event,
            "application": self.application,
            "most": self.most,
        }
        return {
            **{name: str(each) for name, each in ids.items()},
            "token": self.token,
            "given": str(self.given),
        }

    @classmethod
    def from_reply(cls, reply: Mapping[str, str]) -> Place:
        """What `to_reply` gave."""
        ids = {name: int(reply[name]) for name in ("channel", "user", "event", "application")}
        # Rows of before this was kept have none.
        most = int(reply.get("most", MOST_BYTES))
        return cls(**ids, token=reply["token"], given=float(reply["given"]), most=most)


def post_id(channel: int, message: int) -> str:
    """The house's id of a message."""
    return f"discord:{channel}:{message}"


def message_of(post: str) -> int | None:
    """The message that a post is; None for no post."""
    return int(post.rpartition(":")[2]) if post else None


def with_view(view: View | None) -> dict[str, Any]:
    """The argument for a message that has no buttons yet: discord.py takes no None there."""
    return {"view": view} if view else {}


class Poster:
    """Writes.

    Its methods raise discord.HTTPException for what Discord refuses, aiohttp.ClientError or OSError for what
    is lost.
    """

    def __init__(self, client: discord.Client, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds"""
        self._client, self._clock = client, clock

    async def picture(self, place: Place, answer: int | None, pictures: Sequence[Picture]) -> None:
        """Put pictures under an answer whose words stay. answer: the message that it became"""
        await self._change(place, answer, attachments=await files_of(pictures, place.most))

    async def words(self, place: Place, answer: int | None, text: str) -> None:
        """Other words in an answer, if it is still there; what is under them stays."""
        try:
            await self._change(place, answer, content=text)
        except discord.HTTPException as error:
            if error.status not in _GONE:
                raise
            log.info("%s: the answer can no longer be changed (%s)", place.key, error)

    async def show(
        self, place: Place, answer: int | None, text: str, pictures: Sequence[Picture], view: View | None
    ) -> str:
        """All of it in place of an answer, else as a message of its own that mentions its owner alone; the id
        of the post. answer: the message that it became, if that is known"""
        try:
            files = await files_of(pictures, place.most)
            changed = await self._change(place, answer, content=text, attachments=files, view=view)
        except discord.HTTPException as error:
            if error.status not in _GONE:
                raise
            log.warning("%s: the answer can no longer be changed (%s)", place.key, error)
            changed = None
        return changed or await self._send(place, text, pictures, view)

    async def revise(self, post: str, text: str, pictures: Sequence[Picture], view: View | None) -> str:
        """All of it in place of what a post has; the id of the post. One that is too old to be changed again
        is deleted, and what is left of it posted anew."""
        _, channel, message = post.split(":")
        place = self._client.get_partial_messageable(int(channel))
        old = place.get_partial_message(int(message))
        try:
            await old.edit(content=text, attachments=await files_of(pictures), view=view)
        except discord.NotFound:
            log.info("%s is gone already", post)
        except discord.HTTPException as error:
            if pictures and error.code != TOO_OLD:
                raise
            if pictures:
                sent = await place.send(text, files=await files_of(pictures), **with_view(view))
                post = post_id(sent.channel.id, sent.id)
            await old.delete()
        return post

    async def _change(self, place: Place, answer: int | None, **changes: Any) -> str | None:
        """The post's id, or None when there is no answer to be changed."""
        changed: discord.Message
        if place.token:
            if self._clock() >= place.given + TOKEN_SECONDS:
                return None
            webhook = discord.Webhook.partial(place.application, place.token, client=self._client)
            changed = await webhook.edit_message(_ORIGINAL, **changes)
        else:
            if answer is None:
                return None
            channel = self._client.get_partial_messageable(place.channel)
            changed = await channel.get_partial_message(answer).edit(**changes)
        return post_id(changed.channel.id, changed.id)

    async def _send(self, place: Place, text: str, pictures: Sequence[Picture], view: View | None) -> str:
        try:
            channel = self._client.get_partial_messageable(place.channel)
            return await self._send_to(channel, place, text, pictures, view)
        except (discord.Forbidden, discord.NotFound) as error:
            log.warning("%s: I may not write there (%s), so it goes to its owner", place.key, error)
        return await self._send_to(await self.direct(place), place, text, pictures, view)

    async def direct(self, place: Place) -> discord.DMChannel:
        """The owner's direct messages with Easel."""
        return await self._client.create_dm(discord.Object(place.user))

    async def send_directly(self, place: Place, text: str, pictures: Sequence[Picture]) -> None:
        """Something for its owner alone. Raises discord.Forbidden when they take no direct messages."""
        await self._send_to(await self.direct(place), place, text, pictures, None)

    async def mention(self, place: Place, text: str) -> None:
        """Words in the channel that mention its owner alone."""
        await self._send_to(self._client.get_partial_messageable(place.channel), place, text, (), None)

    async def _send_to(
        self,
        channel: discord.abc.Messageable,
        place: Place,
        text: str,
        pictures: Sequence[Picture],
        view: View | None,
    ) -> str:
        owner = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(place.user)])
        # Discord takes one message of the same nonce, however often a lost call is made again.
        sent = await channel.send(
            f"<@{place.user}> {text}",
            files=await files_of(pictures),
            allowed_mentions=owner,
            nonce=place.event,
            **with_view(view),
        )
        return post_id(sent.channel.id, sent.id)
