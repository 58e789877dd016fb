"""Learn tastes from the events of the log, one by one and in order. Pure.

Ignored pictures count only for active people. Many acts in a short time count less each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.tastes.events import (
    ASKED,
    LEFT,
    OWN_PICTURE,
    REACTION_WEIGHTS,
    SHOWN,
    TAKEN_BACK,
    WISH,
    Event,
    Telling,
)
from bot.tastes.features import TasteFeatures, wish_naming
from bot.tastes.hierarchy import HierarchicalTastes
from bot.tastes.profiles import owner_of
from bot.tastes.sampling import LATELY
from engine.conditions import Conditions

ACTIVE = 20
"""A person is active until so many pictures were shown since their last act."""
AT_ONCE, LOOKED_AT = 4, 600.0
"""A picture counts as ignored after so many newer ones, or after one that came so many seconds later."""
WAITING = 8
"""Pictures remembered that may still get a reaction."""
CALM, WINDOW = 10, 600.0
"""This many acts within so many seconds count in full; more together count as much as these."""
KEPT = 8
"""Favourites remembered."""
Observation = tuple[Conditions, bool, float]
"""A picture, whether it was liked, and how much that tells, 0..1."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture without a reaction. picture: its id; at: when it was shown, in seconds"""

    picture: str
    conditions: Conditions
    at: float


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of a person beside their taste, the latest last.

    acts: times of the latest; since: pictures shown since the last act; waiting: pictures without a reaction
    lately: pictures shown; servers: where they did anything
    """

    acts: tuple[float, ...] = ()
    since: int = ACTIVE
    waiting: tuple[Waiting, ...] = ()
    lately: tuple[Conditions, ...] = ()
    favourites: tuple[Conditions, ...] = ()
    servers: tuple[str, ...] = ()


NOBODY = History()


class TasteLearner:
    """Learn events; `tastes` has what is believed after the latest one."""

    def __init__(self, features: TasteFeatures) -> None:
        self.tastes = HierarchicalTastes(features)
        self._histories: dict[str, History] = {}
        self._members: dict[str, set[str]] = {}

    def history(self, person: str) -> History:
        """Return a person's history, `NOBODY` for an unknown one."""
        return self._histories.get(person, NOBODY)

    def knows(self, person: str, server: str) -> bool:
        """Return whether the person, or anybody in the server, ever did anything."""
        return bool(self.history(person).servers or self._members.get(server))

    def members(self, server: str) -> int:
        """Return how many people ever did anything in a server."""
        return len({owner_of(taste) for taste in self._members.get(server, ())})

    def observed(self, person: str) -> frozenset[int]:
        """Return the numbers of the features that a person's events had."""
        return frozenset(self.tastes.export(person)["features"])

    def take(self, event: Event) -> None:
        """Learn one event, other than `TAKEN_BACK`: see `without_taken_back`."""
        if event.kind == SHOWN:
            self._show(event)
        elif event.kind == ASKED:
            wish = wish_naming(event.conditions, event.said)
            self._learn(event, [_observation(wish, WISH, self._calm(event))])
        elif event.kind in REACTION_WEIGHTS:
            self._act(event)

    def _show(self, event: Event) -> None:
        history = self.history(event.person)
        waiting = (*history.waiting, Waiting(event.picture, event.conditions, event.at))
        left = waiting[: _left(waiting)] if history.since < ACTIVE else ()
        self._histories[event.person] = replace(
            history,
            since=min(history.since + 1, ACTIVE),
            waiting=waiting[len(left) :][-WAITING:],
            lately=(*history.lately, event.conditions)[-LATELY:],
        )
        self._learn(event, [_observation(each.conditions, LEFT) for each in left])

    def _act(self, event: Event) -> None:
        calm = self._calm(event)
        history = self.history(event.person)
        waiting = [each.picture for each in history.waiting]
        here = waiting.index(event.picture) if event.picture in waiting else 0
        rest = tuple(each for each in history.waiting[here:] if each.picture != event.picture)
        favourites = history.favourites
        if event.kind == "favourite":
            favourites = (*favourites, event.conditions)[-KEPT:]
        self._histories[event.person] = replace(history, since=0, waiting=rest, favourites=favourites)
        whose = OWN_PICTURE if event.own else 1.0
        act = _observation(event.conditions, REACTION_WEIGHTS[event.kind], event.share * whose * calm)
        left = [_observation(each.conditions, LEFT) for each in history.waiting[:here]]
        self._learn(event, [*left, *[act] * REACTION_WEIGHTS[event.kind].times])

    def _calm(self, event: Event) -> float:
        """Note an act, and return how much it counts, 0..1."""
        history = self.history(event.person)
        near = [at for at in history.acts if event.at - at < WINDOW]
        # More than ten times too many count next to nothing, so the exact number does not matter.
        self._histories[event.person] = replace(history, acts=(*near, event.at)[-10 * CALM :])
        return min(1.0, CALM / (len(near) + 1))

    def _learn(self, event: Event, observations: Sequence[Observation]) -> None:
        if not observations:
            return
        person, server = event.person, event.server
        self.tastes.learn(person, server, observations, event.at)
        history = self.history(person)
        if server not in history.servers:
            self._histories[person] = replace(history, servers=(*history.servers, server))
            self._members.setdefault(server, set()).add(person)
        for other in history.servers:
            if other != server:
                # What a person adds to their other servers changes, too.
                self.tastes.pass_up(person, other)

    def forget(self, person: str) -> None:
        """Forget a person and all their events."""
        if self.history(person).servers:
            self.tastes.reset(person)
        for server in self.history(person).servers:
            self._members[server].discard(person)
        self._histories.pop(person, None)

    def export(self, person: str) -> dict[str, Any]:
        """Return everything known of a person, JSON-ready; `take_in` reads it back."""
        return {"evidence": self.tastes.export(person), "history": _history_to_dict(self.history(person))}

    def take_in(self, person: str, exported: Mapping[str, Any]) -> None:
        """Restore an unknown person from `export`. Raises KeyError, TypeError, ValueError or IndexError."""
        history = _read_history(exported["history"])
        for server in history.servers:
            self.tastes.take_in(person, server, exported["evidence"])
            self._members.setdefault(server, set()).add(person)
        self._histories[person] = history


def _observation(picture: Conditions, telling: Telling, share: float = 1.0) -> Observation:
    return picture, telling.liked, telling.weight * share


def _left(waiting: Sequence[Waiting]) -> int:
    """Return how many of the waiting pictures count as ignored."""
    late = sum(each.at <= waiting[-1].at - LOOKED_AT for each in waiting)
    return max(late, len(waiting) - AT_ONCE)


def _history_to_dict(history: History) -> dict[str, Any]:
    """Write a history as `_read_history` reads it."""
    pictures = {
        name: tuple(each.to_dict() for each in getattr(history, name)) for name in ("lately", "favourites")
    }
    waiting = tuple({**asdict(each), "conditions": each.conditions.to_dict()} for each in history.waiting)
    return {**asdict(history), **pictures, "waiting": waiting}


def _read_history(data: Mapping[str, Any]) -> History:
    lists = {name: _pictures(data[name]) for name in ("lately", "favourites")}
    waiting = tuple(
        Waiting(str(each["picture"]), Conditions.from_dict(each["conditions"]), float(each["at"]))
        for each in data["waiting"]
    )
    servers, acts = tuple(data["servers"]), tuple(data["acts"])
    return History(acts, int(data["since"]), waiting, servers=servers, **lists)


def _pictures(data: Iterable[Mapping[str, Any]]) -> tuple[Conditions, ...]:
    return tuple(Conditions.from_dict(each) for each in data)


def without_taken_back(events: Sequence[Event]) -> list[Event]:
    """Return a person's events without favourites that were taken back."""
    kept: list[Event | None] = []
    given: dict[str, int] = {}
    for event in events:
        if event.kind == TAKEN_BACK:
            if (place := given.pop(event.picture, None)) is not None:
                kept[place] = None
            continue
        if event.kind == "favourite":
            given[event.picture] = len(kept)
        kept.append(event)
    return [event for event in kept if event is not None]
