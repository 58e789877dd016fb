"""Reactions to posts in Slack, as what they stand for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.platforms.slack.connection import Self
from bot.platforms.slack.messages import MessageWriter, Post, ReplyTarget
from bot.platforms.slack.text import emoji_of
from bot.platforms.slack.users import People
from bot.ports import Service
from commands.chat import Answer, Ask
from commands.i18n import N_
from commands.reactions import FAVOURITE, verb_of

log = logging.getLogger(__name__)

CLOSED = N_("I cannot write to you directly; open a conversation with me, and try again.")


class Reactions:
    """Takes the reactions of people."""

    def __init__(self, house: Service, people: People, poster: MessageWriter, me: Self) -> None:
        self._house, self._people, self._poster, self._self = house, people, poster, me

    async def take(self, event_id: str, event: Mapping[str, Any]) -> None:
        """A reaction was added or removed. A failure is only logged."""
        verb, item = verb_of(emoji_of(event["reaction"])), event["item"]
        if verb is None or item.get("type") != "message":
            return
        place = ReplyTarget(item["channel"], event["user"])
        try:
            ask = await self._ask(event_id, place, verb, str(Post(item["channel"], item["ts"])))
            answer = await self._house.react(ask, on=event["type"] == "reaction_added")
            if answer is not None and (answer.direct or answer.refused):
                await self._say(answer, place, ask.locale)
        except Exception:
            log.exception("the reaction %s could not be answered", event_id)

    async def _ask(self, event_id: str, place: ReplyTarget, verb: str, post: str) -> Ask:
        known = f"slack:{self._self.team}"
        plain = Ask(f"slack:{event_id}", f"{known}-{place.user}", known, f"slack:{place.channel}", verb, post)
        if verb == FAVOURITE:
            return plain
        person = await self._people.find(place.user)
        return replace(plain, is_admin=person.is_admin, locale=person.locale)

    async def _say(self, answer: Answer, place: ReplyTarget, locale: str) -> None:
        """A closed inbox is told where the picture is, to its owner alone."""
        try:
            await self._poster.say_privately(place, answer)
        except SlackApiError:
            if not answer.direct:
                raise
            log.warning("%s takes no direct messages", place.user, exc_info=True)
            await self._poster.say_privately(place, Answer(self._house.translate(locale)(CLOSED)))
