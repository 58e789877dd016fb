"""The forms under which a word of a European language may stand in the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_UMLAUTS = str.maketrans("äöü", "aou")


def forms(word: str, language: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Other forms of a word that may be its base, each with whether the word would be its plural."""
    head, space, last = word.rpartition(" ")
    for form, plural in _FORMS[language](last, irregular):
        if len(form) > 1 and form != last:
            yield f"{head}{space}{form}", plural


def _english(word: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    if word in irregular:
        yield irregular[word], True
    if word.endswith("ies"):
        yield word[:-3] + "y", True
    if word.endswith("ves"):
        yield word[:-3] + "f", True
        yield word[:-3] + "fe", True
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1], True
    if word.endswith("es"):
        yield word[:-2], True
    if word.endswith("men"):
        yield word[:-3] + "man", True


def _spanish(word: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    yield from _romance(word, (("ces", "z"), ("es", ""), ("s", "")))


def _portuguese(word: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    endings = (
        ("ões", "ão"),
        ("ães", "ão"),
        ("ais", "al"),
        ("éis", "el"),
        ("eis", "el"),
        ("óis", "ol"),
        ("uis", "ul"),
        ("ns", "m"),
    )
    yield from _romance(word, (*endings, ("es", ""), ("s", "")))


def _romance(word: str, endings: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, bool]]:
    """Plurals, and feminine forms as masculine ones."""
    if word.endswith("a"):
        yield word[:-1] + "o", False
        yield word[:-1], False
    for ending, base in endings:
        if word.endswith(ending):
            singular = word[: -len(ending)] + base
            yield singular, True
            if singular.endswith("a"):
                yield singular[:-1] + "o", True
                yield singular[:-1], True
    for small in ("ito", "ita", "inho", "inha"):
        if word.endswith(small) and len(word) > len(small) + 2:
            yield from ((word[: -len(small)] + end, False) for end in ("o", "a", ""))


def _french(word: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    if word.endswith("aux"):
        yield word[:-3] + "al", True
        yield word[:-1], True
    if word.endswith(("s", "x")):
        yield word[:-1], True
        if word.endswith("es"):
            yield word[:-2], True
    if word.endswith("e"):
        yield word[:-1], False
    for feminine, base in (("lle", "l"), ("nne", "n"), ("ve", "f"), ("euse", "eux"), ("ère", "er")):
        if word.endswith(feminine):
            yield word[: -len(feminine)] + base, False


def _german(word: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    for ending in ("er", "es", "en", "em", "e", "n", "s"):
        if word.endswith(ending):
            stem = word[: -len(ending)]
            yield stem, ending in ("er", "en", "e", "n", "s")
            if stem != (plain := stem.translate(_UMLAUTS)):
                yield plain, True
            if stem.endswith("l"):
                yield f"{stem[:-1]}el", False
    if word != (plain := word.translate(_UMLAUTS)):
        yield plain, True
    if word.endswith("chen") and len(word) > 6:
        yield word[:-4], False
        yield word[:-4].translate(_UMLAUTS), False


_FORMS = {"en": _english, "es": _spanish, "fr": _french, "de": _german, "pt": _portuguese}
