"""Read reactions to posts in Discord as the commands they stand for."""

from __future__ import annotations

import logging

import discord

from bot.platforms.discord.messages import DiscordReplyTarget, DiscordWriter, post_id
from bot.platforms.discord.replies import CLOSED_INBOX, roles_of, server_of
from bot.platforms.discord.text import discord_id, text_of
from bot.platforms.refusals import Courier
from bot.ports import Refused, Service
from commands.chat import Answer, Ask
from commands.reactions import verb_of

log = logging.getLogger(__name__)


class DiscordReactions:
    """Handle people's reactions. A refusal is not answered: a reaction may be only an opinion."""

    def __init__(
        self, client: discord.Client, service: Service, writer: DiscordWriter, courier: Courier
    ) -> None:
        self._client, self._service, self._writer, self._courier = client, service, writer, courier

    async def handle(self, payload: discord.RawReactionActionEvent, on: bool) -> None:
        """Handle a reaction that was set or taken back. A failure is only logged."""
        verb = verb_of(payload.emoji.name)
        mine = self._client.user is not None and payload.user_id == self._client.user.id
        machine = payload.member is not None and payload.member.bot
        if verb is None or mine or machine:
            return
        ask, target = self._ask(payload, verb)
        try:
            answer = await self._service.react(ask, on)
            if answer is not None and answer.direct:
                await self._send(answer, target, ask.locale)
        except Refused as refusal:
            log.warning("%s could not be answered: %s", ask.key, refusal)
        except Exception:
            log.exception("%s could not be answered", ask.key)

    def _ask(self, payload: discord.RawReactionActionEvent, verb: str) -> tuple[Ask, DiscordReplyTarget]:
        member, guild = payload.member, self._client.get_guild(payload.guild_id or 0)
        rights = member.guild_permissions if member else discord.Permissions.none()
        # One that is set again soon after is answered once.
        event = payload.message_id ^ payload.user_id
        ask = Ask(
            key=f"discord:{verb}-{event}",
            person=discord_id(payload.user_id),
            server=server_of(payload.guild_id, payload.user_id),
            channel=discord_id(payload.channel_id),
            command=verb,
            words=post_id(payload.channel_id, payload.message_id),
            roles=roles_of(member) if member else frozenset(),
            is_admin=rights.manage_guild,
            is_moderator=rights.manage_messages,
            locale=guild.preferred_locale.value if guild else "en",
        )
        return ask, DiscordReplyTarget(payload.channel_id, payload.user_id, event)

    async def _send(self, answer: Answer, target: DiscordReplyTarget, locale: str) -> None:
        """Send a picture directly; a closed inbox is told in the channel, mentioning its owner only."""
        closed = Answer(self._service.translate(locale)(CLOSED_INBOX))
        _, directly = self._writer.new_ways(target, text_of(answer))

        async def say_so(_: Answer) -> str:
            return await self._writer.send_mention(target, closed.text, closed)

        await self._courier.deliver(answer, directly, say_so)
