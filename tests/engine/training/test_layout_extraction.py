"""Facts about engine/training/layout_extraction.py."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.styles import REDUCE_FILL, REDUCE_GRID, Recipe
from engine.training.layout_extraction import GRID, layout_of_crop


def random() -> np.random.Generator:
    return np.random.default_rng(0)


def reduce_to_layout(picture: Image.Image, recipe: Recipe, random: np.random.Generator) -> Image.Image:
    return layout_of_crop(picture, (0, 0, *picture.size), picture.size, recipe, random)


def colors_in(image: Image.Image) -> int:
    return len(np.unique(np.asarray(image).reshape(-1, 3), axis=0))


def noisy(size: tuple[int, int] = (120, 90)) -> Image.Image:
    """Two halves under heavy grain."""
    pixels = random().integers(0, 60, (size[1], size[0], 3))
    pixels[:, size[0] // 2 :] += 180
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.mark.parametrize("reduce", ["colors", REDUCE_FILL, REDUCE_GRID])
def test_a_layout_has_its_pictures_size(reduce: str) -> None:
    layout = reduce_to_layout(noisy(), Recipe(reduce=reduce), random())
    assert (layout.size, layout.mode) == ((120, 90), "RGB")


@pytest.mark.parametrize("clusters", [2, 5])
def test_a_layout_has_no_more_colours_than_clusters(clusters: int) -> None:
    layout = reduce_to_layout(noisy(), Recipe(clusters=(clusters, clusters), shading=(0, 0)), random())
    assert 2 <= colors_in(layout) <= clusters


def test_grain_is_left_out_and_the_halves_stay() -> None:
    layout = np.asarray(reduce_to_layout(noisy(), Recipe(clusters=(2, 2), shading=(0, 0)), random()))
    assert layout[:, :50].std() < 5
    assert layout[:, 70:].mean() - layout[:, :50].mean() == pytest.approx(180, abs=10)


def test_shading_keeps_some_of_the_light() -> None:
    slope = np.linspace(0, 255, 128).astype(np.uint8)
    picture = Image.fromarray(np.tile(slope, (128, 1))).convert("RGB")
    how = {"clusters": (2, 2)}
    flat, lit = (reduce_to_layout(picture, Recipe(shading=(s, s), **how), random()) for s in (0.0, 0.6))
    assert colors_in(lit) > 2 * colors_in(flat)


def test_pixel_art_stays_on_its_grid() -> None:
    cells = random().integers(0, 256, (12, 12, 3)).astype(np.uint8)
    picture = Image.fromarray(cells).resize((12 * GRID, 12 * GRID), Image.Resampling.NEAREST)
    layout = reduce_to_layout(picture, Recipe(reduce=REDUCE_GRID), random())
    small = layout.resize((12, 12), Image.Resampling.NEAREST)
    assert small.resize(layout.size, Image.Resampling.NEAREST).tobytes() == layout.tobytes()


def test_a_line_drawing_is_filled_inside_and_white_outside() -> None:
    picture = Image.new("RGB", (120, 120), "white")
    ImageDraw.Draw(picture).ellipse((30, 30, 90, 90), outline="black", width=3)
    layout = reduce_to_layout(picture, Recipe(reduce=REDUCE_FILL), random())
    assert layout.getpixel((5, 5)) == (255, 255, 255)
    assert layout.getpixel((60, 60)) == (150, 150, 150)


def test_a_drawing_with_a_small_gap_is_filled_all_the_same() -> None:
    picture = Image.new("RGB", (120, 120), "white")
    ImageDraw.Draw(picture).arc((30, 30, 90, 90), 4, 360, fill="black", width=3)
    layout = reduce_to_layout(picture, Recipe(reduce=REDUCE_FILL), random())
    assert layout.getpixel((60, 60)) == (150, 150, 150)


def test_a_shaded_drawing_is_reduced_by_colors() -> None:
    slope = np.tile(np.linspace(0, 255, 128).astype(np.uint8), (128, 1))
    layout = reduce_to_layout(Image.fromarray(slope).convert("RGB"), Recipe(reduce=REDUCE_FILL), random())
    assert colors_in(layout) > 4


def test_the_layout_of_a_crop_shows_what_the_crop_shows() -> None:
    layout = layout_of_crop(noisy(), (60, 0, 120, 60), (90, 90), Recipe(), random())
    assert layout.size == (90, 90)
    assert np.asarray(layout).mean() > 180
