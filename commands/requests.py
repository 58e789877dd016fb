"""Share among commands the options of a picture, the request to paint, and finding one picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from commands.chat import Answer, Ask, Picture, UserError
from commands.checks import check_pictures
from commands.command import Option
from commands.i18n import N_
from commands.parsing.said import joined, says_of
from commands.parsing.sanitize import MAX_LINE, echo, readable
from commands.parsing.written import line_of_request
from commands.services.context import Record, Services
from commands.text.results import waiting
from engine.conditions import (
    MAX_CHAOS,
    MAX_COUNT,
    MAX_SEED,
    MAX_SIZE,
    MIN_SIZE,
    PLACES,
    SCALES,
    TIMES,
    WEATHERS,
    Asked,
    Conditions,
)

OPTIONS = (
    Option("words", "text", N_("What to paint, in plain words"), bare=True),
    Option("style", "style", N_("How it is painted")),
    Option("color", "color", N_("The ruling color; more after commas")),
    Option("shape", "shape", N_("What is in it")),
    Option("scene", "scene", N_("How it is arranged")),
    Option("seed", "number", N_("The same seed and words give the same picture"), 0, MAX_SEED),
    Option("size", "number", N_("Pixels of the longer side"), MIN_SIZE, MAX_SIZE),
    Option("ar", "text", N_("Width to height, for example 3:2")),
    Option("count", "number", N_("How many pictures"), 1, MAX_COUNT),
    Option("chaos", "number", N_("How far it may stray"), 0, MAX_CHAOS),
    Option("place", "choice", N_("Where it is"), choices=PLACES),
    Option("time", "choice", N_("The time of day"), choices=TIMES),
    Option("weather", "choice", N_("What the weather is like"), choices=WEATHERS),
    Option("scale", "choice", N_("How large the main figure is"), choices=SCALES),
    Option("text", "text", N_("Words to letter into it, in a poster, a linocut or pixels")),
    Option("without", "text", N_("What must not be in it")),
    Option("width", "number", N_("Pixels across"), 1, MAX_SIZE),
    Option("height", "number", N_("Pixels down"), 1, MAX_SIZE),
)
_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
PICTURE = Option("picture", "text", N_("The picture's number"), bare=True)
PICTURE_OR_LAST = Option(
    "picture", "text", N_("The number of the picture; the last one here if left out"), bare=True
)
NO_PICTURE = N_("There is no picture here yet; ask me for one first, for example {example}.")
WISH = "a red fox in the snow"
_NAME = re.compile(r"[#№]?[0-9]{1,12}|[a-z]+:\S+:\S+|(?![a-z]+$)[\w-]{16}", re.ASCII)
"""A picture's number, a post's id, or a picture's id."""


def kinds_in(said: Asked) -> tuple[str, ...]:
    """Return the kinds that were asked for in words, of style, color, shape and scene."""
    given = {"style": said.style, "color": said.colors, "shape": said.shape, "scene": said.scene}
    return tuple(kind for kind, value in given.items() if value)


async def request(
    ask: Ask, pictures: Sequence[Conditions], rules: Mapping[str, str], services: Services, notes: str = ""
) -> tuple[Answer, bool]:
    """Queue pictures; return the first answer and whether the request is new. Raises UserError.

    rules: the server's settings; notes: what became of the person's words
    """
    line = line_of_request(pictures)
    check_pictures(ask, line, pictures, rules, services.vocabulary)
    sentence = says_of(pictures, services.vocabulary, ask.locale)
    says = joined((sentence, notes), services.vocabulary, ask.locale)
    accepted = await services.jobs.accept(ask, says, pictures)
    answer = waiting(accepted.says, accepted.job, accepted.ahead, accepted.due, services.translate)
    return answer, accepted.fresh


def account_named(ask: Ask, word: str, example: str) -> str:
    """Return the account, on the platform of the ask, that a word names. Raises UserError."""
    platform, _, rest = word.partition(":")
    if platform != ask.server.partition(":")[0] or not _ID.fullmatch(rest):
        raise UserError(
            "I cannot read {word}; say for example {example}.", word=echo(word) or "?", example=example
        )
    return word


async def named_or_last(ask: Ask, services: Services) -> tuple[Record, str]:
    """Return the picture that a line begins with, or the last one in the channel, and the rest of the line.

    Raises UserError when there is none.
    """
    said = readable(ask.words[: MAX_LINE + 1])
    word, _, rest = said.partition(" ")
    if _NAME.fullmatch(word):
        return await find_one(ask, word, services), rest.strip()
    return await last_there(ask, services), said


async def last_there(ask: Ask, services: Services) -> Record:
    """Return the last picture in the channel. Raises UserError when there is none."""
    last = await services.pictures.last(ask)
    if last is None:
        raise UserError(NO_PICTURE, example=WISH)
    return last


async def find_one(ask: Ask, word: str, services: Services) -> Record:
    """Return the one picture that a person means. Raises UserError."""
    return only(await services.pictures.find(ask, word))


def only(found: Sequence[Record]) -> Record:
    """Return the one picture. Raises UserError if there are several."""
    if len(found) > 1:
        raise UserError("Which of these do you mean: {numbers}?", numbers=numbers_of(found))
    return found[0]


def numbers_of(found: Sequence[Record | Picture]) -> str:
    """List the numbers of pictures."""
    return ", ".join(str(each.number) for each in found)
