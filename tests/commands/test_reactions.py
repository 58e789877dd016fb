"""Facts about commands/reactions.py: what an emoji stands for."""

from __future__ import annotations

import pytest

from commands.reactions import SHORTCUTS, verb_of
from commands.registry import COMMANDS


@pytest.mark.parametrize(
    ("emoji", "verb"),
    [
        *((heart, "favourite") for heart in ("⭐", "🌟", "❤️", "❤", "💙", "🩷", "😍", "❤️\u200d🔥")),
        *((letter, "send") for letter in ("✉️", "✉", "📩")),
        ("❌", "delete"),
        ("🙈", "spoiler"),
        *((other, None) for other in ("", "👍", "💔", "🖼️", "star", "🙉")),
    ],
)
def test_an_emoji_stands_for_a_command_or_for_nothing(emoji, verb):
    assert verb_of(emoji) == verb


def test_every_shortcut_is_a_command_and_no_emoji_says_two():
    assert set(SHORTCUTS) <= set(COMMANDS)
    emoji = [each for line in SHORTCUTS.values() for each in line.split()]
    assert len(emoji) == len(set(emoji))
