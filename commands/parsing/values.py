"""What stands after a key: names of the vocabulary, whole numbers, a ratio.

Every reader raises UserError, in one sentence with a way out, for what it cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commands.chat import UserError
from commands.parsing.lexicon import HAN, Lexicon
from engine.composing.lettering import letters_known
from engine.conditions import MAX_ASPECT, MAX_COLORS, MAX_SEED, MAX_SIZE, MAX_TEXT, MIN_SIZE, StyleMix

MAX_STYLES = 4
_QUOTES = ' \t\n,;"\u201c\u201d\u201e\u300c\u300d\u300e\u300f\u00ab\u00bb'
_BETWEEN = re.compile(r"[\"'\u2018-\u201f\u300c-\u300f\s]*[,+、;/&]+(\s*)")
_SHARE = re.compile(r"\s*:\s*([^\s,+、;]*)")
_CHUNK = re.compile(r"[\"\u201c\u300c]([^\"\u201d\u300d]+)|[^\s,+、;]+")
_SCALAR = re.compile(rf"[\"'\u2018-\u201f]*([^\s,、;\"'\u2018-\u201f{HAN}]+|[^\s,、;]+)[\"'\u2018-\u201f]*")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a value. share: what stands after its colon, None without one; end: its place in the text."""

    name: str
    share: str | None
    end: int


def read_names(kind: str, text: str, lexicon: Lexicon) -> tuple[list[Named], str]:
    """The names a value begins with, and the rest of the text, which is part of the plain sentence."""
    named = list(_names(kind, text, lexicon))
    return named, text[named[-1].end :]


def _names(kind: str, text: str, lexicon: Lexicon) -> Iterator[Named]:
    place = 0
    while True:
        match = lexicon.longest((kind,), text, place)
        if match is None:
            raise lexicon.unknown(kind, chunk(text[place:]))
        share = _SHARE.match(text, match.end) if kind == "style" else None
        end = share.end() if share else match.end
        yield Named(match.names[kind], share[1] if share else None, end)
        between = next_entry(text, end)
        if between is None:
            return
        place, open_end = between
        # "style=ink, a fish" goes on as a sentence, "style=ink,fish" is a list with a wrong entry.
        if open_end and lexicon.longest((kind,), text, place) is None:
            return


def next_entry(text: str, end: int) -> tuple[int, bool] | None:
    """Where the next entry of a list begins, and whether it need not be one; None after the last."""
    between = _BETWEEN.match(text, end)
    return (between.end(), bool(between[1]) or between.end() == len(text)) if between else None


def chunk(text: str) -> str:
    """What a person may have meant as the one value at the start of a text."""
    match = _CHUNK.search(text)
    return (match[1] or match[0]) if match else text


def read_scalar(text: str) -> tuple[str, str]:
    """One value without spaces, and the rest of the text."""
    match = _SCALAR.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def style_mix(named: Sequence[Named], said: Sequence[str]) -> StyleMix | None:
    """Styles given by key with their shares, and those of the sentence with a share of one."""
    shares: dict[str, float] = {}
    for name, share in [
        *((each.name, _share(each.share)) for each in named),
        *((name, 1.0) for name in said),
    ]:
        shares[name] = shares.get(name, 0) + share
    if len(shares) > MAX_STYLES:
        raise UserError("At most {most} styles can be mixed; leave some out.", most=MAX_STYLES)
    return mix(shares) if shares else None


def _share(text: str | None) -> float:
    if text is None:
        return 1.0
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?|\.[0-9]{1,3}", text) or float(text) == 0:
        raise UserError(
            "The share of a style is a number above 0, for example {example}.", example="style=ink:2+oil"
        )
    return float(text)


def mix(shares: Mapping[str, float]) -> StyleMix:
    """Shares in thousandths that sum to 1, heaviest first: a line that names them gives them again."""
    total = sum(shares.values())
    thousandths = {name: max(1, round(share / total * 1000)) for name, share in shares.items()}
    heaviest = max(thousandths, key=lambda name: thousandths[name])
    thousandths[heaviest] += 1000 - sum(thousandths.values())
    ordered = sorted(thousandths.items(), key=lambda part: (-part[1], part[0]))
    return tuple((name, share / 1000) for name, share in ordered)


def color_list(names: Sequence[str]) -> tuple[str, ...] | None:
    """One to five colours, each once, in the order they were said."""
    colors = tuple(dict.fromkeys(names))
    if len(colors) > MAX_COLORS:
        raise UserError("At most {most} colors fit into one picture; leave some out.", most=MAX_COLORS)
    return colors or None


def only_scene(names: Sequence[str], lexicon: Lexicon) -> str | None:
    """The one scene of a request."""
    different = list(dict.fromkeys(names))
    if len(different) > 1:
        raise UserError("One scene at a time, please: {names}?", names=lexicon.labels("scene", different))
    return different[0] if different else None


def seed(key: str, text: str) -> int | None:
    """A seed; None for any, which other bots write as -1."""
    if text.casefold() in ("-1", "random", "any"):
        return None
    return whole_number(key, text, 0, MAX_SEED)


def one_of(key: str, text: str, names: Sequence[str]) -> str:
    """One name of a short list."""
    name = text.casefold()
    if name not in names:
        raise UserError("{key} is one of {names}.", key=key, names=", ".join(names))
    return name


def whole_number(key: str, text: str, low: int, high: int) -> int:
    """A whole number of a range that includes both ends."""
    if not re.fullmatch(r"[0-9]{1,10}", text) or not low <= int(text) <= high:
        raise UserError("{key} is a whole number from {low} to {high}.", key=key, low=low, high=high)
    return int(text)


def size(key: str, text: str) -> int:
    """Pixels of the longer side."""
    if not re.fullmatch(r"[0-9]{1,10}", text) or not MIN_SIZE <= int(text) <= MAX_SIZE:
        raise UserError(
            "{key} is the longer side in pixels, from {low} to {high}, for example {example}.",
            key=key,
            low=MIN_SIZE,
            high=MAX_SIZE,
            example=f"{key}=1024",
        )
    return int(text)


def can_be_lettered(text: str) -> bool:
    """Whether a text is short and of letters that the font has."""
    return 0 < len(text) <= MAX_TEXT and set(text) <= letters_known()


def lettering(key: str, text: str) -> str:
    """Words to letter into a picture."""
    text = " ".join(text.strip(_QUOTES).split())
    if not can_be_lettered(text):
        raise UserError(
            "{key} is up to {most} Latin, Greek or Cyrillic letters, for example {example}.",
            key=key,
            most=MAX_TEXT,
            example=f"{key}=Hello",
        )
    return text


def aspect(key: str, text: str) -> tuple[int, int]:
    """Width to height."""
    match = re.fullmatch(r"([1-9][0-9]{0,3})[:x×/]([1-9][0-9]{0,3})", text)
    if not match or not 1 / MAX_ASPECT <= int(match[1]) / int(match[2]) <= MAX_ASPECT:
        raise UserError(
            "{key} is width to height, at most {most} to 1, for example {example}.",
            key=key,
            most=MAX_ASPECT,
            example=f"{key}=3:2",
        )
    return int(match[1]), int(match[2])
