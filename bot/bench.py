"""`easel bench`: figures that tell how good something is, beside what one would take in its place."""

from __future__ import annotations

import json
from typing import Any

import click

from engine.vocabulary import load_vocabulary


@click.group()
def bench() -> None:
    """Measure Easel beside what one would take in its place."""


@bench.command()
@click.option("--people", type=click.IntRange(min=10), default=500, show_default=True, help="How many.")
@click.option(
    "--fewer",
    type=click.IntRange(min=10),
    default=120,
    show_default=True,
    help="How many of them MABWiser, which is slow, chooses for.",
)
@click.option("--seed", default=0, show_default=True, help="Fixes people and chance.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def tastes(people: int, fewer: int, seed: int, as_json: bool) -> None:
    """Try ways to choose pictures on simulated people with hidden tastes.

    Needs MABWiser, which the extra "dev" installs. Example: easel bench tastes --json
    """
    from bot.bench_tastes import measure

    try:
        figures = measure(load_vocabulary(), people, fewer, seed, lambda name: click.echo(name, err=True))
    except ModuleNotFoundError as error:
        sentence = f"{error.name} is missing; install it with pip install -e '.[dev]'."
        raise click.ClickException(sentence) from error
    click.echo(json.dumps(figures) if as_json else _table(figures))


def _table(figures: dict[str, Any]) -> str:
    rows = [f"{name:28} {_plain(windows)}" for name, windows in figures["rates"].items()]
    bounds = [f"{name:28} {_plain({'ratio': figure})}" for name, figure in figures["bounds"].items()]
    return "\n".join([*rows, *bounds])


def _plain(figures: dict[str, dict[str, float]]) -> str:
    each = (f"{name} {figure['mean']:.3f} ± {figure['half_width']:.3f}" for name, figure in figures.items())
    return "   ".join(each)
