"""What is believed of a taste, as people can read it. Pure.

A weight of the belief is a logit: its exponential is how many times the odds of a favourite are those of an
average one of its kind. Every picture has one style, one hue and so on in all, so that of somebody who
favourites little all of them may look disliked: only the differences tell. Of a color it is the hue that is
told, of a shape its category: single ones move too little.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from bot.storage.database import Database, Row, Storage, first, rows
from bot.tastes import report
from bot.tastes.events import ASKED, REACTION_WEIGHTS
from bot.tastes.features import HUES, TasteFeatures, family_row
from bot.tastes.model import Belief
from bot.tastes.profiles import owner_of, profile_of, taste_in_use, tastes_of
from bot.tastes.store import TasteStore
from commands.chat import Ask
from commands.services.tastes import CHANCE, CONTROL, TASTE, Lift, Liking, Portrait, Rate, Why
from engine.conditions import SCENES, Conditions

HUE_NAMES = ("red", "orange", "lime", "emerald", "cyan", "blue", "violet", "plum")
"""The vocabulary's colours nearest to `HUES`."""
GRAY_NAME = "gray"
INTERVAL = 1.96
"""Standard deviations around the middle that hold 95 %."""
NEAREST = 3
"""Pictures that stand for a taste."""
SURER = 0.97
"""Of the variance before: more is no knowledge yet."""
_GROUPS = MappingProxyType({"style": "style", "color": "hue", "category": "category", "scene": "scene"})


def likings(features: TasteFeatures, belief: Belief, known: Collection[int]) -> tuple[Liking, ...]:
    """The most liked first. known: numbers of the features of which to tell"""
    belief = centred(features, belief)
    found = [
        liking(belief, at, kind, name)
        for kind in _GROUPS
        for at, name in _numbered(features, kind)
        if at in known
    ]
    return tuple(sorted(found, key=lambda each: -each.times))


def wheel(features: TasteFeatures, belief: Belief) -> tuple[tuple[float, Liking], ...]:
    """Every hue with its angle in degrees."""
    belief = centred(features, belief)
    hues = list(_numbered(features, "color"))[: len(HUES)]
    return tuple((hue, liking(belief, at, "color", name)) for hue, (at, name) in zip(HUES, hues, strict=True))


def parts(features: TasteFeatures, belief: Belief, picture: Conditions) -> tuple[Liking, ...]:
    """What is believed of each thing in a picture."""
    present = set(features.of(picture).at.tolist())
    hues = range(features.groups["hue"].start, features.groups["hue"].stop)
    ruling = {hues.start + int(np.argmax(family_row(picture.colors)))} if picture.colors else set()
    return likings(features, belief, present - set(hues) | ruling)


def centred(features: TasteFeatures, belief: Belief) -> Belief:
    """The belief with each kind's mean taken to be neither liked nor not."""
    mean = belief.mean.copy()
    for group in _GROUPS.values():
        where = features.groups[group]
        mean[where] -= mean[where].mean()
    return Belief(mean, belief.variance)


def nearest(features: TasteFeatures, belief: Belief, pictures: Mapping[str, Conditions]) -> tuple[str, ...]:
    """The pictures most to a taste, the best first."""

    def worth(name: str) -> float:
        row = features.of(pictures[name])
        return float(belief.mean[row.at] @ row.amount)

    return tuple(sorted(pictures, key=worth, reverse=True)[:NEAREST])


def learnt(before: Belief, belief: Belief) -> set[int]:
    """Numbers of the features of which a belief is surer than one was before."""
    return set(np.flatnonzero(belief.variance < SURER * before.variance).tolist())


def liking(belief: Belief, at: int, kind: str, name: str) -> Liking:
    """Of feature number `at`."""
    mean, reach = float(belief.mean[at]), INTERVAL * math.sqrt(float(belief.variance[at]))
    return Liking(kind, name, math.exp(mean), math.exp(mean - reach), math.exp(mean + reach))


def _numbered(features: TasteFeatures, kind: str) -> Iterator[tuple[int, str]]:
    names = {
        "style": features.styles,
        "color": (*HUE_NAMES, GRAY_NAME),
        "category": features.categories,
        "scene": SCENES,
    }
    return enumerate(names[kind], features.groups[_GROUPS[kind]].start)


MOST_EVIDENCE = 5
"""Pictures named as the reason for another."""
LEAST_MEMBERS = 3
"""People whose taste must be known before a server's is shown: nobody's alone is to be seen in it."""
NOWHERE = "nowhere"
"""A server that nobody is known in: ids of servers begin with their platform's name and a colon."""
LATEST = 300
"""Acts, and pictures, that are looked through."""


class TasteReporter:
    """Implements `commands.services.tastes.TasteViews`."""

    def __init__(self, storage: Storage, memory: TasteStore, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds"""
        self._storage, self._memory, self._clock = storage, memory, clock

    async def portrait(self, ask: Ask) -> Portrait:
        """See `commands.services.tastes.TasteViews.portrait`."""
        taste = await self._storage.read(partial(taste_in_use, person=ask.person))
        learnt_from = await self._storage.read(partial(_count, taste=taste))
        await self._memory.catch_up()
        learner, features = self._memory.learner, self._memory.features
        belief = learner.belief(taste, ask.server, self._clock())
        known = learner.observed(taste)
        likings = report.likings(features, belief, known)
        theirs = await self._storage.read(lambda database: rows(database, _THEIRS, *[ask.person] * 2, LATEST))
        pictures = {row["id"]: Conditions.from_dict(json.loads(row["conditions"])) for row in theirs}
        nearest = report.nearest(features, belief, pictures)
        return Portrait(likings, report.wheel(features, belief), learnt_from, nearest, profile_of(taste))

    async def server(self, ask: Ask) -> Portrait:
        """See `commands.services.tastes.TasteViews.server`."""
        await self._memory.catch_up()
        learner, features = self._memory.learner, self._memory.features
        belief, members = learner.server(ask.server), learner.members(ask.server)
        known = report.learnt(learner.server(NOWHERE), belief) if members >= LEAST_MEMBERS else set()
        likings = report.likings(features, belief, known)
        return Portrait(likings, report.wheel(features, belief), members)

    async def why(self, ask: Ask, job: str, picture: str, conditions: Conditions) -> Why:
        """See `commands.services.tastes.TasteViews.why`."""

        def work(database: Database) -> tuple[str, Row | None, list[Row]]:
            acted = rows(database, _ACTED, *_acts(), ask.person, picture, LATEST)
            return taste_in_use(database, ask.person), first(database, _CHOICE, picture), acted

        taste, choice, acted = await self._storage.read(work)
        await self._memory.catch_up()
        belief = self._memory.learner.belief(taste, ask.server, self._clock())
        found = sorted(acted, key=lambda row: -_alike(conditions, row))[:MOST_EVIDENCE]
        return Why(
            slice=choice["slice"] if choice else CHANCE,
            opened=tuple(choice["opened"].split(",")) if choice else (),
            likings=report.parts(self._memory.features, belief, conditions),
            evidence=tuple((row["verb"], row["number"]) for row in found if _alike(conditions, row)),
        )

    async def export(self, ask: Ask) -> Mapping[str, Any]:
        """See `commands.services.tastes.TasteViews.export`."""
        events = await self._storage.read(lambda database: rows(database, _LOG, ask.person))
        await self._memory.catch_up()
        return {
            "person": ask.person,
            "events": [{**row, "conditions": json.loads(row["conditions"])} for row in events],
            "beliefs": {each: self._memory.learner.export(each) for each in tastes_of(ask.person)},
            "features": {
                name: [where.start, where.stop] for name, where in self._memory.features.groups.items()
            },
        }

    async def lift(self, ask: Ask) -> Lift:
        """See `commands.services.tastes.TasteViews.lift`."""
        return lift(*await self._storage.read(partial(rates, server=ask.server)))


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
    return (json.dumps([verb for verb, telling in REACTION_WEIGHTS.items() if telling.liked]),)


def _count(database: Database, taste: str) -> int:
    sql = (
        "SELECT COUNT(*) AS n FROM taste_events"
        " WHERE person = ? AND profile = ? AND verb IN (SELECT value FROM json_each(?))"
    )
    values = (owner_of(taste), profile_of(taste), json.dumps([*REACTION_WEIGHTS, ASKED]))
    return int(rows(database, sql, *values)[0]["n"])


def _alike(conditions: Conditions, row: Row) -> int:
    """How much of a picture another one has too: its style, its hue, its shape, its scene."""
    other = Conditions.from_dict(json.loads(row["conditions"]))
    return sum(
        (
            conditions.main_style == other.main_style,
            _ruling(conditions) == _ruling(other),
            conditions.shape == other.shape,
            conditions.scene == other.scene,
        )
    )


INTERVAL = 1.96
"""Standard deviations around the middle that hold 95 %."""
NONE_SHOWN = Rate(0, 0)
MOST = 10_000
"""Pictures, or requests of a server, that are looked through, the latest ones: nobody waits long for that."""


def lift(taste: Rate, control: Rate) -> Lift:
    """The quotient of two rates with its interval."""
    if not taste.shown or not control.shown:
        return Lift(taste, control, None, None, None)
    (one, all_of_one), (other, all_of_other) = (
        (rate.favourites + 0.5, rate.shown + 1) for rate in (taste, control)
    )
    middle = math.log(one / all_of_one) - math.log(other / all_of_other)
    reach = INTERVAL * math.sqrt(1 / one - 1 / all_of_one + 1 / other - 1 / all_of_other)
    return Lift(taste, control, math.exp(middle), math.exp(middle - reach), math.exp(middle + reach))


def rates(database: Database, server: str | None = None) -> tuple[Rate, Rate]:
    """(where taste chose, where chance did on purpose) in a server, or everywhere, of the latest pictures."""
    sql, values = (_EVERYWHERE, (MOST,)) if server is None else (_HERE, (server, MOST))
    found = {row["slice"]: Rate(row["shown"], row["favourites"]) for row in rows(database, sql, *values)}
    return found.get(TASTE, NONE_SHOWN), found.get(CONTROL, NONE_SHOWN)


_RATES = """
SELECT slice, COUNT(*) AS shown, COALESCE(SUM(EXISTS (
  SELECT 1 FROM reactions
  WHERE picture = pictures.id AND verb = 'favourite' AND reactions.person = jobs.person
)), 0) AS favourites
FROM ({choices}) AS choices JOIN jobs ON jobs.id = choices.job
JOIN pictures ON pictures.job = jobs.id AND pictures.place = choices.place
WHERE state = 'posted' GROUP BY slice
"""
_EVERYWHERE = _RATES.format(choices="SELECT * FROM taste_choices ORDER BY rowid DESC LIMIT ?")
_HERE = _RATES.format(
    choices="SELECT * FROM taste_choices WHERE job IN"
    " (SELECT id FROM jobs WHERE server = ? ORDER BY finished_at DESC LIMIT ?)"
)


def _ruling(conditions: Conditions) -> int:
    """The hue that a picture has most of, -1 for natural colours."""
    return int(np.argmax(family_row(conditions.colors))) if conditions.colors else -1
