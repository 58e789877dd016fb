"""Compare policies on the same simulated people, for `easel bench tastes`.

A rate is the mean hidden chance that a shown picture is favourited. Policies only see reactions, which are
drawn from these chances with the same random numbers for each policy. Intervals of 95 % treat servers, not
people, as independent; those of ratios follow from the delta method.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.bench.policies import AtRandom, Easel, Mabwiser, MostPopular, Oracle, Policy
from bot.bench.simulated_people import HOURS_BETWEEN, SimulatedPerson, Society
from bot.tastes.features import Array, TasteFeatures
from bot.tastes.sampling import whole_menu
from engine.conditions import StyleMix
from engine.vocabulary import Vocabulary

MEMBERS = 5
"""People in a server."""
STEADY, DRIFTED, FIRST = 200, 60, 20
"""Pictures before the drift and after it; pictures of a newcomer."""
WINDOWS = {"1-20": (0, 20), "21-50": (20, 50), "51-200": (50, STEADY)}
ALPHAS = {"LinTS": 0.02, "LinUCB": 0.1}
"""How much MABWiser's policies explore: the best values on other people."""
CONTROL = 4
"""In use, one picture in so many is a control."""
SETTLED = 3
"""Easel sums up everybody's taste after so many pictures of each person: about a day."""


@dataclass(frozen=True, slots=True)
class TasteRun:
    """The result of a policy: the hidden chance and the style for each person and picture.

    chose, learned: seconds of wall clock and of the processor
    """

    chances: Array  # (N, T)
    styles: list[list[StyleMix]]  # (N, T)
    chose: Array  # (N * T, 2)
    learned: Array  # (N * T, 2)


class Bench:
    """People, and the random numbers of their reactions. The last are newcomers, one to each server.

    people: rounded up to whole servers
    """

    def __init__(self, vocabulary: Vocabulary, people: int, seed: int) -> None:
        self.features, self.society = TasteFeatures(vocabulary), Society(vocabulary)
        self.menu = whole_menu(vocabulary, self.features)
        random = np.random.default_rng(seed)
        everybody, servers = self.society.level(random), math.ceil(people / MEMBERS)
        levels = [self.society.level(random) for _ in range(servers)]
        self.count = servers * MEMBERS
        self.servers = [*(at // MEMBERS for at in range(self.count)), *range(servers)]
        self.people = [self.society.person(everybody, levels[at], random) for at in self.servers]
        self.later = [self.society.drifted(person, random) for person in self.people]
        shape = (len(self.people), STEADY + DRIFTED)
        self.luck = random.random(shape)
        self.times = np.cumsum(random.exponential(HOURS_BETWEEN * 3600, shape), 1)

    def run(
        self, policy: Policy, who: Sequence[int], pictures: int, people: list[SimulatedPerson], first: int = 0
    ) -> TasteRun:
        """Show each person pictures in turn, from picture number `first` on."""
        chances = np.zeros((len(who), pictures))
        styles: list[list[StyleMix]] = [[] for _ in who]
        chose, learned = [], []
        for turn in range(pictures):
            if isinstance(policy, Easel) and turn % SETTLED == 0:
                policy.settle()
            for place, one in enumerate(who):
                at, start = float(self.times[one, first + turn]), _clocks()
                picture = policy.choose(one, at)
                chose.append(_clocks() - start)
                chance = self.society.chance(people[one], picture)
                start = _clocks()
                policy.observe(one, picture, bool(self.luck[one, first + turn] < chance), at)
                learned.append(_clocks() - start)
                chances[place, turn] = chance
                styles[place].append(picture.style)
        return TasteRun(chances, styles, np.array(chose), np.array(learned))


def _clocks() -> Array:
    """Return seconds of wall clock, and of the processor, which other programs do not lengthen."""
    return np.array([time.perf_counter(), time.thread_time()])


def quotient(one: Array, other: Array, servers: Sequence[int]) -> dict[str, float]:
    """Return mean(one) / mean(other) of the same people, with half the width of its 95 % interval."""
    value = one.mean() / other.mean()
    residual = _by_server(one - value * other, servers) / other.mean()
    return {"mean": float(value), "half_width": _half_width(residual)}


def mean(values: Array, servers: Sequence[int]) -> dict[str, float]:
    """Return the mean over people, with half the width of its 95 % interval."""
    return {"mean": float(values.mean()), "half_width": _half_width(_by_server(values, servers))}


def _by_server(values: Array, servers: Sequence[int]) -> Array:
    # All servers have the same number of members, so the mean of means is the mean.
    return (np.bincount(servers, values) / np.bincount(servers)).astype(float)


def _half_width(values: Array) -> float:
    return float(1.96 * values.std(ddof=1) / math.sqrt(len(values)))


def measure_tastes(
    vocabulary: Vocabulary, people: int, fewer: int, seed: int, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Return every figure. fewer: people for whom MABWiser's policies choose, which are slow"""
    from mabwiser.mab import LearningPolicy

    bench = Bench(vocabulary, people, seed)
    whole, part = range(bench.count), range(min(bench.count, math.ceil(fewer / MEMBERS) * MEMBERS))
    features, menu = bench.features, bench.menu
    easel = Easel(vocabulary, features, bench.servers, seed)
    lin_ts, lin_ucb = LearningPolicy.LinTS(ALPHAS["LinTS"]), LearningPolicy.LinUCB(ALPHAS["LinUCB"])
    tried: dict[str, tuple[Policy, range]] = {
        "easel": (easel, whole),
        "random": (AtRandom(menu, seed), whole),
        "most popular": (MostPopular(menu, seed), whole),
        "MABWiser LinTS": (Mabwiser(lin_ts, features, menu, seed), part),
        "MABWiser LinUCB": (Mabwiser(lin_ucb, features, menu, seed), part),
        "oracle": (Oracle(bench.society, menu, bench.people), whole),
    }
    runs = {}
    for name, (policy, who) in tried.items():
        progress(name)
        runs[name] = bench.run(policy, who, STEADY, bench.people)
    progress("newcomers and drift")
    return {
        "people": bench.count,
        "people of MABWiser": len(part),
        "rates": {name: _rates(run, bench.servers) for name, run in runs.items()},
        "bounds": {
            **_bounds(runs, bench.servers),
            "newcomers to random": _newcomers(bench, easel, seed),
            "after the drift to before": _after_drift(bench, easel, runs["easel"]),
        },
        "microseconds": _microseconds(runs["easel"]),
    }


def _rates(run: TasteRun, servers: Sequence[int]) -> dict[str, dict[str, float]]:
    return {
        window: mean(run.chances[:, start:end].mean(1), servers[: len(run.chances)])
        for window, (start, end) in WINDOWS.items()
    }


def _bounds(runs: dict[str, TasteRun], servers: Sequence[int]) -> dict[str, dict[str, float]]:
    def to(other: str, window: str) -> dict[str, float]:
        start, end = WINDOWS[window]
        count = len(runs[other].chances)
        rates = [runs[name].chances[:count, start:end].mean(1) for name in ("easel", other)]
        return quotient(rates[0], rates[1], servers[:count])

    easel, chance = runs["easel"].styles, runs["random"].styles
    mixed = [_with_control(*each) for each in zip(easel, chance, strict=True)]

    def styles(shown: list[list[StyleMix]], start: int) -> dict[str, float]:
        counts = [_distinct(each, start) for each in (shown, chance)]
        return quotient(counts[0], counts[1], servers[: len(shown)])

    return {
        "21-50 to random": to("random", "21-50"),
        "21-50 to MABWiser LinTS": to("MABWiser LinTS", "21-50"),
        "21-50 to MABWiser LinUCB": to("MABWiser LinUCB", "21-50"),
        "51-200 to oracle": to("oracle", "51-200"),
        "styles in 1-50 to random": styles(easel, 0),
        "styles in 151-200 to random": styles(easel, STEADY - 50),
        "styles in 151-200 with control to random": styles(mixed, STEADY - 50),
    }


def _with_control(chosen: list[StyleMix], chance: list[StyleMix]) -> list[StyleMix]:
    """Replace one picture in `CONTROL` by a random one, as in use."""
    pairs = enumerate(zip(chosen, chance, strict=True))
    return [other if turn % CONTROL == 0 else one for turn, (one, other) in pairs]


def _distinct(styles: list[list[StyleMix]], start: int) -> Array:
    """Count the styles in fifty pictures of each person, (N,)."""
    return np.array([len(set(each[start : start + 50])) for each in styles], float)


def _newcomers(bench: Bench, easel: Easel, seed: int) -> dict[str, float]:
    """Compare pictures 1-20 of the newcomers with random ones."""
    who = range(bench.count, len(bench.people))
    rates = [
        bench.run(policy, who, FIRST, bench.people, STEADY).chances.mean(1)
        for policy in (easel, AtRandom(bench.menu, seed))
    ]
    return quotient(rates[0], rates[1], bench.servers[bench.count :])


def _after_drift(bench: Bench, easel: Easel, before: TasteRun) -> dict[str, float]:
    """Compare the last ten pictures after the drift with the last fifty before it."""
    after = bench.run(easel, range(bench.count), DRIFTED, bench.later, STEADY)
    rates = after.chances[:, -10:].mean(1), before.chances[:, -50:].mean(1)
    return quotient(rates[0], rates[1], bench.servers[: bench.count])


def _microseconds(run: TasteRun) -> dict[str, dict[str, float]]:
    found = {}
    for name, taken in (("choice", run.chose), ("update", run.learned)):
        for place, clock in enumerate(("", ", processor")):
            middle, late = np.percentile(taken[:, place] * 1e6, (50, 99))
            found[name + clock] = {"median": float(middle), "p99": float(late)}
    return found
