"""What is believed of a taste: a Bayesian logistic regression, learnt an event at a time. Pure.

The posterior is a Gaussian with a diagonal covariance (assumed-density filtering). An event is learnt by
a Laplace step whose chance is that of the whole belief: MacKay, "The evidence framework applied to
classification networks" (1992), eq. 10, kappa = (1 + pi s^2 / 8)^-1/2, as Chapelle and Li, "An empirical
evaluation of Thompson sampling" (2011), algorithm 3, use it for bandits. Evidence is kept as natural
parameters beside the prior, not mixed with it: so it can fade, be taken away, and be passed up to the server.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.tastes.features import Array, Row

HALF_LIFE = 60 * 86400.0
"""Seconds in which evidence loses half its weight: tastes change over months."""
LEAST_CURVATURE = 0.02
"""Of an event. What was certain and came true would else never make a belief firmer."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Mean and variance of each weight, in logits."""

    mean: Array  # (D,)
    variance: Array  # (D,)

    def widened(self, variance: Array) -> Belief:
        """What it says of somebody who differs from it by so much."""
        return Belief(self.mean, self.variance + variance)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What events add to a prior: precision, never negative, and precision times mean.

    at: the time it stands for, in seconds
    """

    precision: Array  # (D,)
    shift: Array  # (D,)
    at: float = 0.0

    def plus(self, other: Evidence, sign: int = 1) -> Evidence:
        """Both together, or with sign -1 this without the other."""
        precision = self.precision + sign * other.precision
        # Taking away what was once added leaves rounding behind.
        return Evidence(np.maximum(precision, 0.0), self.shift + sign * other.shift, self.at)

    def faded(self, now: float) -> Evidence:
        """The same at a later time, in seconds; an earlier one changes nothing."""
        if now <= self.at:
            return self
        kept = 0.5 ** ((now - self.at) / HALF_LIFE)
        return Evidence(self.precision * kept, self.shift * kept, now)

    def passed_up(self, spread: Array) -> Evidence:
        """What it says of the group whose members differ from it with the variance `spread`."""
        kept = 1 / (1 + spread * self.precision)
        return Evidence(self.precision * kept, self.shift * kept, self.at)

    def contrasts(self, groups: Iterable[slice]) -> Evidence:
        """What it says of the differences inside each group, and not of a group as a whole."""
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
    """Of somebody never met."""
    return Evidence(np.zeros(size), np.zeros(size))


def posterior(prior: Belief, evidence: Evidence) -> Belief:
    """What is believed once the evidence is known."""
    precision = 1 / prior.variance + evidence.precision
    return Belief((prior.mean / prior.variance + evidence.shift) / precision, 1 / precision)


def learned(prior: Belief, evidence: Evidence, lessons: Iterable[Lesson]) -> Evidence:
    """The evidence with more events, one after the other.

    Only the features of their pictures change. They are never negative, so that liking raises the mean of
    each of them and disliking lowers it.
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
    """What an event adds to the precision of its features, and to their precision times mean."""
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
