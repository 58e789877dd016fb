"""Write Easel's messages in Discord, with their pictures and files."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord.ui import View

from bot.platforms.discord.text import MOST_ALT, shorten
from commands.chat import Attachment, Picture
from engine.painting.encoding import fit, suffix_of

log = logging.getLogger(__name__)

MOST_BYTES = 10 * 1024 * 1024
"""Of one file, in servers that nobody boosts; paintings of 2048 px come near it as PNG."""
TOKEN_SECONDS = 14 * 60.0
"""Discord takes an interaction's token for 15 minutes; a minute is left for uploading."""
TOO_OLD = 30046
"""Error for a message that is older than an hour and was edited as often as Discord allows."""
_ORIGINAL: Any = "@original"
"""The name of an interaction's first answer; discord.py's types know numbers only."""
_GONE = frozenset({401, 403, 404})
"""Statuses for an expired token and a deleted message."""


@dataclass(frozen=True, slots=True)
class DiscordReplyTarget:
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
        """Return it as strings, for `Ask.reply`."""
        ids = {
            **{"channel": self.channel, "user": self.user, "event": self.event},
            **{"application": self.application, "most": self.most},
        }
        return {
            **{name: str(each) for name, each in ids.items()},
            "token": self.token,
            "given": str(self.given),
        }

    @classmethod
    def from_reply(cls, reply: Mapping[str, str]) -> DiscordReplyTarget:
        """Read the result of `to_reply`."""
        ids = {name: int(reply[name]) for name in ("channel", "user", "event", "application")}
        # Older rows have no "most".
        most = int(reply.get("most", MOST_BYTES))
        return cls(**ids, token=reply["token"], given=float(reply["given"]), most=most)


def post_id(channel: int, message: int) -> str:
    """Return the service's id of a message."""
    return f"discord:{channel}:{message}"


def message_id(post: str) -> int | None:
    """Return Discord's id of a post; None when it is empty."""
    return int(post.rpartition(":")[2]) if post else None


def with_view(view: View | None) -> dict[str, Any]:
    """Return the argument for a message that has no buttons yet: discord.py takes no None there."""
    return {"view": view} if view else {}


async def files_of(
    pictures: Sequence[Picture], most: int = MOST_BYTES, others: Sequence[Attachment] = ()
) -> list[discord.File]:
    """Return files to upload; each can be sent once.

    most: bytes of each picture; a larger one becomes WebP, then smaller
    """
    fitting = [
        picture if len(picture.data) <= most else await asyncio.to_thread(_fitted, picture, most)
        for picture in pictures
    ]
    paintings = [_picture_file(number, picture) for number, picture in enumerate(fitting, 1)]
    return [*paintings, *map(_attached_file, others)]


def _fitted(picture: Picture, most: int) -> Picture:
    small = fit(picture.data, picture.conditions, most)
    return replace(
        picture, data=small.data, media_type=small.media_type, width=small.width, height=small.height
    )


def _picture_file(number: int, picture: Picture) -> discord.File:
    name = f"easel-{picture.id or number}{suffix_of(picture.media_type)}"
    alt = shorten(picture.alt, MOST_ALT)
    return discord.File(io.BytesIO(picture.data), name, spoiler=picture.hidden, description=alt)


def _attached_file(attachment: Attachment) -> discord.File:
    alt = shorten(attachment.alt, MOST_ALT) if attachment.alt else None
    return discord.File(io.BytesIO(attachment.data), attachment.name, description=alt)


class DiscordWriter:
    """Send, edit and replace messages.

    Its methods raise discord.HTTPException when Discord refuses, aiohttp.ClientError or OSError when the
    connection is lost.
    """

    def __init__(self, client: discord.Client, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds"""
        self._client, self._clock = client, clock

    async def add_pictures(
        self, target: DiscordReplyTarget, answer: int | None, pictures: Sequence[Picture]
    ) -> None:
        """Put pictures under an answer, and keep its words. answer: Discord's id of it"""
        await self._edit(target, answer, attachments=await files_of(pictures, target.most))

    async def change_words(self, target: DiscordReplyTarget, answer: int | None, text: str) -> None:
        """Change the words of an answer, if it is still there, and keep the rest."""
        try:
            await self._edit(target, answer, content=text)
        except discord.HTTPException as error:
            if error.status not in _GONE:
                raise
            log.info("%s: the answer can no longer be edited (%s)", target.key, error)

    async def replace_answer(
        self,
        target: DiscordReplyTarget,
        answer: int | None,
        text: str,
        pictures: Sequence[Picture],
        view: View | None,
    ) -> str:
        """Replace an answer, or send a new message that mentions its owner only; return the id of the post.

        answer: Discord's id of it, if that is known
        """
        try:
            files = await files_of(pictures, target.most)
            edited = await self._edit(target, answer, content=text, attachments=files, view=view)
        except discord.HTTPException as error:
            if error.status not in _GONE:
                raise
            log.warning("%s: the answer can no longer be edited (%s)", target.key, error)
            edited = None
        return edited or await self._send(target, text, pictures, view)

    async def replace_post(self, post: str, text: str, pictures: Sequence[Picture], view: View | None) -> str:
        """Replace everything in a post, and return its id.

        A post that is too old to be edited is deleted, and its remaining pictures are sent in a new one.
        """
        _, channel, message = post.split(":")
        messageable = self._client.get_partial_messageable(int(channel))
        old = messageable.get_partial_message(int(message))
        try:
            await old.edit(content=text, attachments=await files_of(pictures), view=view)
        except discord.NotFound:
            log.info("%s was deleted already", post)
        except discord.HTTPException as error:
            if pictures and error.code != TOO_OLD:
                raise
            if pictures:
                sent = await messageable.send(text, files=await files_of(pictures), **with_view(view))
                post = post_id(sent.channel.id, sent.id)
            await old.delete()
        return post

    async def open_direct(self, target: DiscordReplyTarget) -> discord.DMChannel:
        """Return the owner's direct messages with Easel."""
        return await self._client.create_dm(discord.Object(target.user))

    async def send_directly(self, target: DiscordReplyTarget, text: str, pictures: Sequence[Picture]) -> None:
        """Send a direct message. Raises discord.Forbidden when the owner takes none."""
        await self._send_to(await self.open_direct(target), target, text, pictures, None)

    async def send_mention(self, target: DiscordReplyTarget, text: str) -> None:
        """Send words to the channel that mention their owner only."""
        await self._send_to(self._client.get_partial_messageable(target.channel), target, text, (), None)

    async def _edit(self, target: DiscordReplyTarget, answer: int | None, **changes: Any) -> str | None:
        """Edit an answer and return the id of its post; None when there is no answer to edit."""
        edited: discord.Message
        if target.token:
            if self._clock() >= target.given + TOKEN_SECONDS:
                return None
            webhook = discord.Webhook.partial(target.application, target.token, client=self._client)
            edited = await webhook.edit_message(_ORIGINAL, **changes)
        else:
            if answer is None:
                return None
            channel = self._client.get_partial_messageable(target.channel)
            edited = await channel.get_partial_message(answer).edit(**changes)
        return post_id(edited.channel.id, edited.id)

    async def _send(
        self, target: DiscordReplyTarget, text: str, pictures: Sequence[Picture], view: View | None
    ) -> str:
        try:
            channel = self._client.get_partial_messageable(target.channel)
            return await self._send_to(channel, target, text, pictures, view)
        except (discord.Forbidden, discord.NotFound) as error:
            log.warning("%s: I may not write there (%s), so I write to its owner", target.key, error)
        return await self._send_to(await self.open_direct(target), target, text, pictures, view)

    async def _send_to(
        self,
        channel: discord.abc.Messageable,
        target: DiscordReplyTarget,
        text: str,
        pictures: Sequence[Picture],
        view: View | None,
    ) -> str:
        owner = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(target.user)])
        # Discord takes one message of the same nonce, however often a lost call is repeated.
        sent = await channel.send(
            f"<@{target.user}> {text}",
            files=await files_of(pictures),
            allowed_mentions=owner,
            nonce=target.event,
            **with_view(view),
        )
        return post_id(sent.channel.id, sent.id)
