"""What a person typed after /paint -> what they asked for, and back.

`style=ink color=blue,gold`, 「风格=水墨 颜色=蓝」, plain sentences in nine languages and the manners of other
bots may be mixed. Nothing else than a `UserError` is raised, whatever the text.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from commands.chat import Phrase, UserError
from commands.i18n import N_
from commands.parsing import emoji, grammar, manners, meaning, shapes, values
from commands.parsing.figures import Gathered, Subject, gathered
from commands.parsing.lexicon import Lexicon
from commands.parsing.sanitize import MAX_LINE, echo, readable
from commands.parsing.tables import DATA
from commands.parsing.tokens import Reader, Token
from engine.conditions import (
    DEFAULT_SIZE,
    MAX_CHAOS,
    MAX_COLORS,
    MAX_COUNT,
    MAX_SIZE,
    PLACES,
    SCALES,
    TIMES,
    WEATHERS,
    Asked,
    Conditions,
    Other,
)
from engine.styles import style_named
from engine.vocabulary import Vocabulary

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
LETTERED = "poster"
"""The style in which words are lettered where none was said."""
NATURAL = "natural"
"""The value of `color` that leaves everything in its own colors."""
GREETED = tuple(
    map(
        Phrase,
        (
            N_("two birds over a mountain"),
            N_("a red fox in the snow"),
            N_("a castle at night in watercolor"),
        ),
    )
)
"""What a greeting proposes."""
_TALK = tomllib.loads((DATA / "talk.toml").read_text("utf-8"))
SURPRISES, GREETINGS, THANKS, HELPS = (
    frozenset(_TALK[each]["words"]) for each in ("surprises", "greetings", "thanks", "helps")
)
"""Lines that leave everything open, whatever a person's usual wishes are; and those that are small talk."""
_LISTED = {"place": PLACES, "time": TIMES, "weather": WEATHERS, "scale": SCALES}
_SCALARS: Mapping[str, Callable[[str, str], Any]] = MappingProxyType(
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
_NUMBER_AFTER = re.compile(r"([^\W\d_]+):(1[0-2]|[1-9])(?![\w:.])")
"""The number of "bird:2" in a sentence."""
_QUOTED = re.compile(
    '["\u201c\u201d\u201e\u00ab\u300c\u300e]([^"\u201c\u201d\u00bb\u300d\u300f]+)["\u201c\u201d\u00bb\u300d\u300f]'
)


@dataclass(frozen=True, slots=True)
class Given:
    """A value given by key. spelled: the key as the person wrote it, one of `KEYS`."""

    spelled: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a word was read. kind: "word" for a typing error, "thing", "place", or "style" for an artist"""

    said: str
    read: str
    kind: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What a line asks for, and what became of its words.

    subjects: the figures, the main one first; left_out: words that were not used
    silent: those of them that say nothing of a picture, such as "4k"; pixels: width and height, where said
    """

    asked: Asked
    subjects: tuple[Subject, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    left_out: tuple[str, ...] = ()
    silent: frozenset[str] = frozenset()
    pixels: tuple[int, int] | None = None


def parse(words: str, vocabulary: Vocabulary, locale: str = "en") -> Asked:
    """What was asked; see `understand`."""
    return understand(words, vocabulary, locale).asked


def understand(words: str, vocabulary: Vocabulary, locale: str = "en") -> Understood:
    """What was asked, and how. Raises UserError, in one sentence with a way out, for what cannot be read.

    locale: the reader's language, which decides where words may be of several
    """
    lexicon = Lexicon(vocabulary, locale)
    text = readable(emoji.spelled(words[: MAX_LINE + 1], lexicon.tables))
    if len(words) > MAX_LINE or len(text) > 2 * MAX_LINE:
        raise UserError("That line is too long; please say it in {most} characters or fewer.", most=MAX_LINE)
    said = whole(text)
    if said in SURPRISES:
        return Understood(Asked())
    if said in GREETINGS:
        raise greeting()
    styles = frozenset(word.name for word in vocabulary.words("style"))
    tidy = manners.tidied(text, styles)
    given, plain = split_options(tidy.text)
    whole_line = _QUOTED.fullmatch(plain.strip())
    plain = str(whole_line[1]) if whole_line and not given else plain
    for key, value in tidy.given.items():
        given.setdefault(key, Given(key, value))
    return _Line(lexicon, tidy, given, plain, bool(words.strip())).read()


def greeting() -> UserError:
    """The answer to a line that only greets."""
    return UserError(
        "Hello! Tell me what to paint, for example {one}, {two} or {three}.",
        **dict(zip(("one", "two", "three"), GREETED, strict=True)),
    ).hinting("", GREETED)


def whole(text: str) -> str:
    """A line as the tables of whole lines spell it."""
    return " ".join(readable(text).casefold().split()).strip(" .!?。！？~,")


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


class _Line:
    def __init__(
        self, lexicon: Lexicon, tidy: manners.Tidied, given: Mapping[str, Given], plain: str, said: bool
    ) -> None:
        self.lexicon, self.tidy, self.given, self.said = lexicon, tidy, given, said
        self.named: dict[str, list[values.Named]] = {kind: [] for kind in ("style", "color", "scene")}
        self.mentions: list[grammar.Mention] = []
        self.scalars: dict[str, Any] = {}
        self.bare, self.natural = False, False
        self.sentence = [plain]
        self.quoted: list[str] = []

    def read(self) -> Understood:
        for key, value in self.given.items():
            self._read_value(key, value)
        text = self._unquoted(" \n ".join(self.sentence))
        reading = self._reading(_NUMBER_AFTER.sub(r"\2 \1,", text))
        self._keep_out(reading)
        told = gathered([*self.mentions, *reading.mentions])
        says = self.given or reading.says_something or self.tidy.size or reading.without or self.quoted
        if not (told.subjects or says):
            self._refuse(reading)
        asked = self._lettered(self._asked(reading, told))
        reading.left_out += [*told.crowded_out, *self.tidy.dropped, *self.quoted]
        read_as = tuple(ReadAs(said, read, kind) for said, (read, kind) in reading.read_as.items())
        left_out = tuple(dict.fromkeys(reading.left_out))
        return Understood(
            asked, told.subjects, read_as, left_out, frozenset(reading.silent), self._pixels(asked)
        )

    def _read_value(self, key: str, value: Given) -> None:
        if key == "shape" and (none := re.match(rf"\s*{shapes.NONE}\b", value.text)):
            self.bare, rest = True, value.text[none.end() :]
        elif key == "color" and (none := re.match(rf"\s*{NATURAL}\b", value.text)):
            self.natural, rest = True, value.text[none.end() :]
        elif key == "shape":
            self.mentions, rest = shapes.read_shapes(value.text, self.lexicon)
        elif key in self.named:
            self.named[key], rest = values.read_names(key, value.text, self.lexicon)
        elif key == "text":
            self.scalars[key], rest = values.lettering(value.spelled, value.text), ""
        elif key == "without":
            self.tidy.without += f", {value.text}"
            rest = ""
        else:
            text, rest = values.read_scalar(value.text)
            self.scalars[key] = _SCALARS[key](value.spelled, text)
        self.sentence.append(rest)

    def _unquoted(self, text: str) -> str:
        """The words that are not in quotation marks; those in them are lettered, if anything is."""
        self.quoted += [match[1].strip() for match in _QUOTED.finditer(text) if match[1].strip()]
        return _QUOTED.sub(", ", text)

    def _lettered(self, asked: Asked) -> Asked:
        """With the words to letter into the picture, where its style letters; `LETTERED` if none was said."""
        text = self.scalars.get("text") or next(iter(filter(values.can_be_lettered, self.quoted)), "")
        style = asked.style or ((LETTERED, 1.0),)
        if not text or not style_named(style[0][0]).letters:
            self.quoted += _some(self.scalars.get("text", ""))
            return asked
        self.quoted = [each for each in self.quoted if each != text]
        return replace(asked, text=text, style=style, shape=asked.shape or "")

    def _reading(self, text: str) -> grammar.Reading:
        reader = Reader(self.lexicon.tables, self.lexicon.vocabulary, self.lexicon.locale)
        tokens = [self._open(each) for each in reader.tokens(text)]
        return grammar.read(meaning.words(tokens, self.lexicon.tables), self.lexicon.tables)

    def _open(self, token: Token) -> Token:
        """A word that may be two things is rather one that was not given by key."""
        taken = {"thing" if key == "shape" else key for key in self.given}
        rest = tuple(each for each in token.senses if each.kind not in taken)
        return replace(token, senses=rest) if rest and len(token.senses) > 1 else token

    def _keep_out(self, reading: grammar.Reading) -> None:
        """What `--no` and `without=` name."""
        if not self.tidy.without:
            return
        listed = [each.strip() for each in self.tidy.without.split(",")]
        exact = [each for each in listed if self._is_a_name(each)]
        reading.without += exact
        named = self._reading(", ".join(each for each in listed if each not in exact))
        names = [*(each.category or each.name for each in named.mentions), *named.kinds]
        reading.without += [*names, *named.colors, named.place, named.time, named.weather, *named.without]
        reading.left_out += named.left_out if not named.kinds else []
        reading.without = [each for each in reading.without if each]

    def _is_a_name(self, text: str) -> bool:
        names = (*PLACES, *TIMES, *WEATHERS)
        return text in names or any(self.lexicon.vocabulary.has(kind, text) for kind in ("shape", "color"))

    def _refuse(self, reading: grammar.Reading) -> None:
        if reading.left_out:
            raise self.lexicon.unknown_words(reading.left_out)
        if self.said and not any(each.isalnum() for each in "".join(self.sentence)):
            raise UserError(
                "I can read no word in that; say for example {example}, or {anything} to leave it all to me.",
                example="a blue fish in ink",
                anything="surprise",
            )

    def _asked(self, reading: grammar.Reading, told: Gathered) -> Asked:
        self._trim(reading, told)
        names = [each.name for each in self.named["color"]]
        scene = values.only_scene(
            [*(each.name for each in self.named["scene"]), *_some(reading.scene)][:2], self.lexicon
        )
        asked = Asked(
            style=values.style_mix(self.named["style"], reading.styles),
            colors=self._palette([*names, *reading.colors], told, reading),
            scene=scene,
            counted=told.counted,
            place=self.scalars.get("place") or reading.place or None,
            time=self.scalars.get("time") or reading.time or None,
            weather=self.scalars.get("weather") or reading.weather or None,
            scale=self.scalars.get("scale") or told.scale or None,
            without=tuple(dict.fromkeys(reading.without)),
            seed=self.scalars.get("seed"),
            chaos=self.scalars.get("chaos"),
            count=self.scalars.get("count") or min(reading.count or 1, MAX_COUNT),
            **self._frame(),
        )
        return replace(asked, **self._figures(asked, told, reading))

    def _trim(self, reading: grammar.Reading, told: Gathered) -> None:
        """No more styles and colors than a picture can have."""
        room = values.MAX_STYLES - len(self.named["style"])
        reading.left_out += reading.styles[max(0, room) :]
        reading.styles = reading.styles[: max(0, room)]
        room = MAX_COLORS - len(self.named["color"]) - len(told.colors)
        reading.left_out += list(dict.fromkeys(reading.colors))[max(0, room) :]
        reading.colors = list(dict.fromkeys(reading.colors))[: max(0, room)]

    def _palette(
        self, said: Sequence[str], told: Gathered, reading: grammar.Reading
    ) -> tuple[str, ...] | None:
        """The picture's colors: those of one subject alone are its own and the picture's."""
        if self.natural or reading.natural:
            return ()
        if self.named["color"]:
            return values.color_list(said)
        if len(told.subjects) < 2:
            return values.color_list([*told.colors, *said])
        if all(each.color for each in told.subjects):
            return values.color_list([*told.colors, *said])
        return values.color_list(said) or (() if told.colors else None)

    def _figures(self, asked: Asked, told: Gathered, reading: grammar.Reading) -> dict[str, Any]:
        if not told.subjects:
            # Where somebody named a thing that cannot be painted, chance paints no other one.
            bare = self.bare or reading.missing or _is_bare(asked)
            return {"shape": "" if bare else None} | _only_a_place(asked)
        main, *others = told.subjects
        return {
            "shape": main.name,
            "number": main.number,
            "color": main.color,
            "others": tuple(Other(each.name, each.number, each.relation, each.color) for each in others),
        }

    def _frame(self) -> dict[str, Any]:
        """Size and aspect."""
        size = self.tidy.size
        width, height = self.scalars.get("width"), self.scalars.get("height")
        if width or height:
            size = (int(width or height or 0), int(height or width or 0))
            if not manners.in_bounds(*size):
                raise UserError(
                    "The sides are {low} to {high} pixels, the longer at most {most} times the shorter.",
                    low=256,
                    high=MAX_SIZE,
                    most=4,
                )
        if size:
            share = math.gcd(*size)
            return {"size": max(size), "aspect": (size[0] // share, size[1] // share)}
        return {"size": self.scalars.get("size"), "aspect": self.scalars.get("ar")}

    def _pixels(self, asked: Asked) -> tuple[int, int] | None:
        if asked.size is None and asked.aspect is None:
            return None
        longer, (across, down) = asked.size or DEFAULT_SIZE, asked.aspect or (1, 1)
        return round(longer * across / max(across, down)), round(longer * down / max(across, down))


def _some(text: str) -> list[str]:
    return [text] if text else []


def _is_bare(asked: Asked) -> bool:
    """Whether only surroundings or an abstract were asked for: no figure then."""
    abstract = asked.style is not None and all(name == "abstract" for name, _ in asked.style)
    return bool(asked.place or asked.time or asked.weather or abstract or asked.scene == "landscape")


def _only_a_place(asked: Asked) -> dict[str, Any]:
    """A time, a weather or a landscape without more is seen over open land."""
    told = asked.time or asked.weather or asked.scene == "landscape"
    return {"place": "landscape"} if told and not asked.place else {}


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
        shared["shape"] = shapes.value_of(pictures[0], counted=_may_be_counted(pictures))
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
        "color": ",".join(conditions.colors) or NATURAL,
        "shape": shapes.value_of(conditions),
        "scene": conditions.scene,
        "place": conditions.place,
        "time": conditions.time,
        "weather": conditions.weather,
        "scale": conditions.scale,
        "text": conditions.text,
        "without": ",".join(conditions.without),
        "seed": str(conditions.seed),
        "size": "" if conditions.size == DEFAULT_SIZE else str(conditions.size),
        "ar": "" if conditions.aspect == (1, 1) else "{}:{}".format(*conditions.aspect),
        "chaos": str(conditions.chaos or ""),
    }


def _line(options: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in options.items() if value)
