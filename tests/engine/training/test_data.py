"""Facts about engine/training/data.py."""

from pathlib import Path

import numpy as np
import pytest

from engine.styles import Recipe
from engine.training import data
from engine.training.data import (
    CROP,
    CropSampler,
    DataError,
    cut_crop,
    cut_pair,
    find_art,
    find_styles,
    split_art,
)
from tests.support.made_up_art import STYLES, make_art


def test_styles_are_the_folders_that_hold_pictures(tmp_path: Path) -> None:
    make_art(tmp_path)
    (tmp_path / "empty").mkdir()
    assert find_styles(tmp_path) == STYLES


@pytest.mark.parametrize("name", ["absent", "."])
def test_a_folder_without_art_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="sub-folder"):
        find_styles(tmp_path / name)


def test_art_is_found_in_all_folders(tmp_path: Path) -> None:
    first, second = make_art(tmp_path / "one", 3), make_art(tmp_path / "two", 2)
    (second / "waves").mkdir()
    (second / "dots" / "dots-0.png").rename(second / "waves" / "wave.png")
    assert find_styles(first, second) == (*STYLES, "waves")
    found = find_art(first, second)
    assert len(found) == 10
    assert [(each.style, each.original) for each in found if each.style == "waves"] == [("waves", "wave")]


def test_a_picture_that_is_too_small_for_its_style_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_art(tmp_path / "art", 2, (140, 200))
    monkeypatch.setattr(data, "recipe_for", lambda style: Recipe(least_side=141 if style == "dots" else 140))
    assert {each.style for each in find_art(root)} == {"stripes"}


def test_no_original_is_both_trained_on_and_held_out(tmp_path: Path) -> None:
    art = find_art(make_art(tmp_path / "art", 24))
    training, held = split_art(art)
    assert len(training) + len(held) == len(art)
    assert {style: sum(each.style == style for each in held) for style in STYLES} == {"dots": 2, "stripes": 2}
    assert not {each.original for each in training} & {each.original for each in held}


def test_a_style_of_few_originals_is_trained_on_whole(tmp_path: Path) -> None:
    art = find_art(make_art(tmp_path / "art", 6))
    assert split_art(art) == (art, [])


def test_a_picture_without_a_manifest_is_its_own_original(tmp_path: Path) -> None:
    root = make_art(tmp_path / "art", 2)
    (root / "manifest.csv").unlink()
    assert {each.original for each in find_art(root)} == {
        f"{style}-{number}" for style in STYLES for number in range(2)
    }


@pytest.mark.parametrize("size", [(144, 160), (300, 140), (60, 50)])
def test_crops_have_one_size_whatever_the_picture(tmp_path: Path, size: tuple[int, int]) -> None:
    art = find_art(make_art(tmp_path / "art", 2, size))
    crop, layout = CropSampler(art, STYLES).pair(1, np.random.default_rng(0))
    assert crop.shape == layout.shape == cut_crop(art[0], np.random.default_rng(0)).shape == (CROP, CROP, 3)


def test_each_crop_has_a_layout_of_its_own_detail(tmp_path: Path) -> None:
    art = find_art(make_art(tmp_path / "art", 1, (400, 400)))[0]
    random = np.random.default_rng(1)
    colors = [len(np.unique(cut_pair(art, random)[1].reshape(-1, 3), axis=0)) for _ in range(6)]
    assert len(set(colors)) > 2


def test_a_picture_is_hardly_enlarged_for_a_crop(tmp_path: Path) -> None:
    """At 180 px on the shorter side, a crop at up to 320 px would be half of a blurred picture."""
    art = find_art(make_art(tmp_path / "art", 1, (180, 180)))[0]
    boxes = [data._draw_box((180, 180), Recipe(), np.random.default_rng(seed)) for seed in range(50)]
    assert min(right - left for left, _, right, _ in boxes) >= CROP / data.MOST_ENLARGED * 0.99
    assert art.short_side() == 180


def test_without_recolouring_a_crop_keeps_the_pictures_colours(tmp_path: Path) -> None:
    art = find_art(make_art(tmp_path / "art", 1, (CROP, CROP)))[0]
    crop, _ = cut_pair(art, np.random.default_rng(0))
    assert abs(crop.mean((0, 1)) - art.read().mean((0, 1))).max() < 25


def test_recolouring_changes_art_and_layout_together(tmp_path: Path) -> None:
    art = find_art(make_art(tmp_path / "art", 2))[0]
    for seed in range(12):
        crop, layout = cut_pair(art, np.random.default_rng(seed), recolor=True)
        assert abs(crop.mean((0, 1)) - layout.mean((0, 1))).max() < 30
