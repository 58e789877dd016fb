"""Test what a server allows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.policy.content import EVERYTHING, AllowedChooser, ContentPolicy
from engine.conditions import SCENES, Asked, Conditions, Other, complete
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary

CHANCE = SeededDefaults(load_vocabulary())
KINDS = ("style", "color", "shape")
SEEDS = st.integers(0, 2**32 - 1)


def blocking(*entries):
    return ContentPolicy(blocked=entries)


@pytest.mark.parametrize(
    ("allowance", "kind", "name", "lets"),
    [
        (EVERYTHING, "shape", "skull", True),
        (ContentPolicy(styles=("ink",)), "style", "oil", False),
        (ContentPolicy(styles=("ink",)), "style", "ink", True),
        (ContentPolicy(styles=("ink",)), "shape", "fish", True),
        (blocking("skull"), "shape", "skull", False),
        (blocking("骷髅"), "shape", "skull", False),
        (blocking("cranium"), "shape", "skull", False),
        (blocking("鱼"), "shape", "fish", False),
        (blocking("鱼"), "shape", "whale", True),
        (blocking("/sku+ll/"), "shape", "skull", False),
        (blocking("/^shape=sk/"), "shape", "skull", False),
        (blocking("ink"), "style", "ink", False),
        (blocking("ink"), "color", "pink", True),
        (blocking("blue"), "color", "blue", False),
        (blocking("tomato"), "color", "tomato", False),
        (blocking("landscape"), "scene", "landscape", False),
        (ContentPolicy(is_child_safe=True), "shape", "beer", False),
        (ContentPolicy(is_child_safe=True), "shape", "fish", True),
        (ContentPolicy(is_child_safe=True), "color", "maroon", True),
    ],
)
def test_a_blocked_word_stands_for_what_it_names(allowance, kind, name, lets):
    assert allowance.lets(kind, name) is lets


@pytest.mark.parametrize("allowance", [blocking("wine"), ContentPolicy(is_child_safe=True)])
def test_of_several_shapes_each_must_be_allowed(allowance):
    alone = Conditions((("ink", 1.0),), ("blue",), "table-tennis", "still-life", 7)
    assert allowance.lets_all(replace(alone, others=(Other("apple"), Other("pear"))))
    assert not allowance.lets_all(replace(alone, others=(Other("apple"), Other("wine"))))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a naked man",
            "guns",
            "whiskies and cocaine",
            "self-harm",
            "a self harm",
            "裸体画",
            "一把手枪",
            "自殺",
        ),
        *("x bombs", "(naked)", "kill"),
    ],
)
def test_the_child_safe_lock_takes_none_of_its_words(text):
    assert not ContentPolicy(is_child_safe=True).lets_say(text)
    assert EVERYTHING.lets_say(text)


@pytest.mark.parametrize(
    "text",
    [
        *("a blue fish in ink", "skill", "begun", "wine red", "sussex", "a drugstore", "grape"),
        *("血橙", "水墨 蓝色 鱼", "surprise", "style=ink color=blue shape=sword"),
    ],
)
def test_the_child_safe_lock_takes_what_only_looks_alike(text):
    assert ContentPolicy(is_child_safe=True).lets_say(text)


def test_no_word_of_the_vocabulary_is_blocked_by_accident_under_the_lock():
    allowance, vocabulary = ContentPolicy(is_child_safe=True), load_vocabulary()
    for kind in KINDS:
        for word in vocabulary.words(kind):
            if allowance.lets(kind, word.name):
                assert allowance.lets_say(word.name), word.name


def test_an_allowance_is_read_from_a_servers_settings():
    kept = {"styles": "ink,oil", "blocked": "skull,/a,b/", "child_safe": "on", "language": "zh"}
    assert ContentPolicy.of(kept) == ContentPolicy(("ink", "oil"), ("skull", "/a,b/"), is_child_safe=True)
    assert ContentPolicy.of({}) == EVERYTHING


@given(SEEDS)
def test_where_everything_is_allowed_chance_chooses_as_ever(seed):
    assert complete(Asked(count=4), AllowedChooser(CHANCE, EVERYTHING), seed) == complete(
        Asked(count=4), CHANCE, seed
    )


@given(SEEDS)
def test_nothing_is_chosen_that_is_not_allowed(seed):
    [picture] = complete(Asked(), CHANCE, seed)
    shown = (picture.main_style, *picture.colors, picture.shape, picture.scene)
    allowance = blocking(*shown)
    [instead] = complete(Asked(), AllowedChooser(CHANCE, allowance), seed)
    assert allowance.lets_all(instead)
    assert not allowance.lets_all(picture)


def test_where_nothing_is_allowed_something_is_chosen_to_be_refused():
    allowance = blocking("/./")
    [picture] = complete(Asked(), AllowedChooser(CHANCE, allowance), 7)
    assert isinstance(picture, Conditions)
    assert not allowance.lets_all(picture)


def test_every_scene_can_be_blocked_but_one():
    allowance = blocking(*SCENES[:-1])
    chosen = {AllowedChooser(CHANCE, allowance).scene(Asked(), seed) for seed in range(50)}
    assert chosen == {SCENES[-1]}


def test_words_that_are_lettered_into_a_picture_are_checked_too():
    poster = Conditions((("poster", 1.0),), ("blue",), "fish", "portrait", 7, text="Free the Kraken")
    assert ContentPolicy().lets_all(poster)
    assert not ContentPolicy(blocked=("kraken",)).lets_all(poster)
