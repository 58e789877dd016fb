"""Facts about engine/composing/rasterize.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.palette import Tone, tone
from engine.composing.fields import Field, noise
from engine.composing.rasterize import FILLS, Canvas, paint, snapped, washed
from engine.composing.regions import Region
from engine.layout import Pixels
from engine.styles import MEDIA, PAPER
from tests.support.scene_fixtures import FRAME, box

PAINTED = [ground for ground in FILLS if ground != "drawing"]
"""Grounds on which a region is filled with its own tone."""
BLUE, RED = tone("blue"), tone("red")


def pixels(canvas: Canvas) -> Pixels:
    return np.asarray(canvas.image, np.uint8)


def lightness(of: Tone) -> float:
    return float(np.mean(of.rgb))


def slope() -> Field:
    """Shadow on the left to light on the right."""
    return np.repeat(np.linspace(-1.5, 1.5, FRAME.shape[1], dtype=np.float32)[None], FRAME.shape[0], 0)


def test_an_empty_canvas_is_paper() -> None:
    assert (pixels(Canvas(FRAME)) == PAPER.rgb).all()


def test_a_tone_is_laid_where_its_mask_is() -> None:
    canvas = Canvas(FRAME)
    canvas.lay(box("band", 0, 0, 128, 256).mask, BLUE)
    assert (pixels(canvas)[:, :128] == BLUE.rgb).all()
    assert (pixels(canvas)[:, 128:] == PAPER.rgb).all()
    assert canvas.tones == [PAPER, BLUE]


def test_shading_is_lighter_in_the_light_and_stays_within_its_mask() -> None:
    canvas = Canvas(FRAME)
    canvas.shade(box("band", 0, 0, 256, 128).mask, BLUE, slope(), 0.1)
    image = pixels(canvas).astype(float)
    assert image[64, 20].mean() < lightness(BLUE) < image[64, 235].mean()
    assert (image[128:] == PAPER.rgb).all()


def test_shading_nothing_changes_nothing() -> None:
    canvas = Canvas(FRAME)
    canvas.shade(box("band", 0, 0, 0, 0).mask, BLUE, slope(), 0.1)
    assert (pixels(canvas) == PAPER.rgb).all()


def test_separations_are_even_tones_with_hard_edges() -> None:
    canvas, region = Canvas(FRAME), box("band", 0, 0, 256, 256)
    region.relief = slope()
    canvas.separate(region, BLUE, 0.1)
    tones, counts = np.unique(pixels(canvas).reshape(-1, 3), axis=0, return_counts=True)
    assert len(tones) < 20
    assert np.sort(counts)[-3:].sum() > 0.97 * 256 * 256


def test_separations_part_where_light_and_shadow_begin() -> None:
    canvas, region = Canvas(FRAME), box("band", 0, 0, 256, 256)
    region.relief = slope()
    canvas.separate(region, BLUE, 0.1)
    row = pixels(canvas)[128].astype(int)
    changes = np.nonzero(np.abs(np.diff(row, axis=0)).max(1) > 8)[0]
    # From -1.5 to 1.5 across: shadow ends at -0.6, light begins at 0.75.
    assert changes == pytest.approx(
        [256 * 0.3] * (len(changes) // 2) + [256 * 0.75] * (len(changes) // 2), abs=3
    )


@pytest.mark.parametrize("ground", PAINTED)
def test_what_comes_later_lies_above(ground: str) -> None:
    regions = [box("sky", 0, 0, 256, 256), box("band", 64, 64, 192, 192)]
    image = pixels(paint(regions, [RED, BLUE], ground, FRAME))
    assert image[128, 128].tolist() == list(BLUE.rgb)
    assert image[10, 10].tolist() == list(RED.rgb)


@pytest.mark.parametrize("ground", PAINTED)
def test_light_and_shadow_keep_a_colour_near_what_it_is(ground: str) -> None:
    sky, figure = box("sky", 0, 0, 256, 256), box("figure", 64, 64, 192, 192)
    for region in (sky, figure):
        region.relief = noise(np.random.default_rng(0), FRAME, 4)
    image = pixels(paint([sky, figure], [RED, BLUE], ground, FRAME))
    inside = np.median(image[64:192, 64:192].reshape(-1, 3), axis=0)
    assert np.abs(inside - BLUE.rgb).max() < 40


def test_a_figures_gaps_are_lined_in_dark_and_bare_in_drawings_and_prints() -> None:
    figure = box("figure", 64, 64, 192, 192)
    figure.body = box("figure", 64, 64, 192, 192).mask
    figure.mask.paste(0, (120, 120, 136, 136))
    gaps = {ground: pixels(paint([figure], [BLUE], ground, FRAME))[128, 128].mean() for ground in FILLS}
    for bare in ("drawing", "print"):
        assert gaps.pop(bare) == pytest.approx(lightness(PAPER))
    assert all(gap < lightness(BLUE) for gap in gaps.values())


def test_every_ground_of_the_vocabulary_can_be_painted() -> None:
    assert set(MEDIA) <= set(FILLS)


def test_squares_have_only_tones_that_were_laid() -> None:
    canvas = Canvas(FRAME)
    canvas.lay(box("band", 0, 0, 100, 256).mask, BLUE)
    canvas.shade(box("band", 100, 0, 256, 256).mask, RED, slope(), 0.1)
    squares = snapped(canvas, 64, 64)
    assert squares.shape == (64, 64, 3)
    laid = {PAPER.rgb, BLUE.rgb, RED.rgb}
    assert {tuple(square) for square in squares.reshape(-1, 3).tolist()} == laid - {PAPER.rgb}


def test_a_region_without_relief_is_one_even_tone() -> None:
    regions: list[Region] = [box("sky", 0, 0, 256, 256)]
    for ground in PAINTED:
        assert (pixels(paint(regions, [RED], ground, FRAME)) == RED.rgb).all()


def test_a_drawn_form_is_filled_for_the_painter_to_outline_and_land_is_a_line() -> None:
    form, land = (
        pixels(paint([box(role, 64, 64, 192, 192)], [BLUE], "drawing", FRAME)).mean(2)
        for role in ("figure", "band")
    )
    assert form[100, 100] < form[100, 20] == land[100, 20] == land[100, 100]
    assert land[100, 64] < land[100, 100]


def test_what_is_drawn_later_hides_the_lines_behind_it() -> None:
    regions = [box("band", 0, 100, 256, 256), box("figure", 64, 64, 192, 192)]
    alone = pixels(paint(regions[1:], [BLUE], "drawing", FRAME))
    both = pixels(paint(regions, [RED, BLUE], "drawing", FRAME))
    assert np.array_equal(alone[70:186, 70:186], both[70:186, 70:186])


LEFT, RIGHT = box("figure", 32, 64, 96, 192), box("band", 160, 64, 224, 192)
GREEN, GRAY = tone("green"), tone("gray")


@pytest.mark.parametrize(
    ("figure", "land", "left", "right"),
    [
        (BLUE, RED, BLUE, RED),
        (BLUE, BLUE, BLUE, PAPER),
        (GRAY, GREEN, PAPER, GREEN),
        (BLUE, GRAY, BLUE, PAPER),
    ],
    ids=["two hues", "one hue", "a gray figure", "gray land"],
)
def test_figures_are_washed_in_their_hue_and_land_only_in_another(
    figure: Tone, land: Tone, left: Tone, right: Tone
) -> None:
    image = pixels(washed([RIGHT, LEFT], [land, figure], FRAME))
    assert image[128, 64].tolist() == list(left.rgb)
    assert image[128, 192].tolist() == list(right.rgb)


def test_a_washed_figure_is_cut_free_from_the_wash_behind_it() -> None:
    image = pixels(washed([box("band", 0, 0, 256, 256), LEFT], [RED, BLUE], FRAME))
    assert image[128, 30].tolist() == list(PAPER.rgb)


def test_a_printed_figure_is_cut_free_from_what_is_printed_around_it() -> None:
    image = pixels(
        paint([box("band", 0, 0, 256, 256), box("figure", 64, 64, 192, 192)], [RED, BLUE], "print", FRAME)
    )
    assert image[128, 62].tolist() == list(PAPER.rgb)
    assert image[128, 20].tolist() == list(RED.rgb)
