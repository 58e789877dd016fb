"""Test scripts/pack-art on small made-up art."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from PIL import Image

from engine.training.data import find_art, read_originals
from tests.support.made_up_art import STYLES, make_art

SCRIPT = str(Path(__file__).parents[2] / "scripts" / "pack-art")


def test_packed_art_is_small_and_keeps_styles_and_artworks(tmp_path: Path) -> None:
    runpy.run_path(SCRIPT)["main"](tmp_path / "out", make_art(tmp_path / "art", 4, (300, 400)))
    packed = find_art(tmp_path / "out")
    assert {each.style for each in packed} == set(STYLES)
    assert {each.short_side() for each in packed} == {256}
    assert set(read_originals(tmp_path / "out").values()) == {"dots0", "dots1", "stripes0", "stripes1"}


def test_when_the_art_does_not_fit_every_style_has_as_many(tmp_path: Path) -> None:
    script = runpy.run_path(SCRIPT)
    script["main"].__globals__["MOST_BYTES"] = 40_000
    script["main"](tmp_path / "out", make_art(tmp_path / "art", 24, (300, 400)))
    counts = [len(list((tmp_path / "out" / style).iterdir())) for style in STYLES]
    assert 0 < max(counts) < 24
    assert max(counts) - min(counts) <= 1
    with Image.open(next((tmp_path / "out" / "dots").iterdir())) as picture:
        assert picture.format == "WEBP"
    assert sum(file.stat().st_size for file in (tmp_path / "out").rglob("*.webp")) <= 40_000


def test_a_folder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        runpy.run_path(SCRIPT)["main"](tmp_path, make_art(tmp_path / "art", 1))
