"""Facts about engine/composing/brushwork.py."""

from __future__ import annotations

import numpy as np
from PIL import Image

from engine.composing.brushwork import broken, reduced
from engine.composing.fields import Frame
from engine.styles import Brushwork, style_named
from tests.support.scene_fixtures import FRAME

PATCHED = Brushwork(5, 30, 10, 8)
SHAKEN = Brushwork(shake=0.01)


def blue(frame: Frame = FRAME) -> Image.Image:
    return Image.new("RGB", (frame.width, frame.height), (60, 90, 160))


def made(image: Image.Image, how: Brushwork, frame: Frame = FRAME, seed: int = 0):
    return broken(image, how, frame, np.random.default_rng(seed))


def test_even_brushwork_changes_nothing():
    assert (made(blue(), Brushwork()) == np.asarray(blue())).all()


def test_patches_vary_a_tone_about_itself():
    image = made(blue(), PATCHED).astype(float)
    assert image.std(axis=(0, 1)).min() > 4
    assert np.abs(image.mean(axis=(0, 1)) - (60, 90, 160)).max() < 6


def test_a_shaken_edge_frays_and_stays_near_where_it_was():
    picture, middle = blue(), FRAME.width // 2
    picture.paste((250, 250, 250), (0, 0, middle, FRAME.height))
    light = made(picture, SHAKEN)[..., 0] == 250
    reach = round(0.05 * FRAME.scale)
    assert light[:, : middle - reach].all()
    assert not light[:, middle + reach :].any()
    assert len(set(light.sum(1).tolist())) > 3


def test_bare_paper_stays_bare():
    white = Image.new("RGB", (FRAME.width, FRAME.height), (255, 255, 255))
    ink = style_named("ink").brushwork
    assert (broken(white, ink, FRAME, np.random.default_rng(0), bare=True) == 255).all()


def test_the_same_seed_breaks_alike_and_another_otherwise():
    first, again, other = (made(blue(), PATCHED, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_patches_lie_alike_at_every_size():
    small, large = Frame(256, 256, 1.0, 1.0), Frame(512, 512, 1.0, 1.0)
    images = [Image.fromarray(made(blue(frame), PATCHED, frame)) for frame in (small, large)]
    shrunk = np.asarray(images[1].resize((256, 256), Image.Resampling.BOX), float)
    assert np.abs(shrunk - np.asarray(images[0], float)).mean() < 3


def test_a_picture_in_few_tones_has_no_others_and_one_color_more_brings_two_more():
    rng = np.random.default_rng(0)
    picture = Image.fromarray(rng.integers(0, 256, (FRAME.height, FRAME.width, 3)).astype(np.uint8))
    for colors in (1, 3):
        image = np.asarray(broken(picture, Brushwork(tones=6), FRAME, rng, colors)).reshape(-1, 3)
        assert 2 < len(np.unique(image, axis=0)) <= 6 + 2 * (colors - 1)


def test_an_even_picture_stays_in_its_one_tone():
    assert (np.asarray(reduced(blue(), 8)) == np.asarray(blue())).all()


def test_of_two_tones_that_were_laid_both_are_kept_however_little_one_shows():
    picture = blue()
    picture.paste((200, 40, 40), (0, 0, FRAME.width // 16, FRAME.height // 16))
    found = np.asarray(reduced(picture, 2, [(60, 90, 160), (200, 40, 40)])).reshape(-1, 3)
    assert {tuple(each) for each in found.tolist()} == {(60, 90, 160), (200, 40, 40)}


def test_a_larger_picture_is_reduced_to_nearly_the_same_tones():
    frames = Frame(256, 256, 1.0, 1.0), Frame(512, 512, 1.0, 1.0)
    laid = [(60, 90, 160), (70, 110, 170)]
    tones = []
    for frame in frames:
        picture = blue(frame)
        picture.paste(laid[1], (0, 0, frame.width // 2, frame.height))
        image = broken(picture, style_named("oil").brushwork, frame, np.random.default_rng(3), 1, laid)
        tones.append(np.unique(image.reshape(-1, 3), axis=0).astype(float))
    assert np.abs(tones[0] - tones[1]).max() < 8
