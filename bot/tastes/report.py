"""Describe what is believed of a taste, for people to read.

A weight of the belief is a logit: its exponential is the odds of a favourite, relative to the average of its
kind. Every picture has one style, one hue and so on, and people who favourite little seem to dislike all of
them. So only differences within a kind are shown. Of a color only the hue is shown, and of a shape only its
category, because a single color or shape changes the odds too little.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from bot.storage.database import Database, Row, Storage, first, rows
from bot.tastes.events import ASKED, REACTION_WEIGHTS
from bot.tastes.features import HUES, TasteFeatures, family_row
from bot.tastes.model import Belief
from bot.tastes.profiles import owner_of, profile_of, taste_in_use, tastes_of
from bot.tastes.store import TasteStore
from commands.chat import Ask
from commands.services.tastes import CHANCE, CONTROL, TASTE, Lift, Liking, Portrait, Rate, Why
from engine.conditions import SCENES, Conditions

HUE_NAMES = ("red", "orange", "lime", "emerald", "cyan", "blue", "violet", "plum")
"""Color words nearest to `HUES`."""
GRAY_NAME = "gray"
INTERVAL = 1.96
"""Standard deviations on both sides of the mean that enclose 95 %."""
NEAREST = 3
"""Pictures that illustrate a taste."""
SURER = 0.97
"""A feature counts as learned once its variance is below this share of the variance before."""
MOST_EVIDENCE = 5
"""Most earlier pictures named as the reason for another."""
LEAST_MEMBERS = 3
"""Least people whose taste is known before a server's is shown, so that it reveals nobody's."""
NOWHERE = "nowhere"
"""A server without members; ids of real servers begin with their platform's name and a colon."""
LATEST = 300
"""Latest acts, and pictures, that are searched."""
MOST = 10_000
"""Latest pictures, or requests of a server, that rates are counted from, so that nobody waits long."""
NONE_SHOWN = Rate(0, 0)
_GROUPS = MappingProxyType({"style": "style", "color": "hue", "category": "category", "scene": "scene"})


def likings_of(features: TasteFeatures, belief: Belief, known: Collection[int]) -> tuple[Liking, ...]:
    """Return what is liked, the most liked first. known: numbers of the features to include"""
    belief = centred(features, belief)
    found = [
        liking(belief, at, kind, name)
        for kind in _GROUPS
        for at, name in _numbered(features, kind)
        if at in known
    ]
    return tuple(sorted(found, key=lambda each: -each.times))


def wheel(features: TasteFeatures, belief: Belief) -> tuple[tuple[float, Liking], ...]:
    """Return every hue in degrees with its liking."""
    belief = centred(features, belief)
    hues = zip(HUES, _numbered(features, "color"), strict=False)
    return tuple((hue, liking(belief, at, "color", name)) for hue, (at, name) in hues)


def parts(features: TasteFeatures, belief: Belief, picture: Conditions) -> tuple[Liking, ...]:
    """Return the likings of everything in a picture."""
    present = set(features.of(picture).at.tolist())
    hues = range(features.groups["hue"].start, features.groups["hue"].stop)
    main = {hues.start + _main_hue(picture)} if picture.colors else set()
    return likings_of(features, belief, present - set(hues) | main)


def centred(features: TasteFeatures, belief: Belief) -> Belief:
    """Shift a belief so that each kind's mean is 0."""
    mean = belief.mean.copy()
    for group in _GROUPS.values():
        where = features.groups[group]
        mean[where] -= mean[where].mean()
    return Belief(mean, belief.variance)


def liked_best(
    features: TasteFeatures, belief: Belief, pictures: Mapping[str, Conditions]
) -> tuple[str, ...]:
    """Return the ids of the pictures that a taste likes best, the best first."""

    def worth(name: str) -> float:
        row = features.of(pictures[name])
        return float(belief.mean[row.at] @ row.amount)

    return tuple(sorted(pictures, key=worth, reverse=True)[:NEAREST])


def learned_features(before: Belief, belief: Belief) -> set[int]:
    """Return the numbers of the features that a belief is surer of than one before."""
    return set(np.flatnonzero(belief.variance < SURER * before.variance).tolist())


def liking(belief: Belief, at: int, kind: str, name: str) -> Liking:
    """Return the liking of feature number `at`."""
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


class TasteReporter:
    """Implements `commands.services.tastes.TasteViews`."""

    def __init__(self, storage: Storage, memory: TasteStore, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds"""
        self._storage, self._memory, self._clock = storage, memory, clock
        self._features = memory.features

    async def portrait(self, ask: Ask) -> Portrait:
        taste = await self._storage.read(taste_in_use, ask.person)
        learned_from = await self._storage.read(_count, taste)
        belief = await self._belief(taste, ask.server)
        likings = likings_of(self._features, belief, self._memory.learner.observed(taste))
        theirs = await self._storage.read(rows, _THEIRS, ask.person, ask.person, LATEST)
        pictures = {row["id"]: _conditions(row) for row in theirs}
        best = liked_best(self._features, belief, pictures)
        return Portrait(likings, wheel(self._features, belief), learned_from, best, profile_of(taste))

    async def _belief(self, taste: str, server: str) -> Belief:
        await self._memory.catch_up()
        return self._memory.learner.tastes.belief(taste, server, self._clock())

    async def server(self, ask: Ask) -> Portrait:
        await self._memory.catch_up()
        learner = self._memory.learner
        belief, members = learner.tastes.server(ask.server), learner.members(ask.server)
        shown = members >= LEAST_MEMBERS
        known = learned_features(learner.tastes.server(NOWHERE), belief) if shown else set()
        return Portrait(likings_of(self._features, belief, known), wheel(self._features, belief), members)

    async def why(self, ask: Ask, job: str, picture: str, conditions: Conditions) -> Why:
        taste = await self._storage.read(taste_in_use, ask.person)
        choice = await self._storage.read(first, _CHOICE, picture)
        acted = await self._storage.read(rows, _ACTED, _acts(), ask.person, picture, LATEST)
        belief = await self._belief(taste, ask.server)
        found = sorted(acted, key=lambda row: -_alike(conditions, row))[:MOST_EVIDENCE]
        return Why(
            slice=choice["slice"] if choice else CHANCE,
            opened=tuple(choice["opened"].split(",")) if choice else (),
            likings=parts(self._features, belief, conditions),
            evidence=tuple((row["verb"], row["number"]) for row in found if _alike(conditions, row)),
        )

    async def export(self, ask: Ask) -> Mapping[str, Any]:
        events = await self._storage.read(rows, _LOG, ask.person)
        await self._memory.catch_up()
        return {
            "person": ask.person,
            "events": [{**row, "conditions": json.loads(row["conditions"])} for row in events],
            "beliefs": {each: self._memory.learner.export(each) for each in tastes_of(ask.person)},
            "features": {name: [where.start, where.stop] for name, where in self._features.groups.items()},
        }

    async def lift(self, ask: Ask) -> Lift:
        return lift(*await self._storage.read(rates, ask.server))


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
# Only what was done before a picture was made can have led to it.
_ACTED = """
SELECT verb, number, taste_events.conditions FROM taste_events
JOIN pictures ON pictures.id = taste_events.picture
WHERE verb IN (SELECT value FROM json_each(?)) AND person = ?
AND at <= (SELECT made_at FROM pictures WHERE id = ?) ORDER BY taste_events.id DESC LIMIT ?
"""


def _acts() -> str:
    return json.dumps([verb for verb, telling in REACTION_WEIGHTS.items() if telling.liked])


def _conditions(row: Row) -> Conditions:
    return Conditions.from_dict(json.loads(row["conditions"]))


def _count(database: Database, taste: str) -> int:
    sql = (
        "SELECT COUNT(*) AS n FROM taste_events"
        " WHERE person = ? AND profile = ? AND verb IN (SELECT value FROM json_each(?))"
    )
    values = (owner_of(taste), profile_of(taste), json.dumps([*REACTION_WEIGHTS, ASKED]))
    return int(rows(database, sql, *values)[0]["n"])


def _alike(conditions: Conditions, row: Row) -> int:
    """Count what two pictures have in common, of style, hue, shape and scene."""
    one, other = (
        (each.main_style, _main_hue(each), each.shape, each.scene) for each in (conditions, _conditions(row))
    )
    return sum(mine == theirs for mine, theirs in zip(one, other, strict=True))


def lift(taste: Rate, control: Rate) -> Lift:
    """Divide two rates, with the interval of the quotient."""
    if not taste.shown or not control.shown:
        return Lift(taste, control, None, None, None)
    one, all_of_one = taste.favourites + 0.5, taste.shown + 1
    other, all_of_other = control.favourites + 0.5, control.shown + 1
    middle = math.log(one / all_of_one) - math.log(other / all_of_other)
    reach = INTERVAL * math.sqrt(1 / one - 1 / all_of_one + 1 / other - 1 / all_of_other)
    return Lift(taste, control, math.exp(middle), math.exp(middle - reach), math.exp(middle + reach))


def rates(database: Database, server: str | None = None) -> tuple[Rate, Rate]:
    """Return the rates of taste and of the control in a server, or everywhere."""
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


def _main_hue(conditions: Conditions) -> int:
    """Return the color family of the main color, -1 for natural colors."""
    return int(np.argmax(family_row(conditions.colors))) if conditions.colors else -1
