"""Facts about engine/conditions.py."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.conditions import (
    DEFAULT_SIZE,
    MAX_ASPECT,
    MAX_SEED,
    MAX_SIZE,
    MIN_SIZE,
    SCENES,
    Asked,
    Conditions,
    Other,
    StyleMix,
    complete,
)
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary

FISH = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7)
CHOOSER = SeededDefaults(load_vocabulary())
NAMES = {kind: [word.name for word in load_vocabulary().words(kind)] for kind in ("style", "color", "shape")}

seeds = st.integers(0, MAX_SEED)
sizes = st.integers(MIN_SIZE, MAX_SIZE)
aspects = st.tuples(st.integers(1, 32), st.integers(1, 32)).filter(
    lambda sides: 1 / MAX_ASPECT <= sides[0] / sides[1] <= MAX_ASPECT
)
colors = st.lists(st.sampled_from(NAMES["color"]), min_size=1, max_size=5).map(tuple)
pure = st.sampled_from(NAMES["style"]).map(lambda name: ((name, 1.0),))


@st.composite
def mixes(draw: st.DrawFn) -> StyleMix:
    names = draw(st.lists(st.sampled_from(NAMES["style"]), min_size=1, max_size=4, unique=True))
    weights = [draw(st.floats(0.05, 1)) for _ in names]
    return tuple((name, weight / sum(weights)) for name, weight in zip(names, weights, strict=True))


wishes = st.builds(
    Conditions,
    style=mixes(),
    colors=colors,
    shape=st.sampled_from(NAMES["shape"]),
    scene=st.sampled_from(SCENES),
    seed=seeds,
    size=sizes,
    aspect=aspects,
    chaos=st.integers(0, 100),
)
askings = st.builds(
    Asked,
    style=st.none() | pure,
    colors=st.none() | colors,
    shape=st.none() | st.sampled_from(NAMES["shape"]),
    scene=st.none() | st.sampled_from(SCENES),
    seed=st.none() | seeds,
    size=st.none() | sizes,
    aspect=st.none() | aspects,
    chaos=st.none() | st.integers(0, 100),
    count=st.integers(1, 4),
)


@given(wishes)
def test_conditions_survive_a_trip_through_json(wish: Conditions) -> None:
    assert Conditions.from_dict(json.loads(json.dumps(wish.to_dict()))) == wish


def test_one_figure_alone_is_written_as_it_was_before_there_could_be_several() -> None:
    assert set(FISH.to_dict()) == {"style", "colors", "shape", "scene", "seed", "size", "aspect", "chaos"}


def test_several_figures_survive_a_trip_through_json() -> None:
    birds = replace(FISH, number=2, others=(Other("mountain", 1, "over"), Other("tree", 3)))
    assert Conditions.from_dict(json.loads(json.dumps(birds.to_dict()))) == birds


def test_a_place_alone_in_natural_colors_survives_a_trip_through_json() -> None:
    place = replace(
        FISH, shape="", colors=(), place="forest", time="night", weather="snow", without=("tree",)
    )
    assert Conditions.from_dict(json.loads(json.dumps(place.to_dict()))) == place


@given(wishes)
def test_the_longer_side_is_the_size_and_the_other_keeps_to_the_aspect(wish: Conditions) -> None:
    assert max(wish.width, wish.height) == wish.size
    assert math.isclose(wish.width / wish.height, wish.aspect[0] / wish.aspect[1], rel_tol=0.01)


@pytest.mark.parametrize(
    "change",
    [
        {"style": ()},
        {"style": (("ink", 0.5),)},
        {"style": (("ink", 0.7), ("oil", 0.7))},
        {"style": (("ink", 1.5), ("oil", -0.5))},
        {"style": (("ink", math.nan),)},
        {"colors": ("blue",) * 6},
        {"place": "moon base"},
        {"time": "noon"},
        {"weather": "hail"},
        {"seed": -1},
        {"seed": 2**32},
        {"size": 240},
        {"size": 2064},
        {"aspect": (5, 1)},
        {"aspect": (1, 5)},
        {"aspect": (0, 1)},
        {"aspect": (1, 0)},
        {"aspect": (-1, -1)},
        {"number": 0},
        {"number": 13},
        {"others": (Other("fox", 0),)},
        {"others": (Other("fish"),)},
        {"others": (Other("fox"), Other("cat"), Other("dog"))},
        {"number": 9, "others": (Other("fox", 7),)},
        {"others": (Other("fox", 1, "inside"),)},
        {"chaos": -1},
        {"chaos": 101},
    ],
)
def test_what_is_out_of_bounds_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must|at most"):
        replace(FISH, **change)


@pytest.mark.parametrize(
    "change",
    [{"seed": 0}, {"seed": 2**32 - 1}, {"size": 256}, {"size": 2048}, {"aspect": (4, 1)}, {"aspect": (1, 4)}],
)
def test_bounds_themselves_are_allowed(change: dict[str, Any]) -> None:
    assert replace(FISH, **change)


@pytest.mark.parametrize("key", ["style", "colors", "shape", "scene", "seed", "aspect"])
def test_a_mapping_without_what_matters_is_refused(key: str) -> None:
    data = FISH.to_dict()
    del data[key]
    with pytest.raises((KeyError, TypeError)):
        Conditions.from_dict(data)


def test_a_mapping_with_more_than_conditions_is_refused() -> None:
    with pytest.raises(TypeError):
        Conditions.from_dict({**FISH.to_dict(), "mood": "merry"})


def test_the_main_style_is_the_heaviest() -> None:
    assert replace(FISH, style=(("ink", 0.4), ("oil", 0.6))).main_style == "oil"


def test_another_seed_changes_nothing_else() -> None:
    assert FISH.with_seed(8) == replace(FISH, seed=8)


@given(askings, seeds)
def test_what_was_asked_is_kept_and_the_rest_is_fixed_by_the_seed(asked: Asked, seed: int) -> None:
    wishes = complete(asked, CHOOSER, seed)
    assert wishes == complete(asked, CHOOSER, seed)
    for key in ("style", "colors", "shape", "scene", "size", "aspect", "chaos"):
        said = getattr(asked, key)
        assert all(said is None or getattr(wish, key) == said for wish in wishes)


@given(askings, seeds)
def test_each_picture_of_a_request_takes_the_next_seed(asked: Asked, seed: int) -> None:
    first = seed if asked.seed is None else asked.seed
    expected = [(first + k) % (MAX_SEED + 1) for k in range(asked.count)]
    assert [wish.seed for wish in complete(asked, CHOOSER, seed)] == expected


def test_plain_values_stand_for_what_nobody_chooses() -> None:
    (wish,) = complete(Asked(), CHOOSER, 1)
    assert (wish.size, wish.aspect, wish.chaos) == (DEFAULT_SIZE, (1, 1), 0)


@pytest.mark.parametrize("part", ["colors", "scene"])
def test_asking_for_one_thing_changes_no_other_choice(part: str) -> None:
    (free,) = complete(Asked(), CHOOSER, 11)
    (other,) = complete(Asked(), CHOOSER, 12)
    (bound,) = complete(replace(Asked(), **{part: getattr(other, part)}), CHOOSER, 11)
    assert bound == replace(free, **{part: getattr(other, part)})


@pytest.mark.parametrize("asked", [Asked(shape="horse"), Asked(place="forest")])
def test_a_thing_or_a_place_that_is_named_keeps_its_natural_colors(asked: Asked) -> None:
    assert all(complete(asked, CHOOSER, seed)[0].colors == () for seed in range(40))


@given(seeds)
def test_asking_for_a_style_changes_at_most_what_it_is_a_picture_of_and_its_colors(seed: int) -> None:
    (free,) = complete(Asked(), CHOOSER, seed)
    (bound,) = complete(Asked(style=(("ink", 1.0),)), CHOOSER, seed)
    chosen = {"shape": free.shape, "scene": free.scene, "colors": free.colors}
    assert replace(bound, style=free.style, **chosen) == free


def test_chance_never_chooses_what_is_kept_out() -> None:
    birds = tuple(word.name for word in load_vocabulary().words("shape") if word.category == "birds")
    asked = Asked(without=(*birds, "red", "blue"))
    for seed in range(0, 400, 7):
        (picture,) = complete(asked, CHOOSER, seed)
        assert picture.shape not in birds, seed
        assert not {"red", "blue"} & set(picture.colors), seed
