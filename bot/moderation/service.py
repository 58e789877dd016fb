"""Store blocks and reports, and show moderators what was reported."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence

from bot.clock import HOUR
from bot.people import audit
from bot.people.identity import accounts_of, person_of
from bot.people.settings import settings_of
from bot.pictures.store import PictureStore
from bot.ports import Platform, Refused
from bot.storage.database import Database, Storage, change, first, rows
from commands.chat import Ask, UserError
from commands.i18n import translator
from commands.services.moderation import Block, Report
from commands.text import refusals
from commands.text.moderation import reported_post

log = logging.getLogger(__name__)

MOST_REPORTS = 5
"""Pictures that one account may report in an hour."""


class ModerationService:
    """Implements `commands.services.moderation.Moderation`."""

    def __init__(
        self,
        storage: Storage,
        store: PictureStore,
        platforms: Mapping[str, Platform],
        clock: Callable[[], float],
    ) -> None:
        """platforms: those that are connected, by name; it may grow. clock: UTC epoch seconds"""
        self._storage, self._store, self._platforms, self._clock = storage, store, platforms, clock

    async def check(self, ask: Ask) -> None:
        """Raise UserError for somebody who is blocked in the server, with any of their accounts."""
        if await self._storage.read(_is_blocked, ask):
            raise UserError(refusals.BLOCKED)

    async def block(self, ask: Ask, account: str, reason: str) -> None:
        await self._storage.write(self._block, ask, account, reason)

    def _block(self, database: Database, ask: Ask, account: str, reason: str) -> None:
        now, before = self._clock(), _reason(database, ask.server, account)
        change(database, _BLOCK, ask.server, account, reason, ask.account, now)
        audit.write(database, now, ask, "block", account, before, reason)

    async def unblock(self, ask: Ask, account: str) -> bool:
        return await self._storage.write(self._unblock, ask, account)

    def _unblock(self, database: Database, ask: Ask, account: str) -> bool:
        before = _reason(database, ask.server, account)
        sql = "DELETE FROM blocks WHERE server = ? AND account = ?"
        if not change(database, sql, ask.server, account):
            return False
        audit.write(database, self._clock(), ask, "block", account, before, "")
        return True

    async def blocks(self, ask: Ask) -> Sequence[Block]:
        sql = "SELECT account, reason, at FROM blocks WHERE server = ? ORDER BY at DESC, account"
        found = await self._storage.read(rows, sql, ask.server)
        return [Block(**row) for row in found]

    async def report(self, ask: Ask, picture: str, reason: str) -> bool:
        is_new, server = await self._storage.write(
            lambda database: self._report(database, ask, picture, reason)
        )
        if is_new:
            await self._show(picture, server, reason)
        return is_new

    def _report(self, database: Database, ask: Ask, picture: str, reason: str) -> tuple[bool, str]:
        """Return whether it was not reported before, and in whose server it was made."""
        now = self._clock()
        recent = first(database, _RECENT, ask.account, now - HOUR)
        if recent and recent["n"] >= MOST_REPORTS:
            raise UserError(refusals.TOO_MANY_REPORTS, most=MOST_REPORTS)
        known = first(database, "SELECT 1 FROM reports WHERE picture = ?", picture)
        place = first(database, _SERVER, picture)
        server = place["server"] if place else ask.server
        change(database, _REPORT, picture, ask.account, server, reason, now)
        return known is None, server

    async def _show(self, picture: str, server: str, reason: str) -> None:
        """Send a reported picture to the moderators' channel; a failure is only logged: it is in the list."""
        settings = await self._storage.read(settings_of, server)
        channel, locale = settings.get("reports", ""), settings.get("language", "en")
        shown = await self._store.picture(picture, locale)
        platform = self._platforms.get(channel.partition(":")[0])
        if platform is None or shown is None:
            return
        owner = await self._storage.read(first, _OWNER, picture)
        post = reported_post(shown, owner["account"] if owner else "", reason, translator(locale))
        try:
            await platform.tell(channel, post)
        except Refused as refusal:
            log.warning("a report could not be posted: %s", refusal)
        except Exception:
            log.exception("a report could not be posted")

    async def reported(self, ask: Ask, most: int) -> Sequence[Report]:
        found = await self._storage.read(rows, _OPEN, ask.server, most)
        return [Report(row["picture"], row["account"], row["reason"]) for row in found]

    async def keep(self, ask: Ask, pictures: Sequence[str]) -> None:
        await self._storage.write(change, _KEEP, ask.account, json.dumps(pictures))


_BLOCK = """
INSERT INTO blocks (server, account, reason, blocked_by, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (server, account) DO UPDATE SET
reason = excluded.reason, blocked_by = excluded.blocked_by, at = excluded.at
"""
_RECENT = "SELECT COUNT(*) AS n FROM reports WHERE account = ? AND at > ?"
_SERVER = "SELECT server FROM jobs JOIN pictures ON pictures.job = jobs.id WHERE pictures.id = ?"
_OWNER = "SELECT account FROM jobs JOIN pictures ON pictures.job = jobs.id WHERE pictures.id = ?"
_REPORT = "INSERT OR IGNORE INTO reports (picture, account, server, reason, at) VALUES (?, ?, ?, ?, ?)"
_OPEN = """
SELECT reports.picture, jobs.account, reports.reason, MIN(reports.at) AS first_at
FROM reports
JOIN pictures ON pictures.id = reports.picture JOIN jobs ON jobs.id = pictures.job
WHERE reports.server = ? AND deleted_at IS NULL
GROUP BY reports.picture HAVING COUNT(kept_by) = 0 ORDER BY first_at DESC LIMIT ?
"""
_KEEP = "UPDATE reports SET kept_by = ? WHERE picture IN (SELECT value FROM json_each(?))"


def _reason(database: Database, server: str, account: str) -> str:
    sql = "SELECT reason FROM blocks WHERE server = ? AND account = ?"
    row = first(database, sql, server, account)
    return str(row["reason"]) if row else ""


def _is_blocked(database: Database, ask: Ask) -> bool:
    accounts = json.dumps(accounts_of(database, person_of(database, ask.account)))
    sql = "SELECT 1 FROM blocks WHERE server = ? AND account IN (SELECT value FROM json_each(?))"
    return first(database, sql, ask.server, accounts) is not None
