"""Facts about engine/training/synthetic_requests.py."""

import numpy as np

from engine.training.data import CROP
from engine.training.synthetic_requests import STAND_IN, LayoutBank, made_up_request


def test_made_up_requests_are_fixed_by_their_seed() -> None:
    first, again = (
        [made_up_request("ink", 256, np.random.default_rng(3)) for _ in range(2)] for _ in range(2)
    )
    assert first == again


def test_they_ask_for_the_style_and_differ_in_the_rest() -> None:
    random = np.random.default_rng(0)
    made = [made_up_request("ink", 256, random) for _ in range(20)]
    assert {request.main_style for request in made} == {"ink"}
    assert len({request.shape for request in made}) > 5
    assert len({request.scene for request in made}) > 2


def test_a_style_outside_the_vocabulary_is_composed_as_a_stand_in() -> None:
    assert made_up_request("crayon-of-mine", 256, np.random.default_rng(0)).main_style == STAND_IN


def test_the_bank_gives_crops_of_a_style() -> None:
    bank = LayoutBank(("ink", "oil"), 1, np.random.default_rng(0))
    assert [bank.draw(style).shape for style in (0, 1)] == [(CROP, CROP, 3)] * 2


def test_the_bank_grows_to_its_depth_and_then_replaces_layouts() -> None:
    bank = LayoutBank(("ink",), 2, np.random.default_rng(0))
    kept = []
    for _ in range(3):
        kept.append(list(bank._layouts[0]))
        bank.renew()
    assert [len(layouts) for layouts in kept] == [1, 2, 2]
    assert sum(any(new is old for old in kept[1]) for new in kept[2]) == 1
