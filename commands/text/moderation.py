"""Write what moderators see of a reported picture."""

from __future__ import annotations

from commands.chat import Button, Picture, Post, Translate
from commands.i18n import N_

KEEP = "keep"
DECISIONS = (
    ("report", f"{KEEP} {{picture}}", "✅", N_("Keep it")),
    ("delete", "{picture}", "🗑️", N_("Delete")),
    ("block", "{account} {reason}", "⛔", N_("Block the person")),
)
"""Verb, words, sign and label of what can be done with a reported picture."""
BECAUSE = N_("reported picture {number}")


def reported_post(picture: Picture, account: str, reason: str, translate: Translate) -> Post:
    """Return a reported picture with what can be done. account: who asked for it; reason: may be empty"""
    number = picture.number
    if reason:
        said = translate("Picture {number} was reported: {reason}", number=number, reason=reason)
    else:
        said = translate("Picture {number} was reported.", number=number)
    because = translate(BECAUSE, number=number)
    told = {"picture": picture.id, "account": account, "reason": because}
    buttons = tuple(
        Button(verb, words.format(**told), translate(label), sign, picture.id)
        for verb, words, sign, label in DECISIONS
    )
    who = translate("Asked for by {person}", person=account)
    return Post(said, (who,), (picture,), buttons)
