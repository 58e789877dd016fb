"""Facts about engine/composing/subjects.py and the cut-outs it reads."""

from __future__ import annotations

import pytest

from engine.composing.geometry import SHAPES
from engine.composing.subjects import cutout, load_subjects
from engine.conditions import PLACES
from engine.vocabulary import load_vocabulary

SUBJECTS = load_subjects()
STANCES = {"stands", "lies", "flies", "hangs", "floats", "swims", "hovers", "perches", "rails"}
EVERY = [each for variants in SUBJECTS.values() for each in variants]


def test_every_shape_of_the_vocabulary_can_be_drawn_and_the_other_way_round() -> None:
    assert {word.name for word in load_vocabulary().words("shape")} == set(SUBJECTS)


def test_there_are_a_thousand_subjects_of_which_four_hundred_are_realistic() -> None:
    assert len(SUBJECTS) >= 1000
    assert sum(any(each.realistic for each in variants) for variants in SUBJECTS.values()) >= 400


def test_every_line_says_what_placing_needs() -> None:
    for each in EVERY:
        assert each.metres > 0, each.file
        assert each.stance in STANCES, each.file
        assert each.facing in ("left", "right", "front"), each.file
        assert set(each.habitat) <= {*PLACES, "rails"}, each.file


@pytest.mark.parametrize("subject", EVERY[::60], ids=lambda each: each.file)
def test_a_cutout_is_solid_and_cannot_be_changed(subject) -> None:
    cut = cutout(subject.file)
    assert cut.alpha.max() > 0.99
    assert cut.lab.shape == (*cut.alpha.shape, 3)
    assert -1 <= cut.light <= 1
    with pytest.raises(ValueError, match="read-only"):
        cut.alpha[0, 0] = 1


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_geometric_shape_is_a_cutout_of_one_color(name: str) -> None:
    cut = cutout(name)
    assert (cut.lab == cut.lab[0, 0]).all()
    assert 0.15 < cut.alpha.mean() <= 1
