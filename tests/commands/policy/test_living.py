"""Facts about commands/policy/living.py and the file of artists."""

from __future__ import annotations

import pytest

from commands.parsing.artists import load_artists
from commands.parsing.line import understand
from commands.policy.folding import fold
from commands.policy.living import living_in
from engine.vocabulary import load_vocabulary

STYLES = {word.name for word in load_vocabulary().words("style")}


def is_sound(artist):
    years = [int(each) for each in (artist.born, artist.died) if each]
    is_dated = years == sorted(years) and (artist.born or not artist.died)
    return artist.styles and set(artist.styles) <= STYLES and is_dated


def test_years_are_years_and_styles_are_styles():
    assert not [artist.name for artist in load_artists() if not is_sound(artist)]


def test_nobody_is_there_twice():
    names = [name.casefold() for artist in load_artists() for name in artist.names]
    assert len(names) == len(set(names))


NAMES = [(name, artist) for artist in load_artists() for name in artist.names]


def style_of(name):
    """Return the styles that an artist's name stands for."""
    told = understand(f"a cat by {name}", load_vocabulary(), "en")
    return [style for style, _ in told.asked.style or ()]


def test_who_lives_is_found_by_every_name():
    living = [(name, artist) for name, artist in NAMES if not artist.died]
    assert not [name for name, artist in living if living_in(fold(f"a cat by {name}")) != artist]


def test_who_is_dead_leads_to_a_style():
    dead = [(name, artist) for name, artist in NAMES if artist.died and name.isascii()]
    assert not [name for name, _ in dead if living_in(fold(name))]
    assert not [name for name, artist in dead if style_of(name) != [artist.styles[0]]]


@pytest.mark.parametrize(
    "text", ["a cat by Greg Rutk0wski", "GREG  RUTKOWSKI", "宫崎骏风格的猫", "미야자키 하야오 풍"]
)
def test_a_living_artist_is_found_however_the_name_is_spelled(text):
    assert living_in(fold(text)) is not None


@pytest.mark.parametrize("text", ["a cat by Monet", "greg and a ruthless kowski", "a bank", "burton ale"])
def test_nobody_else_is_found(text):
    assert living_in(fold(text)) is None
