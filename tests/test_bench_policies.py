"""Ways to choose: what each takes in, and what it makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from mabwiser.mab import LearningPolicy

from bot.bench_policies import ACTIVE, WAITING, AtRandom, Easel, Folder, Mabwiser, MostPopular, Oracle
from bot.simulated_people import Society
from bot.taste_choice import whole_menu
from bot.taste_features import Features
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FEATURES = Features(VOCABULARY)
MENU = whole_menu(VOCABULARY, FEATURES)


def share_of_ink(policy, pictures=150):
    """Of the last fifty pictures shown to somebody who favourites ink, and nothing else."""
    shown = []
    for turn in range(pictures):
        picture = policy.choose(0, turn * 3600.0)
        shown.append(picture.main_style == "ink")
        policy.told(0, picture, shown[-1], turn * 3600.0)
    return np.mean(shown[-50:])


def easel(seed=1):
    return Easel(FEATURES, MENU, [0, 0], seed)


@pytest.mark.parametrize(
    "policy",
    [
        easel(),
        MostPopular(MENU, 1),
        Mabwiser(LearningPolicy.LinTS(0.02), FEATURES, MENU, 1),
        Mabwiser(LearningPolicy.LinUCB(0.1), FEATURES, MENU, 1),
    ],
    ids=["easel", "most popular", "LinTS", "LinUCB"],
)
def test_who_favourites_ink_alone_is_shown_it_more_than_chance_would(policy):
    assert share_of_ink(policy) > 3 * share_of_ink(AtRandom(MENU, 1))


def left(policy, count):
    """What is believed once somebody left so many pictures as they are."""
    picture = policy.choose(0, 0.0)
    for _ in range(count):
        policy.told(0, picture, False, 0.0)
    return picture, policy


def bias(policy):
    return policy._tastes.belief("0", "0", 0.0).mean[0]


def test_pictures_left_by_somebody_who_never_acted_tell_nothing_until_they_act():
    picture, policy = left(easel(), WAITING + 5)
    never = bias(easel())
    assert bias(policy) == never
    policy.told(0, picture, True, 0.0)
    acted = easel()
    acted.told(0, picture, True, 0.0)
    assert bias(policy) < bias(acted)


def test_pictures_left_soon_after_somebody_acted_tell_at_once():
    policy = easel()
    picture = policy.choose(0, 0.0)
    policy.told(0, picture, True, 0.0)
    before = bias(policy)
    for _ in range(ACTIVE):
        policy.told(0, picture, False, 0.0)
    after = bias(policy)
    policy.told(0, picture, False, 0.0)
    assert after < before
    assert bias(policy) == after


def test_folding_keeps_how_much_there_is_of_the_features():
    folder = Folder(FEATURES)
    for seed in range(20):
        picture = MENU.at_random(np.random.default_rng(seed))
        assert folder.of(picture).sum() == pytest.approx(FEATURES.of(picture).amount.sum())
    assert folder.size < FEATURES.size / 4


def test_nobody_chooses_better_than_the_oracle():
    society, random = Society(VOCABULARY), np.random.default_rng(1)
    person = society.person(society.level(random), society.level(random), random)
    best = society.chance(person, Oracle(society, MENU, [person]).choose(0, 0.0))
    other = AtRandom(MENU, 1)
    assert best >= max(society.chance(person, other.choose(0, 0.0)) for _ in range(300))
