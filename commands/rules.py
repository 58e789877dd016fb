"""What holds where a request is made: a person's usual wishes, and the rules of a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from commands.chat import Ask, UserError
from commands.cleaning import readable
from commands.context import Context
from commands.parsing import parse
from commands.patterns import entries, stands_in
from commands.words import listed
from engine.conditions import DEFAULT_SIZE, Asked, Conditions

_WISHES = ("style", "color", "size", "ar")


async def with_wishes(asked: Asked, ask: Ask, context: Context) -> Asked:
    """What was asked, with the person's usual wishes where they said nothing."""
    kept = await context.settings.of(ask.person)
    line = " ".join(f"{key}={kept[key]}" for key in _WISHES if key in kept)
    usual = parse(line, context.vocabulary)
    return replace(
        asked,
        style=asked.style or usual.style,
        colors=asked.colors or usual.colors,
        size=asked.size or usual.size,
        aspect=asked.aspect or usual.aspect,
    )


async def within_size(asked: Asked, said: Asked, ask: Ask, context: Context) -> Asked:
    """What was asked, no larger than the person may ask for where they said no size themselves."""
    most = (await context.quotas.standing(ask)).held["size"].amount
    if said.size is not None or most is None or (asked.size or DEFAULT_SIZE) <= most:
        return asked
    return replace(asked, size=most)


async def allowed_styles(ask: Ask, context: Context) -> Sequence[str]:
    """The styles of the server, nothing where all are allowed."""
    return _several(await context.settings.of(ask.server), "styles")


def within_styles(asked: Asked, allowed: Sequence[str], seed: int) -> Asked:
    """What was asked, with an allowed style where the style was left open. allowed: nothing for all"""
    if asked.style is not None or not allowed:
        return asked
    seed = seed if asked.seed is None else asked.seed
    return replace(asked, style=((allowed[seed % len(allowed)], 1.0),))


async def check(ask: Ask, line: str, pictures: Sequence[Conditions], context: Context) -> None:
    """Raises UserError for what the server does not want."""
    rules = await context.settings.of(ask.server)
    channels = _several(rules, "channels")
    if channels and not {ask.channel, ask.room} & set(channels):
        raise UserError("An admin of this server lets me paint in other channels only.")
    allowed = _several(rules, "styles")
    if allowed and any(name not in allowed for each in pictures for name, _ in each.style):
        names = [context.vocabulary.label("style", name, ask.locale) for name in allowed]
        raise UserError("This server allows these styles only: {styles}.", styles=listed(names, ask.locale))
    said = f"{readable(ask.words)} {line}".casefold()
    if any(stands_in(entry, said) for entry in entries(rules.get("blocked", ""))):
        raise UserError("That is not wanted on this server; please ask for something else.")


def _several(settings: Mapping[str, str], key: str) -> list[str]:
    return [each for each in settings.get(key, "").split(",") if each]
