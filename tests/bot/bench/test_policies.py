"""Test what each policy learns, and what it chooses."""

from __future__ import annotations

import numpy as np
import pytest
from mabwiser.mab import LearningPolicy

from bot.bench.policies import AtRandom, Easel, Folder, Mabwiser, MostPopular, Oracle
from bot.bench.simulated_people import Society
from bot.tastes.features import TasteFeatures
from bot.tastes.sampling import whole_menu
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FEATURES = TasteFeatures(VOCABULARY)
MENU = whole_menu(VOCABULARY, FEATURES)


def share_of_ink(policy, pictures=150):
    """Return the share of ink in the last fifty pictures of somebody who only favourites ink."""
    shown = []
    for turn in range(pictures):
        picture = policy.choose(0, turn * 3600.0)
        shown.append(picture.main_style == "ink")
        policy.observe(0, picture, shown[-1], turn * 3600.0)
    return np.mean(shown[-50:])


def easel(seed=1):
    return Easel(VOCABULARY, FEATURES, [0, 0], seed)


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


def test_a_person_is_known_by_what_they_did_and_their_server_by_its_members():
    policy = easel()
    for turn in range(3):
        policy.observe(0, policy.choose(0, 0.0), turn == 1, 0.0)
    assert policy._learner.history("0").since == 1
    assert len(policy._learner.history("0").favourites) == 1
    assert policy._learner.knows("1", "0")
    assert not policy._learner.knows("2", "1")


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
