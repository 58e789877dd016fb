"""/paint: turn words into a job in the queue."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from commands.chat import Answer, Ask
from commands.checks import check_line, most_pixels, with_wishes, within_size
from commands.command import Command
from commands.i18n import N_
from commands.parsing.line import SURPRISES, understand, whole
from commands.parsing.said import notes
from commands.policy.content import ContentPolicy
from commands.requests import OPTIONS, kinds_in, request
from commands.services.context import Services


async def _run(ask: Ask, services: Services) -> Answer:
    """Queue the request. Raises UserError for words that cannot be read and for limits."""
    # Reads that wait together share one turn of the database.
    rules, kept, most = await asyncio.gather(
        services.settings.of(ask.server), services.settings.of(ask.person), most_pixels(ask, services)
    )
    seed, allowed = services.fresh_seed(), ContentPolicy.of(rules)
    check_line(ask, allowed, services.vocabulary)
    told = understand(ask.words, services.vocabulary, ask.locale)
    said = asked = told.asked
    if whole(ask.words) not in SURPRISES:
        asked = with_wishes(said, kept, allowed, services.vocabulary)
    asked = within_size(asked, said, most)
    choice = await services.tastes.choose(ask, asked, seed, allowed)
    # The seeds of several pictures follow each other, so that their line paints them again.
    if asked.seed is None and asked.count == 1:
        choice = replace(choice, pictures=(await services.jobs.best(choice.pictures[0]),))
    beside = notes(told, services.vocabulary, ask.locale)
    answer, fresh = await request(ask, choice.pictures, rules, services, beside)
    if fresh and answer.job:
        # Writes that wait together share one commit.
        await asyncio.gather(
            services.tastes.chosen(answer.job, choice),
            services.tastes.asked(ask, kinds_in(said), choice.pictures[0]),
        )
    return answer


COMMAND = Command(
    name="paint",
    aliases=("画", "imagine", "draw"),
    summary=N_("Paint a picture. What you leave out is chosen for you."),
    run=_run,
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
