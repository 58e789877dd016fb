"""Time the composing of layouts at 512 × 512 on one core: python -m tests.stress.compose

Six made-up requests in each style, each composed once its shape was drawn before; prints milliseconds of
processor time as JSON, since other work on the machine stretches those of the clock.
"""

from __future__ import annotations

import json
import time

import click
import numpy as np

from engine.composer import compose
from engine.conditions import Conditions
from engine.training.synthetic_requests import made_up_request
from engine.vocabulary import load_vocabulary

PER_STYLE, REPEATS = 6, 3


def milliseconds(request: Conditions) -> float:
    """Return the best of a few times, because disturbances only add time."""
    took = []
    for _ in range(REPEATS):
        start = time.process_time()
        compose(request)
        took.append(time.process_time() - start)
    return 1000 * min(took)


def main() -> None:
    random = np.random.default_rng(0)
    styles = [word.name for word in load_vocabulary().words("style")]
    requests = [made_up_request(style, 512, random) for style in styles for _ in range(PER_STYLE)]
    found = [milliseconds(request) for request in requests]
    quarters = dict(zip(("median", "p90", "most"), np.percentile(found, (50, 90, 100)), strict=True))
    click.echo(json.dumps({name: round(value, 1) for name, value in quarters.items()}))


if __name__ == "__main__":
    main()
