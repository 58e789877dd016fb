"""Learn tastes on three levels: everybody, server, person. Each level is the prior of the next.

A server differs from everybody, and a person from the server, by a share of the same variance. Evidence about
a person passes up to the server, weakened by how much people differ, and from there only to other members: no
evidence counts twice. Only `settle` sums up everybody's taste, so until then the order of events in different
servers makes no difference.
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
"""Shares of a taste's variance that belong to each level."""
RELUCTANCE = -1.8
"""Mean of the bias before anything is known, in logits: most pictures get no reaction."""


class HierarchicalTastes:
    """What is known of every taste."""

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
        """Return the belief about a server's taste, without the evidence of one member."""
        here = self._sums.get(server, self._nothing)
        mine = self._servers.get(server, {}).get(without or "")
        return posterior(self._above_of(server), here.plus(mine, -1) if mine else here)

    def _above_of(self, server: str) -> Belief:
        """Return the prior of a server: the taste of everybody else. It only changes in `settle`."""
        if server not in self._above:
            others = self._everybody.plus(self._settled.get(server, self._nothing), -1)
            self._above[server] = posterior(self._start, others).widened(self._server_spread)
        return self._above[server]

    def belief(self, person: str, server: str, now: float) -> Belief:
        """Return the belief about a person's taste in a server. now: seconds"""
        return posterior(self._prior(person, server), self._evidence(person).faded(now))

    def learn(
        self, person: str, server: str, observations: Iterable[tuple[Conditions, bool, float]], now: float
    ) -> None:
        """Learn what a person did. observations: picture, whether it was liked, how much it tells (0..1)"""
        lessons = [
            Lesson(self._features.of(picture), liked, weight) for picture, liked, weight in observations
        ]
        evidence = self._evidence(person).faded(now)
        self._people[person] = learned(self._prior(person, server), evidence, lessons)
        self.pass_up(person, server)

    def settle(self) -> None:
        """Sum up everybody's taste from the evidence of the servers, as contrasts within groups only.

        Every picture has one style, one hue and so on. So few favourites can mean that a person dislikes all
        styles, or all hues, and each server blames every group a little. Added up over hundreds of servers,
        that would blame each group in full.
        """
        passed = {name: each.passed_up(self._server_spread) for name, each in self._sums.items()}
        self._settled = {name: each.contrasts(self._wholes) for name, each in passed.items()}
        self._everybody = self._nothing
        self._above.clear()
        for name in sorted(self._settled):
            self._everybody = self._everybody.plus(self._settled[name])

    def reset(self, person: str) -> None:
        """Forget a person everywhere, and settle."""
        self._people.pop(person, None)
        for server in [name for name, members in self._servers.items() if person in members]:
            self._hear(server, person, None)
        self.settle()

    def export(self, person: str) -> dict[str, Any]:
        """Return the `Evidence` about a person, JSON-ready. features: numbers of those that have any"""
        evidence = self._evidence(person)
        known = np.flatnonzero(evidence.precision)
        return {
            "at": evidence.at,
            "features": known.tolist(),
            "precision": evidence.precision[known].tolist(),
            "shift": evidence.shift[known].tolist(),
        }

    def take_in(self, person: str, server: str, exported: Mapping[str, Any]) -> None:
        """Restore a person from `export`. Raises KeyError, TypeError, ValueError or IndexError."""
        self._people[person] = _evidence_of(exported, self._features.size)
        self.pass_up(person, server)

    def _evidence(self, person: str) -> Evidence:
        return self._people.get(person, self._nothing)

    def _prior(self, person: str, server: str) -> Belief:
        return self.server(server, person).widened(self._own_spread)

    def pass_up(self, person: str, server: str) -> None:
        """Update what a person adds to a server."""
        self._hear(server, person, self._people[person].passed_up(self._own_spread))

    def _hear(self, server: str, person: str, message: Evidence | None) -> None:
        """Replace what a member adds to a server; None removes it."""
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
