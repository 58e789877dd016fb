"""What other bots have people write."""

from __future__ import annotations

import pytest

from commands.parsing.manners import tidied
from tests.support.parsed_lines import told

STYLES = frozenset(["ink", "oil"])


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("a fox --ar 3:2", {"ar": "3:2"}),
        ("a fox \u2014ar 3:2", {"ar": "3:2"}),
        ("a fox \u2013\u2013ar 3:2", {"ar": "3:2"}),
        ("a fox --aspect=3:2", {"ar": "3:2"}),
        ("a fox --seed 7 --chaos 20", {"seed": "7", "chaos": "20"}),
        ("a fox -n 2", {"count": "2"}),
        ("a fox --style ink", {"style": "ink"}),
        ("a fox 3:2", {"ar": "3:2"}),
        ("a fox at 99:1", {}),
    ],
)
def test_their_options_are_ours(line, given):
    assert tidied(line, STYLES).given == given


@pytest.mark.parametrize(
    ("line", "text", "dropped"),
    [
        ("/imagine a fox", "a fox", []),
        ("imagine prompt: a fox", "a fox", []),
        ("/draw a fox", "a fox", []),
        ("imagine a fox", "imagine a fox", []),
        ("a fox --v 6 --q 2", "a fox", ["--v 6", "--q 2"]),
        ("a fox --stylize 100 --tile", "a fox", ["--stylize 100", "--tile"]),
        ("a fox --style raw", "a fox", ["--style raw"]),
        ("a (red:1.3) fox", "a red fox", ["(red:1.3)"]),
        ("a fox::2 tree", "a fox, tree", ["::2"]),
        ("a fox <lora:x:0.5>", "a fox ,", ["<lora:x:0.5>"]),
        ("9000x9000 fox", "fox", ["9000x9000"]),
        ("1girl, 2cats", "1 girl, 2cats", []),
    ],
)
def test_what_easel_has_not_is_dropped_and_told(line, text, dropped):
    found = tidied(line, STYLES)
    assert " ".join(found.text.split()) == text
    assert found.dropped == dropped


@pytest.mark.parametrize(
    ("line", "without"),
    [
        ("a street --no people", ["people"]),
        ("a street --no people, cars --ar 3:2", ["people, cars"]),
        ("--no people a street", ["people"]),
        ("--no people, cars a street", ["people, cars"]),
    ],
)
def test_no_takes_what_it_names(line, without):
    assert [tidied(line, STYLES).without.strip(" ,")] == without


@pytest.mark.parametrize(
    ("line", "size"),
    [
        ("a fox 1920x1080", [1920, 1080]),
        ("a fox 800 × 600 px", [800, 600]),
        ("width=800 height=600 a fox", [800, 600]),
        ("a fox --w 640 --h 480", [640, 480]),
        ("width=800 a fox", [800, 800]),
        ("a fox 16:9", [512, 288]),
        ("a fox", None),
    ],
)
def test_a_size_is_read_in_pixels(line, size):
    assert told(line)["size"] == size
