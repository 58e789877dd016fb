"""The measures of whole pictures: paintings beside real art.

Everything here takes pictures and depends on no composer. Definitions are in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.color.palette import color_hit
from engine.layout import Mask, Pixels
from engine.painting.features import Features
from engine.painting.originality import OriginalityIndex
from engine.training.data import Art
from engine.training.metrics import Estimate, classify, fit_classifier, shape_overlap, standardise
from engine.training.seen_subjects import is_seen, load_classifier
from engine.training.weave import Weave, spectrum_of, weave
from engine.training.whole import (
    COMPOSITION,
    WHOLE,
    RealPictures,
    averaged_styles,
    described_whole,
    distances,
    figure_of,
    real_distances,
)

SMALLEST = 150
"""Real pictures with fewer px on the shorter side are left out: enlarged, they would be blur."""
USUAL = 0.01
"""Share of the unseen originals that are too near to training art, by which "too near" is defined."""


@dataclass(frozen=True, slots=True)
class MeasuredPainting:
    """A painted request: pixels (H, W, 3), where figures are (H, W), its subject's classes, its colors."""

    pixels: Pixels = field(repr=False)
    figure: Mask = field(repr=False)
    classes: frozenset[int]
    colors: tuple[str, ...]


Paintings = Mapping[str, Sequence[MeasuredPainting]]
"""By style."""


@dataclass(frozen=True, slots=True)
class StyleJudge:
    """A linear classifier of styles, and the features (N, 472) of the training art, which standardize all."""

    styles: tuple[str, ...]
    weights: Tensor
    known: Tensor

    def share_named(self, rows: Tensor, style: str) -> float:
        """Return the share of pictures, by features (N, 472), that are classified as the style."""
        named = classify(standardise(rows, self.known), self.weights)
        return float((named == self.styles.index(style)).double().mean())


def fit_judge(training: Sequence[Art], features: Features) -> StyleJudge:
    """Fit a classifier of styles to whole pictures of training art."""
    styles = tuple(sorted({each.style for each in training}))
    known = described_whole(_read(training), features)
    labels = torch.tensor([styles.index(each.style) for each in training])
    return StyleJudge(styles, fit_classifier(standardise(known, known), labels, len(styles)), known)


def measure_whole(
    painted: Paintings,
    art: Sequence[Art],
    training: Sequence[Art],
    unseen: Sequence[Art],
    features: Features,
) -> dict[str, Estimate]:
    """Measure paintings beside real art; return the figures by name, see `engine.training.evaluate`.

    training: what the style classifier is fitted to, and from which paintings should differ
    unseen: real art that is not in it
    """
    real = _by_style(_readable(art), painted)
    averaged = averaged_styles({style: len(each) for style, each in real.items()})
    rows = {side: _rows(painted, features, side) for side in (WHOLE, COMPOSITION)}
    whole, whole_real = _distances(rows[WHOLE], real, averaged, features, WHOLE)
    composition, composition_real = _distances(rows[COMPOSITION], real, averaged, features, COMPOSITION)
    woven = {style: _weave(each, real[style]) for style, each in painted.items()}
    new = _by_style(_readable(unseen), painted)
    figures = {
        "kid_whole": whole,
        "kid_whole_real": whole_real,
        "kid_composition": composition,
        "kid_composition_real": composition_real,
        "subject_top5": _seen(painted),
        "color_hit": _color_hits(painted),
        "shape_iou": _overlaps(painted),
        "weave": {style: max(each.spectrum, each.peak) for style, each in woven.items()},
        "weave_spectrum": {style: each.spectrum for style, each in woven.items()},
        "weave_peak": {style: each.peak for style, each in woven.items()},
        **_beside_training(painted, rows[WHOLE], new, fit_judge(training, features), features),
    }
    return {name: figure_of(values, averaged) for name, values in figures.items()}


def _beside_training(
    painted: Paintings,
    rows: Mapping[str, Tensor],
    unseen: Mapping[str, Sequence[Art]],
    judge: StyleJudge,
    features: Features,
) -> dict[str, dict[str, float]]:
    """Measure what depends on the training art. rows: features of the paintings by style"""
    new = {style: described_whole(_read(art), features) for style, art in unseen.items()}
    pairs = {
        style: (rows[style], _mirrored((each.pixels for each in paintings), features))
        for style, paintings in painted.items()
    }
    new_mirrored = [_mirrored(_read(art), features) for art in unseen.values()]
    new_pairs = torch.cat(list(new.values())), torch.cat(new_mirrored)
    return {
        "style_accuracy": {style: judge.share_named(each, style) for style, each in rows.items()},
        "style_accuracy_real": {style: judge.share_named(each, style) for style, each in new.items()},
        "too_near": too_near(pairs, new_pairs, judge.known),
    }


def _read(art: Sequence[Art]) -> Iterator[Pixels]:
    return (each.read() for each in art)


def _readable(art: Sequence[Art]) -> list[Art]:
    return [each for each in art if each.short_side() >= SMALLEST]


def _by_style(art: Sequence[Art], painted: Paintings) -> dict[str, list[Art]]:
    return {style: [each for each in art if each.style == style] for style in painted}


def _rows(painted: Paintings, features: Features, side: int) -> dict[str, Tensor]:
    return {
        style: described_whole((each.pixels for each in paintings), features, side)
        for style, paintings in painted.items()
    }


def _distances(
    painted: Mapping[str, Tensor],
    real: Mapping[str, Sequence[Art]],
    averaged: frozenset[str],
    features: Features,
    side: int,
) -> tuple[dict[str, float], dict[str, float]]:
    """Return distances of paintings to real pictures, and of real to real."""
    rows = {
        style: RealPictures(described_whole(_read(art), features, side), tuple(each.original for each in art))
        for style, art in real.items()
    }
    unit = torch.cat([each.rows for style, each in rows.items() if style in averaged or not averaged])
    return distances(painted, rows, unit), real_distances(rows, unit)


def _seen(painted: Paintings) -> dict[str, float]:
    classifier = load_classifier()
    return {
        style: _mean([float(is_seen(each.pixels, each.classes, classifier)) for each in paintings])
        for style, paintings in painted.items()
    }


def _color_hits(painted: Paintings) -> dict[str, float]:
    return {
        style: _mean([float(color_hit(each.pixels, each.colors)) for each in paintings if each.colors])
        for style, paintings in painted.items()
    }


def _overlaps(painted: Paintings) -> dict[str, float]:
    return {
        style: _mean([shape_overlap(each.pixels, each.figure) for each in paintings])
        for style, paintings in painted.items()
    }


def _weave(paintings: Sequence[MeasuredPainting], art: Sequence[Art]) -> Weave:
    return weave(
        [spectrum_of(each.pixels) for each in paintings],
        [spectrum_of(pixels) for pixels in _read(art)],
        [each.original for each in art],
    )


def too_near(
    painted: Mapping[str, tuple[Tensor, Tensor]], unseen: tuple[Tensor, Tensor], known: Tensor
) -> dict[str, float]:
    """Return each style's share of paintings nearer to training art than 99 % of unseen art is.

    painted, unseen: features (N, 472) of pictures and of their mirror images; known: of training art
    """
    if not len(unseen[0]):
        return dict.fromkeys(painted, float("nan"))
    index = OriginalityIndex.of(known, unseen[0])
    least = _nearest(index, unseen).quantile(USUAL)
    return {style: float((_nearest(index, each) < least).double().mean()) for style, each in painted.items()}


def _nearest(index: OriginalityIndex, pictures: tuple[Tensor, Tensor]) -> Tensor:
    """Return the distances (N,) to the nearest training art, of a picture or its mirror image."""
    return torch.minimum(*(index.nearest(rows)[0] for rows in pictures))


def _mirrored(pictures: Iterable[Pixels], features: Features) -> Tensor:
    return described_whole((pixels[:, ::-1] for pixels in pictures), features)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
