"""Facts about engine/painting/painter.py."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.conditions import Conditions
from engine.errors import WeightsMissing
from engine.layout import Layout
from engine.painting.painter import GanPainter, load_painter
from tests.engine.painting.test_generator import make_generator

WISH = Conditions(style=(("ink", 1.0),), colors=("blue",), shape="fish", scene="portrait", seed=7)


def layout(height: int = 64, width: int = 96) -> Layout:
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)
    return Layout(image, np.zeros((height, width), np.float32), ("#0000ff",))


def paint(painter: GanPainter, wish: Conditions = WISH) -> np.ndarray:
    return painter.paint([layout()], [wish])[0]


def test_a_painting_is_bytes_of_its_layouts_size() -> None:
    painting = paint(GanPainter(make_generator()))
    assert (painting.shape, painting.dtype) == ((64, 96, 3), np.uint8)


@pytest.mark.parametrize("size", [(65, 97), (79, 64)])
def test_a_side_between_two_steps_of_the_generator_is_painted_exactly(size: tuple[int, int]) -> None:
    painting = GanPainter(make_generator()).paint([layout(*size)], [WISH])[0]
    assert painting.shape == (*size, 3)


def test_the_same_conditions_give_the_same_bytes() -> None:
    assert np.array_equal(paint(GanPainter(make_generator())), paint(GanPainter(make_generator())))


@pytest.mark.parametrize(
    "other",
    [WISH.with_seed(8), Conditions((("oil", 1.0),), ("blue",), "fish", "portrait", 7)],
    ids=["seed", "style"],
)
def test_another_seed_or_style_gives_another_painting_of_one_layout(other: Conditions) -> None:
    painter = GanPainter(make_generator())
    assert not np.array_equal(paint(painter), paint(painter, other))


def test_a_picture_does_not_depend_on_its_neighbours_in_the_batch() -> None:
    painter = GanPainter(make_generator())
    both = painter.paint([layout(), layout(128, 128)], [WISH, WISH.with_seed(1)])
    assert np.array_equal(both[0], paint(painter))


def test_the_number_of_threads_changes_nothing() -> None:
    painter, threads = GanPainter(make_generator()), torch.get_num_threads()
    large = layout(512, 512)
    paintings = []
    for count in (1, 2):
        painter.use_threads(count)
        assert torch.get_num_threads() == count
        paintings.append(painter.paint([large], [WISH])[0])
    painter.use_threads(threads)
    assert np.array_equal(*paintings)


def test_what_drifts_from_the_layouts_colours_is_put_back_for_the_most_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def off(kept: float) -> float:
        monkeypatch.setattr("engine.painting.painter.KEPT", kept)
        painted = paint(GanPainter(make_generator()))[:64, :96].astype(float)
        gap = (painted - layout().image).reshape(2, 32, 3, 32, 3).mean((1, 3))
        return float(np.abs(gap).mean())

    assert off(0.6) < 0.6 * off(0.0)


def test_what_is_calm_stays_as_composed_and_the_rest_is_painted() -> None:
    painter, bare = GanPainter(make_generator()), np.zeros((64, 96), np.float32)
    bare[:, :48] = 1
    painted = paint(painter)
    calm = painter.paint([replace(layout(), preserve=bare)], [WISH])[0]
    assert np.array_equal(calm[:, 48:], painted[:, 48:])
    change, calmer = (
        np.abs(each[:, :48].astype(int) - layout().image[:, :48]).mean() for each in (painted, calm)
    )
    assert calmer < 0.05 * change


def test_paint_is_laid_on_stronger_than_the_generator_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.painting.painter.KEPT", 0.0)

    def change(laid_on: float) -> float:
        monkeypatch.setattr("engine.painting.painter.LAID_ON", laid_on)
        return float(np.abs(paint(GanPainter(make_generator())).astype(float) - layout().image).mean())

    assert change(1.2) > 1.1 * change(1.0)


def test_a_style_that_the_weights_do_not_know_is_named() -> None:
    wish = Conditions((("pixel", 1.0),), ("blue",), "fish", "portrait", 7)
    with pytest.raises(WeightsMissing, match="pixel"):
        paint(GanPainter(make_generator()), wish)


def test_missing_weights_stop_the_painter(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="absent"):
        load_painter(weights=tmp_path / "absent.safetensors")


def test_the_shipped_weights_paint_every_style_of_the_vocabulary() -> None:
    from engine.vocabulary import load_vocabulary

    painter = load_painter()
    assert isinstance(painter, GanPainter)
    assert {word.name for word in load_vocabulary().words("style")} == set(painter.places)


def test_a_smooth_layout_is_not_banded_by_half_precision() -> None:
    """With a generator that changes nothing, every one of 256 grays comes back."""
    generator = make_generator()
    torch.nn.init.zeros_(generator.colors.weight)
    torch.nn.init.zeros_(generator.colors.bias)
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 64, axis=0).repeat(3, axis=2)
    sketch = Layout(ramp, np.zeros((64, 256), np.float32), ("#000000",))
    assert np.array_equal(GanPainter(generator).paint([sketch], [WISH])[0], ramp)
