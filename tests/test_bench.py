"""`easel bench` on the command line."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from bot.cli import easel

FIGURE = {"mean": 1.5, "half_width": 0.25}
FIGURES = {"rates": {"easel": {"1-20": FIGURE}}, "bounds": {"21-50 to random": FIGURE}}


@pytest.fixture
def calls(monkeypatch):
    made = []

    def measure(vocabulary, people, fewer, seed, progress):
        made.append((people, fewer, seed))
        progress("easel")
        return FIGURES

    monkeypatch.setattr("bot.bench_tastes.measure", measure)
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
