"""Test commands/text/tastes.py."""

from __future__ import annotations

from commands.i18n import translator
from commands.services.tastes import Liking, Portrait
from commands.text.tastes import CATEGORIES, SHOWN, lines, name_of
from tests.support.fake_services import FakeServices

SERVICES = FakeServices()


def likings(kind, names, times):
    return tuple(
        Liking(kind, name, value, value / 2, value * 2) for name, value in zip(names, times, strict=True)
    )


def test_of_each_kind_the_most_liked_are_named():
    styles = likings("style", ("ink", "oil", "sketch", "linocut"), (4, 3, 2, 1.5))
    [line] = lines(Portrait(styles, (), 1), SERVICES, "en")
    assert line.startswith("Styles: ink ×4.0 (2.0–8.0), oil")
    assert line.count("×") == SHOWN


def test_the_least_liked_are_named_from_the_least_on():
    colors = likings("color", ("red", "blue"), (0.8, 0.3))
    assert list(lines(Portrait(colors, (), 1), SERVICES, "en")) == [
        "Less liked: blue ×0.3 (0.1–0.6), red ×0.8 (0.4–1.6)"
    ]


def test_what_is_neither_liked_nor_not_is_left_out():
    assert list(lines(Portrait(likings("scene", ("flock",), (1.01,)), (), 1), SERVICES, "en")) == []


def test_a_category_has_a_chinese_word():
    chinese = {
        each: name_of(Liking("category", each, 1, 1, 1), SERVICES.vocabulary, "zh") for each in CATEGORIES
    }
    assert not [category for category, name in chinese.items() if name.isascii()]
    assert not [each for each in CATEGORIES if not translator("en")(CATEGORIES[each]).isascii()]
