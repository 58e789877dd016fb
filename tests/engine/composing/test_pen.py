"""Facts about engine/composing/pen.py."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.composing.pen import LINE, haloed, outlined


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
