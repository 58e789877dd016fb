"""/reroll, /vary, /upscale and /blend: make new pictures from existing ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from commands.change import paint_changed
from commands.chat import Answer, Ask, UserError
from commands.checks import check_line, most_pixels
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing import values
from commands.parsing.changes import changed
from commands.parsing.line import parse
from commands.parsing.revision import overlaid, wish_of
from commands.parsing.sanitize import MAX_LINE, readable
from commands.policy.content import AllowedChooser, ContentPolicy
from commands.requests import OPTIONS, PICTURE, PICTURE_OR_LAST, find_one, kinds_in, named_or_last, request
from commands.services.context import Record, Services
from engine.conditions import MAX_COLORS, MAX_COUNT, MAX_SEED, MAX_SIZE, Asked, Chooser, Conditions, complete

Make = Callable[[Sequence[Record], Asked, Chooser, int], Sequence[Conditions]]
"""Make new pictures from the named ones and the words; chooser and seed decide the rest."""
ACCENT_TRIES = 16
"""Seeds tried for a color, because most seeds leave colors natural."""
MAIN_SHARE = 0.7
"""The share of a picture's own styles in a variation; the rest is another style."""
OTHER = Option("other", "text", N_("The number of the other picture"), bare=True)
_CHANGES = tuple(each for each in OPTIONS if each.name in ("count", "size"))


def _runner(verb: str, count: int, make: Make) -> Callable[[Ask, Services], Awaitable[Answer]]:
    """Make a command's `run`. count: how many pictures must be named"""

    async def run(ask: Ask, services: Services) -> Answer:
        rules = await services.settings.of(ask.server)
        allowed = ContentPolicy.of(rules)
        check_line(ask, allowed, services.vocabulary)
        records, rest = await _named(verb, count, ask, services)
        old = records[0].conditions
        told = changed(rest, old, services.vocabulary, ask.locale, anew=True) if make is reroll else None
        if told:
            return await paint_changed(ask, old, told, services, records[0].id)
        asked = parse(rest, services.vocabulary, ask.locale)
        chooser = AllowedChooser(services.chooser, allowed)
        made = make(records, asked, chooser, services.fresh_seed())
        pictures = made if asked.size else _within(made, await most_pixels(ask, services), records, make)
        answer, fresh = await request(ask, pictures, rules, services)
        if fresh:
            await services.tastes.asked(ask, kinds_in(asked), pictures[0])
            for record in records:
                await services.tastes.react(ask, verb, True, [record.id])
        return answer

    return run


def _within(
    made: Sequence[Conditions], most: int | None, records: Sequence[Record], make: Make
) -> Sequence[Conditions]:
    """Limit pictures without an asked size to `most` pixels, unless that would make an enlargement none."""
    if most is None or (make is upscale and most <= records[0].conditions.size):
        return made
    return [replace(each, size=min(each.size, most)) for each in made]


async def _named(verb: str, count: int, ask: Ask, services: Services) -> tuple[list[Record], str]:
    """Return the pictures that a line begins with, and the rest of the line.

    A single picture that nobody names is the last one in the channel. Raises UserError for too few names, and
    for an unknown picture.
    """
    if count == 1:
        record, rest = await named_or_last(ask, services)
        return [record], rest
    said = readable(ask.words[: MAX_LINE + 1]).split(maxsplit=count)
    if len(said) < count or any("=" in each for each in said[:count]):
        raise UserError("Say which picture by its number, for example {example}.", example=f"/{verb} 7 12")
    return [await find_one(ask, word, services) for word in said[:count]], " ".join(said[count:])


def reroll(records: Sequence[Record], asked: Asked, chooser: Chooser, fresh: int) -> Sequence[Conditions]:
    """Repeat the request with another seed and what was said."""
    return complete(_over(records[0].conditions, asked, seed=None), chooser, fresh)


def vary(records: Sequence[Record], asked: Asked, chooser: Chooser, fresh: int) -> Sequence[Conditions]:
    """Keep the composition; mix in another style and another accent color."""
    wanted = _over(records[0].conditions, asked, seed=records[0].conditions.seed)
    base = complete(replace(wanted, count=1), chooser, fresh)[0]
    return [_varied(base, chooser, (fresh + k) & MAX_SEED) for k in range(asked.count)]


def upscale(records: Sequence[Record], asked: Asked, chooser: Chooser, fresh: int) -> Sequence[Conditions]:
    """Paint the same picture twice as large, or in the size that was said."""
    old = records[0].conditions
    if old.size == MAX_SIZE:
        raise UserError("That picture is as large as I can paint: {size} pixels.", size=MAX_SIZE)
    wanted = replace(asked, size=asked.size or min(2 * old.size, MAX_SIZE))
    return complete(_over(old, wanted, seed=old.seed), chooser, old.seed)


def blend(records: Sequence[Record], asked: Asked, chooser: Chooser, fresh: int) -> Sequence[Conditions]:
    """Paint what the first picture shows, arranged as in the second, in the styles and colors of both."""
    one, two = (each.conditions for each in records)
    shares: dict[str, float] = {}
    for name, share in (*one.style, *two.style):
        shares[name] = shares.get(name, 0) + share
    heaviest = sorted(shares.items(), key=lambda part: -part[1])[: values.MAX_STYLES]
    in_turn = [name for pair in zip(one.colors, two.colors, strict=False) for name in pair]
    colors = tuple(dict.fromkeys([*in_turn, *one.colors, *two.colors]))[:MAX_COLORS]
    size = max(one.size, two.size)
    mixed = replace(one, style=values.mix(dict(heaviest)), colors=colors, scene=two.scene, size=size)
    return complete(_over(mixed, asked, seed=None), chooser, fresh)


def _over(old: Conditions, said: Asked, seed: int | None) -> Asked:
    """Return a picture's conditions as a request, changed by what was said. seed: None for a new one"""
    return overlaid(replace(wish_of(old), seed=seed), said)


def _varied(base: Conditions, chooser: Chooser, seed: int) -> Conditions:
    own = {name: share * MAIN_SHARE for name, share in base.style[: values.MAX_STYLES - 1]}
    total = sum(own.values()) / MAIN_SHARE
    (other, _), *_ = chooser.style(Asked(), seed)
    shares = {name: share / total for name, share in own.items()}
    shares[other] = shares.get(other, 0) + 1 - MAIN_SHARE
    return replace(base, style=values.mix(shares), colors=_accented(base.colors, chooser, seed))


def _accented(colors: tuple[str, ...], chooser: Chooser, seed: int) -> tuple[str, ...]:
    """Add an accent to the colors; natural colors stay natural."""
    if not colors:
        return colors
    # Steps of MAX_COUNT, because the pictures of one request have neighboring seeds and should differ.
    seeds = ((seed + MAX_COUNT * turn) & MAX_SEED for turn in range(ACCENT_TRIES))
    drawn = (each for own in seeds for each in chooser.colors(Asked(), own))
    accent = next((each for each in drawn if each not in colors), None)
    return (*colors[: MAX_COLORS - 3], accent) if accent else colors


def _command(
    name: str, alias: str, summary: str, make: Make, named: tuple[Option, ...], examples: tuple[str, ...]
) -> Command:
    run = _runner(name, len(named), make)
    return Command(name, summary, run, (*named, *_CHANGES), aliases=(alias,), examples=examples)


REROLL = _command(
    "reroll",
    "重画",
    N_("Paint the same request again with another seed."),
    reroll,
    (PICTURE_OR_LAST,),
    ("/reroll 7", "/reroll", "/reroll 7 count=4", "/reroll 7 color=red", "/reroll 7 add two trees"),
)
VARY = _command(
    "vary",
    "变奏",
    N_("Keep a picture's composition, and vary its brushwork and colors."),
    vary,
    (PICTURE_OR_LAST,),
    ("/vary 7", "/vary 7 count=4"),
)
UPSCALE = _command(
    "upscale",
    "放大",
    N_("Paint a picture again at twice its size."),
    upscale,
    (PICTURE_OR_LAST,),
    ("/upscale 7", "/upscale 7 size=2048"),
)
BLEND = _command(
    "blend",
    "混合",
    N_("Paint what two pictures have in common."),
    blend,
    (PICTURE, OTHER),
    ("/blend 7 12",),
)
