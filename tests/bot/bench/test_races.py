"""Test bot/bench/races.py with fake processes."""

from __future__ import annotations

import pytest

from bot.bench import races
from bot.bench.races import Bound, Race, medians, run_race

AT_MOST, AT_LEAST = Bound("a", "b", 1.0), Bound("a", "b", 0.9, least=True)


class Runner:
    """A timed process that takes the seconds it is given."""

    def __init__(self, make, *arguments):
        self.seconds = make(*arguments)
        self.start_seconds = 1.5
        self.processor = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self):
        self.processor.append(2 * self.seconds)
        return self.seconds


def broken(error):
    raise error


@pytest.fixture(autouse=True)
def _runners(monkeypatch):
    monkeypatch.setattr(races, "TimedProcess", Runner)


@pytest.mark.parametrize(
    ("bound", "seconds", "said"),
    [
        (AT_MOST, 1.0, {"ratio": 0.5, "at_most": 1.0, "met": True}),
        (AT_MOST, 4.0, {"ratio": 2.0, "at_most": 1.0, "met": False}),
        (AT_LEAST, 4.0, {"ratio": 2.0, "at_least": 0.9, "met": True}),
        (AT_LEAST, 1.0, {"ratio": 0.5, "at_least": 0.9, "met": False}),
    ],
)
def test_a_ratio_says_whether_it_keeps_its_bound(bound, seconds, said):
    race = Race({"a": [seconds], "b": [2.0]}, {"a to b": bound})
    assert race.ratios() == {"a to b": said}


def test_processor_seconds_have_a_ratio_of_their_own():
    race = Race({"a": [1.0], "b": [2.0]}, {"a to b": AT_MOST}, {"a": [3.0], "b": [2.0]})
    assert race.ratios()["a to b"] == {"ratio": 0.5, "at_most": 1.0, "met": True, "of_processor": 1.5}


def test_all_works_race_and_their_medians_are_told():
    race = run_race({"a": (float, (3,)), "b": (float, (2,))}, 3, {"a to b": AT_MOST}, lambda _: None)
    assert race.seconds == {"a": [3.0] * 3, "b": [2.0] * 3}
    assert medians(race.processor) == {"a": 6.0, "b": 4.0}
    assert race.starts == {"a": 1.5, "b": 1.5}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ModuleNotFoundError("No module named 'diffusers'", name="diffusers"),
            "SD-Turbo step is left out: diffusers is missing; install it with pip install -e '.[bench]'.",
        ),
        (
            RuntimeError("no working C++ compiler\nat all"),
            "SD-Turbo step is left out: it does not run here (no working C++ compiler).",
        ),
    ],
)
def test_a_peer_that_does_not_run_is_left_out_with_its_ratios_in_one_sentence(error, sentence):
    makes = {"a": (float, (3,)), "SD-Turbo step": (broken, (error,))}
    race = run_race(makes, 1, {"a to step": Bound("a", "SD-Turbo step", 1.0)}, lambda _: None)
    assert race.left_out == (sentence,)
    assert race.ratios() == {}
    assert race.seconds == {"a": [3.0]}


def test_our_own_work_is_never_left_out():
    with pytest.raises(RuntimeError, match="broken"):
        run_race({"paint 512": (broken, (RuntimeError("broken"),))}, 1, {}, lambda _: None)
