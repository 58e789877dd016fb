"""Test the figures of simulated people, which were fixed before anything learned them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.bench.simulated_people import DRIFTED, SHARES, Society
from engine.conditions import Asked, complete
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
SOCIETY = Society(VOCABULARY)
PICTURES = [complete(Asked(), SeededDefaults(VOCABULARY), seed)[0] for seed in range(400)]


def person(seed=1):
    random = np.random.default_rng(seed)
    return SOCIETY.person(SOCIETY.level(random), SOCIETY.level(random), random)


def appeals(somebody):
    return np.array([SOCIETY.appeal(somebody, picture) for picture in PICTURES])


def test_a_seed_gives_the_same_person():
    assert (appeals(person(3)) == appeals(person(3))).all()


def test_two_people_of_one_server_are_more_alike_than_strangers():
    random = np.random.default_rng(5)
    everybody = SOCIETY.level(random)
    likeness = {True: [], False: []}
    for _ in range(60):
        here, there = SOCIETY.level(random), SOCIETY.level(random)
        mates = [appeals(SOCIETY.person(everybody, server, random)) for server in (here, here, there)]
        likeness[True].append(np.corrcoef(mates[0], mates[1])[0, 1])
        likeness[False].append(np.corrcoef(mates[0], mates[2])[0, 1])
    assert np.mean(likeness[True]) == pytest.approx(SHARES[1] + SHARES[2], abs=0.1)
    assert np.mean(likeness[False]) == pytest.approx(SHARES[2], abs=0.1)


def test_a_drift_keeps_the_share_of_ones_own_taste_that_it_should():
    random = np.random.default_rng(6)
    kept = []
    for seed in range(60):
        before = replace(person(seed), generosity=0.0)
        after = SOCIETY.drifted(before, random)
        kept.append(np.corrcoef(appeals(before), appeals(after))[0, 1])
    assert np.mean(kept) == pytest.approx(1 - SHARES[0] * (1 - (1 - DRIFTED) ** 0.5), abs=0.05)


def test_even_who_loves_or_hates_a_picture_reacts_at_random_at_times():
    lover, hater = (replace(person(), generosity=bias, attention=1.0) for bias in (50.0, -50.0))
    assert SOCIETY.chance(lover, PICTURES[0]) == pytest.approx(0.95)
    assert SOCIETY.chance(hater, PICTURES[0]) == pytest.approx(0.05)


def test_who_rarely_looks_rarely_reacts():
    attentive, absent = (replace(person(), attention=share) for share in (1.0, 0.25))
    chances = [SOCIETY.chance(somebody, PICTURES[0]) for somebody in (attentive, absent)]
    assert chances[1] == pytest.approx(chances[0] / 4)


def test_a_mix_of_styles_is_liked_as_much_as_its_parts_are_by_their_shares():
    pure = [replace(PICTURES[0], style=((name, 1.0),)) for name in ("ink", "oil")]
    mixed = replace(PICTURES[0], style=(("ink", 0.75), ("oil", 0.25)))
    ink, oil = (SOCIETY.appeal(person(), picture) for picture in pure)
    assert SOCIETY.appeal(person(), mixed) == pytest.approx(0.75 * ink + 0.25 * oil)


@pytest.mark.parametrize("seed", range(5))
def test_nobody_likes_a_picture_of_the_same_palettes_more_than_their_best(seed):
    palettes = [picture.colors for picture in PICTURES]
    best = SOCIETY.best(person(seed), palettes)
    assert SOCIETY.appeal(person(seed), best) >= appeals(person(seed)).max()
