"""Read what people ask in Discord, and answer it: slash commands and messages."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import discord

from bot.platforms.discord.messages import DiscordReplyTarget, DiscordWriter, message_parts, post_id
from bot.platforms.discord.text import (
    ServerNames,
    discord_id,
    language_of_text,
    parent_of,
    read_message,
    text_of,
    with_names,
)
from bot.platforms.refusals import Courier
from bot.ports import Refused
from commands.chat import DIRECT, Answer, Ask, Translate
from commands.i18n import N_

log = logging.getLogger(__name__)

CLOSED_INBOX = N_(
    "I cannot write to you directly; allow direct messages in this server's privacy settings, and try again."
)
SENT = N_("It is in your direct messages.")
CLOSED = N_("I cannot write to you directly; type the slash command, and only you will see the answer.")
MOST_REMEMBERED = 2000


class DiscordReply(Protocol):
    """The answer to one event. Its methods raise Refused."""

    async def defer(self) -> None:
        """Tell Discord that the answer takes longer than it would wait."""
        ...

    async def send(self, answer: Answer) -> str:
        """Give the first answer, somewhere at least, and return the id of its post."""
        ...


class InteractionReply:
    """The answer to a slash command. Discord fixes who sees it when it is deferred."""

    def __init__(
        self,
        interaction: discord.Interaction,
        writer: DiscordWriter,
        courier: Courier,
        target: DiscordReplyTarget,
        translate: Translate,
    ) -> None:
        self._interaction, self._writer, self._courier = interaction, writer, courier
        self._target, self._translate = target, translate

    async def defer(self) -> None:
        """See `DiscordReply.defer`. A refusal is only logged: the answer may be taken nevertheless."""
        await self._courier.attempt(lambda _: self._interaction.response.defer(thinking=True))

    async def send(self, answer: Answer) -> str:
        """See `DiscordReply.send`. Only this person sees a refusal or a private answer."""
        if answer.direct:
            answer = await self._send_directly(answer)
        text, private = text_of(answer), answer.private or answer.refused
        if answer.private and not answer.refused:
            text = with_names(text, self._interaction.guild)
        here, directly = self._writer.new_ways(self._target, text)

        async def respond(shown: Answer) -> str:
            parts = await message_parts(shown, self._target.most)
            sent = await self._interaction.response.send_message(text, ephemeral=private, **parts)
            return self._post(sent.message_id)

        async def amend(shown: Answer) -> str:
            return await (self._whisper(text, shown) if private else self._edit(text, shown))

        first = [] if self._interaction.response.is_done() else [respond]
        rest = (directly,) if private else (here, directly)
        return await self._courier.deliver(answer, *first, amend, *rest)

    async def _edit(self, text: str, shown: Answer) -> str:
        parts = await message_parts(shown, self._target.most)
        edited = await self._interaction.edit_original_response(
            content=text, attachments=parts["files"], view=parts.get("view")
        )
        return self._post(edited.id)

    async def _whisper(self, text: str, shown: Answer) -> str:
        """Answer privately where the answer was deferred: everybody sees it, and so whatever replaces it.
        Only a second message is private."""
        await self._interaction.edit_original_response(content="…")
        parts = await message_parts(shown, self._target.most)
        sent = await self._interaction.followup.send(text, ephemeral=True, wait=True, **parts)
        await self._courier.attempt(lambda _: self._interaction.delete_original_response())
        return self._post(sent.id)

    def _post(self, message: int | None) -> str:
        return post_id(self._target.channel, message or 0)

    async def _send_directly(self, answer: Answer) -> Answer:
        """Send a direct message, and return what to answer where the command was typed."""
        _, directly = self._writer.new_ways(self._target, text_of(answer))
        try:
            await self._courier.deliver(answer, directly)
        except Refused as refusal:
            log.info("%s: %s", self._target.key, refusal)
            return Answer(self._translate(CLOSED_INBOX), private=True, refused=True)
        return Answer(self._translate(SENT), private=True)


class MessageReply:
    """The answer to a mention or a direct message; Discord has no private answers in a channel."""

    def __init__(
        self,
        message: discord.Message,
        writer: DiscordWriter,
        courier: Courier,
        target: DiscordReplyTarget,
        translate: Translate,
    ) -> None:
        self._message, self._writer, self._courier = message, writer, courier
        self._target, self._translate = target, translate

    async def defer(self) -> None:
        """See `DiscordReply.defer`. A message may be answered at any time."""

    async def send(self, answer: Answer) -> str:
        """See `DiscordReply.send`. A private answer becomes a direct message; a refusal has no secrets."""
        if answer.private and not answer.refused and self._message.guild is not None:
            return await self._send_directly(answer)
        ways = self._writer.new_ways(self._target, text_of(answer))
        return await self._courier.deliver(answer, self._reply, *ways)

    async def _reply(self, shown: Answer) -> str:
        # A message that was deleted meanwhile is answered, too.
        reference = self._message.to_reference(fail_if_not_exists=False)
        sent = await self._message.channel.send(
            text_of(shown), reference=reference, mention_author=False, **await message_parts(shown)
        )
        return post_id(self._target.channel, sent.id)

    async def _send_directly(self, answer: Answer) -> str:
        _, directly = self._writer.new_ways(self._target, text_of(answer))
        try:
            return await self._courier.deliver(answer, directly)
        except Refused as refusal:
            log.info("%s: %s", self._target.key, refusal)
        return await self._courier.deliver(Answer(self._translate(CLOSED)), self._reply)


def target_of_interaction(interaction: discord.Interaction, clock: Callable[[], float]) -> DiscordReplyTarget:
    """Return where a slash command was typed. clock: UTC epoch seconds"""
    return DiscordReplyTarget(
        channel=interaction.channel_id or 0,
        user=interaction.user.id,
        event=interaction.id,
        application=interaction.application_id,
        token=interaction.token,
        given=clock(),
        most=interaction.filesize_limit,
    )


def ask_of_interaction(
    interaction: discord.Interaction, target: DiscordReplyTarget, command: str, words: str
) -> Ask:
    """Return the ask of a slash command."""
    rights = interaction.permissions
    return Ask(
        key=target.key,
        person=discord_id(target.user),
        server=server_of(interaction.guild_id, target.user),
        channel=discord_id(target.channel),
        command=command,
        words=words,
        roles=roles_of(interaction.user),
        parent=parent_of(interaction.channel),
        has_roles=interaction.guild_id is not None,
        names=ServerNames(interaction.guild),
        is_admin=rights.manage_guild or rights.administrator,
        is_moderator=rights.manage_messages,
        locale=interaction.locale.value,
        reply=target.to_reply(),
    )


def ask_of_message(message: discord.Message, me: int) -> tuple[Ask, DiscordReplyTarget]:
    """Return the ask of a message. me: Easel's user id"""
    author, guild = message.author, message.guild
    target = DiscordReplyTarget(message.channel.id, author.id, message.id)
    command, words = read_message(message.content, me)
    ask = Ask(
        key=target.key,
        person=discord_id(author.id),
        server=server_of(guild.id if guild else None, author.id),
        channel=discord_id(target.channel),
        command=command,
        words=words,
        roles=roles_of(author),
        parent=parent_of(message.channel),
        has_roles=guild is not None,
        names=ServerNames(guild),
        is_admin=isinstance(author, discord.Member) and author.guild_permissions.manage_guild,
        is_moderator=isinstance(author, discord.Member) and author.guild_permissions.manage_messages,
        locale=language_of_text(message.content, guild.preferred_locale.value if guild else "en"),
        reply=target.to_reply(),
        about=_answered(message),
    )
    return ask, target


def _answered(message: discord.Message) -> str:
    """Return the id of the post that a message replies to, empty for none."""
    to = message.reference
    return post_id(to.channel_id, to.message_id) if to and to.message_id else ""


def server_of(guild: int | None, user: int) -> str:
    """Return a server's id. Direct messages are a server of their own, where nobody is an admin."""
    return f"discord:{guild}" if guild else f"discord:{DIRECT}{user}"


def roles_of(user: discord.User | discord.Member) -> frozenset[str]:
    """Return the ids of somebody's roles."""
    roles = user.roles if isinstance(user, discord.Member) else []
    return frozenset(discord_id(role.id) for role in roles if not role.is_default())


class FirstReplies:
    """Remember the posts of first answers by the key of their ask; forget the oldest first.

    Previews and results wait for them, because they edit that message. A restart forgets all.
    """

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._messages: OrderedDict[str, asyncio.Future[str | None]] = OrderedDict()
        self._most = most

    def begin(self, key: str) -> bool:
        """Return whether the ask is new: Discord may deliver an event twice."""
        if key in self._messages:
            return False
        self._messages[key] = asyncio.get_running_loop().create_future()
        if len(self._messages) > self._most:
            _, forgotten = self._messages.popitem(last=False)
            if not forgotten.done():
                # Whoever waits for it goes on without.
                forgotten.set_result(None)
        return True

    def end(self, key: str, post: str | None) -> None:
        """Note the post of a first answer; None when there is none."""
        waiting = self._messages.get(key)
        if waiting is not None:
            waiting.set_result(post)

    async def find(self, key: str) -> str | None:
        """Wait for a first answer, and return its post; None when there is none."""
        waiting = self._messages.get(key)
        return await asyncio.shield(waiting) if waiting else None
