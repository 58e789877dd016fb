"""Facts about engine/composing/studio.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.atlas import load_atlas
from engine.composing.pieces import Frame
from engine.composing.studio import STUDIO, TABLE, built

FRAME = Frame(128, 128, 76)


def room(name: str, side: float = 1.0) -> np.ndarray:
    wall, cloth = [place for place in load_atlas() if place.place == name][:2]
    return built(name, wall, cloth, FRAME, side, np.random.default_rng(0))


def test_a_table_is_seen_before_its_wall() -> None:
    lab = room(TABLE)
    assert abs(lab[50:64, :, 0].mean() - lab[90:110, :, 0].mean()) > 0.08


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_ground_is_lighter_where_light_comes_from(side: float) -> None:
    lab = room(STUDIO, side)
    assert (lab[:, 96:, 0].mean() - lab[:, :32, 0].mean()) * side > 0.05
