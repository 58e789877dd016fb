"""Ask Slack who somebody is: whether they are an admin here, and their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.refusals import Courier
from bot.platforms.slack.refusals import slack_refusal

KEPT_SECONDS = 60.0
"""How long Slack's answer is reused; short, so that a demoted admin soon loses their rights."""
MOST_USERS = 1000


@dataclass(frozen=True, slots=True)
class SlackUser:
    """is_admin: admin or owner of this workspace; locale: a BCP 47 tag"""

    is_admin: bool = False
    locale: str = "en"


class SlackUsers:
    """Ask users.info, and remember the answers for a minute."""

    def __init__(self, client: AsyncWebClient, team: str, clock: Callable[[], float]) -> None:
        """team: the id of the workspace whose admins count; clock: UTC epoch seconds"""
        self._client, self._team, self._clock = client, team, clock
        # Whoever asks is not kept waiting for it.
        self._courier = Courier(slack_refusal, is_patient=False)
        self._known: dict[str, tuple[float, SlackUser]] = {}

    def language(self, user: str) -> str:
        """Return a user's language, a BCP 47 tag, as far as it is known without asking."""
        _, known = self._known.get(user, (0.0, SlackUser()))
        return known.locale

    async def find(self, user: str) -> SlackUser:
        """Return what Slack says about a user; where it refuses, nobody with rights, who reads English."""
        now = self._clock()
        asked_at, known = self._known.get(user, (-KEPT_SECONDS, SlackUser()))
        if now - asked_at < KEPT_SECONDS:
            return known
        answer = await self._courier.attempt(
            lambda _: self._client.users_info(user=user, include_locale=True)
        )
        if answer is None:
            return SlackUser()
        found = _read_user(answer["user"], self._team)
        if len(self._known) >= MOST_USERS:
            self._known.clear()
        self._known[user] = (now, found)
        return found


def _read_user(user: Mapping[str, Any], team: str) -> SlackUser:
    """Read an answer of users.info. A guest of a shared channel may be an admin at home, but not here."""
    teams = {user.get("team_id", team), *user.get("enterprise_user", {}).get("teams", ())}
    leads = bool(user.get("is_admin") or user.get("is_owner"))
    return SlackUser(leads and team in teams and not user.get("is_stranger"), user.get("locale") or "en")
