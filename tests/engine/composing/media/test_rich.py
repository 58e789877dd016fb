"""Facts about engine/composing/media: what each medium makes of one composition."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.oklab import oklab_from_srgb
from engine.color.palette import tone
from engine.composing.media import drawn
from engine.composing.media.rich import Rich, overlap
from engine.composing.picture import pictured
from engine.composing.staging import Figure
from engine.conditions import Conditions
from engine.styles import MEDIA, Composing

RICH = pictured(Conditions((("oil", 1.0),), (), "fox", "landscape", 3, 256, place="forest")).rich


def made(medium: str, how: Composing | None = None, rich: Rich = RICH) -> np.ndarray:
    return drawn(rich, how or Composing(), medium, np.random.default_rng(0))


@pytest.mark.parametrize("medium", MEDIA)
def test_every_medium_gives_a_layout_in_which_the_figure_stands_out(medium: str) -> None:
    layout = made(medium)
    assert (layout.shape, layout.dtype) == ((256, 256, 3), np.uint8)
    mask = RICH.asked() > 0.5
    lab = oklab_from_srgb(layout)
    assert np.abs(lab[mask].mean(0) - lab[~mask].mean(0)).max() > 0.015


@pytest.mark.parametrize("medium", ["ink", "sketch"])
def test_a_drawing_leaves_most_of_its_paper_light(medium: str) -> None:
    assert np.median(oklab_from_srgb(made(medium))[..., 0]) > 0.75


@pytest.mark.parametrize("medium", ["ink", "sketch", "linocut"])
def test_one_asked_color_is_the_ink(medium: str) -> None:
    rich = Rich(RICH.backdrop, RICH.figures, (tone("blue"),), RICH.size)
    lab = oklab_from_srgb(made(medium, rich=rich))
    dark = lab[lab[..., 0] < np.quantile(lab[..., 0], 0.15)]
    assert dark[:, 2].mean() < -0.03


def test_a_linocut_is_ink_and_paper_with_little_between() -> None:
    light = oklab_from_srgb(made("linocut"))[..., 0]
    assert ((light < 0.35) | (light > 0.85)).mean() > 0.5


def test_a_poster_has_few_colors() -> None:
    few = Composing(backdrop_detail=70, backdrop_tones=5, figure_tones=5, light=0.0)
    colors, counts = np.unique(made("poster", few).reshape(-1, 3) // 8, axis=0, return_counts=True)
    assert np.sort(counts)[::-1][:14].sum() > 0.85 * counts.sum(), len(colors)


def test_pixel_art_is_made_of_even_squares_in_few_colors() -> None:
    layout = made("pixel").reshape(64, 4, 64, 4, 3)
    assert (layout == layout[:, :1, :, :1]).all()
    assert len(np.unique(layout.reshape(-1, 3), axis=0)) <= 20


def test_key_lines_are_darker_than_what_they_bound() -> None:
    mask = RICH.asked()
    border = (mask > 0.3) & (mask < 0.7)
    plain, keyed = (oklab_from_srgb(made(medium))[..., 0][border].mean() for medium in ("paint", "keyed"))
    assert keyed < plain - 0.05


def test_only_people_have_faces_to_keep_and_they_are_at_the_top() -> None:
    assert RICH.faces() is None
    rich = pictured(Conditions((("oil", 1.0),), (), "woman", "portrait", 3, 256)).rich
    faces, whole = rich.faces(), rich.asked()
    assert faces is not None
    assert 0.03 < faces.sum() / whole.sum() < 0.4
    rows = np.arange(256)[:, None]
    assert (faces * rows).sum() / faces.sum() < (whole * rows).sum() / whole.sum() - 30


def test_many_figures_are_reduced_together() -> None:
    rich = pictured(Conditions((("oil", 1.0),), (), "duck", "flock", 3, 256)).rich
    assert len(rich.figures) > 4
    assert made("paint", rich=rich).shape == (256, 256, 3)


@pytest.mark.parametrize(("top", "left"), [(-5, 2), (2, -5), (60, 60), (200, 3)])
def test_a_figure_beyond_the_edge_is_cut_there(top: int, left: int) -> None:
    figure = Figure(np.zeros((10, 10, 3), np.float32), np.ones((10, 10), np.float32), top, left, True)
    into, part = overlap(figure, (64, 64))
    assert np.zeros((64, 64))[into].shape == figure.alpha[part].shape
