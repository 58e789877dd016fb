"""The two ways people speak to Easel in Discord, each as an Ask and a way to answer it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import discord

from bot.platforms.discord.components import view_of
from bot.platforms.discord.messages import MessageWriter, ReplyTarget, files_of, with_view
from bot.platforms.discord.text import (
    Names,
    language_of_text,
    parent_of,
    person_of,
    read_message,
    said,
    with_names,
)
from commands.chat import Answer, Ask, Translate
from commands.i18n import N_

log = logging.getLogger(__name__)

CLOSED_INBOX = N_(
    "I cannot write to you directly; allow direct messages in this server's privacy settings, and try again."
)
SENT = N_("It is in your direct messages.")
CLOSED = N_("I cannot write to you directly; type the slash command, and only you will see the answer.")


class Reply(Protocol):
    """One event that wants an answer.

    Its methods raise discord.HTTPException for what Discord refuses, aiohttp.ClientError or OSError for what
    is lost.
    """

    async def hold(self) -> None:
        """The answer takes longer than Discord would wait."""
        ...

    async def say(self, answer: Answer) -> int | None:
        """Give the first answer; the id of the message that it became."""
        ...


class InteractionTalk:
    """A slash command. Discord fixes who sees the answer when it is held."""

    def __init__(self, interaction: discord.Interaction, translate: Translate) -> None:
        self._interaction, self._translate = interaction, translate

    async def hold(self) -> None:
        """See `Reply.hold`."""
        await self._interaction.response.defer(thinking=True)

    async def say(self, answer: Answer) -> int | None:
        """See `Reply.say`. A refusal or a private answer is seen by this person only."""
        if answer.direct:
            answer = await self._say_directly(answer)
        text, view = said(answer), view_of(answer)
        if answer.private and not answer.refused:
            text = with_names(text, self._interaction.guild)
        most = self._interaction.filesize_limit
        files = await files_of(answer.pictures, most, answer.attachments)
        private = answer.private or answer.refused
        if not self._interaction.response.is_done():
            sent = await self._interaction.response.send_message(
                text, files=files, ephemeral=private, **with_view(view)
            )
            return sent.message_id
        if not private:
            changed = await self._interaction.edit_original_response(
                content=text, attachments=files, view=view
            )
            return changed.id
        # What was held is seen by all, and so is whatever takes its place: only a second message is private.
        await self._interaction.edit_original_response(content="…")
        sent_after = await self._interaction.followup.send(
            text, files=files, ephemeral=True, wait=True, **with_view(view)
        )
        await self._interaction.delete_original_response()
        return sent_after.id

    async def _say_directly(self, answer: Answer) -> Answer:
        """What is left to say where the command was typed."""
        try:
            files = await files_of(answer.pictures, others=answer.attachments)
            view = with_view(view_of(answer))
            await self._interaction.user.send(said(answer), files=files, **view)
        except discord.Forbidden:
            return Answer(self._translate(CLOSED_INBOX), private=True, refused=True)
        return Answer(self._translate(SENT), private=True)


class MessageTalk:
    """A mention or a direct message, which Discord lets nobody answer privately where it stands."""

    def __init__(
        self, message: discord.Message, poster: MessageWriter, place: ReplyTarget, translate: Translate
    ) -> None:
        self._message, self._poster, self._place, self._translate = message, poster, place, translate

    async def hold(self) -> None:
        """See `Reply.hold`. A message may wait."""

    async def say(self, answer: Answer) -> int | None:
        """See `Reply.say`. A private answer goes to the person directly, a refusal says nothing private."""
        if answer.private and not answer.refused and self._message.guild is not None:
            return await self._say_directly(answer)
        return await self._reply(answer)

    async def _reply(self, answer: Answer) -> int:
        sent = await self._message.reply(
            said(answer),
            files=await files_of(answer.pictures, others=answer.attachments),
            mention_author=False,
            **with_view(view_of(answer)),
        )
        return sent.id

    async def _say_directly(self, answer: Answer) -> int:
        try:
            channel = await self._poster.direct(self._place)
            files = await files_of(answer.pictures, others=answer.attachments)
            view = with_view(view_of(answer))
            return (await channel.send(said(answer), files=files, **view)).id
        except discord.Forbidden:
            log.info("%s: its author takes no direct messages", self._place.key)
        return await self._reply(Answer(self._translate(CLOSED)))


def place_of_interaction(interaction: discord.Interaction, clock: Callable[[], float]) -> ReplyTarget:
    """Where a slash command was typed. clock: UTC epoch seconds"""
    return ReplyTarget(
        channel=interaction.channel_id or 0,
        user=interaction.user.id,
        event=interaction.id,
        application=interaction.application_id,
        token=interaction.token,
        given=clock(),
        most=interaction.filesize_limit,
    )


def ask_of_interaction(interaction: discord.Interaction, place: ReplyTarget, command: str, words: str) -> Ask:
    """What a slash command asks."""
    rights = interaction.permissions
    return Ask(
        key=place.key,
        person=person_of(place.user),
        server=server_of(interaction.guild_id, place.user),
        channel=f"discord:{place.channel}",
        command=command,
        words=words,
        roles=roles_of(interaction.user),
        parent=parent_of(interaction.channel),
        has_roles=interaction.guild_id is not None,
        names=Names(interaction.guild),
        is_admin=rights.manage_guild or rights.administrator,
        is_moderator=rights.manage_messages,
        locale=interaction.locale.value,
        reply=place.to_reply(),
    )


def ask_of_message(message: discord.Message, me: int) -> tuple[Ask, ReplyTarget]:
    """What a message asks. me: Easel's user id"""
    author, guild = message.author, message.guild
    place = ReplyTarget(message.channel.id, author.id, message.id)
    command, words = read_message(message.content, me)
    ask = Ask(
        key=place.key,
        person=person_of(author.id),
        server=server_of(guild.id if guild else None, author.id),
        channel=f"discord:{place.channel}",
        command=command,
        words=words,
        roles=roles_of(author),
        parent=parent_of(message.channel),
        has_roles=guild is not None,
        names=Names(guild),
        is_admin=isinstance(author, discord.Member) and author.guild_permissions.manage_guild,
        is_moderator=isinstance(author, discord.Member) and author.guild_permissions.manage_messages,
        locale=language_of_text(message.content, guild.preferred_locale.value if guild else "en"),
        reply=place.to_reply(),
    )
    return ask, place


def server_of(guild: int | None, user: int) -> str:
    """Direct messages are a server of their own, where nobody is an admin."""
    return f"discord:{guild}" if guild else f"discord:dm-{user}"


def roles_of(user: discord.User | discord.Member) -> frozenset[str]:
    roles = user.roles if isinstance(user, discord.Member) else []
    return frozenset(f"discord:{role.id}" for role in roles if not role.is_default())


MOST_REMEMBERED = 2000


class FirstReplies:
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
