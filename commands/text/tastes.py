"""Write a taste in words: what is liked and less liked, what led to a picture, and what taste is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from commands.chat import Translate
from commands.i18n import N_, translator
from commands.parsing.labels import label
from commands.services.context import Services
from commands.services.tastes import CHANCE, TASTE, Lift, Liking, Portrait, Why
from engine.vocabulary import Vocabulary

SHOWN = 3
"""Names of the kinds."""
EVEN = (0.95, 1.05)
"""Between these a thing is neither liked nor disliked."""
_LABELS: Mapping[str, str] = MappingProxyType(
    {"style": N_("Styles"), "color": N_("Colors"), "category": N_("Motifs"), "scene": N_("Scenes")}
)
_OPENED: Mapping[str, str] = MappingProxyType(
    {"style": N_("style"), "color": N_("colors"), "shape": N_("shape"), "scene": N_("scene")}
)
_DONE: Mapping[str, str] = MappingProxyType(
    {
        "favourite": N_("favourite"),
        "upscale": N_("upscaled"),
        "send": N_("sent to you"),
        "vary": N_("varied"),
        "blend": N_("blended"),
    }
)
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "aircraft": N_("aircraft"),
        "animals": N_("animals"),
        "birds": N_("birds"),
        "boats": N_("boats"),
        "body": N_("body"),
        "buildings": N_("buildings"),
        "clothing": N_("clothing"),
        "drinks": N_("drinks"),
        "fantasy": N_("fantasy"),
        "food": N_("food"),
        "games": N_("games"),
        "geometric": N_("geometric shapes"),
        "home": N_("things at home"),
        "insects": N_("insects"),
        "music": N_("music"),
        "nature": N_("nature"),
        "people": N_("people"),
        "plants": N_("plants"),
        "science": N_("science"),
        "sea life": N_("sea life"),
        "sky": N_("sky"),
        "sports": N_("sports"),
        "things": N_("things"),
        "vehicles": N_("vehicles"),
    }
)
"""The categories of shapes."""


def lines(portrait: Portrait, services: Services, locale: str) -> Iterator[str]:
    """List the most liked of each kind, then the least liked of all."""
    for kind, name in _LABELS.items():
        found = [each for each in portrait.likings if each.kind == kind and each.times > EVEN[1]]
        if found:
            yield f"{services.translate(name)}: {_listed(found[:SHOWN], services, locale)}"
    less = [each for each in reversed(portrait.likings) if each.times < EVEN[0]]
    if less:
        yield services.translate("Less liked: {names}", names=_listed(less[:SHOWN], services, locale))


def reasons(why: Why, services: Services, locale: str) -> Iterator[str]:
    """Say what led to a picture."""
    translate = services.translate
    kinds = ", ".join(translate(_OPENED[kind]) for kind in why.opened)
    if why.slice == TASTE:
        yield translate("Your taste chose: {kinds}.", kinds=kinds)
    elif why.slice == CHANCE:
        yield translate("Your taste had no say in this picture: its words, its seed or chance decided.")
    else:
        yield translate(
            "Chance chose on purpose: {kinds}. One picture in four ignores your taste,"
            " to see whether taste helps.",
            kinds=kinds,
        )
    yield translate("How much I think you like it: {names}", names=_listed(why.likings, services, locale))
    if why.evidence:
        near = ", ".join(f"{number} ({translate(_DONE[verb])})" for verb, number in why.evidence)
        yield translate("It is most like these of yours: {near}.", near=near)


def worth(lift: Lift, translate: Translate) -> str:
    """Say what taste is worth, for admins."""
    if lift.ratio is None:
        return translate(
            "It is too early to tell: taste chose {taste} pictures so far, and chance {control}.",
            taste=lift.taste.shown,
            control=lift.control.shown,
        )
    return translate(
        "People favourited {liked} of {shown} pictures that taste chose, and {other} of {all} that chance"
        " chose: {ratio} times as many (95 % interval: {low} to {high}).",
        liked=lift.taste.favourites,
        shown=lift.taste.shown,
        other=lift.control.favourites,
        all=lift.control.shown,
        ratio=f"{lift.ratio:.2f}",
        low=f"{lift.low:.2f}",
        high=f"{lift.high:.2f}",
    )


def name_of(liking: Liking, vocabulary: Vocabulary, locale: str) -> str:
    """Name the liked thing in a language."""
    if liking.kind == "category":
        return translator(locale)(CATEGORIES.get(liking.name, liking.name))
    return label(vocabulary, liking.kind, liking.name, locale)


def _listed(likings: Sequence[Liking], services: Services, locale: str) -> str:
    return ", ".join(
        f"{name_of(each, services.vocabulary, locale)} ×{each.times:.1f} ({each.low:.1f}–{each.high:.1f})"
        for each in likings
    )
