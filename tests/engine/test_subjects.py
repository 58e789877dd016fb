"""Facts about engine/subjects.py."""

from __future__ import annotations

from itertools import combinations

from engine.color.palette import hue_distance, tone
from engine.subjects import load_subjects
from engine.vocabulary import load_vocabulary

WORDS = load_vocabulary()


def names(kind: str) -> set[str]:
    return {word.name for word in WORDS.words(kind)}


def test_every_style_has_subjects_and_nothing_else_has() -> None:
    assert set(load_subjects()) == names("style")


def test_subjects_are_scenes_and_shapes_of_the_vocabulary() -> None:
    for subjects in load_subjects().values():
        assert subjects.scenes
        assert subjects.shapes
        assert set(subjects.scenes) <= names("scene")
        assert set(subjects.shapes) <= names("shape")


def test_a_category_stands_for_all_its_shapes() -> None:
    animals = {word.name for word in WORDS.words("shape") if word.category == "animals"}
    assert animals <= set(load_subjects()["sketch"].shapes)


def test_palettes_are_colors_of_the_vocabulary_told_apart_at_a_glance() -> None:
    for subjects in load_subjects().values():
        for palette in subjects.palettes:
            assert set(palette) <= names("color")
            hues = [tone(color).hue for color in palette if not tone(color).is_gray]
            assert all(hue_distance(one, other) > 35 for one, other in combinations(hues, 2))
