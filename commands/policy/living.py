"""Find the names of living artists, whose hand Easel does not imitate. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from commands.parsing.artists import Artist, load_artists
from commands.policy.folding import Folded, Words


def living_in(text: Folded) -> Artist | None:
    """Return a living artist whose name is in a text; None without any."""
    everybody, each = _alive()
    if not everybody.are_in(text):
        return None
    return next((artist for artist, words in each if words.are_in(text)), None)


@functools.cache
def _alive() -> tuple[Words, tuple[tuple[Artist, Words], ...]]:
    alive = [artist for artist in load_artists() if not artist.died]
    return _words(alive), tuple((artist, _words([artist])) for artist in alive)


def _words(artists: Iterable[Artist]) -> Words:
    return Words(name for artist in artists for name in artist.names)
