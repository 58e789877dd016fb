"""Facts about commands/policy/living.py and the file of artists."""

from __future__ import annotations

import pytest

from commands.parsing.artists import load_artists
from commands.parsing.line import understand
from commands.policy.folding import fold
from commands.policy.living import living_in
from engine.vocabulary import load_vocabulary

STYLES = {word.name for word in load_vocabulary().words("style")}


@pytest.mark.parametrize("artist", load_artists(), ids=lambda artist: artist.name)
def test_years_are_years_and_styles_are_styles(artist):
    assert artist.styles
    assert set(artist.styles) <= STYLES
    years = [int(each) for each in (artist.born, artist.died) if each]
    assert years == sorted(years)
    assert not artist.died or artist.born


def test_nobody_is_there_twice():
    names = [name.casefold() for artist in load_artists() for name in artist.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("artist", load_artists(), ids=lambda artist: artist.name)
def test_who_lives_is_found_by_every_name_and_who_is_dead_leads_to_a_style(artist):
    for name in artist.names:
        if not artist.died:
            assert living_in(fold(f"a cat by {name}")) == artist
        elif name.isascii():
            assert living_in(fold(name)) is None
            told = understand(f"a cat by {name}", load_vocabulary(), "en")
            assert [style for style, _ in told.asked.style or ()] == [artist.styles[0]], name


@pytest.mark.parametrize(
    "text", ["a cat by Greg Rutk0wski", "GREG  RUTKOWSKI", "宫崎骏风格的猫", "미야자키 하야오 풍"]
)
def test_a_living_artist_is_found_however_the_name_is_spelled(text):
    assert living_in(fold(text)) is not None


@pytest.mark.parametrize("text", ["a cat by Monet", "greg and a ruthless kowski", "a bank", "burton ale"])
def test_nobody_else_is_found(text):
    assert living_in(fold(text)) is None
