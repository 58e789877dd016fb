"""Write the audit in words: what was changed, for whom, and the values before and after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from commands.chat import Ask, Translate
from commands.i18n import N_
from commands.services.context import Act
from commands.services.quotas import NAMES, RuleSubject
from commands.text.quotas import say, set_in_words, whose_words


@dataclass(frozen=True, slots=True)
class ActWords:
    """An act in the reader's language. what: kind of change; whose: whom it was made for"""

    what: str
    whose: str
    before: str
    now: str


def act_words(act: Act, ask: Ask, translate: Translate) -> ActWords:
    """ask: from who reads it, in the server where it happened"""
    what = translate(_WHAT[act.action]) if act.action in _WHAT else act.action
    told = (_told(act, act.before, translate), _told(act, act.after, translate))
    return ActWords(what, _whose(act, ask, translate), *told)


def _whose(act: Act, ask: Ask, translate: Translate) -> str:
    if act.action == "quota":
        return say(whose_words(RuleSubject.from_mark(act.subject, ask.server), ask), translate)
    return translate("This server") if act.subject == ask.server else act.subject


def _told(act: Act, kept: str, translate: Translate) -> str:
    if act.action == "cancel":
        return translate(_STATES[kept]) if kept in _STATES else kept
    if act.action == "block":
        return kept or translate("not blocked")
    if act.action in _PICTURES:
        there, gone = _PICTURES[act.action]
        return translate(there, numbers=kept) if kept else translate(gone)
    values = _mapping(kept)
    if values is None:
        return kept
    if act.action == "quota":
        return set_in_words({name: values[name] for name in NAMES if name in values}, translate)
    unset = translate("not set")
    return "; ".join(f"{key}={unset if value is None else value}" for key, value in values.items())


def _mapping(kept: str) -> Mapping[str, int | None] | None:
    """Return a stored JSON object; None when it is none."""
    try:
        values = json.loads(kept)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


_WHAT = {
    "quota": N_("quota"),
    "settings": N_("settings"),
    "cancel": N_("cancelling"),
    "delete": N_("deleting"),
    "spoiler": N_("hiding"),
    "block": N_("blocking"),
}
_STATES = {"queued": N_("waiting"), "running": N_("being painted"), "cancelled": N_("cancelled")}
_PICTURES = {
    "delete": (N_("Picture {numbers}"), N_("deleted")),
    "spoiler": (N_("Picture {numbers} hidden"), N_("shown")),
}
"""With a picture's number, and without."""
