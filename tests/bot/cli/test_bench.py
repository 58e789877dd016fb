"""`easel bench` on the command line."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from bot.bench.races import Plan
from bot.cli.main import easel

FIGURE = {"mean": 1.5, "half_width": 0.25}
FIGURES = {"rates": {"easel": {"1-20": FIGURE}}, "bounds": {"21-50 to random": FIGURE}}


@pytest.fixture
def calls(monkeypatch):
    made = []

    def measure(vocabulary, people, fewer, seed, progress):
        made.append((people, fewer, seed))
        progress("easel")
        return FIGURES

    monkeypatch.setattr("bot.bench.tastes.measure_tastes", measure)
    return made


def run(*words):
    return CliRunner().invoke(easel, ["bench", "tastes", *words])


def test_its_options_are_passed_on_and_the_figures_printed_as_json(calls):
    outcome = run("--people", "20", "--fewer", "10", "--seed", "3", "--json")
    assert json.loads(outcome.stdout) == FIGURES
    assert outcome.stderr == "easel\n"
    assert calls == [(20, 10, 3)]


def test_without_json_it_prints_a_line_a_figure(calls):
    lines = run().stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["easel", "1-20", "1.500", "±", "0.250"],
        ["21-50", "to", "random", "ratio", "1.500", "±", "0.250"],
    ]


def test_without_mabwiser_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "mabwiser.mab", None)
    outcome = run("--people", "10", "--fewer", "10")
    assert outcome.exit_code == 1
    assert "pip install -e '.[dev]'" in outcome.stderr


SPEED = {
    "ratios": {"paint 1024 to paint 512": {"ratio": 4.25, "at_most": 4.4, "met": True}},
    "worker": {"peak_memory_mb": {"value": 812.0, "at_most": 700.0, "met": False}},
    "seconds": {"paintings": {"paint 512": 0.125}},
    "left_out": ["SD-Turbo step is left out."],
}


@pytest.fixture
def plans(monkeypatch):
    made = []

    def measure(plan, progress):
        made.append(plan)
        progress("paint 512")
        return SPEED

    monkeypatch.setattr("bot.bench.speed.measure_speed", measure)
    return made


def test_without_a_further_word_speed_is_measured(plans):
    outcome = CliRunner().invoke(easel, ["bench", "--rounds", "2", "--few", "1", "--jobs", "4", "--json"])
    assert json.loads(outcome.stdout) == SPEED
    assert plans == [Plan(rounds=2, few=1, jobs=4)]


def test_ratios_are_told_with_their_bounds_then_seconds_and_what_is_missing_aside(plans):
    outcome = CliRunner().invoke(easel, ["bench"])
    assert [line.split() for line in outcome.stdout.splitlines()] == [
        ["paint", "1024", "to", "paint", "512", "4.250", "≤", "4.4", "met"],
        ["peak_memory_mb", "812.000", "≤", "700", "missed"],
        ["paintings", "paint", "512", "0.125", "s"],
    ]
    assert outcome.stderr == "paint 512\nSD-Turbo step is left out.\n"
    assert plans == [Plan()]


def test_tastes_measure_no_speed(calls, plans):
    assert run().exit_code == 0
    assert plans == []
