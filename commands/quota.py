"""/quota: how much may be asked for, by whom; admins change it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from commands.chat import Answer, Ask, UserError
from commands.command import Command, Option
from commands.context import Context
from commands.limit_words import in_words, set_in_words, some_in_words, whose_words
from commands.limits import NAMES, PERSON, RANGES, TOTAL, Rule, Standing, Whose
from commands.quota_line import ACTIONS, NONE, RESET, RULES, SET, SHOW, USED, USUAL, Wish, read
from commands.words import N_

MOST_SPENT = 20
"""People in a list of who used what."""
MOST_RULES = 40
"""Rules in a list: more would not fit into one message everywhere."""

_WORDS = (NONE[0], USUAL[0])
_SUMMARIES = (
    ("daily", N_("Pictures a day; none lifts the limit, default takes it back")),
    ("per_minute", N_("Pictures a minute; none lifts the limit, default takes it back")),
    ("concurrent", N_("Requests that wait or are painted at a time; none lifts the limit")),
    ("size", N_("Pixels of the longer side of a picture; none lifts the limit")),
    ("count", N_("Pictures of one request; none lifts the limit")),
)


async def run(ask: Ask, context: Context) -> Answer:
    """Show limits and use, or change them. Raises UserError for what cannot be read or is not allowed."""
    wish = read(ask)
    own = wish.action == SHOW and (wish.whose is None or _is_own(ask, wish.whose))
    if not ask.is_admin and not own:
        raise UserError("Only an admin of this server may do that; /quota alone shows your own limits.")
    if wish.whose is None:
        text = await _HERE[wish.action](ask, context)
    else:
        text = await _FOR[wish.action](wish, wish.whose, ask, context)
    return Answer(text, private=True)


def _is_own(ask: Ask, whose: Whose) -> bool:
    return whose.kind == PERSON and whose.id in (ask.person, ask.account)


async def _show_all(ask: Ask, context: Context) -> str:
    """The person's own, and the server's total."""
    subjects = (Whose(PERSON, ask.person), Whose(TOTAL, ask.server))
    return "\n".join([await _show(Wish(SHOW, None, {}), each, ask, context) for each in subjects])


async def _show(wish: Wish, whose: Whose, ask: Ask, context: Context) -> str:
    if _is_own(ask, whose):
        standing, own = await context.quotas.standing(ask), ""
    else:
        standing, own = await context.quotas.view(ask, whose), whose.kind
    translate = context.translate
    limits = in_words(standing, own, ask.names, translate)
    return translate("{who}: {limits}", who=whose_words(whose, ask), limits=limits)


async def _set(wish: Wish, whose: Whose, ask: Ask, context: Context) -> str:
    before, now = await context.quotas.change(ask, whose, wish.limits, wish.without)
    said = {*wish.limits, *wish.without}
    told = [some_in_words(each, said, whose.kind, ask.names, context.translate) for each in (before, now)]
    who = whose_words(whose, ask)
    return context.translate("{who}: now {after}; before: {before}.", who=who, before=told[0], after=told[1])


async def _reset(wish: Wish, whose: Whose, ask: Ask, context: Context) -> str:
    """Take a rule away. What was used stays: who is to have more today is given a higher limit."""
    if not _own_limits(await context.quotas.view(ask, whose), whose):
        raise UserError("No rule is set for that; /quota rules lists those that are.")
    before, now = await context.quotas.change(ask, whose, {}, NAMES)
    gone = _own_limits(before, whose)
    told = [some_in_words(each, gone, whose.kind, ask.names, context.translate) for each in (before, now)]
    return context.translate(
        "{who}: the rule is taken away, and what was used today still counts. Now {after}; before: {before}.",
        who=whose_words(whose, ask),
        before=told[0],
        after=told[1],
    )


def _own_limits(standing: Standing, whose: Whose) -> set[str]:
    """Names of what the rule itself sets."""
    return {name for name, held in standing.held.items() if held.whose.kind == whose.kind}


async def _used(ask: Ask, context: Context) -> str:
    spent, total = await context.quotas.spent(ask, MOST_SPENT)
    translate = context.translate
    head = translate("Pictures asked for today (UTC) by all of this server together: {total}.", total=total)
    people = ((whose_words(Whose(PERSON, each.account), ask), each.pictures) for each in spent)
    lines = [translate("{who}: {pictures}", who=who, pictures=pictures) for who, pictures in people]
    return "\n".join([head, *lines])


async def _rules(ask: Ask, context: Context) -> str:
    rules = await context.quotas.rules(ask)
    if not rules:
        return context.translate("No rule is set here; the usual limits hold.")
    return "\n".join(_rule(each, ask, context) for each in rules[:MOST_RULES])


def _rule(rule: Rule, ask: Ask, context: Context) -> str:
    who, limits = whose_words(rule.whose, ask), set_in_words(rule.limits, context.translate)
    return context.translate("{who}: {limits}", who=who, limits=limits)


_HERE: Mapping[str, Callable[[Ask, Context], Awaitable[str]]] = MappingProxyType(
    {SHOW: _show_all, USED: _used, RULES: _rules}
)
_FOR: Mapping[str, Callable[[Wish, Whose, Ask, Context], Awaitable[str]]] = MappingProxyType(
    {SHOW: _show, SET: _set, RESET: _reset}
)

COMMAND = Command(
    name="quota",
    aliases=("配额",),
    summary=N_("See how much you may ask for; admins set it."),
    run=run,
    options=(
        Option("action", "choice", N_("What to do; without it, show or set"), choices=ACTIONS, bare=True),
        Option("subject", "subject", N_("Whose limit: a person, server for each, total for all"), bare=True),
        Option("role", "role", N_("Whose limit: each with this role")),
        Option("channel", "channel", N_("Whose limit: each, for what they ask for in this channel")),
        *(Option(name, "number", summary, *RANGES[name], choices=_WORDS) for name, summary in _SUMMARIES),
    ),
    examples=(
        "/quota",
        "/quota show server",
        "/quota server daily=20 per_minute=4 size=1024 count=2",
        "/quota total daily=500 concurrent=10",
        "/quota channel=here daily=none",
        "/quota reset channel=here",
        "/quota used",
        "/quota rules",
        "/quota server daily=none",
    ),
)
