"""Facts about engine/composing/placing.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.composing.placing import FACTORS, Casting, Room, Stand, arrange
from engine.composing.subjects import load_subjects
from engine.conditions import RELATIONS

SUBJECTS = load_subjects()
SQUARE = Room(1.0, 0.4)


def wish(key: str, number: int = 1, relation: str = "") -> Casting:
    return Casting(SUBJECTS[key][0], number, relation)


def placed(*wishes: Casting, scene: str = "landscape", room: Room = SQUARE, seed: int = 0) -> list[Stand]:
    return arrange(wishes, scene, room, np.random.default_rng(seed))


def one(stands: list[Stand], key: str) -> Stand:
    return next(each for each in stands if each.subject.key == key)


@given(
    st.sampled_from(sorted(SUBJECTS)),
    st.integers(1, 12),
    st.sampled_from([0.25, 0.6, 1.0, 1.8, 4.0]),
    st.sampled_from(["portrait", "landscape", "still-life"]),
    st.sampled_from(sorted(FACTORS)),
)
def test_no_figure_is_cropped(key: str, number: int, aspect: float, scene: str, scale: str) -> None:
    main = replace(wish(key, number), scale=scale)
    for each in placed(main, scene=scene, room=Room(aspect, 0.4)):
        assert each.x - each.width / 2 >= -0.01
        assert each.x + each.width / 2 <= aspect + 0.01
        assert each.top >= -0.01
        assert each.base <= 1.01


@pytest.mark.parametrize("key", ["fox", "bird", "boat", "moon"])
def test_the_main_figure_is_as_large_as_was_said_and_stays_where_it_was(key: str) -> None:
    usual = one(placed(wish(key)), key)
    sizes = []
    for scale in ("tiny", "small", "large", "huge"):
        sized = one(placed(replace(wish(key), scale=scale)), key)
        sizes.append(sized.height)
        assert abs(sized.x - usual.x) < 0.12
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < usual.height <= sizes[2]


def test_only_the_main_figure_grows_and_what_it_wears() -> None:
    usual = placed(wish("cat"), wish("tree", relation="beside"))
    small = placed(replace(wish("cat"), scale="small"), wish("tree", relation="beside"))
    assert one(small, "cat").height < one(usual, "cat").height
    assert one(small, "tree").height == one(usual, "tree").height
    usual = placed(wish("cat"), wish("crown", relation="wearing"))
    small = placed(replace(wish("cat"), scale="small"), wish("crown", relation="wearing"))
    ratio = [one(each, "crown").height / one(each, "cat").height for each in (usual, small)]
    assert ratio[0] == pytest.approx(ratio[1])


@pytest.mark.parametrize("relation", ["", *RELATIONS])
@pytest.mark.parametrize(
    "pair", [("cat", "chair"), ("bird", "house"), ("elephant", "mouse"), ("man", "horse")]
)
def test_every_relation_shows_both(relation: str, pair: tuple[str, str]) -> None:
    stands = placed(wish(pair[0]), wish(pair[1], relation=relation))
    assert {each.subject.key for each in stands} == set(pair)
    assert all(each.height > 0.03 for each in stands)


@pytest.mark.parametrize("key", ["fox", "cat", "horse", "car", "teapot", "apple"])
def test_a_figure_alone_covers_a_good_part_of_the_picture(key: str) -> None:
    (figure,) = placed(wish(key))
    cover = figure.height * figure.width * float(figure.cutout.alpha.mean())
    assert 0.09 < cover < 0.4


def test_what_is_on_another_stands_higher_and_in_front_of_it() -> None:
    stands = placed(wish("cat"), wish("chair", relation="on"))
    cat, chair = one(stands, "cat"), one(stands, "chair")
    assert chair.top < cat.base < chair.base
    assert stands.index(cat) > stands.index(chair)


def test_what_is_ridden_is_in_front_of_its_rider() -> None:
    stands = placed(wish("man"), wish("horse", relation="riding"))
    assert [each.subject.key for each in stands] == ["man", "horse"]


@pytest.mark.parametrize(("relation", "first"), [("before", "castle"), ("behind", "fox")])
def test_what_is_further_off_is_painted_first(relation: str, first: str) -> None:
    stands = placed(wish("fox"), wish("castle", relation=relation))
    assert stands[0].subject.key == first


def test_what_is_over_another_is_above_it() -> None:
    stands = placed(wish("dragon"), wish("castle", relation="over"))
    assert one(stands, "dragon").base < one(stands, "castle").top + 0.05


def test_figures_beside_each_other_do_not_hide_each_other() -> None:
    stands = placed(wish("dog"), wish("cat", relation="beside"))
    dog, cat = one(stands, "dog"), one(stands, "cat")
    assert abs(dog.x - cat.x) > 0.35 * (dog.width + cat.width)


def test_the_larger_in_nature_is_larger_in_the_picture() -> None:
    stands = placed(wish("elephant"), wish("mouse"))
    assert one(stands, "elephant").height > 1.5 * one(stands, "mouse").height


def test_a_bird_in_flight_is_in_the_air_and_a_fish_adrift() -> None:
    (plane,) = placed(wish("plane"))
    assert not plane.grounded
    (fish,) = placed(wish("fish"), room=Room(1.0, 0.4, adrift=True))
    assert not fish.grounded


def test_a_number_is_kept() -> None:
    assert len(placed(wish("duck", 7))) == 7
    assert len(placed(wish("fox", 2), wish("tree", 3, "beside"))) == 5


@pytest.mark.parametrize("key", ["fox", "elephant", "bear", "dog", "man"])
def test_a_crown_fits_the_head_that_wears_it_and_stays_there(key: str) -> None:
    crown, wearer = sorted(placed(wish(key), wish("crown", relation="wearing")), key=lambda each: each.main)
    assert crown.width <= 0.55 * wearer.height
    assert abs(crown.base - wearer.top) < 0.35 * wearer.height
    side = {"left": -1, "right": 1}.get(wearer.subject.facing, 0) * (wearer.width > wearer.height)
    assert (crown.x - wearer.x) * side >= 0
    assert not wearer.turned
