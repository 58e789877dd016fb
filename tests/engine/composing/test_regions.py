"""Facts about engine/composing/regions.py."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.composing.fields import Frame
from engine.composing.regions import Region, areas, seen, uncovered

FRAME = Frame(256, 256, 1.0, 1.0)


def box(role: str, left: int, upper: int, right: int, lower: int) -> Region:
    mask = Image.new("L", (256, 256))
    mask.paste(255, (left, upper, right, lower))
    return Region(mask, role)


SKY, GROUND = box("sky", 0, 0, 256, 256), box("band", 0, 128, 256, 256)
FIGURE = box("figure", 64, 64, 192, 192)


def test_what_comes_later_hides_what_came_before() -> None:
    parts = seen([SKY, GROUND, FIGURE], FRAME)
    assert [float(part.mean()) for part in parts] == pytest.approx([0.375, 0.375, 0.25], abs=0.01)


def test_the_parts_of_a_full_sheet_add_up_to_it() -> None:
    assert sum(seen([SKY, GROUND, FIGURE], FRAME)) == pytest.approx(np.ones(FRAME.shape), abs=1e-5)


def test_a_hidden_region_is_not_seen() -> None:
    assert seen([FIGURE, SKY], FRAME)[0].max() == 0


def test_areas_are_shares_of_the_frame_and_of_the_figures_border() -> None:
    regions = [SKY, GROUND, FIGURE]
    shares, border = areas(regions, seen(regions, FRAME))
    assert shares == pytest.approx([0.375, 0.375, 0.25], abs=0.02)
    assert border[:2] == pytest.approx([0.5, 0.5], abs=0.05)
    assert border[2] < 0.1


def test_a_region_away_from_the_figure_does_not_touch_it() -> None:
    corner = box("band", 0, 0, 20, 20)
    regions = [SKY, corner, FIGURE]
    assert areas(regions, seen(regions, FRAME))[1][1] < 0.01


def test_a_thin_glaze_does_not_count_as_cover() -> None:
    glaze = Region(SKY.mask.point(lambda level: level // 5), "shade")
    assert areas([SKY, glaze], seen([SKY, glaze], FRAME))[0].tolist() == pytest.approx([1, 0])


def test_without_a_figure_nothing_touches_it() -> None:
    shares, border = areas([SKY, GROUND], seen([SKY, GROUND], FRAME))
    assert shares.sum() == pytest.approx(1, abs=0.01)
    assert border.tolist() == [0, 0]


def test_a_region_is_cut_to_the_box_in_which_it_shows() -> None:
    sky, ground, figure = (
        region.mask.getbbox() or ()
        for region in uncovered([SKY, GROUND, FIGURE], seen([SKY, GROUND, FIGURE], FRAME), FRAME)
    )
    assert sky[:3] == (0, 0, 256)
    assert 128 <= sky[3] < 140
    assert ground == (0, 128, 256, 256)
    assert figure == FIGURE.mask.getbbox()


def test_what_is_hidden_altogether_is_not_painted_at_all() -> None:
    regions = [FIGURE, SKY]
    assert uncovered(regions, seen(regions, FRAME), FRAME)[0].mask.getbbox() is None
