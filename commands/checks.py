"""What holds where a request is made: a person's usual wishes, and the rules of a server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from commands.chat import Ask, UserError
from commands.i18n import N_, listed
from commands.parsing.line import parse
from commands.parsing.sanitize import readable
from commands.policy.content import ContentPolicy
from commands.services.context import Services
from engine.conditions import DEFAULT_SIZE, Asked, Conditions

_WISHES = ("style", "color", "size", "ar")
UNWANTED = N_("This server does not allow that; please ask for something else.")
_SEED = re.compile(r"\bseed=\d+")


async def with_wishes(asked: Asked, ask: Ask, allowed: ContentPolicy, services: Services) -> Asked:
    """What was asked, with the person's usual wishes where they said nothing and the server allows them."""
    kept = await services.settings.of(ask.person)
    line = " ".join(f"{key}={kept[key]}" for key in _WISHES if key in kept)
    usual = parse(line, services.vocabulary)
    liked = {"style": [name for name, _ in usual.style or ()], "color": usual.colors or ()}
    fits = {kind: all(allowed.lets(kind, name) for name in names) for kind, names in liked.items()}
    return replace(
        asked,
        style=asked.style or (usual.style if fits["style"] else None),
        colors=asked.colors or (usual.colors if fits["color"] else None),
        size=asked.size or usual.size,
        aspect=asked.aspect or usual.aspect,
    )


async def within_size(asked: Asked, said: Asked, ask: Ask, services: Services) -> Asked:
    """What was asked, no larger than the person may ask for where they said no size themselves."""
    most = await most_pixels(ask, services)
    if said.size is not None or most is None or (asked.size or DEFAULT_SIZE) <= most:
        return asked
    return replace(asked, size=most)


async def most_pixels(ask: Ask, services: Services) -> int | None:
    """Of the longer side, that the person may ask for; None for as many as can be painted."""
    return (await services.quotas.limits_of(ask))["size"].amount


async def allowance(ask: Ask, services: Services) -> ContentPolicy:
    """What the server lets be asked for and chosen."""
    return ContentPolicy.of(await services.settings.of(ask.server))


def within_styles(asked: Asked, allowed: ContentPolicy, seed: int) -> Asked:
    """What was asked, with a style of the server's list where it has one and the style was left open."""
    styles = [each for each in allowed.styles if allowed.lets("style", each)]
    if asked.style is not None or not styles:
        return asked
    seed = seed if asked.seed is None else asked.seed
    return replace(asked, style=((styles[seed % len(styles)], 1.0),))


def check_line(ask: Ask, allowed: ContentPolicy) -> None:
    """Raises UserError for words that the server does not want, before anybody reads or repeats them."""
    if not allowed.lets_say(readable(ask.words).casefold()):
        raise UserError(UNWANTED)


async def check(ask: Ask, line: str, pictures: Sequence[Conditions], services: Services) -> None:
    """Raises UserError for what the server does not want."""
    rules = await services.settings.of(ask.server)
    channels = [each for each in rules.get("channels", "").split(",") if each]
    if channels and not {ask.channel, ask.room} & set(channels):
        raise UserError("An admin lets me paint only in other channels of this server.")
    allowed = ContentPolicy.of(rules)
    styles = allowed.styles
    if styles and any(name not in styles for each in pictures for name, _ in each.style):
        names = [services.vocabulary.label("style", name, ask.locale) for name in styles]
        raise UserError("This server allows these styles only: {styles}.", styles=listed(names, ask.locale))
    # A seed that chance drew says nothing.
    said = f"{readable(ask.words)} {_SEED.sub('', line)}".casefold()
    if not allowed.lets_say(said) or not all(map(allowed.lets_all, pictures)):
        raise UserError(UNWANTED)


def may_change(ask: Ask, person: str, server: str) -> bool:
    """Whether what `person` asked for in `server` is the asker's to cancel or delete."""
    return ask.person == person or (ask.server == server and (ask.is_admin or ask.is_moderator))
