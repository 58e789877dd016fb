"""Tastes of people, of their servers, and of everybody: each level is the prior of the one below it.

A server is believed to differ from everybody, and a person from the server, by shares of the same variance.
What is known of a person is passed up, weakened by how much people differ, and comes back down to the other
members only: nobody's own evidence is counted twice. What everybody likes is summed up now and then, by
`settle`: until then the order of events in different servers makes no difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from bot.tastes.features import WHOLES, TasteFeatures
from bot.tastes.model import Belief, Evidence, Lesson, learned, no_evidence, posterior
from engine.conditions import Conditions

OWN, SERVER, EVERYBODY = 0.6, 0.25, 0.15
"""Shares of a taste's variance."""
RELUCTANCE = -1.8
"""Mean of the bias before anything is known, in logits: most pictures are left as they are."""


class HierarchicalTastes:
    """What is known of every taste. The state follows from the events; people are known by their ids."""

    def __init__(self, features: TasteFeatures) -> None:
        self._features = features
        variance = features.variance
        mean = np.zeros(features.size)
        mean[features.groups["bias"]] = RELUCTANCE
        self._wholes = [features.groups[name] for name in WHOLES]
        self._start = Belief(mean, EVERYBODY * variance)
        self._server_spread, self._own_spread = SERVER * variance, OWN * variance
        self._nothing = no_evidence(features.size)
        self._settled: dict[str, Evidence] = {}
        self._everybody = self._nothing
        self._above: dict[str, Belief] = {}
        self._servers: dict[str, dict[str, Evidence]] = {}
        self._sums: dict[str, Evidence] = {}
        self._people: dict[str, Evidence] = {}

    def server(self, server: str, without: str | None = None) -> Belief:
        """What is believed of a server's taste, `without` what one member adds to it."""
        here = self._sums.get(server, self._nothing)
        mine = self._servers.get(server, {}).get(without or "")
        return posterior(self._above_of(server), here.plus(mine, -1) if mine else here)

    def _above_of(self, server: str) -> Belief:
        """Its prior: what everybody else likes. It is the same until the next time that is summed up."""
        if server not in self._above:
            others = self._everybody.plus(self._settled.get(server, self._nothing), -1)
            self._above[server] = posterior(self._start, others).widened(self._server_spread)
        return self._above[server]

    def belief(self, person: str, server: str, now: float) -> Belief:
        """What is believed of a person's taste in a server at a time, in seconds."""
        return posterior(self._prior(person, server), self._evidence(person).faded(now))

    def learn(
        self, person: str, server: str, observations: Iterable[tuple[Conditions, bool, float]], now: float
    ) -> None:
        """Learn what a person did.

        observations: pictures, whether each was liked, and 0..1, how much that tells
        """
        lessons = [
            Lesson(self._features.of(picture), liked, weight) for picture, liked, weight in observations
        ]
        evidence = self._evidence(person).faded(now)
        self._people[person] = learned(self._prior(person, server), evidence, lessons)
        self.pass_up(person, server)

    def settle(self) -> None:
        """Sum up what everybody likes from what is known of the servers.

        Only contrasts are: every picture has one style, one hue and so on in all, so that somebody who
        favourites little could dislike either all styles or all hues. Each server knows which of them it
        blamed; hundreds of servers that blame each a little would together blame all of them in full.
        """
        passed = {name: each.passed_up(self._server_spread) for name, each in self._sums.items()}
        self._settled = {name: each.contrasts(self._wholes) for name, each in passed.items()}
        self._everybody = self._nothing
        self._above.clear()
        for name in sorted(self._settled):
            self._everybody = self._everybody.plus(self._settled[name])

    def reset(self, person: str) -> None:
        """Forget a person, in every server too, and settle."""
        self._people.pop(person, None)
        for server in [name for name, members in self._servers.items() if person in members]:
            self._hear(server, person, None)
        self.settle()

    def export(self, person: str) -> dict[str, Any]:
        """Everything known of a person, ready for JSON.

        at: seconds; features: numbers of those that were ever seen; precision, shift: of each of them, see
        `Evidence`
        """
        evidence = self._evidence(person)
        known = np.flatnonzero(evidence.precision)
        return {
            "at": evidence.at,
            "features": known.tolist(),
            "precision": evidence.precision[known].tolist(),
            "shift": evidence.shift[known].tolist(),
        }

    def take_in(self, person: str, server: str, exported: Mapping[str, Any]) -> None:
        """Know of a person what `export` gave. Raises KeyError, TypeError, ValueError or IndexError."""
        self._people[person] = _evidence_of(exported, self._features.size)
        self.pass_up(person, server)

    def _evidence(self, person: str) -> Evidence:
        return self._people.get(person, self._nothing)

    def _prior(self, person: str, server: str) -> Belief:
        return self.server(server, person).widened(self._own_spread)

    def pass_up(self, person: str, server: str) -> None:
        """Let what is known of a person now be what they add to a server."""
        self._hear(server, person, self._people[person].passed_up(self._own_spread))

    def _hear(self, server: str, person: str, message: Evidence | None) -> None:
        """Put what a member adds to a server in place of what they added before."""
        members = self._servers.setdefault(server, {})
        others = self._sums.get(server, self._nothing).plus(members.pop(person, self._nothing), -1)
        if message is not None:
            members[person] = message
            others = others.plus(message)
        self._sums[server] = others if members else self._nothing


def _evidence_of(exported: Mapping[str, Any], size: int) -> Evidence:
    known, at = np.array(exported["features"], np.intp), float(exported["at"])
    precision, shift = np.zeros(size), np.zeros(size)
    precision[known] = np.array(exported["precision"], float)
    shift[known] = np.array(exported["shift"], float)
    if not (np.isfinite(shift).all() and np.isfinite(precision).all() and math.isfinite(at)):
        raise ValueError("evidence must be finite")
    if min(precision.min(), known.min(initial=0)) < 0:
        raise ValueError("neither a precision nor the number of a feature can be negative")
    return Evidence(precision, shift, at)
