"""What each act tells of a taste."""

from __future__ import annotations

from bot.tastes.events import REACTION_WEIGHTS


def test_a_favourite_tells_most_of_what_is_liked():
    liked = {verb: each.weight for verb, each in REACTION_WEIGHTS.items() if each.liked}
    assert max(liked, key=liked.__getitem__) == "favourite"
    assert all(0 < each.weight <= 1 and each.times >= 1 for each in REACTION_WEIGHTS.values())
