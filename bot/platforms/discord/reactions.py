"""Reactions to posts in Discord, as what they stand for."""

from __future__ import annotations

import logging

import discord

from bot.platforms.discord.messages import MessageWriter, ReplyTarget, post_id
from bot.platforms.discord.replies import CLOSED_INBOX, roles_of, server_of
from bot.platforms.discord.text import person_of, said
from bot.ports import Service
from commands.chat import Answer, Ask
from commands.reactions import verb_of

log = logging.getLogger(__name__)


class Reactions:
    """Takes the reactions of people. What is refused is not said: a reaction may be but an opinion."""

    def __init__(self, client: discord.Client, house: Service, poster: MessageWriter) -> None:
        self._client, self._house, self._poster = client, house, poster

    async def take(self, payload: discord.RawReactionActionEvent, on: bool) -> None:
        """A reaction was set or taken back. A failure is only logged."""
        verb = verb_of(payload.emoji.name)
        mine = self._client.user is not None and payload.user_id == self._client.user.id
        machine = payload.member is not None and payload.member.bot
        if verb is None or mine or machine:
            return
        ask, place = self._ask(payload, verb)
        try:
            answer = await self._house.react(ask, on)
            if answer is not None and answer.direct:
                await self._send(answer, place, ask.locale)
        except Exception:
            log.exception("%s could not be answered", ask.key)

    def _ask(self, payload: discord.RawReactionActionEvent, verb: str) -> tuple[Ask, ReplyTarget]:
        member, guild = payload.member, self._client.get_guild(payload.guild_id or 0)
        rights = member.guild_permissions if member else discord.Permissions.none()
        # One that is set again soon after is answered once.
        event = payload.message_id ^ payload.user_id
        ask = Ask(
            key=f"discord:{verb}-{event}",
            person=person_of(payload.user_id),
            server=server_of(payload.guild_id, payload.user_id),
            channel=f"discord:{payload.channel_id}",
            command=verb,
            words=post_id(payload.channel_id, payload.message_id),
            roles=roles_of(member) if member else frozenset(),
            is_admin=rights.manage_guild,
            is_moderator=rights.manage_messages,
            locale=guild.preferred_locale.value if guild else "en",
        )
        return ask, ReplyTarget(payload.channel_id, payload.user_id, event)

    async def _send(self, answer: Answer, place: ReplyTarget, locale: str) -> None:
        """A closed inbox is told where the picture is, to its owner alone."""
        try:
            await self._poster.send_directly(place, said(answer), answer.pictures)
        except discord.Forbidden:
            await self._poster.mention(place, self._house.translate(locale)(CLOSED_INBOX))
