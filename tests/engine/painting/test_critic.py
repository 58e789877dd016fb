"""Facts about engine/painting/critic.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.conditions import Conditions
from engine.errors import WeightsMissing
from engine.layout import Layout, Pixels
from engine.painting.critic import Judge, best_of, candidates, chooser, load_judge
from tests.support.fakes import FISH, FakePainter


class Partial(Judge):
    """A critic that prefers dark paintings."""

    def __init__(self) -> None:
        self.seen: list[Pixels] = []

    def score(self, painting: Pixels, style: object) -> float:
        self.seen.append(painting)
        return -float(painting.mean())


class Even(FakePainter):
    """A painter that paints everything alike."""

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        return [np.zeros_like(each.image) for each in layouts]


class BySeed(FakePainter):
    """A painter with a gray for each seed, the darkest for the third candidate."""

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        place = [each.seed for each in candidates(FISH, 4)].index(conditions[0].seed)
        return [np.full_like(each.image, (200, 150, 50, 100)[place]) for each in layouts]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return load_judge()


@pytest.mark.parametrize(("chaos", "count", "tried"), [(0, 1, 1), (0, 4, 4), (50, 4, 6), (100, 4, 8)])
def test_chaos_widens_what_is_tried(chaos: int, count: int, tried: int) -> None:
    wishes = list(candidates(replace(FISH, chaos=chaos), count))
    assert wishes[0].seed == FISH.seed
    assert len({each.seed for each in wishes}) == len(wishes) == tried
    assert {each.with_seed(0) for each in wishes} == {replace(FISH, chaos=chaos, seed=0)}


def test_the_best_of_the_candidates_is_taken_and_looked_at_small() -> None:
    judge = Partial()
    chosen = best_of(replace(FISH, size=1024), 4, BySeed(), judge)
    assert chosen == list(candidates(replace(FISH, size=1024), 4))[2]
    assert {each.shape for each in judge.seen} == {(256, 256, 3)}


def test_of_equals_the_first_is_taken() -> None:
    assert best_of(FISH, 4, Even(), Partial()) == FISH


def test_of_one_seed_nothing_is_chosen() -> None:
    assert chooser(1, FakePainter())(FISH) is FISH


def test_a_score_is_the_same_each_time_and_of_a_mix_between_those_of_its_styles(judge: Judge) -> None:
    painting = np.random.default_rng(0).integers(0, 256, (256, 256, 3)).astype(np.uint8)
    ink, oil = (judge.score(painting, ((style, 1.0),)) for style in ("ink", "oil"))
    assert ink == judge.score(painting, (("ink", 1.0),))
    assert judge.score(painting, (("ink", 0.5), ("oil", 0.5))) == pytest.approx((ink + oil) / 2)
    assert ink != oil


def test_noise_looks_less_like_art_than_a_layout_does(judge: Judge) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3)).astype(np.uint8)
    smooth = np.repeat(np.linspace(40, 220, 256)[:, None, None], 256, 1).repeat(3, 2).astype(np.uint8)
    assert judge.score(noise, (("oil", 1.0),)) < judge.score(smooth, (("oil", 1.0),))


def test_a_damaged_discriminator_is_named(tmp_path: Path) -> None:
    (tmp_path / "discriminator.safetensors").write_bytes(b"nothing")
    with pytest.raises(WeightsMissing, match=r"discriminator\.safetensors"):
        load_judge(weights=tmp_path / "discriminator.safetensors")
