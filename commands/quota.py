"""/quota: show how much somebody may ask for; admins change it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from commands.chat import Answer, Ask, UserError
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import echo, readable
from commands.services.context import Services
from commands.services.quotas import (
    CHANNEL,
    NAMES,
    OF_TOTAL,
    PERSON,
    RANGES,
    ROLE,
    SERVER,
    TOTAL,
    Limits,
    QuotaStatus,
    Rule,
    RuleSubject,
)
from commands.text.quotas import in_words, set_in_words, some_in_words, whose_words

SHOW, SET, RESET, USED, RULES = ACTIONS = ("show", "set", "reset", "used", "rules")
NONE = ("none", "off", "无", "無", "不限")
"""Words that lift a limit."""
USUAL = ("default", "usual", "默认", "預設")
"""Words that unset a limit, so that the next rule holds."""
EXAMPLE = "/quota server daily=200"
SIGNS = MappingProxyType({"#": CHANNEL, "&": ROLE})
"""Signs that adapters put before the id of a picked or mentioned channel or role."""


def _words(spellings: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    return {word: name for name, words in spellings for word in (name, *words)}


_ACTIONS = _words(
    [
        (SHOW, ("查看",)),
        (SET, ("设置", "設置")),
        (RESET, ("重置",)),
        (USED, ("用量",)),
        (RULES, ("规则", "規則")),
    ]
)
_LIMITS = _words(
    [
        ("daily", ("day", "每日", "每天")),
        ("per_minute", ("per-minute", "minute", "每分钟", "每分鐘")),
        ("concurrent", ("at-a-time", "同时", "同時")),
        ("size", ("尺寸", "大小")),
        ("count", ("数量", "數量")),
    ]
)
_ALL = _words([(SERVER, ("服务器", "伺服器")), (TOTAL, ("together", "总量", "總量"))])
_KINDS = _words([(ROLE, ("身份组", "身分組")), (CHANNEL, ("频道", "頻道")), (PERSON, ("人",))])
_THIS_CHANNEL = ("here", "这里", "這裡")
_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")


@dataclass(frozen=True, slots=True)
class QuotaRequest:
    """A parsed /quota line.

    action: one of `ACTIONS`; whose: None when nobody is named
    limits: new values by name, None lifts a limit; without: names of limits that are taken back
    """

    action: str
    whose: RuleSubject | None
    limits: Limits
    without: frozenset[str] = frozenset()


def read_request(ask: Ask) -> QuotaRequest:
    """Read `[action] [whose] [limit=N|none|default ...]` in any order. Raises UserError."""
    actions: set[str] = set()
    named: set[RuleSubject] = set()
    said: dict[str, str] = {}
    for word in re.sub(r"\s*=\s*", "=", readable(ask.words)).split():
        word = word.removeprefix("action=").removeprefix("subject=")
        key, equals, value = word.partition("=")
        if not equals and word.casefold() in _ACTIONS:
            actions.add(_ACTIONS[word.casefold()])
        elif not equals or key.casefold() in _KINDS:
            named.add(_whose(ask, _KINDS.get(key.casefold(), "") if equals else "", value or word))
        elif (name := _limit(key)) in said:
            raise UserError("{key} is given twice; say it once.", key=name)
        else:
            said[name] = value
    if len(named) > 1 or len(actions) > 1:
        raise UserError("One limit at a time, please, for example {example}.", example=EXAMPLE)
    return _wish(next(iter(actions), SET if said else SHOW), next(iter(named), None), said)


def _wish(action: str, whose: RuleSubject | None, said: dict[str, str]) -> QuotaRequest:
    """Make the request. Raises UserError for parts that do not go together."""
    if whose is None and action in (SET, RESET):
        raise UserError(
            "Say whose limit: server, total, a person, a role or a channel, for example {example}.",
            example=EXAMPLE,
        )
    if bool(said) != (action == SET):
        raise UserError("Set new limits with set only, for example {example}.", example=EXAMPLE)
    if whose is not None and action in (USED, RULES):
        raise UserError("/quota {action} is about the whole server; type it alone.", action=action)
    if whose is not None and whose.kind == TOTAL and not said.keys() <= set(OF_TOTAL):
        raise UserError("size and count are limits of one request; set them for server.")
    without = frozenset(name for name, value in said.items() if value.casefold() in USUAL)
    limits = {name: _amount(name, value) for name, value in said.items() if name not in without}
    return QuotaRequest(action, whose, limits, without)


def _whose(ask: Ask, kind: str, word: str) -> RuleSubject:
    """Read the subject of a rule. Raises UserError. kind: said before it, if anything"""
    if not kind and word.casefold() in _ALL:
        return RuleSubject(_ALL[word.casefold()], ask.server)
    if kind in ("", CHANNEL) and word.casefold() in _THIS_CHANNEL:
        return RuleSubject(CHANNEL, ask.room)
    signed = SIGNS.get(word[:1], "")
    subject = word[1:] if signed else word
    platform, _, rest = subject.partition(":")
    known = platform == ask.server.partition(":")[0] and _ID.fullmatch(rest)
    if not known or signed not in ("", kind or signed):
        raise UserError(
            "I cannot read {word}; say for example {example}.", word=echo(word) or "?", example=EXAMPLE
        )
    found = RuleSubject(kind or signed or PERSON, subject)
    if found.kind != ROLE:
        return found
    if not ask.has_roles:
        raise UserError("There are no roles here; name a person, a channel or server.")
    # The role that everybody has bears the id of the server.
    return RuleSubject(SERVER, ask.server) if subject == ask.server else found


def _limit(key: str) -> str:
    name = _LIMITS.get(key.casefold())
    if name is None:
        raise UserError(
            "There is no limit {key}; there are {known}.", key=echo(key) or "?", known=", ".join(NAMES)
        )
    return name


def _amount(name: str, value: str) -> int | None:
    if value.casefold() in NONE:
        return None
    low, high = RANGES[name]
    if not re.fullmatch(r"[0-9]{1,7}", value) or not low <= int(value) <= high:
        raise UserError(
            "{key} is a whole number from {low} to {high}, or none, or default.", key=name, low=low, high=high
        )
    return int(value)


MOST_SPENT = 20
"""Most people in a list of who used what."""
MOST_RULES = 40
"""Most rules in a list; more do not fit into one message everywhere."""

_WORDS = (NONE[0], USUAL[0])
_SUMMARIES = (
    ("daily", N_("Pictures a day; none lifts the limit, default takes it back")),
    ("per_minute", N_("Pictures a minute; none lifts the limit, default takes it back")),
    ("concurrent", N_("Requests that wait or are painted at a time; none lifts the limit")),
    ("size", N_("Pixels of the longer side of a picture; none lifts the limit")),
    ("count", N_("Pictures of one request; none lifts the limit")),
)


async def _run(ask: Ask, services: Services) -> Answer:
    """Show or change limits. Raises UserError for words that cannot be read, and without the right."""
    wish = read_request(ask)
    own = wish.action == SHOW and (wish.whose is None or _is_own(ask, wish.whose))
    if not ask.is_admin and not own:
        raise UserError("Only an admin of this server may do that; /quota alone shows your own limits.")
    if wish.whose is None:
        text = await _HERE[wish.action](ask, services)
    else:
        text = await _FOR[wish.action](wish, wish.whose, ask, services)
    return Answer(text, private=True)


def _is_own(ask: Ask, whose: RuleSubject) -> bool:
    return whose.kind == PERSON and whose.id in (ask.person, ask.account)


async def _show_all(ask: Ask, services: Services) -> str:
    """Show the person's own limits and the server's total."""
    subjects = (RuleSubject(PERSON, ask.person), RuleSubject(TOTAL, ask.server))
    return "\n".join([await _show(QuotaRequest(SHOW, None, {}), each, ask, services) for each in subjects])


async def _show(wish: QuotaRequest, whose: RuleSubject, ask: Ask, services: Services) -> str:
    if _is_own(ask, whose):
        status, own = await services.quotas.status(ask), ""
    else:
        status, own = await services.quotas.view(ask, whose), whose.kind
    translate = services.translate
    limits = in_words(status, own, ask.names, translate)
    return translate("{who}: {limits}", who=whose_words(whose, ask), limits=limits)


async def _set(wish: QuotaRequest, whose: RuleSubject, ask: Ask, services: Services) -> str:
    before, now = await services.quotas.change(ask, whose, wish.limits, wish.without)
    said = {*wish.limits, *wish.without}
    told = [some_in_words(each, said, whose.kind, ask.names, services.translate) for each in (before, now)]
    who = whose_words(whose, ask)
    return services.translate("{who}: now {after}; before: {before}.", who=who, before=told[0], after=told[1])


async def _reset(wish: QuotaRequest, whose: RuleSubject, ask: Ask, services: Services) -> str:
    """Delete a rule. Usage still counts; to allow more today, an admin sets a higher limit."""
    if not _own_limits(await services.quotas.view(ask, whose), whose):
        raise UserError("No rule is set for that; /quota rules lists those that are.")
    before, now = await services.quotas.change(ask, whose, {}, NAMES)
    gone = _own_limits(before, whose)
    told = [some_in_words(each, gone, whose.kind, ask.names, services.translate) for each in (before, now)]
    return services.translate(
        "{who}: rule removed; today's usage still counts. Now {after}; before: {before}.",
        who=whose_words(whose, ask),
        before=told[0],
        after=told[1],
    )


def _own_limits(status: QuotaStatus, whose: RuleSubject) -> set[str]:
    """Return the names of the limits that the rule itself sets."""
    return {name for name, limit in status.limits.items() if limit.whose.kind == whose.kind}


async def _used(ask: Ask, services: Services) -> str:
    spent, total = await services.quotas.spent(ask, MOST_SPENT)
    translate = services.translate
    head = translate("Pictures asked for today (UTC) by all of this server together: {total}.", total=total)
    people = ((whose_words(RuleSubject(PERSON, each.account), ask), each.pictures) for each in spent)
    lines = [translate("{who}: {pictures}", who=who, pictures=pictures) for who, pictures in people]
    return "\n".join([head, *lines])


async def _rules(ask: Ask, services: Services) -> str:
    rules = await services.quotas.rules(ask)
    if not rules:
        return services.translate("No rule is set here; the usual limits hold.")
    return "\n".join(_rule(each, ask, services) for each in rules[:MOST_RULES])


def _rule(rule: Rule, ask: Ask, services: Services) -> str:
    who, limits = whose_words(rule.whose, ask), set_in_words(rule.limits, services.translate)
    return services.translate("{who}: {limits}", who=who, limits=limits)


_HERE: Mapping[str, Callable[[Ask, Services], Awaitable[str]]] = MappingProxyType(
    {SHOW: _show_all, USED: _used, RULES: _rules}
)
_FOR: Mapping[str, Callable[[QuotaRequest, RuleSubject, Ask, Services], Awaitable[str]]] = MappingProxyType(
    {SHOW: _show, SET: _set, RESET: _reset}
)

COMMAND = Command(
    name="quota",
    aliases=("配额",),
    summary=N_("See how much you may ask for; admins set it."),
    run=_run,
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
