"""Read reactions to posts in Slack as the commands they stand for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.platforms.slack.connection import SlackIdentity
from bot.platforms.slack.messages import SlackMessage, SlackReplyTarget, SlackWriter
from bot.platforms.slack.text import emoji_of
from bot.platforms.slack.users import SlackUsers
from bot.ports import Refused, Service
from commands.chat import Answer, Ask
from commands.i18n import N_
from commands.reactions import FAVOURITE, verb_of

log = logging.getLogger(__name__)

CLOSED = N_("I cannot write to you directly; open a conversation with me, and try again.")


class SlackReactions:
    """Handle people's reactions."""

    def __init__(self, service: Service, users: SlackUsers, writer: SlackWriter, me: SlackIdentity) -> None:
        self._service, self._users, self._writer, self._me = service, users, writer, me

    async def handle(self, event_id: str, event: Mapping[str, Any]) -> None:
        """Handle a reaction that was added or removed. A failure is only logged."""
        verb, item = verb_of(emoji_of(event["reaction"])), event["item"]
        if verb is None or item.get("type") != "message":
            return
        target = SlackReplyTarget(item["channel"], event["user"])
        try:
            ask = await self._ask(event_id, target, verb, str(SlackMessage(item["channel"], item["ts"])))
            answer = await self._service.react(ask, on=event["type"] == "reaction_added")
            if answer is not None and (answer.direct or answer.refused):
                await self._send(answer, target, ask.locale)
        except Refused as refusal:
            log.warning("the reaction %s could not be answered: %s", event_id, refusal)
        except Exception:
            log.exception("the reaction %s could not be answered", event_id)

    async def _ask(self, event_id: str, target: SlackReplyTarget, verb: str, post: str) -> Ask:
        person, server = self._me.person(target.user), self._me.server
        plain = Ask(f"slack:{event_id}", person, server, f"slack:{target.channel}", verb, post)
        if verb == FAVOURITE:
            return plain
        user = await self._users.find(target.user)
        return replace(plain, is_admin=user.is_admin, locale=user.locale)

    async def _send(self, answer: Answer, target: SlackReplyTarget, locale: str) -> None:
        """Send an answer privately; a closed inbox is told in the channel, to its owner only."""
        try:
            await self._writer.send_privately(target, answer)
        except Refused as refusal:
            if not answer.direct:
                raise
            log.warning("%s takes no direct messages: %s", target.user, refusal)
            await self._writer.send_privately(target, Answer(self._service.translate(locale)(CLOSED)))
