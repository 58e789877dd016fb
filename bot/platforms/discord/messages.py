"""Pictures as Discord takes them: with their alternative texts, and no larger than it says."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord.ui import View

from bot.platforms.discord.text import MOST_ALT, cut
from commands.chat import Attachment, Picture
from engine.painting.encoding import fit, suffix_of

MOST_BYTES = 10 * 1024 * 1024
"""Of one file, in servers that nobody boosts; paintings of 2048 px come near it as PNG."""


async def files_of(
    pictures: Sequence[Picture], most: int = MOST_BYTES, others: Sequence[Attachment] = ()
) -> list[discord.File]:
    """Attachments, which can be sent once.

    most: bytes of each picture; what is larger becomes WebP, then smaller
    """
    fitting = [
        picture if len(picture.data) <= most else await asyncio.to_thread(_fitted, picture, most)
        for picture in pictures
    ]
    paintings = [_file(number, picture) for number, picture in enumerate(fitting, 1)]
    return [*paintings, *map(_other_file, others)]


def _other_file(other: Attachment) -> discord.File:
    alt = cut(other.alt, MOST_ALT) if other.alt else None
    return discord.File(io.BytesIO(other.data), other.name, description=alt)


def _fitted(picture: Picture, most: int) -> Picture:
    small = fit(picture.data, picture.conditions, most)
    return replace(
        picture, data=small.data, media_type=small.media_type, width=small.width, height=small.height
    )


def _file(number: int, picture: Picture) -> discord.File:
    name = f"easel-{picture.id or number}{suffix_of(picture.media_type)}"
    alt = cut(picture.alt, MOST_ALT)
    return discord.File(io.BytesIO(picture.data), name, spoiler=picture.hidden, description=alt)


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
class ReplyTarget:
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
    def from_reply(cls, reply: Mapping[str, str]) -> ReplyTarget:
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


class MessageWriter:
    """Writes.

    Its methods raise discord.HTTPException for what Discord refuses, aiohttp.ClientError or OSError for what
    is lost.
    """

    def __init__(self, client: discord.Client, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds"""
        self._client, self._clock = client, clock

    async def picture(self, place: ReplyTarget, answer: int | None, pictures: Sequence[Picture]) -> None:
        """Put pictures under an answer whose words stay. answer: the message that it became"""
        await self._change(place, answer, attachments=await files_of(pictures, place.most))

    async def words(self, place: ReplyTarget, answer: int | None, text: str) -> None:
        """Other words in an answer, if it is still there; what is under them stays."""
        try:
            await self._change(place, answer, content=text)
        except discord.HTTPException as error:
            if error.status not in _GONE:
                raise
            log.info("%s: the answer can no longer be changed (%s)", place.key, error)

    async def show(
        self,
        place: ReplyTarget,
        answer: int | None,
        text: str,
        pictures: Sequence[Picture],
        view: View | None,
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

    async def _change(self, place: ReplyTarget, answer: int | None, **changes: Any) -> str | None:
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

    async def _send(
        self, place: ReplyTarget, text: str, pictures: Sequence[Picture], view: View | None
    ) -> str:
        try:
            channel = self._client.get_partial_messageable(place.channel)
            return await self._send_to(channel, place, text, pictures, view)
        except (discord.Forbidden, discord.NotFound) as error:
            log.warning("%s: I may not write there (%s), so it goes to its owner", place.key, error)
        return await self._send_to(await self.direct(place), place, text, pictures, view)

    async def direct(self, place: ReplyTarget) -> discord.DMChannel:
        """The owner's direct messages with Easel."""
        return await self._client.create_dm(discord.Object(place.user))

    async def send_directly(self, place: ReplyTarget, text: str, pictures: Sequence[Picture]) -> None:
        """Something for its owner alone. Raises discord.Forbidden when they take no direct messages."""
        await self._send_to(await self.direct(place), place, text, pictures, None)

    async def mention(self, place: ReplyTarget, text: str) -> None:
        """Words in the channel that mention its owner alone."""
        await self._send_to(self._client.get_partial_messageable(place.channel), place, text, (), None)

    async def _send_to(
        self,
        channel: discord.abc.Messageable,
        place: ReplyTarget,
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
