"""What Slack says of a person: whether they are an admin here, and their language."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

KEPT_SECONDS = 60.0
"""How long an answer is believed: an admin who is none any more soon loses the rights."""
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """is_admin: admin or owner of this workspace; locale: a BCP 47 tag"""

    is_admin: bool = False
    locale: str = "en"


class People:
    """Asks users.info, and remembers for a minute."""

    def __init__(self, client: AsyncWebClient, team: str, clock: Callable[[], float]) -> None:
        """team: the id of the workspace whose admins count; clock: UTC epoch seconds"""
        self._client, self._team, self._clock = client, team, clock
        self._known: dict[str, tuple[float, Person]] = {}

    def language(self, user: str) -> str:
        """Of a user, as far as it is known without asking: a BCP 47 tag."""
        _, person = self._known.get(user, (0.0, Person()))
        return person.locale

    async def find(self, user: str) -> Person:
        """What is known of a user; somebody without rights who speaks English when Slack does not say."""
        now = self._clock()
        asked_at, person = self._known.get(user, (-KEPT_SECONDS, Person()))
        if now - asked_at < KEPT_SECONDS:
            return person
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
        except SlackApiError:
            log.exception("Slack does not say who %s is", user)
            return Person()
        person = _person(answer["user"], self._team)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[user] = (now, person)
        return person


def _person(user: Mapping[str, Any], team: str) -> Person:
    """From users.info. A guest of a shared channel may be an admin at home, which gives no rights here."""
    teams = {user.get("team_id", team), *user.get("enterprise_user", {}).get("teams", ())}
    leads = bool(user.get("is_admin") or user.get("is_owner"))
    return Person(leads and team in teams and not user.get("is_stranger"), user.get("locale") or "en")
