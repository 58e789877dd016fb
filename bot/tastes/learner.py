"""Events of people folded into their tastes, one by one, in the order of the log. Pure.

What was shown and left tells something only near an act: whoever never acts has not said no. A person who
acts in bulk, or by a machine, is heard the less the faster they go.
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
    WishFeatures,
    wish_of,
)
from bot.tastes.hierarchy import Tastes
from bot.tastes.model import Belief
from bot.tastes.profiles import person_of
from bot.tastes.sampling import LATELY
from engine.conditions import Conditions

ACTIVE = 20
"""Pictures shown since somebody last acted within which one that was left tells that it is not liked."""
AT_ONCE, LOOKED_AT = 4, 600.0
"""Pictures, and seconds, that are looked at together: one is left when so many came after it, or one came so
much later."""
WAITING = 8
"""Left pictures that are kept for when somebody acts again."""
CALM, WINDOW = 10, 600.0
"""Acts in so many seconds that count in full; of more, all together count as much as these."""
KEPT = 8
"""Favourites remembered, the latest last."""


Told = tuple[Conditions, bool, float]
"""A picture, whether it was liked, and how much that tells, 0..1."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that was shown and not acted on. picture: its id; at: when, in seconds"""

    picture: str
    conditions: Conditions
    at: float


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of a person beside their taste.

    acts: times of the latest; since: pictures shown since the last one; waiting: shown and not acted on;
    lately: shown, favourites: kept, the latest last; servers: where anything was told
    """

    acts: tuple[float, ...] = ()
    since: int = ACTIVE
    waiting: tuple[Waiting, ...] = ()
    lately: tuple[Conditions, ...] = ()
    favourites: tuple[Conditions, ...] = ()
    servers: tuple[str, ...] = ()


NOBODY = History()


class TasteLearner:
    """Every taste that the log tells of, as of its latest event."""

    def __init__(self, features: WishFeatures) -> None:
        self._tastes = Tastes(features)
        self._diaries: dict[str, History] = {}
        self._members: dict[str, set[str]] = {}

    def diary(self, person: str) -> History:
        """What is remembered of a person, nothing for somebody never met."""
        return self._diaries.get(person, NOBODY)

    def knows(self, person: str, server: str) -> bool:
        """Whether anything was told by the person, or by anybody in the server."""
        return bool(self.diary(person).servers or self._members.get(server))

    def members(self, server: str) -> int:
        """How many people told anything in a server."""
        return len({person_of(taste) for taste in self._members.get(server, ())})

    def belief(self, person: str, server: str, now: float) -> Belief:
        """See `Tastes.belief`."""
        return self._tastes.belief(person, server, now)

    def server(self, server: str) -> Belief:
        """See `Tastes.server`."""
        return self._tastes.server(server)

    def told(self, person: str) -> frozenset[int]:
        """Numbers of the features of which the person told anything."""
        return frozenset(self._tastes.export(person)["features"])

    def settle(self) -> None:
        """See `Tastes.settle`."""
        self._tastes.settle()

    def take(self, event: Event) -> None:
        """Fold one event in; a favourite taken back is the caller's affair (see
        `without_taken_back`)."""
        if event.kind == SHOWN:
            self._show(event)
        elif event.kind == ASKED:
            wish = wish_of(event.conditions, event.said)
            self._learn(event, [_told(wish, WISH, self._calm(event))])
        elif event.kind in REACTION_WEIGHTS:
            self._act(event)

    def _show(self, event: Event) -> None:
        diary = self.diary(event.person)
        waiting = (*diary.waiting, Waiting(event.picture, event.conditions, event.at))
        left = waiting[: _left(waiting)] if diary.since < ACTIVE else ()
        self._diaries[event.person] = replace(
            diary,
            since=min(diary.since + 1, ACTIVE),
            waiting=waiting[len(left) :][-WAITING:],
            lately=(*diary.lately, event.conditions)[-LATELY:],
        )
        self._learn(event, [_told(each.conditions, LEFT) for each in left])

    def _act(self, event: Event) -> None:
        calm = self._calm(event)
        diary = self.diary(event.person)
        waiting = [each.picture for each in diary.waiting]
        here = waiting.index(event.picture) if event.picture in waiting else 0
        rest = tuple(each for each in diary.waiting[here:] if each.picture != event.picture)
        favourites = diary.favourites
        if event.kind == "favourite":
            favourites = (*favourites, event.conditions)[-KEPT:]
        self._diaries[event.person] = replace(diary, since=0, waiting=rest, favourites=favourites)
        whose = OWN_PICTURE if event.own else 1.0
        act = _told(event.conditions, REACTION_WEIGHTS[event.kind], event.share * whose * calm)
        left = [_told(each.conditions, LEFT) for each in diary.waiting[:here]]
        self._learn(event, [*left, *[act] * REACTION_WEIGHTS[event.kind].times])

    def _calm(self, event: Event) -> float:
        """0..1, how much the act counts. It is noted."""
        diary = self.diary(event.person)
        near = [at for at in diary.acts if event.at - at < WINDOW]
        # Of as many as are remembered: it need not be known how many more there are than ten times too many.
        self._diaries[event.person] = replace(diary, acts=(*near, event.at)[-10 * CALM :])
        return min(1.0, CALM / (len(near) + 1))

    def _learn(self, event: Event, told: Sequence[Told]) -> None:
        if not told:
            return
        person, server = event.person, event.server
        self._tastes.learn(person, server, told, event.at)
        diary = self.diary(person)
        if server not in diary.servers:
            self._diaries[person] = replace(diary, servers=(*diary.servers, server))
            self._members.setdefault(server, set()).add(person)
        for other in diary.servers:
            if other != server:
                # What a person adds to a server is what is known of them now, wherever it was told.
                self._tastes.pass_up(person, other)

    def forget(self, person: str) -> None:
        """As if the person had never been met."""
        if self.diary(person).servers:
            self._tastes.reset(person)
        for server in self.diary(person).servers:
            self._members[server].discard(person)
        self._diaries.pop(person, None)

    def export(self, person: str) -> dict[str, Any]:
        """Everything known of a person, ready for JSON; `take_in` reads it back."""
        return {"evidence": self._tastes.export(person), "diary": _written(self.diary(person))}

    def take_in(self, person: str, exported: Mapping[str, Any]) -> None:
        """Know of a person, who is not known yet, what `export` gave.

        Raises KeyError, TypeError, ValueError or IndexError.
        """
        diary = _diary(exported["diary"])
        for server in diary.servers:
            self._tastes.take_in(person, server, exported["evidence"])
            self._members.setdefault(server, set()).add(person)
        self._diaries[person] = diary


def _told(picture: Conditions, telling: Telling, share: float = 1.0) -> Told:
    return picture, telling.liked, telling.weight * share


def _left(waiting: Sequence[Waiting]) -> int:
    """How many of the pictures that wait, the latest last, are not looked at any more."""
    late = sum(each.at <= waiting[-1].at - LOOKED_AT for each in waiting)
    return max(late, len(waiting) - AT_ONCE)


def _written(diary: History) -> dict[str, Any]:
    """The diary as `_diary` reads it."""
    pictures = {
        name: tuple(each.to_dict() for each in getattr(diary, name)) for name in ("lately", "favourites")
    }
    waiting = tuple({**asdict(each), "conditions": each.conditions.to_dict()} for each in diary.waiting)
    return {**asdict(diary), **pictures, "waiting": waiting}


def _diary(data: Mapping[str, Any]) -> History:
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
    """A person's events as if favourites that were taken back had never been given."""
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
