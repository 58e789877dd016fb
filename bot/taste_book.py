"""Reactions as they come in: what stands now, the log of what happened, and counts kept beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from bot.storage import Database, Row, Storage, change, rows
from bot.tastes import KINDS, TasteEvent, fold, names_in
from commands.chat import Reaction
from engine.conditions import Conditions


class TasteBook:
    """Implements `commands.context.Tastes`, and takes reactions."""

    def __init__(self, storage: Storage, clock: Callable[[], float]) -> None:
        self._storage, self._clock = storage, clock

    async def likes(self, person: str) -> Mapping[str, Mapping[str, int]]:
        """See `commands.context.Tastes.likes`."""
        sql = "SELECT kind, name, count FROM taste_state WHERE person = ? AND count > 0"
        found = await self._storage.run(lambda database: rows(database, sql, person))
        return {kind: {row["name"]: row["count"] for row in found if row["kind"] == kind} for kind in KINDS}

    async def react(self, reaction: Reaction) -> bool:
        """Log a reaction, once however often it is sent. False when it names no finished picture."""
        return await self._storage.run(lambda database: self._react(database, reaction))

    def _react(self, database: Database, reaction: Reaction) -> bool:
        pictures = _pictures(database, reaction)
        for picture in pictures:
            changed = self._set(database, reaction, picture["id"])
            if changed:
                self._log(database, reaction, picture)
        return bool(pictures)

    def _set(self, database: Database, reaction: Reaction, picture: str) -> int:
        keys = (reaction.person, picture, reaction.verb)
        if reaction.on:
            sql = "INSERT OR IGNORE INTO reactions (person, picture, verb, at) VALUES (?, ?, ?, ?)"
            return change(database, sql, *keys, self._clock())
        return change(database, "DELETE FROM reactions WHERE person = ? AND picture = ? AND verb = ?", *keys)

    def _log(self, database: Database, reaction: Reaction, picture: Row) -> None:
        event = TasteEvent(Conditions.from_dict(json.loads(picture["conditions"])), 1 if reaction.on else -1)
        change(
            database,
            "INSERT INTO taste_events (at, person, server, picture, verb, weight, conditions)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(self._clock(), reaction.person, reaction.server, picture["id"], reaction.verb),
            *(event.weight, picture["conditions"]),
        )
        for kind, name in names_in(event.conditions):
            change(
                database,
                "INSERT INTO taste_state (person, kind, name, count) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (person, kind, name) DO UPDATE SET count = count + excluded.count",
                *(reaction.person, kind, name, event.weight),
            )

    async def rebuilt(self, person: str) -> Mapping[str, Mapping[str, int]]:
        """The counts as they follow from the log alone."""
        return await self._storage.run(lambda database: _folded(database, person))


def rebuild(database: Database, person: str) -> None:
    """Count a person's log anew, in the caller's transaction."""
    change(database, "DELETE FROM taste_state WHERE person = ?", person)
    for kind, counts in _folded(database, person).items():
        for name, count in counts.items():
            change(database, _COUNTED, person, kind, name, count)


_COUNTED = "INSERT INTO taste_state (person, kind, name, count) VALUES (?, ?, ?, ?)"


def _folded(database: Database, person: str) -> Mapping[str, Mapping[str, int]]:
    sql = "SELECT conditions, weight FROM taste_events WHERE person = ? ORDER BY id"
    found = rows(database, sql, person)
    return fold(TasteEvent(Conditions.from_dict(json.loads(r["conditions"])), r["weight"]) for r in found)


def _pictures(database: Database, reaction: Reaction) -> list[Row]:
    if reaction.picture is not None:
        return rows(database, "SELECT id, conditions FROM pictures WHERE id = ?", reaction.picture)
    sql = (
        "SELECT pictures.id, pictures.conditions FROM pictures JOIN jobs ON jobs.id = pictures.job"
        " WHERE jobs.post = ? ORDER BY place"
    )
    return rows(database, sql, reaction.post)
