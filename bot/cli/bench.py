"""`easel bench`: compare Easel's speed and its way to learn tastes with alternatives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from bot.cli.common import PATH, json_option, mistakes
from engine.vocabulary import load_vocabulary


@click.group(invoke_without_command=True)
@click.option("--rounds", type=click.IntRange(1), default=9, help="How often each program paints.")
@click.option("--few", type=click.IntRange(1), default=3, help="How often slow measurements are repeated.")
@click.option("--jobs", type=click.IntRange(1), default=64, help="Pictures in the queue.")
@json_option
@click.pass_context
def bench(context: click.Context, rounds: int, few: int, jobs: int, as_json: bool) -> None:
    """Compare the speed of Easel with alternatives.

    The alternatives are in the extra "bench". Example: easel bench --json
    """
    if context.invoked_subcommand is None:
        _speed(rounds, few, jobs, as_json)


def _progress(name: str) -> None:
    click.echo(name, err=True)


def _speed(rounds: int, few: int, jobs: int, as_json: bool) -> None:
    from bot.bench.races import Plan
    from bot.bench.speed import measure_speed

    with mistakes():
        figures = measure_speed(Plan(rounds, few, jobs), _progress)
    for sentence in figures["left_out"]:
        click.echo(sentence, err=True)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _lines(figures))


def _lines(figures: dict[str, Any]) -> str:
    judged = {**figures["ratios"], **figures["worker"]}
    seconds = [
        (name, work, value) for name, all_ in figures["seconds"].items() for work, value in all_.items()
    ]
    return "\n".join(
        [_verdict(name, figure) for name, figure in judged.items()]
        + [f"{race:10} {work:28} {value:9.3f} s" for race, work, value in seconds]
    )


def _verdict(name: str, figure: dict[str, Any]) -> str:
    sign, limit = ("≥", figure["at_least"]) if "at_least" in figure else ("≤", figure["at_most"])
    value = figure.get("ratio", figure.get("value"))
    return f"{name:38} {value:9.3f} {sign} {limit:g} {'met' if figure['met'] else 'missed'}"


@bench.command("tastes")
@click.option("--people", type=click.IntRange(10), default=500, help="Number of simulated people.")
@click.option(
    "--fewer", type=click.IntRange(10), default=120, help="People for whom MABWiser, which is slow, chooses."
)
@click.option("--seed", default=0, help="Seed of people and chance.")
@json_option
def _tastes(people: int, fewer: int, seed: int, as_json: bool) -> None:
    """Compare ways to learn tastes, on simulated people.

    Needs MABWiser, which the extra "dev" installs. Example: easel bench tastes --json
    """
    from bot.bench.tastes import measure_tastes

    try:
        figures = measure_tastes(load_vocabulary(), people, fewer, seed, _progress)
    except ModuleNotFoundError as error:
        sentence = f"{error.name} is missing; install it with pip install -e '.[dev]'."
        raise click.ClickException(sentence) from error
    click.echo(json.dumps(figures) if as_json else _table(figures))


@bench.command("verify")
@click.option("--others", type=PATH, required=True, help="Folder of pictures that Easel did not paint.")
@click.option(
    "--per-style", type=click.IntRange(1, 60), default=40, show_default=True, help="Paintings in each style."
)
@click.option(
    "--count", type=click.IntRange(min=1), default=560, show_default=True, help="Pictures out of OTHERS."
)
@click.option("--screenshots/--no-screenshots", default=True, help="Show pictures in Chromium, too.")
@json_option
def _verify(others: Path, per_style: int, count: int, screenshots: bool, as_json: bool) -> None:
    """Measure how many paintings are known again after changes, and that no other picture is.

    Needs Playwright and Chromium, for screenshots. Example: easel bench verify --others art --json
    """
    from bot.bench.verification import measure_verification
    from engine.painting.painter import load_painter

    try:
        with mistakes():
            figures = measure_verification(
                load_painter(),
                *(others, per_style, count),
                lambda said: click.echo(said, err=True),
                screenshots,
            )
    except ModuleNotFoundError as error:
        sentence = f"{error.name} is missing; install it with pip install -e '.[dev]'."
        raise click.ClickException(sentence) from error
    click.echo(json.dumps(figures, indent=None if as_json else 2, ensure_ascii=False))


def _table(figures: dict[str, Any]) -> str:
    rows = [f"{name:28} {_plain(windows)}" for name, windows in figures["rates"].items()]
    bounds = [f"{name:28} {_plain({'ratio': figure})}" for name, figure in figures["bounds"].items()]
    return "\n".join([*rows, *bounds])


def _plain(figures: dict[str, dict[str, float]]) -> str:
    each = (f"{name} {figure['mean']:.3f} ± {figure['half_width']:.3f}" for name, figure in figures.items())
    return "   ".join(each)
