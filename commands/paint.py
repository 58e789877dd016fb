"""/paint: from words to a job in the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from commands.chat import Answer, Ask
from commands.checks import allowance, check, check_words, with_wishes, within_size
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.line import line_of_request, parse
from commands.parsing.sanitize import readable
from commands.services.context import Context
from commands.text.results import waiting
from engine.conditions import MAX_CHAOS, MAX_COUNT, MAX_SEED, MAX_SIZE, MIN_SIZE, Asked, Conditions

SURPRISE = ("surprise", "惊喜", "驚喜")
"""Words that leave everything open, whatever a person's usual wishes are."""


async def run(ask: Ask, context: Context) -> Answer:
    """Accept the request. Raises UserError for words that cannot be read and for limits."""
    seed, allowed = context.fresh_seed(), await allowance(ask, context)
    check_words(ask, allowed)
    if readable(ask.words).casefold() in SURPRISE:
        said = asked = Asked()
    else:
        said = parse(ask.words, context.vocabulary, ask.locale)
        asked = await with_wishes(said, ask, allowed, context)
    asked = await within_size(asked, said, ask, context)
    choice = await context.tastes.choose(ask, asked, seed, allowed)
    # The seeds of several pictures follow each other, so that their line paints them again.
    if asked.seed is None and asked.count == 1:
        choice = replace(choice, pictures=(await context.jobs.best(choice.pictures[0]),))
    answer, fresh = await request(ask, choice.pictures, context)
    if fresh and answer.job:
        # Both at once share one commit, and the person is answered after it.
        await asyncio.gather(
            context.tastes.chosen(answer.job, choice),
            context.tastes.asked(ask, kinds_in(said), choice.pictures[0]),
        )
    return answer


def kinds_in(said: Asked) -> tuple[str, ...]:
    """What was asked for in words, of style, color, shape and scene."""
    given = {"style": said.style, "color": said.colors, "shape": said.shape, "scene": said.scene}
    return tuple(kind for kind, value in given.items() if value)


async def request(ask: Ask, pictures: Sequence[Conditions], context: Context) -> tuple[Answer, bool]:
    """Have pictures painted: what is said at once, and whether the request is new. Raises UserError."""
    line = line_of_request(pictures)
    await check(ask, line, pictures, context)
    accepted = await context.jobs.accept(ask, line, pictures)
    answer = waiting(accepted.line, accepted.job, accepted.ahead, accepted.due, context.translate)
    return answer, accepted.fresh


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
)
COMMAND = Command(
    name="paint",
    aliases=("画",),
    summary=N_("Paint a picture. What you leave out is chosen for you."),
    run=run,
    options=OPTIONS,
    examples=(
        "/paint style=ink color=blue shape=fish",
        "/paint a blue fish in ink",
        "/paint two birds over a mountain in ink",
        "/paint style=ink:2+ukiyo-e color=teal,gold shape=crane ar=3:2 count=4",
        "/paint surprise",
        "/paint shape=bird:2+mountain scene=landscape",
        "/paint 水墨 蓝色 鱼",
    ),
)
