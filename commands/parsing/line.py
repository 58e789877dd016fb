"""What a person typed after /paint -> what they asked for, and back.

`style=ink color=blue,gold`, 「风格=水墨 颜色=蓝」 and plain sentences
(`commands/parsing/sentence.py`) may be mixed.
Nothing else than a `UserError` is raised, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from commands.chat import UserError
from commands.parsing import shapes as figures
from commands.parsing import values
from commands.parsing.emoji import shapes_shown
from commands.parsing.lexicon import KINDS, Lexicon, pieces
from commands.parsing.sanitize import MAX_LINE, echo, readable
from commands.parsing.sentence import read_sentence
from engine.conditions import DEFAULT_SIZE, MAX_CHAOS, MAX_COUNT, MAX_SEED, Asked, Conditions
from engine.vocabulary import Vocabulary

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "style": ("style", "styles", "风格", "風格", "样式", "画风", "畫風"),
        "color": ("color", "colour", "colors", "colours", "颜色", "顏色", "色彩"),
        "shape": ("shape", "subject", "形状", "形狀", "主题", "主題"),
        "scene": ("scene", "场景", "場景", "构图", "構圖"),
        "seed": ("seed", "种子", "種子"),
        "size": ("size", "尺寸", "大小"),
        "ar": ("ar", "aspect", "ratio", "比例", "长宽比", "長寬比"),
        "count": ("count", "number", "n", "数量", "數量", "张数", "張數"),
        "chaos": ("chaos", "混乱", "混亂", "变化", "變化"),
    }
)
"""How each key may be spelled; capitals do not matter."""
EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "style": "ink",
        "color": "blue,gold",
        "shape": "fish",
        "scene": "landscape",
        "seed": "7",
        "size": "1024",
        "ar": "3:2",
        "count": "2",
        "chaos": "20",
    }
)
_SCALARS: Mapping[str, Callable[[str, str], Any]] = MappingProxyType(
    {
        "seed": partial(values.whole_number, low=0, high=MAX_SEED),
        "size": values.size,
        "ar": values.aspect,
        "count": partial(values.whole_number, low=1, high=MAX_COUNT),
        "chaos": partial(values.whole_number, low=0, high=MAX_CHAOS),
    }
)
_FIELDS = {"ar": "aspect"}
_NAMES = {spelling: key for key, spellings in KEYS.items() for spelling in spellings}


def _either(spellings: Sequence[str]) -> str:
    return "|".join(sorted(spellings, key=len, reverse=True))


# A Chinese key may follow a word without a space; an unknown key is told from a word by its "=" alone.
_KEY = re.compile(
    rf"(?:({_either([each for each in _NAMES if not each.isascii()])})"
    rf"|(?<![^\W_])({_either([each for each in _NAMES if each.isascii()])}))\s*[=:]+\s*"
    r"|(?<![^\W_])([a-z_][a-z0-9_-]*)\s*=+\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Given:
    """A value given by key. spelled: the key as the person wrote it, one of `KEYS`."""

    spelled: str
    text: str


def parse(words: str, vocabulary: Vocabulary, locale: str = "en") -> Asked:
    """What was asked. Raises UserError, in one sentence with a way out, for what cannot be read.

    locale: the reader's language, in which an error names the nearest known words
    """
    text = readable(words[: MAX_LINE + 1])
    if max(len(words), len(text)) > MAX_LINE:
        raise UserError("That line is too long; please say it in {most} characters or fewer.", most=MAX_LINE)
    given, plain = _split(text)
    if words.strip() and not given and next(pieces(plain, 0), None) is None:
        given, plain = {"shape": Given("shape", shapes_shown(plain, vocabulary))}, ""
    return _read(given, plain, Lexicon(vocabulary, locale))


def _split(text: str) -> tuple[dict[str, Given], str]:
    """The text after each key up to the next one, and the plain words before the first."""
    matches = list(_KEY.finditer(text))
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


def _read(given: Mapping[str, Given], plain: str, lexicon: Lexicon) -> Asked:
    named: dict[str, list[values.Named]] = {kind: [] for kind in KINDS}
    mentions: list[figures.Mention] = []
    scalars: dict[str, Any] = {}
    sentence = [plain]
    for key, value in given.items():
        if key == "shape":
            mentions, rest = figures.read_shapes(value.text, lexicon)
        elif key in KINDS:
            named[key], rest = values.read_names(key, value.text, lexicon)
        else:
            text, rest = values.read_scalar(value.text)
            scalars[_FIELDS.get(key, key)] = _SCALARS[key](value.spelled, text)
        sentence.append(rest)
    said = read_sentence("\n".join(sentence), lexicon, given)
    everything = {kind: [*(each.name for each in named[kind]), *said.names[kind]] for kind in KINDS}
    return Asked(
        style=values.style_mix(named["style"], said.names["style"]),
        colors=values.color_list(everything["color"] or [each.tint for each in mentions if each.tint]),
        scene=values.only_scene(everything["scene"], lexicon),
        counted=figures.are_counted([*mentions, *said.shapes]),
        **figures.gathered([*mentions, *said.shapes]),
        **scalars,
    )


def line_of(conditions: Conditions) -> str:
    """The line that paints exactly this picture again."""
    return _line(_options(conditions))


def line_of_request(pictures: Sequence[Conditions]) -> str:
    """The line that asks for these pictures again: what they share, the first seed, and how many."""
    first, *others = (_options(each) for each in pictures)
    shared = {
        key: value
        for key, value in first.items()
        if key == "seed" or all(each[key] == value for each in others)
    }
    if "shape" in shared and "scene" not in shared:
        shared["shape"] = figures.value_of(pictures[0], counted=_may_be_counted(pictures))
    return _line(shared | ({"count": str(len(pictures))} if others else {}))


def _may_be_counted(pictures: Sequence[Conditions]) -> bool:
    """Whether a number that is said would leave these scenes to chance as they are."""
    said = Asked(number=pictures[0].number, others=pictures[0].others, counted=True)
    return all(each.scene in said.open_scenes for each in pictures)


def _options(conditions: Conditions) -> dict[str, str]:
    """Every key with its value; an empty one stands for what is understood without being said."""
    style = "+".join(name if share == 1 else f"{name}:{share:g}" for name, share in conditions.style)
    return {
        "style": style,
        "color": ",".join(conditions.colors),
        "shape": figures.value_of(conditions),
        "scene": conditions.scene,
        "seed": str(conditions.seed),
        "size": "" if conditions.size == DEFAULT_SIZE else str(conditions.size),
        "ar": "" if conditions.aspect == (1, 1) else "{}:{}".format(*conditions.aspect),
        "chaos": str(conditions.chaos or ""),
    }


def _line(options: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in options.items() if value)
