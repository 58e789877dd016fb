"""The pictures of every style look as in the committed sheets; `scripts/golden` renews them."""

from __future__ import annotations

from itertools import combinations

import pytest
import torch

from engine.painting.painter import GanPainter
from engine.painting.weights import load_generator
from engine.styles import load_styles
from tests.support.golden import (
    FOLDER,
    LIMIT,
    paint_sheet,
    paint_tile,
    read_sheet,
    relit,
    sheet_difference,
    tile_difference,
    tile_of,
)

STYLES = list(load_styles())


@pytest.fixture(scope="module")
def painter() -> GanPainter:
    """A painter that computes in the type that this machine prefers."""
    return GanPainter(load_generator())


@pytest.fixture(scope="module")
def other_painter(painter: GanPainter) -> GanPainter:
    """A painter that computes in the other one of float32 and bfloat16, as other machines do."""
    other = GanPainter(load_generator())
    other.dtype = torch.float32 if painter.dtype == torch.bfloat16 else torch.bfloat16
    other.generator.to(other.dtype)
    return other


def test_there_is_a_sheet_for_each_style() -> None:
    assert {path.stem for path in FOLDER.glob("*.webp")} == set(STYLES)


@pytest.mark.parametrize("style", STYLES)
def test_pictures_look_as_in_the_sheet(style: str, painter: GanPainter) -> None:
    difference = sheet_difference(paint_sheet(style, painter), read_sheet(style))
    assert difference < LIMIT, "look at the pictures, and renew the sheets with scripts/golden"


@pytest.mark.parametrize(("place", "style"), list(enumerate(STYLES)))
def test_pictures_look_the_same_on_another_kind_of_cpu(
    place: int, style: str, other_painter: GanPainter
) -> None:
    tile = paint_tile(style, place % 4, other_painter, place % 4)
    assert tile_difference(tile, tile_of(read_sheet(style), place % 4)) < LIMIT


@pytest.mark.parametrize("style", STYLES)
def test_another_seed_changes_a_sheet(style: str, painter: GanPainter) -> None:
    assert tile_difference(paint_tile(style, 0, painter, 5), tile_of(read_sheet(style), 0)) > LIMIT


def test_another_style_changes_a_sheet() -> None:
    sheets = {style: read_sheet(style) for style in STYLES}
    pairs = combinations(STYLES, 2)
    assert not [pair for pair in pairs if sheet_difference(sheets[pair[0]], sheets[pair[1]]) <= LIMIT]


@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_a_shift_of_lightness_by_5_percent_changes_a_sheet(factor: float) -> None:
    sheets = {style: read_sheet(style) for style in STYLES}
    assert not [
        style for style in STYLES if sheet_difference(sheets[style], relit(sheets[style], factor)) <= LIMIT
    ]
