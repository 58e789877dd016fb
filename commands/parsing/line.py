"""What a person typed after /paint -> what they asked for.

`style=ink color=blue,gold`, 「风格=水墨 颜色=蓝」, plain sentences in nine languages and the manners of other
bots may be mixed. Nothing else than a `UserError` is raised, whatever the text.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from commands.chat import Phrase, UserError
from commands.i18n import N_
from commands.parsing import emoji, grammar, manners, meaning, shapes, values
from commands.parsing.figures import Gathered, Subject, gathered
from commands.parsing.lexicon import Lexicon
from commands.parsing.options import NATURAL, SCALARS, Given, split_options
from commands.parsing.reading import Mention, Reading
from commands.parsing.sanitize import MAX_LINE, readable
from commands.parsing.tables import DATA
from commands.parsing.tokens import Reader, Token
from engine.conditions import (
    DEFAULT_SIZE,
    MAX_COLORS,
    MAX_COUNT,
    MAX_SIZE,
    PLACES,
    TIMES,
    WEATHERS,
    Asked,
    Other,
)
from engine.styles import style_named
from engine.vocabulary import Vocabulary

LETTERED = "poster"
"""The style in which words are lettered where none was said."""
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
_NUMBER_AFTER = re.compile(r"([^\W\d_]+):(1[0-2]|[1-9])(?![\w:.])")
"""The number of "bird:2" in a sentence."""
_QUOTED = re.compile(
    '["\u201c\u201d\u201e\u00ab\u300c\u300e]([^"\u201c\u201d\u00bb\u300d\u300f]+)["\u201c\u201d\u00bb\u300d\u300f]'
)


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


class _Line:
    def __init__(
        self, lexicon: Lexicon, tidy: manners.Tidied, given: Mapping[str, Given], plain: str, said: bool
    ) -> None:
        self.lexicon, self.tidy, self.given, self.said = lexicon, tidy, given, said
        self.named: dict[str, list[values.Named]] = {kind: [] for kind in ("style", "color", "scene")}
        self.mentions: list[Mention] = []
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
            self.scalars[key] = SCALARS[key](value.spelled, text)
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

    def _reading(self, text: str) -> Reading:
        reader = Reader(self.lexicon.tables, self.lexicon.vocabulary, self.lexicon.locale)
        tokens = [self._open(each) for each in reader.tokens(text)]
        return grammar.read(meaning.words(tokens, self.lexicon.tables), self.lexicon.tables)

    def _open(self, token: Token) -> Token:
        """A word that may be two things is rather one that was not given by key."""
        taken = {"thing" if key == "shape" else key for key in self.given}
        rest = tuple(each for each in token.senses if each.kind not in taken)
        return replace(token, senses=rest) if rest and len(token.senses) > 1 else token

    def _keep_out(self, reading: Reading) -> None:
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

    def _refuse(self, reading: Reading) -> None:
        if reading.left_out:
            raise self.lexicon.unknown_words(reading.left_out)
        if self.said and not any(each.isalnum() for each in "".join(self.sentence)):
            raise UserError(
                "I can read no word in that; say for example {example}, or {anything} to leave it all to me.",
                example="a blue fish in ink",
                anything="surprise",
            )

    def _asked(self, reading: Reading, told: Gathered) -> Asked:
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

    def _trim(self, reading: Reading, told: Gathered) -> None:
        """No more styles and colors than a picture can have."""
        room = values.MAX_STYLES - len(self.named["style"])
        reading.left_out += reading.styles[max(0, room) :]
        reading.styles = reading.styles[: max(0, room)]
        room = MAX_COLORS - len(self.named["color"]) - len(told.colors)
        reading.left_out += list(dict.fromkeys(reading.colors))[max(0, room) :]
        reading.colors = list(dict.fromkeys(reading.colors))[: max(0, room)]

    def _palette(self, said: Sequence[str], told: Gathered, reading: Reading) -> tuple[str, ...] | None:
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

    def _figures(self, asked: Asked, told: Gathered, reading: Reading) -> dict[str, Any]:
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
