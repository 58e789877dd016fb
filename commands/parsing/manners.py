"""How people talk to other art bots: "/imagine prompt: a fox --ar 3:2 --v 6 (red:1.3)"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.conditions import MAX_ASPECT, MAX_SIZE, MIN_SIZE

_GREETING = re.compile(
    r"^\s*/?(?:imagine|draw|paint|dream)\b(?=\s*(?:prompt\b|$))\s*|^\s*/(?:imagine|draw|paint|dream)\b\s*",
    re.IGNORECASE,
)
_TAG = re.compile(r"\b(\d{1,2})(girls?|boys?|man|men|woman|women)\b", re.IGNORECASE)
_PROMPT = re.compile(r"\bprompt\s*[:=]\s*", re.IGNORECASE)
_DASHES = re.compile(
    r"(?<!\S)[\u2014\u2013\u2015]{1,2}\s?(?=[a-z])|(?<!\S)\u2014{0,1}-{1,2}(?=[a-z])", re.IGNORECASE
)
_FLAG = re.compile(r"(?<!\S)--([a-z][a-z_]*)(?:\s*[=:]\s*|\s+)?", re.IGNORECASE)
_SHORT = re.compile(r"(?<!\S)-(n|s|w|h|c)\s+(?=-?\d)", re.IGNORECASE)
_VALUE = re.compile(r"(?!-)\S*\d\S*")
_WORD = re.compile(r"(?!-)\S+")
_EXACT = re.compile(r"(?<![\w:.])(\d{3,4})\s?[x×*]\s?(\d{3,4})(?:\s?px)?(?![\w:])", re.IGNORECASE)
_RATIO = re.compile(r"(?<![\w:=.])(?<!ar )(?<!aspect )(\d{1,2})\s?[:]\s?(\d{1,2})(?![\w:])")
_BARE = re.compile(r"(?<=[=:])\s*(\d{1,2}):(\d{1,2})")
_WEIGHT = re.compile(
    r"\(+([^()]*?):\s*([\d.]+)\s*\)+|<(?:lora|lyco|hypernet)[^<>]*>|::\s?-?\d*\.?\d*", re.IGNORECASE
)
_OURS: Mapping[str, str] = MappingProxyType(
    {
        **{"ar": "ar", "aspect": "ar", "ratio": "ar", "seed": "seed", "chaos": "chaos", "c": "chaos"},
        **{"count": "count", "n": "count", "num": "count", "number": "count", "size": "size"},
        **{"width": "width", "w": "width", "height": "height", "h": "height", "no": "without"},
        **{"style": "style", "color": "color", "colour": "color", "shape": "shape", "scene": "scene"},
    }
)
"""Their flags that are options here."""
_TAKE_A_WORD = ("sampler", "sref", "cref", "p", "profile", "style", "model", "version", "v")
_WITHOUT = re.compile(r"[^-=]*")
_ITEM = re.compile(r"\s*[^\s,]+(?:\s*,\s*[^\s,]+)*")


@dataclass(slots=True)
class Tidied:
    """A line as people would say it here. given: options by their key; without: what is to be kept out

    dropped: what other bots understand and Easel does not; size: width and height in pixels
    """

    text: str
    given: dict[str, str] = field(default_factory=dict)
    without: str = ""
    dropped: list[str] = field(default_factory=list)
    size: tuple[int, int] | None = None


def tidied(text: str, styles: frozenset[str]) -> Tidied:
    """Read what other bots have people write. styles: names that `--style` may give"""
    text = _TAG.sub(r"\1 \2", text)
    text = _PROMPT.sub(" ", _GREETING.sub("", text))
    text = _SHORT.sub(r"--\1 ", _DASHES.sub("--", text))
    found = Tidied(text)
    found.text = _WEIGHT.sub(lambda match: _weight(match, found), found.text)
    _flags(found, styles)
    found.text = _EXACT.sub(lambda match: _size(match, found), found.text)
    if "ar" not in found.given and not re.search(r"(?:ar|aspect|ratio)\s*[=:]", found.text):
        found.text = _RATIO.sub(lambda match: _ratio(match, found), found.text, count=1)
    return found


def _weight(match: re.Match[str], found: Tidied) -> str:
    found.dropped.append(match[0].strip())
    return f" {match[1]} " if match[1] else ", "


def _flags(found: Tidied, styles: frozenset[str]) -> None:
    text, place, kept = found.text, 0, []
    while (flag := _FLAG.search(text, place)) is not None:
        kept.append(text[place : flag.start()])
        place = _read_flag(found, flag, text, styles, alone=not "".join(kept).strip())
    found.text = " ".join([*kept, text[place:]])


def _read_flag(found: Tidied, flag: re.Match[str], text: str, styles: frozenset[str], *, alone: bool) -> int:
    """Take a flag with its value; return where the text goes on."""
    name, end = flag[1].casefold(), flag.end()
    ours = _OURS.get(name)
    if ours == "without":
        kept_out = (_ITEM if alone else _WITHOUT).match(text, end)
        found.without += f", {kept_out[0]}" if kept_out else ""
        return kept_out.end() if kept_out else end
    value = (_WORD if ours or name in _TAKE_A_WORD else _VALUE).match(text, end)
    if ours and value and (ours != "style" or value[0].casefold() in styles):
        found.given[ours] = value[0].strip(",;")
    else:
        found.dropped.append(f"--{name} {value[0]}" if value else f"--{name}")
    return value.end() if value else end


def _size(match: re.Match[str], found: Tidied) -> str:
    width, height = int(match[1]), int(match[2])
    if not in_bounds(width, height):
        found.dropped.append(match[0])
    else:
        found.size = (width, height)
    return " "


def in_bounds(width: int, height: int) -> bool:
    """Whether pictures have such sides."""
    long, short = max(width, height), min(width, height)
    return MIN_SIZE <= long <= MAX_SIZE and short > 0 and long <= MAX_ASPECT * short


def _ratio(match: re.Match[str], found: Tidied) -> str:
    if (
        not int(match[1])
        or not int(match[2])
        or not 1 / MAX_ASPECT <= int(match[1]) / int(match[2]) <= MAX_ASPECT
    ):
        return match[0]
    found.given["ar"] = f"{match[1]}:{match[2]}"
    return " "
