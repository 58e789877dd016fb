"""Facts about bot/bench/verification.py, on a painter that returns its layouts."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from bot.bench import verification
from bot.bench.verification import CHANGES, measure_verification
from bot.config import ConfigError
from engine.styles import load_styles


class Copyist:
    """Paints every layout as it is."""

    name = "copyist"

    def paint(self, layouts, conditions):
        return [layout.image for layout in layouts]

    def use_threads(self, count):
        pass


@pytest.fixture
def others(tmp_path):
    random = np.random.default_rng(0)
    for number in range(2):
        rough = random.integers(0, 255, (16, 20, 3)).astype(np.uint8).repeat(8, 0).repeat(8, 1)
        Image.fromarray(rough).save(tmp_path / f"{number}.png")
    return tmp_path


@pytest.mark.browser
def test_every_figure_is_there_and_the_paintings_are_found(others, monkeypatch):
    monkeypatch.setattr(verification, "load_styles", lambda: dict(list(load_styles().items())[:2]))
    monkeypatch.setattr(verification, "FLIPPED", 4)
    monkeypatch.setattr(verification, "FILES", 2)
    monkeypatch.setattr(verification, "STORED", 1000)
    said = []
    figures = measure_verification(Copyist(), others, 1, 2, said.append)
    names = [*CHANGES, "screenshot at 100 %", "screenshot at 75 %"]
    assert figures["found"] == figures["by_the_mark"] == dict.fromkeys(names, 1.0)
    assert figures["false_alarms"] == dict.fromkeys(names, 0)
    assert set(figures["flipped"].values()) == {4}
    assert figures["psnr"]["least"] >= 40
    assert (figures["paintings"], figures["others"], figures["stored"]) == (2, 2, 1000)
    assert said


def test_too_few_pictures_are_refused(others):
    with pytest.raises(ConfigError, match="has 2 pictures"):
        measure_verification(Copyist(), others, 1, 3, print)
