"""/taste: what a person likes, as far as Easel can tell from their favourites."""

from __future__ import annotations

from collections.abc import Mapping

from commands.chat import Answer, Ask, UserError
from commands.cleaning import echo, readable
from commands.command import Command, Option
from commands.context import Context
from commands.words import N_

SHOWN = 3
"""Names a kind."""
_SHOW = ("", "show", "查看")
_LABELS = {
    "style": N_("Styles"),
    "color": N_("Colors"),
    "shape": N_("Shapes"),
    "scene": N_("Scenes"),
}


async def run(ask: Ask, context: Context) -> Answer:
    """Say what was favourited most. Raises UserError for anything but `show`."""
    word = readable(ask.words).casefold()
    if word not in _SHOW:
        raise UserError("There is no /taste {word} yet; say /taste show.", word=echo(word) or "?")
    likes = await context.tastes.likes(ask.person)
    lines = [_line(kind, likes[kind], context, ask.locale) for kind in _LABELS if likes.get(kind)]
    if not lines:
        return Answer(
            context.translate("No favourites yet: give a picture a heart, and I start to learn."),
            private=True,
        )
    return Answer("\n".join([context.translate("What you favourite most:"), *lines]), private=True)


def _line(kind: str, counts: Mapping[str, int], context: Context, locale: str) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    names = ", ".join(f"{context.vocabulary.label(kind, name, locale)} ×{count}" for name, count in ranked)
    return f"{context.translate(_LABELS[kind])}: {names}"


COMMAND = Command(
    name="taste",
    aliases=("口味",),
    summary=N_("See what you favourite most."),
    run=run,
    options=(Option("action", "choice", N_("What to do"), choices=("show",), bare=True),),
    examples=("/taste show",),
)
