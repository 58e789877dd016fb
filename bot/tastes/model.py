"""Model a taste as a Bayesian logistic regression, learned one event at a time. Pure.

The posterior is a Gaussian with a diagonal covariance (assumed-density filtering). Each event takes a Laplace
step, as in Chapelle and Li, "An empirical evaluation of Thompson sampling" (2011), algorithm 3. Its chance is
that of the whole belief: MacKay, "The evidence framework applied to classification networks" (1992), eq. 10,
kappa = (1 + pi s^2 / 8)^-1/2. Evidence is stored as natural parameters beside the prior, so it can fade, be
removed, and be passed up to the server.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.tastes.features import Array, Row

HALF_LIFE = 60 * 86400.0
"""Seconds in which evidence loses half its weight, because tastes change over months."""
LEAST_CURVATURE = 0.02
"""Least curvature of an event: without it, an expected event would not strengthen a belief."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Mean and variance of each weight, in logits."""

    mean: Array  # (D,)
    variance: Array  # (D,)

    def widened(self, variance: Array) -> Belief:
        """Return the belief about somebody who differs from this one by a variance."""
        return Belief(self.mean, self.variance + variance)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What events add to a prior: precision, never negative, and precision times mean.

    at: the time, in seconds, to which it has faded
    """

    precision: Array  # (D,)
    shift: Array  # (D,)
    at: float = 0.0

    def plus(self, other: Evidence, sign: int = 1) -> Evidence:
        """Add other evidence, or with sign -1 remove it."""
        precision = self.precision + sign * other.precision
        # After a removal, rounding can leave less than nothing.
        return Evidence(np.maximum(precision, 0.0), self.shift + sign * other.shift, self.at)

    def faded(self, now: float) -> Evidence:
        """Fade it to a later time, in seconds; an earlier time changes nothing."""
        if now <= self.at:
            return self
        kept = 0.5 ** ((now - self.at) / HALF_LIFE)
        return Evidence(self.precision * kept, self.shift * kept, now)

    def passed_up(self, spread: Array) -> Evidence:
        """Return what it tells of a group whose members differ by the variance `spread`."""
        kept = 1 / (1 + spread * self.precision)
        return Evidence(self.precision * kept, self.shift * kept, self.at)

    def contrasts(self, groups: Iterable[slice]) -> Evidence:
        """Keep the differences within each group, without the mean of the group."""
        shift = self.shift.copy()
        for where in groups:
            precision = self.precision[where]
            if (total := precision.sum()) > 0:
                shift[where] -= precision * (shift[where].sum() / total)
        return Evidence(self.precision, shift, self.at)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One event. weight: 0..1, how much it tells"""

    row: Row
    liked: bool
    weight: float = 1.0


def no_evidence(size: int) -> Evidence:
    """Return the evidence about an unknown person."""
    return Evidence(np.zeros(size), np.zeros(size))


def posterior(prior: Belief, evidence: Evidence) -> Belief:
    """Combine a prior with evidence."""
    precision = 1 / prior.variance + evidence.precision
    return Belief((prior.mean / prior.variance + evidence.shift) / precision, 1 / precision)


def learned(prior: Belief, evidence: Evidence, lessons: Iterable[Lesson]) -> Evidence:
    """Learn events one after the other; only the features of their pictures change.

    Features are never negative, so a liked picture raises the mean of each, and a disliked one lowers it.
    """
    firm = 1 / prior.variance
    pull = prior.mean * firm
    precision, shift = evidence.precision.copy(), evidence.shift.copy()
    for lesson in lessons:
        where = lesson.row.at
        variance = 1 / (firm[where] + precision[where])
        mean = variance * (pull[where] + shift[where])
        more = _step(mean, variance, lesson)
        precision[where] += more[0]
        shift[where] += more[1]
    return Evidence(precision, shift, evidence.at)


def _step(mean: Array, variance: Array, lesson: Lesson) -> tuple[Array, Array]:
    """Return what an event adds to the `precision` and `shift` of its features."""
    amount, weight = lesson.row.amount, lesson.weight
    reach = variance * amount
    spread = float(amount @ reach)
    kappa = 1 / math.sqrt(1 + math.pi * spread / 8)
    chance = 1 / (1 + math.exp(-kappa * float(amount @ mean)))
    slope = weight * (float(lesson.liked) - chance)
    curvature = weight * max(chance * (1 - chance), LEAST_CURVATURE)
    firm = 1 + curvature * spread
    new_variance = variance - reach * reach * (curvature / firm)
    new_mean = mean + reach * (slope / firm)
    return 1 / new_variance - 1 / variance, new_mean / new_variance - mean / variance
