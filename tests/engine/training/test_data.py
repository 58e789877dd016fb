"""Facts about engine/training/data.py."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.training.data import CROP, CropSampler, DataError, cut_pair, find_styles, load_art, split_art
from tests.support.made_up_art import STYLES, make_art


def test_styles_are_the_folders_that_hold_pictures(tmp_path: Path) -> None:
    make_art(tmp_path)
    (tmp_path / "empty").mkdir()
    assert find_styles(tmp_path) == STYLES


@pytest.mark.parametrize("name", ["absent", "."])
def test_a_folder_without_art_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="sub-folder"):
        find_styles(tmp_path / name)


def test_layouts_are_made_once(tmp_path: Path) -> None:
    root, cache = make_art(tmp_path / "art"), tmp_path / "cache"
    first = load_art(root, STYLES, cache)
    kept = {path: path.stat().st_mtime_ns for path in cache.rglob("*.png")}
    again = load_art(root, STYLES, cache)
    assert len(kept) == len(first)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert all(np.array_equal(a.layout, b.layout) for a, b in zip(first, again, strict=True))


def test_progress_is_told_for_every_picture(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    load_art(make_art(tmp_path / "art", 3), STYLES, tmp_path, lambda done, of: told.append((done, of)))
    assert told == [(done, 6) for done in range(1, 7)]


def test_no_original_is_both_trained_on_and_held_out(tmp_path: Path) -> None:
    art = load_art(make_art(tmp_path / "art", 24), STYLES, tmp_path)
    training, held = split_art(art)
    assert len(training) + len(held) == len(art)
    assert {style: sum(each.style == style for each in held) for style in STYLES} == {"dots": 2, "stripes": 2}
    assert not {each.original for each in training} & {each.original for each in held}


def test_a_style_of_few_originals_is_trained_on_whole(tmp_path: Path) -> None:
    art = load_art(make_art(tmp_path / "art", 6), STYLES, tmp_path)
    assert split_art(art) == (art, [])


def test_a_picture_without_a_manifest_is_its_own_original(tmp_path: Path) -> None:
    root = make_art(tmp_path / "art", 2)
    (root / "manifest.csv").unlink()
    assert {each.original for each in load_art(root, STYLES, tmp_path)} == {
        f"{style}-{number}" for style in STYLES for number in range(2)
    }


@pytest.mark.parametrize("size", [(144, 160), (300, 140), (60, 50)])
def test_crops_have_one_size_whatever_the_picture(tmp_path: Path, size: tuple[int, int]) -> None:
    art = load_art(make_art(tmp_path / "art", 2, size), STYLES, tmp_path)
    crops = CropSampler(art, STYLES).draw(torch.tensor([0, 1, 1]), np.random.default_rng(0))
    assert crops.art.shape == crops.layout.shape == (3, 3, CROP, CROP)
    assert crops.art.abs().max() <= 1


def test_without_recolouring_a_crop_keeps_the_pictures_colours(tmp_path: Path) -> None:
    art = load_art(make_art(tmp_path / "art", 1, (CROP, CROP)), STYLES, tmp_path)[0]
    crop, _ = cut_pair(art, np.random.default_rng(0))
    assert abs(crop.mean((0, 1)) - art.pixels.mean((0, 1))).max() < 25


def test_recolouring_changes_art_and_layout_together(tmp_path: Path) -> None:
    art = load_art(make_art(tmp_path / "art", 2), STYLES, tmp_path)[0]
    for seed in range(12):
        crop, layout = cut_pair(art, np.random.default_rng(seed), recolor=True)
        assert abs(crop.mean((0, 1)) - layout.mean((0, 1))).max() < 30
