"""Plain sentences: "a blue fish in ink" or 「水墨 蓝色 鱼」 -> what they name."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from importlib import resources

from commands.chat import UserError
from commands.cleaning import echo
from commands.lexicon import HAN, KINDS, Lexicon, pieces

_DATA = tomllib.loads((resources.files("commands") / "sentences.toml").read_text("utf-8"))
FILLERS, CHINESE_FILLERS = frozenset(_DATA["fillers"]["en"]), tuple(_DATA["fillers"]["zh"])
NUMBERS = frozenset(_DATA["numbers"]["words"])
_HAN_FIRST, _HAN_LAST = HAN[0], HAN[-1]


def read_sentence(text: str, lexicon: Lexicon, taken: Collection[str] = ()) -> dict[str, list[str]]:
    """Names by kind, in the order they were said. Raises UserError for a word that names nothing.

    taken: the kinds that were given by key; a word that may be two things is rather one that is open.
    """
    phrases = list(enumerate(_phrases(text, lexicon)))
    chosen: dict[int, str] = {}
    for place, names in sorted(phrases, key=lambda phrase: len(phrase[1])):
        busy = {*taken, *chosen.values()}
        chosen[place] = next((kind for kind in names if kind not in busy), list(names)[-1])
    return {
        kind: list(dict.fromkeys(names[kind] for place, names in phrases if chosen[place] == kind))
        for kind in KINDS
    }


def _phrases(text: str, lexicon: Lexicon) -> Iterator[Mapping[str, str]]:
    """The longest phrase that is known, again and again; names by kind for each."""
    place = 0
    while (piece := next(pieces(text, place), None)) is not None:
        match = lexicon.longest(KINDS, text, piece.start())
        filler = _filler_end(text, piece.start(), piece.end())
        if match and match.end >= filler:
            yield match.names
            place = match.end
        elif filler:
            place = filler
        elif piece[0].casefold() in NUMBERS or piece[0].isdecimal():
            raise UserError(
                "I cannot count the things in a picture, so {word} is one word too many; "
                "for more pictures say for example {example}.",
                word=echo(piece[0]),
                example="count=2",
            )
        else:
            raise lexicon.unknown_word(_unknown(text, piece.start(), piece.end(), lexicon))


def _filler_end(text: str, start: int, end: int) -> int:
    """Where the function word at `start` ends; 0 when there is none."""
    if text[start:end].casefold() in FILLERS:
        return end
    lengths = [len(each) for each in CHINESE_FILLERS if text.startswith(each, start)]
    return start + max(lengths) if lengths else 0


def _unknown(text: str, start: int, end: int, lexicon: Lexicon) -> str:
    """The unknown word at `start`; in Chinese, up to where the next known word begins."""
    while end < len(text) and all(_HAN_FIRST <= text[place] <= _HAN_LAST for place in (start, end)):
        if _filler_end(text, end, end + 1) or lexicon.longest(KINDS, text, end):
            break
        end += 1
    return text[start:end]
