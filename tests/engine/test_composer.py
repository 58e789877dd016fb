"""Test what every composition keeps."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color.oklab import oklab_from_srgb
from engine.color.palette import color_hit, resolve, shares_of, tone
from engine.composer import compose
from engine.conditions import SCENES, Asked, Conditions, complete
from engine.defaults import SeededDefaults
from engine.layout import Layout, Pixels
from engine.styles import style_named
from engine.vocabulary import load_vocabulary

WORDS = load_vocabulary()
STYLES = [word.name for word in WORDS.words("style")]
ONE_OF_A_MEDIUM = list({word.value: word.name for word in WORDS.words("style")}.values())
FISH = Conditions((("poster", 1.0),), ("blue",), "fish", "portrait", 7, 256)
PLAIN = ("red", "yellow", "green", "blue", "black")


def shares(image, colors):
    """Return each asked color's share of the colored pixels of `image`."""
    return shares_of(oklab_from_srgb(image.reshape(-1, 3)), [tone(color) for color in colors])[0]


def wish(style: str = "poster", scene: str = "portrait", **changes: object) -> Conditions:
    return replace(FISH, style=((style, 1.0),), scene=scene, **changes)  # type: ignore[arg-type]


def shrunk(image: Pixels, side: int = 32) -> np.ndarray:
    """Return the means of cells of a square image, (side, side, 3), 0..255."""
    step = image.shape[0] // side
    return np.asarray(image.reshape(side, step, side, step, 3).mean((1, 3)))


def assert_is_a_layout(layout: Layout, asked: Conditions) -> None:
    size = (asked.height, asked.width)
    assert (layout.image.shape, str(layout.image.dtype)) == ((*size, 3), "uint8")
    assert (layout.figure.shape, str(layout.figure.dtype)) == (size, "float32")
    assert 0 <= layout.figure.min() <= layout.figure.max() <= 1
    assert layout.figure.max() > 0.9
    assert 0.01 < layout.figure.mean() < 0.75
    assert layout.image.std() > 5
    assert len(set(layout.sources)) >= 2


@pytest.mark.parametrize(
    ("style", "scene"),
    [*((style, "landscape") for style in STYLES), *product(ONE_OF_A_MEDIUM, SCENES[2:])],
)
def test_every_style_and_scene_gives_a_layout_of_the_asked_size(style: str, scene: str) -> None:
    asked = wish(style, scene)
    assert_is_a_layout(compose(asked), asked)


@pytest.mark.parametrize(
    ("size", "aspect"),
    [
        (256, (1, 1)),
        (272, (1, 1)),
        (256, (3, 2)),
        (256, (4, 1)),
        (256, (1, 4)),
        (464, (16, 9)),
        (333, (4, 3)),
        (683, (683, 384)),
        (512, (2, 3)),
        (624, (5, 7)),
        (1008, (4, 3)),
        (2048, (4, 1)),
    ],
)
@pytest.mark.parametrize("style", ["oil", "pixel"])
def test_every_size_and_aspect_is_composed(style: str, size: int, aspect: tuple[int, int]) -> None:
    asked = wish(style, "landscape", size=size, aspect=aspect)
    assert_is_a_layout(compose(asked), asked)


def test_the_largest_picture_is_composed() -> None:
    asked = wish("oil", "flock", size=2048)
    assert_is_a_layout(compose(asked), asked)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("aspect", [(4, 1), (1, 4)])
def test_every_scene_fits_the_narrowest_frames(scene: str, aspect: tuple[int, int]) -> None:
    asked = wish("ink", scene, aspect=aspect)
    assert_is_a_layout(compose(asked), asked)


@pytest.mark.parametrize("shape", [word.name for word in WORDS.words("shape")][::70])
def test_any_shape_is_composed(shape: str) -> None:
    scene = SCENES[len(shape) % len(SCENES)]
    asked = wish("watercolor", scene, shape=shape)
    assert_is_a_layout(compose(asked), asked)


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 100),
    st.lists(st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}"), min_size=1, max_size=5),
)
def test_any_seed_chaos_and_colours_are_composed(seed: int, chaos: int, colors: list[str]) -> None:
    (free,) = complete(Asked(colors=tuple(colors), chaos=chaos, size=256), SeededDefaults(WORDS), seed)
    layout = compose(free)
    assert layout.image.shape == (256, 256, 3)
    assert layout.figure.max() > 0.5


@pytest.mark.parametrize("scene", SCENES)
def test_the_same_conditions_give_the_same_layout(scene: str) -> None:
    first, again = compose(wish("oil", scene)), compose(wish("oil", scene))
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.figure, again.figure)
    assert first.palette == again.palette


@pytest.mark.parametrize("scene", SCENES)
def test_another_seed_gives_another_composition(scene: str) -> None:
    first, other = compose(wish("oil", scene)), compose(wish("oil", scene, seed=8))
    assert not np.array_equal(first.figure, other.figure)
    assert np.abs(first.image.astype(int) - other.image).mean() > 3


@pytest.mark.parametrize("scene", SCENES)
def test_colours_and_style_change_nothing_of_where_the_figure_stands(scene: str) -> None:
    first, other = compose(wish("oil", scene)), compose(wish("poster", scene, colors=("red",)))
    assert np.array_equal(first.figure, other.figure)
    assert not np.array_equal(first.image, other.image)


@pytest.mark.parametrize("style", ONE_OF_A_MEDIUM)
@pytest.mark.parametrize("scene", SCENES)
def test_a_larger_layout_is_the_same_picture(style: str, scene: str) -> None:
    small, large = compose(wish(style, scene)), compose(wish(style, scene, size=512))
    assert np.abs(shrunk(small.image) - shrunk(large.image)).mean() < 4
    assert abs(small.figure.mean() - large.figure.mean()) < 0.01


def test_more_chaos_is_another_composition() -> None:
    tame, wild = compose(wish("oil", "landscape")), compose(wish("oil", "landscape", chaos=100))
    assert not np.array_equal(tame.figure, wild.figure)


@pytest.mark.parametrize("style", ONE_OF_A_MEDIUM)
def test_the_asked_colour_rules_the_layout(style: str) -> None:
    """A few requests may miss by a little."""
    requests = [wish(style, scene, colors=(color,)) for scene in SCENES for color in PLAIN[:-1]]
    hits = [color_hit(compose(each).image, each.colors) for each in requests]
    assert sum(hits) >= 0.9 * len(hits)


@pytest.mark.parametrize("colors", [("blue", "red"), ("green", "yellow", "purple"), PLAIN[:4]])
def test_several_asked_colours_all_show(colors: tuple[str, ...]) -> None:
    requests = [wish(style, scene, colors=colors) for style in ("oil", "poster") for scene in SCENES]
    found = np.array([shares(compose(each).image, colors) for each in requests])
    assert (found.min(1) > 0.05).mean() >= 0.8


@pytest.mark.parametrize("style", ONE_OF_A_MEDIUM)
def test_the_figure_stands_out_from_what_is_around_it(style: str) -> None:
    for color in ("red", "blue", "green"):
        layout = compose(wish(style, "portrait", shape="circle", colors=(color,)))
        inside, outside = (layout.image[side].mean(0) for side in (layout.figure > 0.9, layout.figure < 0.1))
        assert np.abs(inside - outside).max() > 20


def test_the_figures_own_colour_comes_first_in_the_palette() -> None:
    layout = compose(wish("poster", colors=("blue", "red")))
    assert color_hit(np.array([[list(bytes.fromhex(layout.palette[0][1:]))]], np.uint8), ("blue",))
    assert len(set(layout.palette)) == len(layout.palette)


def test_a_pixel_picture_is_made_of_even_squares_in_few_tones() -> None:
    image = compose(wish("pixel", "landscape", size=512)).image
    squares = image.reshape(64, 8, 64, 8, 3)
    assert (squares == squares[:, :1, :, :1]).all()
    assert len(np.unique(image.reshape(-1, 3), axis=0)) <= 20


@pytest.mark.parametrize("style", STYLES)
def test_the_painter_may_do_as_much_as_the_style_says(style: str) -> None:
    layout, how = compose(wish(style)), style_named(style).composing
    if how.strength == how.even == 1:
        assert layout.preserve is None
    else:
        assert layout.preserve is not None
        assert layout.preserve.shape == layout.figure.shape
        assert (
            1 - how.strength - 1e-5 <= layout.preserve.min() <= layout.preserve.max() <= 1 - how.even + 1e-5
        )


def test_natural_colors_are_the_subjects_own() -> None:
    panda = compose(wish("oil", "landscape", shape="panda", colors=()))
    lab = oklab_from_srgb(panda.image)[panda.figure > 0.9]
    assert np.hypot(lab[:, 1], lab[:, 2]).mean() < 0.06
    assert len(panda.palette) == 5


def test_the_heavier_style_of_a_mix_decides_the_ground() -> None:
    mixed = replace(FISH, style=(("pixel", 0.3), ("poster", 0.7)))
    assert np.array_equal(compose(mixed).image, compose(FISH).image)


@pytest.mark.parametrize("change", [{"shape": "blorp"}, {"style": (("blorp", 1.0),)}])
def test_an_unknown_word_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(KeyError, match="blorp"):
        compose(replace(FISH, **change))  # type: ignore[arg-type]


def test_an_unknown_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="blorp"):
        compose(replace(FISH, colors=("blorp",)))


def test_a_colour_in_any_words_gives_the_same_layout() -> None:
    """The words seed what is random about colour, so the hex must be compared with itself in capitals."""
    value = resolve("blue")
    first, other = (compose(replace(FISH, colors=(text,))) for text in (value, value.upper()))
    assert np.array_equal(first.figure, other.figure)
    assert color_hit(first.image, ("blue",))
    assert color_hit(other.image, ("blue",))
