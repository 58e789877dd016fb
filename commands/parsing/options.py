"""The options of a line: `style=ink`, 「风格=水墨」 and what each may be set to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from commands.chat import UserError
from commands.parsing import values
from commands.parsing.sanitize import echo
from engine.conditions import MAX_CHAOS, MAX_COUNT, MAX_SIZE, PLACES, SCALES, TIMES, WEATHERS

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "style": ("style", "styles", "风格", "風格", "样式", "画风", "畫風"),
        "color": ("color", "colour", "colors", "colours", "颜色", "顏色", "色彩"),
        "shape": ("shape", "subject", "形状", "形狀", "主题", "主題"),
        "scene": ("scene", "场景", "場景", "构图", "構圖"),
        "place": ("place", "where", "地点", "地點"),
        "time": ("time", "时间", "時間"),
        "weather": ("weather", "天气", "天氣"),
        "scale": ("scale", "主体大小", "主體大小"),
        "text": ("text", "lettering", "题字", "題字"),
        "without": ("without", "no", "不要"),
        "seed": ("seed", "种子", "種子"),
        "size": ("size", "尺寸", "大小"),
        "width": ("width", "宽", "寬", "宽度"),
        "height": ("height", "高", "高度"),
        "ar": ("ar", "aspect", "ratio", "比例", "长宽比", "長寬比"),
        "count": ("count", "number", "n", "数量", "數量", "张数", "張數"),
        "chaos": ("chaos", "混乱", "混亂", "变化", "變化"),
    }
)
"""How each key may be spelled; capitals do not matter."""
EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        **{"style": "ink", "color": "blue,gold", "shape": "fish", "scene": "landscape", "place": "forest"},
        **{"time": "night", "weather": "snow", "scale": "large", "text": "Hello", "without": "tree"},
        **{
            "seed": "7",
            "size": "1024",
            "width": "1024",
            "height": "768",
            "ar": "3:2",
            "count": "2",
            "chaos": "20",
        },
    }
)
NATURAL = "natural"
"""The value of `color` that leaves everything in its own colors."""
_LISTED = {"place": PLACES, "time": TIMES, "weather": WEATHERS, "scale": SCALES}
SCALARS: Mapping[str, Callable[[str, str], Any]] = MappingProxyType(
    {
        "seed": values.seed,
        "size": values.size,
        "ar": values.aspect,
        "count": partial(values.whole_number, low=1, high=MAX_COUNT),
        "chaos": partial(values.whole_number, low=0, high=MAX_CHAOS),
        "width": partial(values.whole_number, low=1, high=MAX_SIZE),
        "height": partial(values.whole_number, low=1, high=MAX_SIZE),
        **{key: partial(values.one_of, names=names) for key, names in _LISTED.items()},
    }
)
_NAMES = {spelling: key for key, spellings in KEYS.items() for spelling in spellings}
_WORDS = (
    "where",
    "no",
    "time",
    "place",
    "without",
    "高",
    "宽",
    "寬",
    "不要",
    "n",
    "number",
    "width",
    "height",
    "weather",
)
"""Keys that are ordinary words too: only "=" makes a key of them."""


def _either(spellings: Sequence[str]) -> str:
    return "|".join(sorted(spellings, key=len, reverse=True))


# A Chinese key may follow a word without a space; an unknown key is told from a word by its "=" alone.
_PLAIN_KEYS = [each for each in _NAMES if each not in _WORDS]
_KEY = re.compile(
    rf"(?:({_either([each for each in _PLAIN_KEYS if not each.isascii()])})"
    rf"|(?<![^\W_])({_either([each for each in _PLAIN_KEYS if each.isascii()])}))\s*[=:]+\s*"
    rf"|(?<![^\W_])([a-z_][a-z0-9_-]*|{_either([each for each in _WORDS if not each.isascii()])})\s*=+\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Given:
    """A value given by key. spelled: the key as the person wrote it, one of `KEYS`."""

    spelled: str
    text: str


def split_options(text: str) -> tuple[dict[str, Given], str]:
    """The text after each key up to the next one, and the plain words before the first."""
    matches = [match for match in _KEY.finditer(text)]
    starts = [match.start() for match in matches] + [len(text)]
    given: dict[str, Given] = {}
    for match, end in zip(matches, starts[1:], strict=True):
        spelled = (match[1] or match[2] or match[3]).casefold()
        key = _NAMES.get(spelled)
        if key is None:
            known = ", ".join(KEYS)
            raise UserError("There is no option {key}; there are {known}.", key=echo(spelled), known=known)
        if key in given:
            raise UserError("{key} is given twice; say it once.", key=spelled)
        given[key] = Given(spelled, text[match.end() : end])
        if not given[key].text.strip(" \"'\u201c\u201d,;"):
            raise _nothing(key, spelled)
    return given, text[: starts[0]]


def _nothing(key: str, spelled: str) -> UserError:
    example = f"{spelled}={EXAMPLES[key]}"
    return UserError("{key} has no value; say for example {example}.", key=spelled, example=example)
