"""What is believed of tastes, for those whose they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from bot import taste_portrait
from bot.storage import Database, Row, Storage, first, rows
from bot.taste_evidence import ACTS, ASKED
from bot.taste_features import family_row
from bot.taste_lift import lift, rates
from bot.taste_memory import TasteMemory
from bot.taste_profiles import person_of, profile_of, taste_in_use, tastes_of
from commands.chat import Ask
from commands.tastes import CHANCE, Lift, Portrait, Why
from engine.conditions import Conditions

MOST_EVIDENCE = 5
"""Pictures named as the reason for another."""
LEAST_MEMBERS = 3
"""People whose taste must be known before a server's is told: nobody's alone is to be seen in it."""
NOWHERE = "nowhere"
"""A server where nothing was told: ids of servers begin with their platform's name and a colon."""
LATEST = 300
"""Acts, and pictures, that are looked through."""


class TasteViews:
    """Implements `commands.tastes.TasteViews`."""

    def __init__(self, storage: Storage, memory: TasteMemory, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds"""
        self._storage, self._memory, self._clock = storage, memory, clock

    async def portrait(self, ask: Ask) -> Portrait:
        """See `commands.tastes.TasteViews.portrait`."""
        taste = await self._storage.run(partial(taste_in_use, person=ask.person))
        told = await self._storage.run(partial(_count, taste=taste))
        await self._memory.catch_up()
        fold, features = self._memory.fold, self._memory.features
        belief = fold.belief(taste, ask.server, self._clock())
        known = fold.told(taste)
        likings = taste_portrait.likings(features, belief, known)
        theirs = await self._storage.run(lambda database: rows(database, _THEIRS, *[ask.person] * 2, LATEST))
        pictures = {row["id"]: Conditions.from_dict(json.loads(row["conditions"])) for row in theirs}
        nearest = taste_portrait.nearest(features, belief, pictures)
        return Portrait(likings, taste_portrait.wheel(features, belief), told, nearest, profile_of(taste))

    async def server(self, ask: Ask) -> Portrait:
        """See `commands.tastes.TasteViews.server`."""
        await self._memory.catch_up()
        fold, features = self._memory.fold, self._memory.features
        belief, members = fold.server(ask.server), fold.members(ask.server)
        known = taste_portrait.learnt(fold.server(NOWHERE), belief) if members >= LEAST_MEMBERS else set()
        likings = taste_portrait.likings(features, belief, known)
        return Portrait(likings, taste_portrait.wheel(features, belief), members)

    async def why(self, ask: Ask, job: str, picture: str, conditions: Conditions) -> Why:
        """See `commands.tastes.TasteViews.why`."""

        def work(database: Database) -> tuple[str, Row | None, list[Row]]:
            acted = rows(database, _ACTED, *_acts(), ask.person, picture, LATEST)
            return taste_in_use(database, ask.person), first(database, _CHOICE, picture), acted

        taste, choice, acted = await self._storage.run(work)
        await self._memory.catch_up()
        belief = self._memory.fold.belief(taste, ask.server, self._clock())
        found = sorted(acted, key=lambda row: -_alike(conditions, row))[:MOST_EVIDENCE]
        return Why(
            slice=choice["slice"] if choice else CHANCE,
            opened=tuple(choice["opened"].split(",")) if choice else (),
            likings=taste_portrait.parts(self._memory.features, belief, conditions),
            evidence=tuple((row["verb"], row["number"]) for row in found if _alike(conditions, row)),
        )

    async def export(self, ask: Ask) -> Mapping[str, Any]:
        """See `commands.tastes.TasteViews.export`."""
        events = await self._storage.run(lambda database: rows(database, _LOG, ask.person))
        await self._memory.catch_up()
        return {
            "person": ask.person,
            "events": [{**row, "conditions": json.loads(row["conditions"])} for row in events],
            "beliefs": {each: self._memory.fold.export(each) for each in tastes_of(ask.person)},
            "features": {
                name: [where.start, where.stop] for name, where in self._memory.features.groups.items()
            },
        }

    async def lift(self, ask: Ask) -> Lift:
        """See `commands.tastes.TasteViews.lift`."""
        return lift(*await self._storage.run(partial(rates, server=ask.server)))


_LOG = """
SELECT at, server, verb, picture, own, share, said, profile, conditions FROM taste_events
WHERE person = ? ORDER BY id
"""
_CHOICE = """
SELECT slice, opened FROM taste_choices JOIN pictures
ON pictures.job = taste_choices.job AND pictures.place = taste_choices.place WHERE pictures.id = ?
"""
_THEIRS = """
SELECT pictures.id, pictures.conditions FROM pictures JOIN jobs ON jobs.id = pictures.job
WHERE deleted_at IS NULL AND COALESCE(hidden_by, '') = '' AND state = 'posted' AND pictures.id IN (
  SELECT pictures.id FROM jobs JOIN pictures ON pictures.job = jobs.id WHERE jobs.person = ?
  UNION SELECT picture FROM reactions WHERE person = ? AND verb = 'favourite'
)
ORDER BY number DESC LIMIT ?
"""
# What was done before a picture was made can have led to it.
_ACTED = """
SELECT verb, number, taste_events.conditions FROM taste_events
JOIN pictures ON pictures.id = taste_events.picture
WHERE verb IN (SELECT value FROM json_each(?)) AND person = ?
AND at <= (SELECT made_at FROM pictures WHERE id = ?) ORDER BY taste_events.id DESC LIMIT ?
"""


def _acts() -> tuple[str]:
    return (json.dumps([verb for verb, telling in ACTS.items() if telling.liked]),)


def _count(database: Database, taste: str) -> int:
    sql = (
        "SELECT COUNT(*) AS n FROM taste_events"
        " WHERE person = ? AND profile = ? AND verb IN (SELECT value FROM json_each(?))"
    )
    values = (person_of(taste), profile_of(taste), json.dumps([*ACTS, ASKED]))
    return int(rows(database, sql, *values)[0]["n"])


def _alike(conditions: Conditions, row: Row) -> int:
    """How much of a picture another one has too: its style, its hue, its shape, its scene."""
    other = Conditions.from_dict(json.loads(row["conditions"]))
    return sum(
        (
            conditions.main_style == other.main_style,
            int(np.argmax(family_row(conditions.colors))) == int(np.argmax(family_row(other.colors))),
            conditions.shape == other.shape,
            conditions.scene == other.scene,
        )
    )
