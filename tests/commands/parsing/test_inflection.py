"""Forms of words in European languages."""

from __future__ import annotations

import pytest

from commands.parsing.inflection import forms


@pytest.mark.parametrize(
    ("word", "language", "form", "plural"),
    [
        ("foxes", "en", "fox", True),
        ("ponies", "en", "pony", True),
        ("wolves", "en", "wolf", True),
        ("geese", "en", "goose", True),
        ("snowmen", "en", "snowman", True),
        ("peces", "es", "pez", True),
        ("rojas", "es", "rojo", True),
        ("gatito", "es", "gato", False),
        ("chevaux", "fr", "cheval", True),
        ("verte", "fr", "vert", False),
        ("Vögel".casefold(), "de", "vogel", True),
        ("dunkles", "de", "dunkel", False),
        ("roter", "de", "rot", True),
        ("leões", "pt", "leão", True),
        ("azuis", "pt", "azul", True),
        ("palm trees", "en", "palm tree", True),
    ],
)
def test_a_form_leads_to_its_base(word, language, form, plural):
    assert (form, plural) in list(forms(word, language, {"geese": "goose"}))


@pytest.mark.parametrize("word", ["glass", "s", ""])
def test_a_word_is_not_cut_to_nothing(word):
    assert "" not in [form for form, _ in forms(word, "en", {})]
