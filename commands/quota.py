"""/quota: how much may be asked for, by whom; admins change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from commands.chat import Answer, Ask, UserError
from commands.cleaning import echo, readable
from commands.command import Command, Option
from commands.context import Context, Limit, Translate, Usage
from commands.words import N_

MOST = 1_000_000
_KEYS = {
    "daily": ("daily", "day", "每日", "每天"),
    "per_minute": ("per_minute", "per-minute", "minute", "每分钟", "每分鐘"),
}
_NAMES = {spelling: key for key, spellings in _KEYS.items() for spelling in spellings}
_SERVER = ("server", "服务器", "伺服器")
_NONE = ("none", "off", "无", "無", "不限")
_VERBS = ("show", "set", "查看", "设置", "設置")
_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
EXAMPLE = "/quota server daily=200"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said: whose limits, and new values by name where one was given (None lifts a limit)."""

    subject: str | None
    changes: Mapping[str, int | None]


async def run(ask: Ask, context: Context) -> Answer:
    """Show limits and use, or change them. Raises UserError for what cannot be read or is not allowed."""
    wish = read(ask)
    if not ask.is_admin and (wish.changes or wish.subject not in (None, ask.person, ask.account)):
        raise UserError("Only an admin of this server may do that; /quota alone shows your own limits.")
    if wish.subject is not None and wish.changes:
        return await _change(ask, wish.subject, wish.changes, context)
    subjects = (ask.person, ask.server) if wish.subject is None else (wish.subject,)
    return Answer("\n".join([await _shown(ask, each, context) for each in subjects]), private=True)


def read(ask: Ask) -> Wish:
    """`[show|set] [server|platform:id] [daily=N|none] [per_minute=N|none]`, in any order."""
    subjects: set[str] = set()
    changes: dict[str, int | None] = {}
    for word in re.sub(r"\s*=\s*", "=", readable(ask.words)).split():
        key, equals, value = word.partition("=")
        if equals:
            name = _key(key)
            if name in changes:
                raise UserError("{key} is given twice; say it once.", key=name)
            changes[name] = _amount(name, value)
        elif word.casefold() not in _VERBS:
            subjects.add(_subject(word, ask))
    if len(subjects) > 1:
        raise UserError("One limit at a time, please, for example {example}.", example=EXAMPLE)
    if changes and not subjects:
        raise UserError("Say whose limit: server or a person, for example {example}.", example=EXAMPLE)
    return Wish(next(iter(subjects), None), changes)


def _subject(word: str, ask: Ask) -> str:
    """The id that is meant. Adapters have made ids of mentions."""
    if word.casefold() in _SERVER:
        return ask.server
    platform, _, rest = word.partition(":")
    if platform != ask.server.partition(":")[0] or not _ID.fullmatch(rest):
        raise UserError(
            "I cannot read {word}; say for example {example}.", word=echo(word) or "?", example=EXAMPLE
        )
    return word


def _key(key: str) -> str:
    name = _NAMES.get(key.casefold())
    if name is None:
        raise UserError("There is no limit {key}; there are daily and per_minute.", key=echo(key) or "?")
    return name


def _amount(key: str, value: str) -> int | None:
    if value.casefold() in _NONE:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > MOST:
        raise UserError("{key} is a whole number from 0 to {most}, or none.", key=key, most=MOST)
    return int(value)


async def _shown(ask: Ask, subject: str, context: Context) -> str:
    limit = await context.quotas.limit(ask.server, subject)
    usage = await context.quotas.usage(ask.server, subject)
    translate = context.translate
    who, limits = _named(ask, subject, translate), _in_words(limit, usage, translate)
    return translate("{who}: {limits}", who=who, limits=limits)


def _named(ask: Ask, subject: str, translate: Translate) -> str:
    if subject == ask.server:
        return translate("This server")
    return translate("You") if subject in (ask.person, ask.account) else subject


def _in_words(limit: Limit, usage: Usage | None, translate: Translate) -> str:
    """Limits, with what is used of them when `usage` is given."""
    no_limit = translate("no limit")
    daily = no_limit if limit.daily is None else str(limit.daily)
    minute = no_limit if limit.per_minute is None else str(limit.per_minute)
    if usage is None:
        return translate("a day {daily}, a minute {minute}", daily=daily, minute=minute)
    return translate(
        "today {today} (limit: {daily}), in the last minute {last} (limit: {minute})",
        today=usage.today,
        daily=daily,
        last=usage.last_minute,
        minute=minute,
    )


async def _change(ask: Ask, subject: str, changes: Mapping[str, int | None], context: Context) -> Answer:
    limit = await context.quotas.limit(ask.server, subject)
    before, after = await context.quotas.change(ask, subject, replace(limit, **changes))
    translate = context.translate
    text = translate(
        "{who}: now {after}; before: {before}.",
        who=_named(ask, subject, translate),
        after=_in_words(after, None, translate),
        before=_in_words(before, None, translate),
    )
    return Answer(text, private=True)


COMMAND = Command(
    name="quota",
    aliases=("配额",),
    summary=N_("See how much you may ask for; admins set it."),
    run=run,
    options=(
        Option("subject", "subject", N_("Whose limit: a person, or server"), bare=True),
        Option("daily", "number", N_("Pictures a day; none lifts the limit"), 0, MOST, _NONE[:1]),
        Option("per_minute", "number", N_("Pictures a minute; none lifts the limit"), 0, MOST, _NONE[:1]),
    ),
    examples=(
        "/quota",
        "/quota show server",
        "/quota server daily=200 per_minute=10",
        "/quota server daily=none",
    ),
)
