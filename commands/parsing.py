"""What a person typed after /paint -> what they asked for.

`style=ink color=blue,gold`, 「风格=水墨 颜色=蓝」 and plain sentences (`commands/sentences.py`) may be mixed.
Nothing else than a `UserError` is raised, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from commands.chat import UserError
from commands.cleaning import MAX_LINE, echo, readable
from commands.sentences import KINDS, read_sentence
from engine.conditions import (
    DEFAULT_SIZE,
    MAX_ASPECT,
    MAX_CHAOS,
    MAX_COLORS,
    MAX_COUNT,
    MAX_SEED,
    MAX_SIZE,
    MIN_SIZE,
    SIZE_STEP,
    Asked,
    Conditions,
    StyleMix,
)
from engine.vocabulary import Vocabulary

MAX_STYLES = 4
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "style": ("style", "styles", "风格", "風格", "样式", "画风"),
        "color": ("color", "colour", "colors", "colours", "颜色", "顏色", "色彩", "色"),
        "shape": ("shape", "subject", "形状", "形狀", "主题"),
        "scene": ("scene", "场景", "場景", "构图"),
        "seed": ("seed", "种子", "種子"),
        "size": ("size", "尺寸", "大小"),
        "ar": ("ar", "aspect", "ratio", "比例", "长宽比"),
        "count": ("count", "number", "n", "数量", "數量", "张数"),
        "chaos": ("chaos", "随机", "混乱"),
    }
)
_NAMES = {spelling: key for key, spellings in KEYS.items() for spelling in spellings}
_KNOWN = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_KEY = re.compile(rf"(?<![^\W_])(?:({_KNOWN})\s*[=:]|([^\W\d][\w-]*)\s*=)\s*", re.IGNORECASE)
_LIST = re.compile(r"\s*(?:[,+、;]|\band\b|和)\s*", re.IGNORECASE)


def parse(words: str, vocabulary: Vocabulary, locale: str = "en") -> Asked:
    """What was asked. Raises UserError, in one sentence with a way out, for what cannot be read."""
    if len(words) > MAX_LINE:
        raise UserError(
            "That is {count} characters; say it in {most} or fewer.", count=len(words), most=MAX_LINE
        )
    given, rest = _split(readable(words), vocabulary)
    named = read_sentence(rest, vocabulary, locale)
    return Asked(
        style=_one_style(given.get("style"), named["style"], vocabulary, locale),
        colors=_colors(given.get("color"), named["color"], vocabulary, locale),
        shape=_one("shape", given.get("shape"), named["shape"], vocabulary, locale),
        scene=_one("scene", given.get("scene"), named["scene"], vocabulary, locale),
        seed=_number("seed", given.get("seed"), 0, MAX_SEED),
        size=_size(given.get("size")),
        aspect=_aspect(given.get("ar")),
        chaos=_number("chaos", given.get("chaos"), 0, MAX_CHAOS),
        count=_number("count", given.get("count"), 1, MAX_COUNT) or 1,
    )


def _split(text: str, vocabulary: Vocabulary) -> tuple[dict[str, str], str]:
    """The values that were given by key, and the plain words around them."""
    matches = list(_KEY.finditer(text))
    starts = [match.start() for match in matches] + [len(text)]
    given: dict[str, str] = {}
    plain = [text[: starts[0]]]
    for match, end in zip(matches, starts[1:], strict=True):
        key = _key_of(match)
        if key in given:
            raise UserError("{key} is given twice; say it once.", key=key)
        value, after = _value(text[match.end() : end])
        given[key], after = _whole_name(key, value, after, vocabulary)
        if not given[key]:
            raise UserError(
                "{key} has nothing after its =; say for example {example}.", key=key, example=_EXAMPLES[key]
            )
        plain.append(after)
    return given, " ".join(plain)


def _key_of(match: re.Match[str]) -> str:
    spelled = (match[1] or match[2]).casefold()
    if spelled not in _NAMES:
        raise UserError(
            "There is no option {key}; there are {known}.", key=echo(spelled), known=", ".join(KEYS)
        )
    return _NAMES[spelled]


def _value(text: str) -> tuple[str, str]:
    """The value at the start (quoted, or up to a space that follows no comma or plus), and what is left."""
    quoted = re.match(r"[\"\u201c'\u2018]([^\"\u201d'\u2019]*)[\"\u201d'\u2019]?", text)
    if quoted:
        return quoted[1].strip(), text[quoted.end() :]
    bare = re.match(r"[^\s,+、;]*(?:\s*[,+、;]\s*[^\s,+、;]+)*", text)
    end = bare.end() if bare else 0
    return text[:end].strip(), text[end:]


def _whole_name(key: str, value: str, after: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Names of several words ("light blue") need no quotes: take what follows if it makes a longer name."""
    words = after.split()
    start, last = value[: len(value) - len(_LIST.split(value)[-1])], _LIST.split(value)[-1]
    for length in range(min(3, len(words)), 0, -1):
        name = " ".join([last, *words[:length]])
        if key in KINDS and value and vocabulary.find(key, name):
            return start + name, " ".join(words[length:])
    return value, after


_EXAMPLES = {
    "style": "style=ink",
    "color": "color=blue",
    "shape": "shape=fish",
    "scene": "scene=landscape",
    "seed": "seed=7",
    "size": "size=512",
    "ar": "ar=3:2",
    "count": "count=2",
    "chaos": "chaos=20",
}


def _find(kind: str, text: str, vocabulary: Vocabulary, locale: str) -> str:
    name = vocabulary.find(kind, text)
    if name is None:
        near = ", ".join(vocabulary.label(kind, each, locale) for each in vocabulary.nearest(kind, text))
        raise UserError(_UNKNOWN[kind], word=echo(text) or "?", near=near)
    return name


_UNKNOWN = {
    "style": "I know no style {word}; the nearest are {near}.",
    "color": "I know no color {word}; the nearest are {near}.",
    "shape": "I know no shape {word}; the nearest are {near}.",
    "scene": "I know no scene {word}; the nearest are {near}.",
}


def _one(kind: str, given: str | None, named: list[str], vocabulary: Vocabulary, locale: str) -> str | None:
    names = ([_find(kind, given, vocabulary, locale)] if given else []) + named
    names = list(dict.fromkeys(names))
    if len(names) > 1:
        labels = [vocabulary.label(kind, name, locale) for name in names[:2]]
        raise UserError(
            "One {kind} at a time: {first} or {second}?", kind=kind, first=labels[0], second=labels[1]
        )
    return names[0] if names else None


def _one_style(given: str | None, named: list[str], vocabulary: Vocabulary, locale: str) -> StyleMix | None:
    parts = [_weighted(part, vocabulary, locale) for part in _LIST.split(given)] if given else []
    parts += [(name, 1.0) for name in named]
    if not parts:
        return None
    weights: dict[str, float] = {}
    for name, weight in parts:
        weights[name] = weights.get(name, 0) + weight
    if len(weights) > MAX_STYLES:
        raise UserError("At most {most} styles can be mixed; leave some out.", most=MAX_STYLES)
    return mix(weights)


def _weighted(part: str, vocabulary: Vocabulary, locale: str) -> tuple[str, float]:
    name, _, amount = part.partition(":")
    try:
        weight = float(amount) if amount else 1.0
    except ValueError:
        weight = 0.0
    if not 0.001 <= weight <= 1000:
        raise UserError(
            "A style's share is a number above 0, for example {example}.", example="style=ink:2+oil"
        )
    return _find("style", name.strip(), vocabulary, locale), weight


def mix(weights: Mapping[str, float]) -> StyleMix:
    """Shares in thousandths that sum to 1, heaviest first, so that a line that names them gives them again."""
    total = sum(weights.values())
    shares = {name: max(1, round(weight / total * 1000)) for name, weight in weights.items()}
    heaviest = max(shares, key=lambda name: shares[name])
    shares[heaviest] += 1000 - sum(shares.values())
    ordered = sorted(shares.items(), key=lambda part: (-part[1], part[0]))
    return tuple((name, share / 1000) for name, share in ordered)


def _colors(
    given: str | None, named: list[str], vocabulary: Vocabulary, locale: str
) -> tuple[str, ...] | None:
    names = [_find("color", part, vocabulary, locale) for part in _LIST.split(given)] if given else []
    names = list(dict.fromkeys(names + named))
    if len(names) > MAX_COLORS:
        raise UserError("At most {most} colors fit into one picture; leave some out.", most=MAX_COLORS)
    return tuple(names) or None


def _number(key: str, given: str | None, low: int, high: int) -> int | None:
    if given is None:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", given) or not low <= int(given) <= high:
        raise UserError("{key} is a whole number from {low} to {high}.", key=key, low=low, high=high)
    return int(given)


def _size(given: str | None) -> int | None:
    size = _number("size", given, MIN_SIZE, MAX_SIZE)
    return None if size is None else round(size / SIZE_STEP) * SIZE_STEP


def _aspect(given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    match = re.fullmatch(r"([1-9][0-9]?)\s*[:x×/]\s*([1-9][0-9]?)", given)
    if not match or not 1 / MAX_ASPECT <= int(match[1]) / int(match[2]) <= MAX_ASPECT:
        raise UserError(
            "{key} is width to height, for example {example}, at most {most} to 1.",
            key="ar",
            example="ar=3:2",
            most=MAX_ASPECT,
        )
    return int(match[1]), int(match[2])


def line_of(conditions: Conditions) -> str:
    """The line that paints exactly this picture again."""
    named = {
        "style": "+".join(name if share == 1 else f"{name}:{share:g}" for name, share in conditions.style),
        "color": ",".join(conditions.colors),
        "shape": conditions.shape,
        "scene": conditions.scene,
        "seed": conditions.seed,
    }
    extra: dict[str, Any] = {}
    if conditions.size != DEFAULT_SIZE:
        extra["size"] = conditions.size
    if conditions.aspect != (1, 1):
        extra["ar"] = "{}:{}".format(*conditions.aspect)
    if conditions.chaos:
        extra["chaos"] = conditions.chaos
    return " ".join(f"{key}={value}" for key, value in {**named, **extra}.items())
