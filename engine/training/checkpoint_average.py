"""Average two states of one training.

Usage: python -m engine.training.checkpoint_average LATE EARLY --share 0.6 --out FILE

An average generalizes better than either state (Izmailov et al., Averaging Weights Leads to Wider Optima and
Better Generalization, arXiv 1803.05407).
"""

from __future__ import annotations

from pathlib import Path

import click
import torch

from engine.errors import WeightsMissing
from engine.painting.generator import Generator
from engine.painting.weights import load_generator, save_generator, training_facts


def averaged(late: Generator, early: Generator, share: float) -> Generator:
    """Make a generator with `share` of each weight from `late` and the rest from `early`.

    share: 0 to 1. Raises ValueError for generators of different shapes or styles.
    """
    if late.config != early.config:
        raise ValueError("generators of different shapes or styles have no average")
    mean = Generator(late.config)
    others = early.state_dict()
    mean.load_state_dict(
        {name: torch.lerp(others[name], value, share) for name, value in late.state_dict().items()}
    )
    return mean


@click.command()
@click.argument("late", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("early", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--share", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Of the late one.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def main(late: Path, early: Path, share: float, out: Path) -> None:
    try:
        mean = averaged(load_generator(late), load_generator(early), share)
    except (WeightsMissing, ValueError) as error:
        raise click.UsageError(str(error)) from error
    facts = training_facts(late)
    save_generator(mean, out, {**facts, "averaged": f"{share:g} of it, the rest of {training_facts(early)}"})


if __name__ == "__main__":
    main()
