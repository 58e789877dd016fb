"""Check requests against the rules of a server, and apply a person's usual wishes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from commands.chat import Ask, Phrase, UserError
from commands.i18n import N_, listed
from commands.parsing.labels import label
from commands.parsing.line import parse
from commands.parsing.sanitize import MAX_LINE, echo
from commands.policy.blocklist import is_pattern
from commands.policy.content import Breach, ContentPolicy
from commands.services.context import Services
from engine.conditions import DEFAULT_SIZE, Asked, Conditions
from engine.vocabulary import Vocabulary

_WISHES = ("style", "color", "size", "ar")
LOCKED = N_("This server is fit for children and takes nothing about {topic}; please ask for something else.")
NEVER = N_("I paint nothing that shows children in a sexual way, on any server.")
BLOCKED = N_("A rule of this server blocks {word}; please ask for something else.")
BLOCKED_QUIETLY = N_("A rule of this server blocks a word in that; please ask for something else.")
LIVING = N_(
    "{artist} is alive, so I do not imitate them; name a movement near theirs in their place: {styles}."
)
TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "nudity": N_("nudity and sex"),
        "violence": N_("violence"),
        "self-harm": N_("self-harm"),
        "weapons": N_("weapons"),
        "drugs": N_("drugs"),
        "alcohol-tobacco": N_("alcohol and tobacco"),
        "gambling": N_("gambling"),
        "hate": N_("hate"),
        "swearing": N_("swearing"),
    }
)
"""Names of the topics of the shipped lists."""
_SEED = re.compile(r"\bseed=\d+")


def with_wishes(
    said: Asked, kept: Mapping[str, str], allowed: ContentPolicy, vocabulary: Vocabulary
) -> Asked:
    """Add a person's usual wishes where they said nothing and the server allows them. kept: their settings"""
    line = " ".join(f"{key}={kept[key]}" for key in _WISHES if key in kept)
    usual = parse(line, vocabulary)
    liked = {"style": [name for name, _ in usual.style or ()], "color": usual.colors or ()}
    fits = {kind: all(allowed.lets(kind, name) for name in names) for kind, names in liked.items()}
    return replace(
        said,
        style=said.style or (usual.style if fits["style"] else None),
        colors=said.colors or (usual.colors if fits["color"] else None),
        size=said.size or usual.size,
        aspect=said.aspect or usual.aspect,
    )


def within_size(asked: Asked, said: Asked, most: int | None) -> Asked:
    """Reduce the size to `most` pixels where the person said no size themselves."""
    if said.size is not None or most is None or (asked.size or DEFAULT_SIZE) <= most:
        return asked
    return replace(asked, size=most)


async def most_pixels(ask: Ask, services: Services) -> int | None:
    """Return the longest side that the person may ask for; None without a limit."""
    return (await services.quotas.limits_of(ask))["size"].amount


def within_styles(asked: Asked, allowed: ContentPolicy, seed: int) -> Asked:
    """Choose a style of the server's list, if it has one and the style was left open."""
    styles = [each for each in allowed.styles if allowed.lets("style", each)]
    if asked.style is not None or not styles:
        return asked
    seed = seed if asked.seed is None else asked.seed
    return replace(asked, style=((styles[seed % len(styles)], 1.0),))


def check_line(ask: Ask, allowed: ContentPolicy, vocabulary: Vocabulary) -> None:
    """Raise UserError for words that break a rule, before anybody reads or repeats them."""
    _refuse(allowed.breach(ask.words[: MAX_LINE + 1]), ask, allowed, vocabulary)


def _refuse(breach: Breach | None, ask: Ask, allowed: ContentPolicy, vocabulary: Vocabulary) -> None:
    """Raise UserError that names the rule, if one is broken."""
    if breach is None:
        return
    if breach.artist is not None:
        names = [label(vocabulary, "style", each, ask.locale) for each in breach.artist.styles]
        raise UserError(LIVING, artist=breach.artist.name, styles=listed(names, ask.locale))
    if breach.topic in TOPICS:
        raise UserError(LOCKED, topic=Phrase(TOPICS[breach.topic]))
    if breach.topic:
        raise UserError(NEVER)
    # Under the child-safe lock, only admins may read which words are blocked.
    if allowed.is_child_safe or is_pattern(breach.entry):
        raise UserError(BLOCKED_QUIETLY)
    raise UserError(BLOCKED, word=echo(breach.entry) or "?")


def check_pictures(
    ask: Ask, line: str, pictures: Sequence[Conditions], rules: Mapping[str, str], vocabulary: Vocabulary
) -> None:
    """Raise UserError for what the server does not allow. rules: its settings"""
    channels = [each for each in rules.get("channels", "").split(",") if each]
    if channels and not {ask.channel, ask.room} & set(channels):
        raise UserError("An admin lets me paint only in other channels of this server.")
    allowed = ContentPolicy.of(rules)
    styles = allowed.styles
    if styles and any(name not in styles for each in pictures for name, _ in each.style):
        names = [label(vocabulary, "style", name, ask.locale) for name in styles]
        raise UserError("This server allows these styles only: {styles}.", styles=listed(names, ask.locale))
    # The line shows a seed that nobody chose.
    said = f"{ask.words[: MAX_LINE + 1]} {_SEED.sub('', line)}"
    breaches = (allowed.breach(said), *(allowed.picture_breach(each) for each in pictures))
    _refuse(next(filter(None, breaches), None), ask, allowed, vocabulary)


def may_change(ask: Ask, person: str, server: str) -> bool:
    """Return whether the asker may cancel or delete what `person` asked for in `server`."""
    return ask.person == person or (ask.server == server and (ask.is_admin or ask.is_moderator))
