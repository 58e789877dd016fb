"""What is said after /quota, read: an action, whose limits, and new values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from commands.chat import Ask, UserError
from commands.cleaning import echo, readable
from commands.limits import CHANNEL, NAMES, OF_TOTAL, PERSON, RANGES, ROLE, SERVER, TOTAL, Limits, Whose
from engine.conditions import SIZE_STEP

SHOW, SET, RESET, USED, RULES = ACTIONS = ("show", "set", "reset", "used", "rules")
NONE = ("none", "off", "无", "無", "不限")
"""Lifts a limit."""
USUAL = ("default", "usual", "默认", "預設")
"""Takes a limit back, so that the next rule holds."""
EXAMPLE = "/quota server daily=200"
SIGNS = MappingProxyType({"#": CHANNEL, "&": ROLE})
"""What adapters write before the id of a channel and of a role that was picked or mentioned."""


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
_HERE = ("here", "这里", "這裡")
_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said.

    action: one of `ACTIONS`; whose: None when nobody is named
    limits: new values by name, None lifts a limit; without: names of limits that are taken back
    """

    action: str
    whose: Whose | None
    limits: Limits
    without: frozenset[str] = frozenset()


def read(ask: Ask) -> Wish:
    """`[action] [whose] [limit=N|none|default ...]` in any order. Raises UserError."""
    actions: set[str] = set()
    named: set[Whose] = set()
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


def _wish(action: str, whose: Whose | None, said: dict[str, str]) -> Wish:
    """Raises UserError for what does not go together."""
    if whose is None and action in (SET, RESET):
        raise UserError(
            "Say whose limit: server, total, a person, a role or a channel, for example {example}.",
            example=EXAMPLE,
        )
    if bool(said) != (action == SET):
        raise UserError("Say new limits with set and nothing else, for example {example}.", example=EXAMPLE)
    if whose is not None and action in (USED, RULES):
        raise UserError("/quota {action} tells of the whole server; say it alone.", action=action)
    if whose is not None and whose.kind == TOTAL and not said.keys() <= set(OF_TOTAL):
        raise UserError("size and count are limits of one request; set them for server.")
    without = frozenset(name for name, value in said.items() if value.casefold() in USUAL)
    limits = {name: _amount(name, value) for name, value in said.items() if name not in without}
    return Wish(action, whose, limits, without)


def _whose(ask: Ask, kind: str, word: str) -> Whose:
    """Raises UserError. kind: what is said before it, if anything"""
    if not kind and word.casefold() in _ALL:
        return Whose(_ALL[word.casefold()], ask.server)
    if kind in ("", CHANNEL) and word.casefold() in _HERE:
        return Whose(CHANNEL, ask.room)
    signed = SIGNS.get(word[:1], "")
    subject = word[1:] if signed else word
    platform, _, rest = subject.partition(":")
    known = platform == ask.server.partition(":")[0] and _ID.fullmatch(rest)
    if not known or signed not in ("", kind or signed):
        raise UserError(
            "I cannot read {word}; say for example {example}.", word=echo(word) or "?", example=EXAMPLE
        )
    found = Whose(kind or signed or PERSON, subject)
    if found.kind != ROLE:
        return found
    if not ask.has_roles:
        raise UserError("There are no roles here; name a person, a channel or server.")
    # A role that everybody has is called as the server is.
    return Whose(SERVER, ask.server) if subject == ask.server else found


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
    return int(value) // SIZE_STEP * SIZE_STEP if name == "size" else int(value)
