"""Measure the painter on committed requests beside real art. `easel evaluate` prints the result.

Here are the figures of crops; those of whole pictures are in `engine.training.whole_evaluation`. Figures are
defined in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.painting.features import Features
from engine.painting.originality import OriginalityIndex
from engine.painting.painter import Painter
from engine.training.art_index import CROPS, crops_of, described, nearest_pairs, save_pairs
from engine.training.data import CROP, Art, DataError, find_art, find_styles, split_art
from engine.training.measured_requests import MeasuredRequest, measured_requests
from engine.training.metrics import Estimate, interval, kernel_distance, palette_difference, standardise
from engine.training.whole import WHOLE, middle_square
from engine.training.whole_evaluation import MeasuredPainting, measure_whole

FEWEST = 20
"""`kid` leaves out a style with fewer real pictures: its distance would be noise."""
SEEDS = range(1, 9)
"""Seeds of one request between which diversity is measured."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures that `easel evaluate --json` prints.

    kid, kid_layout, kid_real, palette_delta_e, diversity, originality: of crops; the others of whole pictures
    originality: distance from each crop of a painting to the nearest crop of training art, over the median
        distance of new art; at about 1 a painting is as far from the art as new art is
    too_near: share of paintings nearer to training art than 99 % of unseen art is
    left_out: styles with too little real art for `kid`
    """

    requests: int
    kid: Estimate
    kid_layout: Estimate
    kid_real: Estimate
    kid_by_style: dict[str, float]
    kid_whole: Estimate
    kid_whole_real: Estimate
    kid_composition: Estimate
    kid_composition_real: Estimate
    subject_top5: Estimate
    style_accuracy: Estimate
    style_accuracy_real: Estimate
    accuracy_by_style: dict[str, float]
    color_hit: Estimate
    palette_delta_e: Estimate
    shape_iou: Estimate
    weave: Estimate
    weave_spectrum: Estimate
    weave_peak: Estimate
    diversity: Estimate
    originality: Estimate
    originality_min: float
    too_near: Estimate
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _StylePaintings:
    """The paintings of a style, crops of them, features of the crops and the layouts' (2 · requests, 472)."""

    whole: list[MeasuredPainting]
    crops: list[Pixels] = field(repr=False)
    paintings: Tensor
    layouts: Tensor
    differences: list[float]
    diversity: float


def evaluate(
    data: Path,
    painter: Painter,
    per_style: int,
    seed: int = 0,
    progress: Progress = lambda n, of: None,
    pairs: Path | None = None,
    choose: Callable[[Conditions], Conditions] = lambda wish: wish,
    training: Sequence[Path] = (),
) -> Evaluation:
    """Paint the first `per_style` committed requests in every style, and compare with the real art in `data`.

    seed: added to the requests' seeds; pairs: where to write the paintings nearest to art, as a picture
    choose: replaces each request, for example by the best of several seeds
    training: folders of the art that was trained on; without any, most of `data` counts as such
    Raises DataError for a folder without art or with fewer than two styles.
    """
    styles_to_tell_apart(data)
    art = find_art(data)
    styles = sorted({each.style for each in art})
    known, unseen = (find_art(*training), art) if training else split_art(art)
    _check_styles(styles, known)
    features = Features()
    random = np.random.default_rng(seed)
    painted = {}
    for done, style in enumerate(styles, 1):
        requests = measured_requests()[:per_style]
        wishes = [choose(each.conditions(style, seed)) for each in requests]
        painted[style] = _paint_style(requests, wishes, painter, features, random)
        progress(done, len(styles))
    index = OriginalityIndex.of(*(described(crops_of(each, seed), features) for each in (known, unseen)))
    if pairs:
        crops = {style: (each.crops, each.paintings) for style, each in painted.items()}
        save_pairs(nearest_pairs(crops, index, list(crops_of(known, seed))), pairs)
    whole = measure_whole(
        {style: each.whole for style, each in painted.items()}, art, known, unseen, features
    )
    real = {
        style: described(crops_of([each for each in art if each.style == style], seed), features)
        for style in styles
    }
    return _summary(real, painted, index, whole)


def styles_to_tell_apart(data: Path) -> tuple[str, ...]:
    """List the styles of a folder of art. Raises DataError for fewer than two."""
    styles = find_styles(data)
    if len(styles) < 2:
        raise DataError(f"{data} has one style; comparing styles needs at least two.")
    return styles


def _check_styles(styles: Sequence[str], known: Sequence[Art]) -> None:
    missing = set(styles) - {each.style for each in known}
    if missing:
        raise DataError(f"The training art has no {', '.join(sorted(missing))}; give all of it with --train.")


def _paint_style(
    requests: Sequence[MeasuredRequest],
    wishes: Sequence[Conditions],
    painter: Painter,
    features: Features,
    random: np.random.Generator,
) -> _StylePaintings:
    layouts = [compose(wish) for wish in wishes]
    paintings = painter.paint(layouts, wishes)
    corners = [_corners(painting, random) for painting in paintings]
    crops = [
        _crop(painting, at) for painting, places in zip(paintings, corners, strict=True) for at in places
    ]
    bare = [_crop(layout.image, at) for layout, places in zip(layouts, corners, strict=True) for at in places]
    whole = [
        MeasuredPainting(painting, layout.figure, request.classes, wish.colors)
        for painting, layout, request, wish in zip(paintings, layouts, requests, wishes, strict=True)
    ]
    differences = [palette_difference(p, layout.image) for p, layout in zip(paintings, layouts, strict=True)]
    diversity = _spread_of_seeds(painter, wishes[0], features)
    rows = described(crops, features), described(bare, features)
    return _StylePaintings(whole, crops, *rows, differences, diversity)


def _spread_of_seeds(painter: Painter, request: Conditions, features: Features) -> float:
    """Return the mean distance of the features of a request's seeds, from their middles at 256 px."""
    wishes = [request.with_seed(seed) for seed in SEEDS]
    paintings = painter.paint([compose(wish) for wish in wishes], wishes)
    corner = (WHOLE - CROP) // 2
    middle = [_crop(middle_square(painting, WHOLE), (corner, corner)) for painting in paintings]
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
    real: Mapping[str, Tensor],
    painted: Mapping[str, _StylePaintings],
    index: OriginalityIndex,
    whole: Mapping[str, Estimate],
) -> Evaluation:
    everything = torch.cat(list(real.values()))
    counted = [style for style, rows in real.items() if len(rows) >= FEWEST * CROPS]

    def distances(of: Mapping[str, Tensor], to: Mapping[str, Tensor]) -> Estimate:
        found = {
            style: kernel_distance(standardise(of[style], everything), standardise(to[style], everything))
            for style in counted
        }
        return Estimate(*interval(list(found.values())), found)

    # Crops of one artwork are neighbors, so the two halves share at most one artwork.
    halves = [
        {style: rows[: len(rows) // 2] for style, rows in real.items()},
        {style: rows[len(rows) // 2 :] for style, rows in real.items()},
    ]
    kid = distances({style: each.paintings for style, each in painted.items()}, real)
    original = {style: index.nearest(each.paintings)[0] for style, each in painted.items()}
    spread = float(np.mean([torch.pdist(rows[:400]).mean() for rows in real.values()]))
    return Evaluation(
        requests=sum(len(each.whole) for each in painted.values()),
        kid=kid,
        kid_layout=distances({style: each.layouts for style, each in painted.items()}, real),
        kid_real=distances(*halves),
        kid_by_style=kid.by_style,
        accuracy_by_style=whole["style_accuracy"].by_style,
        palette_delta_e=_over_requests({style: each.differences for style, each in painted.items()}),
        diversity=_over_requests({style: [each.diversity / spread] for style, each in painted.items()}),
        originality=_over_requests({style: each.tolist() for style, each in original.items()}),
        originality_min=float(torch.cat(list(original.values())).min()),
        left_out=tuple(style for style in real if style not in counted),
        **whole,
    )


def _over_requests(values: Mapping[str, list[float]]) -> Estimate:
    everything = [value for each in values.values() for value in each]
    return Estimate(*interval(everything), {style: float(np.mean(each)) for style, each in values.items()})
