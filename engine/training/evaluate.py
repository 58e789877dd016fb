"""Measure the painter on made-up requests against real art, for `easel evaluate`.

docs/benchmarks.md defines the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.color.palette import color_hit
from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.painting.features import Features
from engine.painting.originality import OriginalityIndex
from engine.painting.painter import Painter
from engine.training.art_index import CROPS, crops_of, described, nearest_pairs, save_pairs
from engine.training.data import CROP, Art, DataError, find_styles, load_art, split_art
from engine.training.metrics import (
    classify,
    fit_classifier,
    interval,
    kernel_distance,
    palette_difference,
    shape_overlap,
    standardise,
)
from engine.training.synthetic_requests import made_up_request

SIZE = 256
FEWEST = 20
"""`kid` leaves out a style with fewer real pictures: its distance would be noise."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and half the width of its 95 % interval."""

    mean: float
    half_width: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures that `easel evaluate --json` prints.

    originality: distance from each crop of a painting to the nearest crop of training art, over the median
        distance of new art; at about 1 a painting is as far from the art as new art is
    left_out: styles with too little real art for `kid`
    """

    requests: int
    kid: Estimate
    kid_layout: Estimate
    kid_real: Estimate
    style_accuracy: Estimate
    style_accuracy_real: Estimate
    accuracy_by_style: dict[str, float]
    kid_by_style: dict[str, float]
    color_hit: Estimate
    palette_delta_e: Estimate
    shape_iou: Estimate
    diversity: Estimate
    originality: Estimate
    originality_min: float
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _StylePaintings:
    """The paintings of a style: crops, their features and the layouts' (2 · requests, 472), and figures."""

    crops: list[Pixels] = field(repr=False)
    paintings: Tensor
    layouts: Tensor
    hits: list[float]
    differences: list[float]
    overlaps: list[float]
    diversity: float


@dataclass(frozen=True, slots=True)
class _Reference:
    """The real art: a classifier of its styles, and its originality index.

    weights: of the linear classifier; known: (N, 472) features of training art, which standardize all
    accuracy: on held-out art
    """

    weights: Tensor
    known: Tensor
    accuracy: Estimate
    index: OriginalityIndex


def evaluate(
    data: Path,
    cache: Path,
    painter: Painter,
    per_style: int,
    seed: int = 0,
    progress: Progress = lambda n, of: None,
    pairs: Path | None = None,
    choose: Callable[[Conditions], Conditions] = lambda wish: wish,
) -> Evaluation:
    """Paint `per_style` made-up requests in every style at 256 px and compare with the real art in `data`.

    pairs: where to write the paintings nearest to art, as a picture
    choose: replaces each request, for example by the best of several seeds
    Raises DataError for a folder without art or with fewer than two styles.
    """
    styles = styles_to_tell_apart(data)
    art = load_art(data, styles, cache)
    features = Features()
    real = {
        style: described(list(crops_of([each for each in art if each.style == style], seed)), features)
        for style in styles
    }
    training, held = split_art(art)
    reference = _reference(training, held, styles, features, seed)
    random = np.random.default_rng(seed)
    painted = {}
    for done, style in enumerate(styles, 1):
        requests = [choose(made_up_request(style, SIZE, random)) for _ in range(per_style)]
        painted[style] = _paint_style(requests, painter, features, random)
        progress(done, len(styles))
    if pairs:
        crops = {style: (each.crops, each.paintings) for style, each in painted.items()}
        save_pairs(nearest_pairs(crops, reference.index, list(crops_of(training, seed))), pairs)
    return _summary(styles, real, painted, reference)


def styles_to_tell_apart(data: Path) -> tuple[str, ...]:
    """List the styles of a folder of art. Raises DataError for fewer than two."""
    styles = find_styles(data)
    if len(styles) < 2:
        raise DataError(f"{data} has one style; comparing styles needs at least two.")
    return styles


def _reference(
    training: Sequence[Art], held: Sequence[Art], styles: Sequence[str], features: Features, seed: int
) -> _Reference:
    rows, labels = _labelled(training, styles, features, seed)
    known = standardise(rows, rows)
    weights = fit_classifier(known, labels, len(styles))
    if not held:
        return _Reference(
            weights, rows, Estimate(float("nan"), float("nan")), OriginalityIndex.of(rows, rows[:0])
        )
    held_rows, held_labels = _labelled(held, styles, features, seed)
    new = standardise(held_rows, rows)
    right = (classify(new, weights) == held_labels).double()
    index = OriginalityIndex.of(rows, held_rows)
    return _Reference(weights, rows, Estimate(*interval(right.numpy())), index)


def _labelled(
    art: Sequence[Art], styles: Sequence[str], features: Features, seed: int
) -> tuple[Tensor, Tensor]:
    rows = described(list(crops_of(art, seed)), features)
    labels = torch.tensor([styles.index(each.style) for each in art for _ in range(CROPS)])
    return rows, labels


def _paint_style(
    requests: Sequence[Conditions],
    painter: Painter,
    features: Features,
    random: np.random.Generator,
) -> _StylePaintings:
    layouts = [compose(request) for request in requests]
    paintings = painter.paint(layouts, requests)
    corners = [_corners(painting, random) for painting in paintings]
    crops = [
        _crop(painting, at) for painting, places in zip(paintings, corners, strict=True) for at in places
    ]
    bare = [_crop(layout.image, at) for layout, places in zip(layouts, corners, strict=True) for at in places]
    hits = [
        float(color_hit(painting, request.colors))
        for painting, request in zip(paintings, requests, strict=True)
        if request.colors
    ]
    differences = [palette_difference(p, layout.image) for p, layout in zip(paintings, layouts, strict=True)]
    overlaps = [shape_overlap(p, layout.figure) for p, layout in zip(paintings, layouts, strict=True)]
    diversity = _spread_of_seeds(painter, requests[0].with_seed(1), features)
    rows = described(crops, features), described(bare, features)
    return _StylePaintings(crops, *rows, hits, differences, overlaps, diversity)


def _spread_of_seeds(painter: Painter, request: Conditions, features: Features) -> float:
    """Return the mean distance between the features of eight seeds of a request."""
    wishes = [request.with_seed(seed) for seed in range(1, 9)]
    layouts = [compose(wish) for wish in wishes]
    middle = [_crop(painting, (SIZE // 4, SIZE // 4)) for painting in painter.paint(layouts, wishes)]
    return float(torch.pdist(described(middle, features)).mean())


def _corners(painting: Pixels, random: np.random.Generator) -> list[tuple[int, int]]:
    height, width = painting.shape[:2]
    return [
        (int(random.integers(height - CROP + 1)), int(random.integers(width - CROP + 1)))
        for _ in range(CROPS)
    ]


def _crop(image: Pixels, at: tuple[int, int]) -> Pixels:
    crop: Pixels = image[at[0] : at[0] + CROP, at[1] : at[1] + CROP]
    return crop


def _summary(
    styles: Sequence[str],
    real: dict[str, Tensor],
    painted: dict[str, _StylePaintings],
    reference: _Reference,
) -> Evaluation:
    everything = torch.cat([real[style] for style in styles])
    counted = [style for style in styles if len(real[style]) >= FEWEST * CROPS]

    def distances(of: dict[str, Tensor], to: dict[str, Tensor]) -> dict[str, float]:
        return {
            style: kernel_distance(standardise(of[style], everything), standardise(to[style], everything))
            for style in counted
        }

    kid = distances({style: painted[style].paintings for style in styles}, real)
    bare = distances({style: painted[style].layouts for style in styles}, real)
    # Crops of one artwork are neighbors, so the two halves share at most one artwork.
    middle = {style: len(rows) // 2 for style, rows in real.items()}
    first = {style: rows[: middle[style]] for style, rows in real.items()}
    halves = distances(first, {style: rows[middle[style] :] for style, rows in real.items()})
    seen = {style: standardise(painted[style].paintings, reference.known) for style in styles}
    right = {
        style: (classify(seen[style], reference.weights) == styles.index(style)).double() for style in styles
    }
    original = torch.cat([reference.index.nearest(painted[style].paintings)[0] for style in styles])
    real_spread = float(np.mean([torch.pdist(real[style][:400]).mean() for style in styles]))
    return Evaluation(
        requests=sum(len(each.hits) for each in painted.values()),
        kid=Estimate(*interval(list(kid.values()))),
        kid_layout=Estimate(*interval(list(bare.values()))),
        kid_real=Estimate(*interval(list(halves.values()))),
        style_accuracy=Estimate(*interval(torch.cat(list(right.values())).numpy())),
        style_accuracy_real=reference.accuracy,
        accuracy_by_style={style: round(float(rows.mean()), 3) for style, rows in right.items()},
        kid_by_style={style: round(value, 3) for style, value in kid.items()},
        color_hit=Estimate(*interval([hit for each in painted.values() for hit in each.hits])),
        palette_delta_e=Estimate(
            *interval([value for each in painted.values() for value in each.differences])
        ),
        shape_iou=Estimate(*interval([value for each in painted.values() for value in each.overlaps])),
        originality=Estimate(*interval(original.double().numpy())),
        originality_min=float(original.min()),
        diversity=Estimate(*interval([each.diversity / real_spread for each in painted.values()])),
        left_out=tuple(style for style in styles if style not in counted),
    )
