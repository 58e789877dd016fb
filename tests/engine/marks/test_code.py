"""Facts about engine/marks/code.py."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.marks.code import (
    BITS,
    CHANCE,
    LENGTH,
    encode,
    log_chance,
    nearest_number,
    signs,
    unlisted,
    word_of,
)

numbers = st.integers(0, 2**BITS - 1)
STORED = np.random.default_rng(0).integers(1, 1 << BITS, 100_000)


def read(word: int, wrong: tuple[int, ...] = (), sure: float = 1.0) -> np.ndarray:
    """A word as it is read, with some bits turned that are so sure; the others are of 1."""
    bits = signs(word).astype(float)
    bits[list(wrong)] *= -sure
    return bits


@given(numbers, numbers)
def test_two_words_differ_in_at_least_twelve_bits(one, other):
    assert one == other or (word_of(one) ^ word_of(other)).bit_count() >= 12


def test_every_single_bit_and_pair_makes_a_word_of_at_least_twelve():
    pairs = [1 << a | 1 << b for a, b in combinations(range(BITS), 2)]
    words = encode(np.array([*(1 << place for place in range(BITS)), *pairs]))
    assert np.bitwise_count(words).min() == 12


@given(numbers)
def test_a_number_stands_in_its_word(number):
    assert word_of(number) >> 27 & (1 << BITS) - 1 == number
    assert encode(np.array([number]))[0] == word_of(number)


@pytest.mark.parametrize("number", [-1, 1 << BITS])
def test_a_number_of_more_bits_is_refused(number):
    with pytest.raises(ValueError, match="36 bits"):
        word_of(number)


@given(st.integers(0, len(STORED) - 1), st.sets(st.integers(0, LENGTH - 1), max_size=5))
def test_five_wrong_bits_are_corrected_among_a_hundred_thousand_numbers(place, wrong):
    number = int(STORED[place])
    found = nearest_number(read(word_of(number), tuple(wrong)), STORED)
    assert found is not None
    assert found.number == number
    assert found.chance <= CHANCE


def test_more_wrong_bits_are_corrected_when_they_were_doubtful():
    number = int(STORED[5])
    wrong = tuple(range(12))
    doubtful, sure = (nearest_number(read(word_of(number), wrong, each), STORED) for each in (0.1, 1.0))
    assert doubtful is not None
    assert doubtful.number == number
    assert sure is None


def test_random_bits_match_none_of_a_hundred_thousand_numbers():
    random = np.random.default_rng(1)
    assert not [None for _ in range(200) if nearest_number(random.standard_normal(LENGTH), STORED)]


def test_nothing_matches_where_nothing_is_stored():
    assert nearest_number(read(word_of(7)), np.array([], np.int64)) is None


@given(numbers)
def test_a_number_that_is_not_stored_is_read_with_a_doubtful_bit_wrong(number):
    found = unlisted(read(word_of(number), (3,), 0.1))
    assert found is not None
    assert found.number == number


def test_a_number_that_is_not_stored_is_not_guessed_from_many_errors():
    assert unlisted(read(word_of(77), (1, 2, 3, 4))) is None
    random = np.random.default_rng(2)
    assert not [None for _ in range(200) if unlisted(random.standard_normal(LENGTH))]


@pytest.mark.parametrize("most", [0, 1, 5, 10, 20, 32])
def test_the_bound_is_never_below_the_true_probability(most):
    from math import comb, log

    true = log(sum(comb(LENGTH, count) for count in range(most + 1))) - LENGTH * log(2)
    bound = log_chance(float(most), np.ones(LENGTH))
    assert true - 1e-9 <= bound <= true + 5
