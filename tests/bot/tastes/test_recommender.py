"""Test how a taste chooses what a request leaves open."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tastes.events import Event
from bot.tastes.learner import TasteLearner
from bot.tastes.recommender import IGNORED, kinds_left_open, moved_mix, with_palettes
from bot.tastes.sampling import whole_menu
from commands.policy.content import EVERYTHING, ContentPolicy
from commands.services.tastes import CHANCE, CONTROL, TASTE
from engine.conditions import NAMED_SCENES, Asked, Other, is_kept_out
from tests.support.fakes import FISH, NOON
from tests.support.taste_fixtures import FEATURES, PICKER, VOCABULARY

ANN = ("fake:ann", "fake:studio")
TEAL = replace(FISH, colors=("teal", "gold"), style=(("ukiyo-e", 0.7), ("oil", 0.3)))
SEEDS = range(60)
SAID = {"style": (("ink", 1.0),), "colors": ("#123456", "red"), "shape": "fish", "scene": "flock"}

saying = st.sets(st.sampled_from(sorted(SAID))).map(
    lambda names: Asked(**{name: SAID[name] for name in names})
)
seeds = st.integers(0, 2**32 - 1)


def loving(*pictures, person="fake:ann"):
    """Return a learner of these favourites."""
    learner = TasteLearner(FEATURES)
    for number, picture in enumerate(pictures):
        at = NOON - 86400 + 3600 * number
        learner.take(Event(number, at, person, "fake:studio", "favourite", f"p{number}", picture))
    return learner


LOVER = loving(*[TEAL] * 12)


def pick(asked=None, seed=1, learner=LOVER, whose=ANN, allowed=EVERYTHING):
    return PICKER.pick(learner, whose, asked or Asked(), seed, NOON, allowed)


@given(asked=saying, seed=seeds, count=st.integers(1, 4))
@settings(max_examples=60)
def test_what_was_asked_in_words_always_wins(asked, seed, count):
    asked = replace(asked, count=count, size=256, aspect=(3, 2), chaos=7)
    choice = pick(asked, seed)
    assert len(choice.pictures) == len(choice.slices) == count
    for place, picture in enumerate(choice.pictures):
        assert picture.seed == (seed + place) % 2**32
        assert (picture.size, picture.aspect, picture.chaos) == (256, (3, 2), 7)
        for name in SAID:
            assert getattr(asked, name) in (None, getattr(picture, name))


@pytest.mark.parametrize("seed", SEEDS[:8])
def test_the_other_shapes_of_a_request_stay_with_the_main_one(seed):
    birds = Asked(shape="bird", number=2, others=(Other("mountain", 1, "over"),), count=2)
    for picture in pick(birds, seed).pictures:
        assert (picture.shape, picture.number, picture.others) == ("bird", 2, birds.others)
    assert all((each.number, each.others) == (1, ()) for each in pick(seed=seed).pictures)


@pytest.mark.parametrize("seed", SEEDS[:8])
def test_a_taste_for_flocks_does_not_make_many_of_the_one_that_was_asked_for(seed):
    flocks = loving(*[replace(FISH, scene="flock")] * 12)
    scenes = {each.scene for each in pick(Asked(shape="fox", count=4), seed, flocks).pictures}
    assert scenes <= {*NAMED_SCENES}
    assert "flock" in {each.scene for each in pick(Asked(count=4), seed, flocks).pictures}


@given(asked=saying, seed=seeds)
@settings(max_examples=30)
def test_the_same_request_of_the_same_taste_is_chosen_the_same(asked, seed):
    assert pick(asked, seed) == pick(asked, seed)


@given(asked=saying, seed=seeds)
@settings(max_examples=30)
def test_with_nothing_known_chance_chooses(asked, seed):
    assert pick(asked, seed, TasteLearner(FEATURES)) == PICKER.by_chance(asked, seed)
    assert set(PICKER.by_chance(asked, seed).slices) == {CHANCE}


def test_a_seed_that_was_asked_for_gives_what_it_always_gave():
    assert pick(Asked(seed=5)) == PICKER.by_chance(Asked(seed=5), 1)


def test_where_nothing_is_left_open_there_is_nothing_to_choose():
    assert pick(Asked(**SAID)).slices == (CHANCE,)
    assert kinds_left_open(Asked(**SAID)) == ()


def test_one_picture_in_four_ignores_the_taste_and_is_what_chance_makes_of_the_seed():
    count = Counter()
    for seed in range(400):
        choice = pick(seed=seed)
        count[choice.slices[0]] += 1
        if choice.slices == (CONTROL,):
            assert choice.pictures == PICKER.by_chance(Asked(), seed).pictures
    assert set(count) == {TASTE, CONTROL}
    assert count[CONTROL] / 400 == pytest.approx(IGNORED, abs=0.07)


def by_taste(learner=LOVER, asked=None, whose=ANN, allowed=EVERYTHING):
    """Return what the taste chooses for many seeds."""
    return [
        picture for seed in SEEDS for picture in chosen_by_taste(pick(asked, seed, learner, whose, allowed))
    ]


def chosen_by_taste(choice):
    pairs = zip(choice.pictures, choice.slices, strict=True)
    return [picture for picture, chooser in pairs if chooser == TASTE]


def test_what_somebody_loves_comes_more_often():
    chosen = by_taste()
    blind = [PICKER.by_chance(Asked(), seed).pictures[0] for seed in SEEDS]
    liked, found = (
        sum("ukiyo-e" in dict(each.style) for each in many) / len(many) for many in (chosen, blind)
    )
    assert liked > 3 * found


def test_a_newcomer_begins_with_what_the_others_there_love():
    chosen = by_taste(whose=("fake:new", "fake:studio"))
    assert chosen
    assert sum("ukiyo-e" in dict(each.style) for each in chosen) / len(chosen) > 0.2


def test_somebody_elsewhere_is_chosen_for_by_chance():
    assert by_taste(whose=("fake:new", "fake:elsewhere")) == []


def test_the_mixes_of_favourites_are_used_again():
    assert any(len(each.style) > 1 for each in by_taste())


def test_the_shapes_and_scenes_of_favourites_are_used_again():
    odd = replace(TEAL, shape="anchor", scene="mandala")
    lover = loving(*[odd] * 12)
    chosen = [each for seed in SEEDS[:30] for each in chosen_by_taste(pick(seed=seed, learner=lover))]
    found = [(each.shape, each.scene) for each in chosen]
    assert found.count(("anchor", "mandala")) > len(found) / 2


def test_a_favourite_is_not_used_again_where_it_is_blocked():
    lover, allowed = loving(*[replace(TEAL, shape="anchor")] * 12), ContentPolicy(blocked=("anchor",))
    assert all(
        pick(seed=seed, learner=lover, allowed=allowed).pictures[0].shape != "anchor" for seed in SEEDS
    )


@pytest.mark.parametrize(
    ("loved", "without"),
    [({"shape": "anchor"}, ("anchor",)), ({"shape": "oak"}, ("tree",)), ({"colors": ("teal",)}, ("teal",))],
)
def test_taste_does_not_choose_what_a_request_keeps_out(loved, without):
    lover = loving(*[replace(TEAL, **loved)] * 12)
    asked = Asked(without=without, count=4)
    pictures = [each for seed in SEEDS[:20] for each in pick(asked, seed, lover).pictures]
    assert not any(is_kept_out(each.shape, without) for each in pictures)
    assert not any({*without} & {*each.colors} for each in pictures)


def test_a_shape_that_the_words_no_longer_know_is_not_used_again():
    gone = loving(*[replace(TEAL, shape="gone")] * 12)
    assert all(pick(seed=seed, learner=gone).pictures[0].shape in FEATURES.shapes for seed in SEEDS[:10])


@pytest.mark.parametrize("seed", range(8))
def test_four_pictures_are_in_four_hands(seed):
    hands = [each.main_style for each in chosen_by_taste(pick(Asked(count=4), seed))]
    assert len(set(hands)) == len(hands)


def test_a_server_that_allows_few_styles_gets_those():
    chosen = by_taste(allowed=ContentPolicy(styles=("sketch", "linocut")))
    assert {name for each in chosen for name, _ in each.style} <= {"sketch", "linocut"}
    assert chosen


def test_nothing_is_chosen_that_the_server_blocks():
    loved = by_taste()
    blocked = tuple({loved[0].main_style, loved[0].colors[0], loved[0].shape, loved[0].scene})
    allowed = ContentPolicy(blocked=blocked, is_child_safe=True)
    chosen = by_taste(allowed=allowed)
    assert chosen
    assert all(map(allowed.lets_all, chosen))
    assert not all(map(allowed.lets_all, loved))


def test_where_everything_is_blocked_something_is_chosen_all_the_same_to_be_refused():
    assert by_taste(allowed=ContentPolicy(blocked=("/./",)))


def test_palettes_of_favourites_are_on_the_menu_with_small_moves():
    menu = whole_menu(VOCABULARY, FEATURES)
    palettes = PICKER._moved_palettes((replace(FISH, colors=("#0a7f80", "gold")),), np.random.default_rng(1))
    more = with_palettes(menu, palettes)
    first, moved = more.palettes[len(menu.palettes) :]
    assert first == ("#0a7f80", "gold")
    assert len(set(first) & set(moved)) == 1
    assert len(more.palettes) == len(more.palette_rows) == len(more.family_rows)


def test_what_is_on_the_menu_already_is_not_put_there_again():
    menu = whole_menu(VOCABULARY, FEATURES)
    assert with_palettes(menu, iter(menu.palettes[:3])) is menu


@given(shares=st.lists(st.floats(0.1, 1), min_size=2, max_size=3), seed=seeds)
def test_a_moved_mix_is_a_mix_of_the_same_styles(shares, seed):
    parts = zip(("ink", "oil", "sketch"), np.array(shares) / sum(shares), strict=False)
    liked = replace(FISH, style=tuple(sorted(parts, key=lambda part: -part[1])))
    moved = moved_mix(((liked.main_style, 1.0),), (liked,), np.random.default_rng(seed), EVERYTHING)
    assert replace(FISH, style=moved).style == moved
    assert {name for name, _ in moved} == {name for name, _ in liked.style}


@pytest.mark.parametrize(
    ("style", "allowed", "wanted"),
    [
        ("ukiyo-e", (), {"ukiyo-e", "oil"}),
        ("ukiyo-e", ("ukiyo-e", "ink"), {"ukiyo-e"}),
        ("ukiyo-e", ("ukiyo-e", "oil"), {"ukiyo-e", "oil"}),
        ("oil", (), {"oil"}),
    ],
)
def test_a_style_is_mixed_as_in_a_favourite_where_that_is_allowed(style, allowed, wanted):
    mixed = moved_mix(((style, 1.0),), (TEAL,), np.random.default_rng(1), ContentPolicy(styles=allowed))
    assert {name for name, _ in mixed} == wanted
