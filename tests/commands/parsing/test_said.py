"""What is said back of a line."""

from __future__ import annotations

import pytest

from commands.parsing.line import understand
from commands.parsing.said import notes, says
from tests.support.parsed_lines import VOCABULARY


@pytest.mark.parametrize(
    ("line", "locale", "sentence"),
    [
        ("two birds over a mountain in ink", "en", "Two birds over a mountain, in ink."),
        ("a cozy fox in the snow", "en", "A fox in the snow. I left out: cozy."),
        ("foxx", "en", "A fox. I read foxx as fox."),
        ("a spaniel", "en", "A dog. I painted a dog for the spaniel."),
        ("a fox like monet, 4k", "en", "A fox, in impressionism. For monet I took impressionism."),
        ("forest at night", "en", "A forest at night."),
        ("an owl in front of a red house", "en", "An owl in front of a red house."),
        ("surprise me", "en", "Whatever comes to mind."),
        ("红色的狐狸和两棵树", "zh-CN", "红色的狐狸和两棵树。"),
        ("foxx", "zh-CN", "狐狸。我把“foxx”读作fox。"),
    ],
)
def test_a_line_is_said_back_as_a_sentence(line, locale, sentence):
    assert says(understand(line, VOCABULARY, locale), VOCABULARY, locale) == sentence


def test_there_are_no_notes_where_everything_was_used():
    assert notes(understand("a fox in ink, 4k", VOCABULARY), VOCABULARY) == ""
