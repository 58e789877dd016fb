"""Facts about engine/composing/ornaments.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.palette import tone
from engine.composing.ornaments import ORNAMENTS, Ornament
from engine.composing.subjects import load_subjects

SUBJECTS = load_subjects()
LAB = np.random.default_rng(2).uniform(0.2, 0.8, (128, 192, 3)).astype(np.float32) * [1, 0.1, 0.1]


@pytest.mark.parametrize("name", sorted(ORNAMENTS))
@pytest.mark.parametrize("colors", [(), ("red",), ("navy", "gold")])
@pytest.mark.parametrize("keys", [("rose",), ("fish", "star")])
def test_every_ornament_shows_its_figures_on_a_ground(name: str, colors, keys) -> None:
    ornament = Ornament(
        tuple(SUBJECTS[key][0] for key in keys),
        tuple(tone(color) for color in colors),
        LAB.astype(np.float32),
    )
    ground, figures = ORNAMENTS[name](ornament, np.random.default_rng(0))
    assert ground.shape == LAB.shape
    assert any(figure.main for figure in figures)
    assert all(figure.lab.shape == (*figure.alpha.shape, 3) for figure in figures)


def test_a_mandala_is_the_same_all_round() -> None:
    ornament = Ornament((SUBJECTS["star"][0],), (), LAB[:, :128].astype(np.float32))
    _, figures = ORNAMENTS["mandala"](ornament, np.random.default_rng(0))
    middles = [
        (figure.left + figure.alpha.shape[1] / 2 - 256, figure.top + figure.alpha.shape[0] / 2 - 256)
        for figure in figures
    ]
    assert abs(np.mean([x for x, _ in middles])) < 4
    assert abs(np.mean([y for _, y in middles])) < 4
