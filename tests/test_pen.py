"""Facts about engine/pen.py."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.pen import GAP, LINE, haloed, hatched, outlined


def square(side: int) -> Image.Image:
    mask = Image.new("L", (side, side))
    mask.paste(255, (side // 4, side // 4, side * 3 // 4, side * 3 // 4))
    return mask


@pytest.mark.parametrize("side", [256, 512, 1024])
def test_an_outline_follows_the_edge_and_is_as_wide_at_any_size(side: int) -> None:
    row = np.asarray(outlined(square(side), side))[side // 2] / 255
    assert row[: side // 4 - side // 32].sum() == row[side // 4 + side // 32 : side // 2].sum() == 0
    assert row[: side // 2].sum() / side == pytest.approx(LINE, abs=1 / side)


def test_a_mask_that_fills_the_sheet_has_no_outline() -> None:
    assert np.asarray(outlined(Image.new("L", (64, 64), 255), 64)).max() == 0


def test_a_halo_reaches_beyond_the_mask_on_every_side() -> None:
    grown, mask = np.asarray(haloed(square(256), 256, 0.02)), np.asarray(square(256))
    assert (grown[mask > 0] == 255).all()
    assert grown[128, 61] == grown[61, 128] == grown[128, 194] == 255
    assert grown[128, 50] == 0


@pytest.mark.parametrize("size", [(256, 256), (512, 256)])
def test_strokes_are_spread_evenly_over_the_sheet(size: tuple[int, int]) -> None:
    strokes = np.asarray(hatched(*size, max(size))) / 255
    share = 0.6 * LINE / GAP
    for part in (*np.array_split(strokes, 3), *np.array_split(strokes, 3, axis=1)):
        assert part.mean() == pytest.approx(share, rel=0.5)
