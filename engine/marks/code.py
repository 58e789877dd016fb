"""The error-correcting code of the invisible mark: 36 bits become a word of 64.

It is the binary BCH code of length 63 that corrects five errors, with a parity bit (Lin and Costello, Error
Control Coding, table 6.1): two words differ in at least 12 bits. A word that was read is compared with all
words that are stored, by how sure each bit is (soft decision), and accepted only if chance would hardly bring
any of them as near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

BITS, LENGTH = 36, 64
NO_ROW = 0
"""The number of a picture that no database knows, such as one from the command line."""
CHANCE = 1e-5
"""How probable it may be that what was read comes as near to any accepted word by chance."""
_GENERATOR = 0o1033500423
"""x^27 + x^22 + x^21 + x^19 + x^18 + x^17 + x^15 + x^8 + x^4 + x + 1, from the table."""
_CHECKS = LENGTH - 1 - BITS
_LOOKED_AT, _ERRORS = 20, 10
"""Words in which more bits are wrong are not looked at; among the least sure so many bits are tried."""

Words = NDArray[np.uint64]
Soft = NDArray[np.float64]
"""(64,) the bits as they were read: the sign is the bit, the size how sure it is."""


@dataclass(frozen=True, slots=True)
class NumberMatch:
    """A number that was read, and a bound on the probability that chance brings any so near."""

    number: int
    chance: float


def encode(numbers: NDArray[np.int64]) -> Words:
    """Return the words (N,) of numbers (N,) of 36 bits."""
    words = np.zeros(len(numbers), np.uint64)
    for place, row in enumerate(_rows()):
        words ^= np.where(numbers >> place & 1, row, np.uint64(0))
    return words


def word_of(number: int) -> int:
    """Return the word of one number. Raises ValueError for one that is no 36 bits long."""
    if not 0 <= number < 1 << BITS:
        raise ValueError(f"{number} must fit {BITS} bits")
    return int(encode(np.array([number]))[0])


def signs(word: int) -> NDArray[np.float32]:
    """Return a word's bits as (64,) of -1 and 1, the lowest first."""
    bits = np.array([word >> place & 1 for place in range(LENGTH)], np.float32)
    return 2 * bits - 1


def nearest_number(read: Soft, numbers: NDArray[np.int64], words: Words | None = None) -> NumberMatch | None:
    """Return the number among those stored whose word is nearest; None when chance could bring it so near.

    words: those of the numbers, where they are known
    """
    if not len(numbers):
        return None
    hard, sure = _hard(read)
    wrong = (encode(numbers) if words is None else words) ^ np.uint64(hard)
    near = np.flatnonzero(np.bitwise_count(wrong) <= _LOOKED_AT)
    weights = [(_weight(int(wrong[place]), sure), int(numbers[place])) for place in near]
    return _accepted(min(weights), sure, len(numbers)) if weights else None


def unlisted(read: Soft) -> NumberMatch | None:
    """Return the number of any word that is read with hardly an error; None when there is none.

    Without a list of numbers all 2^36 must be thought possible, so few errors are corrected.
    """
    hard, sure = _hard(read)
    found = [word for word in _tries(hard, sure) if word == word_of(word >> _CHECKS & ((1 << BITS) - 1))]
    weights = [(_weight(word ^ hard, sure), word >> _CHECKS & ((1 << BITS) - 1)) for word in found]
    return _accepted(min(weights), sure, 1 << BITS) if weights else None


def log_chance(weight: float, sure: Soft) -> float:
    """Bound the logarithm of the probability that a random word has at most this weight of wrong bits.

    weight: the sum of `sure` over wrong bits; sure: (64,) how sure each bit is
    Chernoff's bound: the least over t of exp(t · weight) · Π (1 + exp(-t · sure)) / 2.
    """
    steps = np.geomspace(0.05, 200, 120)[:, None] / max(float(sure.mean()), 1e-12)
    bounds = steps[:, 0] * weight + np.log((1 + np.exp(-steps * sure)) / 2).sum(1)
    return float(min(bounds.min(), 0.0))


def _accepted(best: tuple[float, int], sure: Soft, possible: int) -> NumberMatch | None:
    weight, number = best
    chance = float(np.exp(np.log(possible) + log_chance(weight, sure)))
    return NumberMatch(number, chance) if chance <= CHANCE else None


def _hard(read: Soft) -> tuple[int, Soft]:
    return sum(1 << place for place in range(LENGTH) if read[place] > 0), np.abs(read)


def _weight(wrong: int, sure: Soft) -> float:
    return float(sum(sure[place] for place in range(LENGTH) if wrong >> place & 1))


def _tries(hard: int, sure: Soft) -> Iterator[int]:
    """Yield the word as it was read, and with up to three of its least sure bits turned (Chase, 1972)."""
    doubtful = [1 << int(place) for place in np.argsort(sure)[:_ERRORS]]
    for count in range(4):
        for turned in combinations(doubtful, count):
            yield hard ^ sum(turned)


@cache
def _rows() -> tuple[np.uint64, ...]:
    """Return the words of 1, 2, 4 … 2^35."""
    return tuple(np.uint64(_systematic(1 << place)) for place in range(BITS))


def _systematic(number: int) -> int:
    word = number << _CHECKS
    rest = word
    for place in reversed(range(_CHECKS, LENGTH - 1)):
        if rest >> place & 1:
            rest ^= _GENERATOR << (place - _CHECKS)
    word |= rest
    return word | (word.bit_count() & 1) << (LENGTH - 1)
