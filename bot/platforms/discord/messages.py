"""Write Easel's messages in Discord, with their pictures and files."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.platforms.discord.components import view_of
from bot.platforms.discord.text import MOST_ALT, shorten
from bot.platforms.refusals import Courier, fitted
from bot.ports import Refused, Remedy
from commands.chat import Answer, Attachment, Picture, Post
from engine.painting.encoding import suffix_of

MOST_BYTES = 10 * 1024 * 1024
"""Of one file, in servers that nobody boosts; paintings of 2048 px come near it as PNG."""
ARCHIVED = 50083
"""Error for a message in an archived thread, which a bot may open unless it is locked."""
TOKEN_SECONDS = 14 * 60.0
"""Discord takes an interaction's token for 15 minutes; a minute is left for uploading."""
MOST_TOGETHER = 25 * 1024 * 1024 - 128 * 1024
"""Of all files of one request, which has at most 25 MiB with its words."""
_ORIGINAL: Any = "@original"
"""The name of an interaction's first answer; discord.py's types know numbers only."""


Way = Callable[[Any], Awaitable[str]]
"""Sends an Answer or a Post, and returns the id of its post."""


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


def ids_of(post: str) -> tuple[int, int]:
    """Return Discord's ids of the channel and the message of a post."""
    _, channel, message = post.split(":")
    return int(channel), int(message)


async def message_parts(shown: Answer | Post, most: int = MOST_BYTES) -> dict[str, Any]:
    """Return the files and buttons of a new message. most: bytes of each file"""
    view = view_of(shown.pictures, shown.buttons)
    # discord.py takes no None for buttons that are not there yet.
    return {"files": await files_of(shown, most), **({"view": view} if view else {})}


async def files_of(shown: Answer | Post, most: int = MOST_BYTES) -> list[discord.File]:
    """Return files to upload; each can be sent once.

    most: bytes of each picture; a larger one becomes WebP, then smaller, as do all where they would be too
        large together
    """
    others = shown.attachments if isinstance(shown, Answer) else ()
    room = MOST_TOGETHER - sum(len(each.data) for each in others)
    if sum(min(len(each.data), most) for each in shown.pictures) > room:
        most = min(most, room // len(shown.pictures))
    fitting = [await asyncio.to_thread(fitted, each, most) for each in shown.pictures]
    paintings = [_picture_file(number, picture) for number, picture in enumerate(fitting, 1)]
    return [*paintings, *map(_attached_file, others)]


def _picture_file(number: int, picture: Picture) -> discord.File:
    name = f"easel-{picture.id or number}{suffix_of(picture.media_type)}"
    alt = shorten(picture.alt, MOST_ALT)
    return discord.File(io.BytesIO(picture.data), name, spoiler=picture.hidden, description=alt)


def _attached_file(attachment: Attachment) -> discord.File:
    alt = shorten(attachment.alt, MOST_ALT) if attachment.alt else None
    return discord.File(io.BytesIO(attachment.data), attachment.name, description=alt)


class DiscordWriter:
    """Send, edit and replace messages. Its methods raise Refused, but for those that say otherwise."""

    def __init__(self, client: discord.Client, clock: Callable[[], float], courier: Courier) -> None:
        """clock: UTC epoch seconds"""
        self._client, self._clock, self._courier = client, clock, courier

    async def add_pictures(
        self, target: DiscordReplyTarget, answer: str | None, layouts: Sequence[Picture]
    ) -> None:
        """Put pictures under an answer, where it may still be edited, and keep its words.

        answer: the id of its post
        """

        async def add(shown: Post) -> None:
            await self._edit(target, answer, attachments=await files_of(shown, target.most))

        await self._courier.deliver(Post("", pictures=tuple(layouts)), add)

    async def change_words(self, target: DiscordReplyTarget, answer: str | None, text: str) -> None:
        """Change the words of an answer, where it may still be edited, and keep the rest."""
        await self._courier.deliver(None, lambda _: self._edit(target, answer, content=text))

    async def replace_answer(
        self, target: DiscordReplyTarget, answer: str | None, text: str, post: Post
    ) -> str:
        """Replace an answer, else send a new message that mentions its owner only, else one to them directly;
        return the id of the post.

        answer: the id of its post, if that is known
        """

        async def replace_original(shown: Post) -> str:
            return await self._edit_original(target, **await _whole(text, shown, target.most))

        async def replace_message(shown: Post) -> str:
            return await self._edit_message(answer or "", **await _whole(text, shown))

        ways = [replace_original] if self._has_token(target) else []
        if answer and (self._has_token(target) or not target.token):
            ways.append(replace_message)
        return await self._courier.deliver(post, *ways, *self.new_ways(target, text))

    def new_ways(self, target: DiscordReplyTarget, text: str) -> tuple[Way, Way]:
        """Return the ways to send a new message: to the channel, and directly.

        They raise what discord.py does.
        """

        async def send_here(shown: Answer | Post) -> str:
            return await self.send_mention(target, text, shown)

        async def send_directly(shown: Answer | Post) -> str:
            return await self.send_directly(target, text, shown)

        return send_here, send_directly

    async def replace_post(self, post: str, text: str, shown: Post) -> str:
        """Replace everything in a post, and return its id.

        An archived thread is opened for it. A post that cannot be edited is deleted, and its remaining
        pictures are sent in a new one.
        """
        channel, message = ids_of(post)
        messageable = self._client.get_partial_messageable(channel)
        old = messageable.get_partial_message(message)

        async def edit(shown: Post) -> str:
            try:
                return await self._edit_message(post, **await _whole(text, shown))
            except discord.HTTPException as error:
                if error.code != ARCHIVED:
                    raise
            await self._client.http.edit_channel(channel, archived=False)
            return await self._edit_message(post, **await _whole(text, shown))

        async def renew(shown: Post) -> str:
            sent = await messageable.send(text, **await message_parts(shown)) if shown.pictures else None
            await old.delete()
            return post_id(sent.channel.id, sent.id) if sent else post

        try:
            return await self._courier.deliver(shown, edit, renew)
        except Refused as refusal:
            if refusal.remedy is not Remedy.GONE:
                raise
            return post

    async def send_directly(self, target: DiscordReplyTarget, text: str, shown: Answer | Post) -> str:
        """Send a direct message. Raises what discord.py does."""
        return await self._send(
            await self._client.create_dm(discord.Object(target.user)), target, text, shown
        )

    async def send_to_channel(self, channel: int, text: str, shown: Post) -> None:
        """Send a message that answers nobody, and mentions nobody."""
        messageable = self._client.get_partial_messageable(channel)

        async def send(shown: Post) -> None:
            await messageable.send(text, **await message_parts(shown))

        await self._courier.deliver(shown, send)

    async def send_mention(self, target: DiscordReplyTarget, text: str, shown: Answer | Post) -> str:
        """Send a message to the channel that mentions its owner only. Raises what discord.py does."""
        channel = self._client.get_partial_messageable(target.channel)
        return await self._send(channel, target, f"<@{target.user}> {text}", shown)

    def _has_token(self, target: DiscordReplyTarget) -> bool:
        return bool(target.token) and self._clock() < target.given + TOKEN_SECONDS

    async def _edit(self, target: DiscordReplyTarget, answer: str | None, **changes: Any) -> None:
        """Edit an answer where it may still be edited."""
        if self._has_token(target):
            await self._edit_original(target, **changes)
        elif answer and not target.token:
            await self._edit_message(answer, **changes)

    async def _edit_original(self, target: DiscordReplyTarget, **changes: Any) -> str:
        webhook = discord.Webhook.partial(target.application, target.token, client=self._client)
        edited = await webhook.edit_message(_ORIGINAL, **changes)
        return post_id(edited.channel.id, edited.id)

    async def _edit_message(self, post: str, **changes: Any) -> str:
        channel, message = ids_of(post)
        messageable = self._client.get_partial_messageable(channel)
        await messageable.get_partial_message(message).edit(**changes)
        return post

    async def _send(
        self, channel: discord.abc.Messageable, target: DiscordReplyTarget, text: str, shown: Answer | Post
    ) -> str:
        owner = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(target.user)])
        # Discord takes one message of the same nonce, however often a lost call is repeated.
        nonce = f"a{target.event}" if isinstance(shown, Answer) else target.event
        sent = await channel.send(text, allowed_mentions=owner, nonce=nonce, **await message_parts(shown))
        return post_id(sent.channel.id, sent.id)


async def _whole(text: str, shown: Post, most: int = MOST_BYTES) -> dict[str, Any]:
    """Return all that an edited message shows."""
    view = view_of(shown.pictures, shown.buttons)
    return {"content": text, "attachments": await files_of(shown, most), "view": view}
