"""/quota: how much may be asked for, by whom; admins change it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commands.chat import Answer, Ask, UserError
from commands.cleaning import echo, readable
from commands.command import Command, Option
from commands.context import Context, Limit, Translate, Usage
from commands.words import N_

MOST = 1_000_000
_SERVER_WORDS = ("server", "服务器", "伺服器")
_KEYS = {"daily": "daily", "每日": "daily", "per_minute": "per_minute", "每分钟": "per_minute"}
_NONE = ("none", "off", "无", "不限")
_SUBJECT = re.compile(r"[a-z]+:[\w.-]{1,80}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said: whose limits, and new values by name where one was given (None lifts a limit)."""

    subject: str | None
    changes: dict[str, int | None]


async def run(ask: Ask, context: Context) -> Answer:
    """Show limits and use, or change them. Raises UserError for what cannot be read or is not allowed."""
    wish = read(ask)
    if wish.subject not in (None, ask.person) and not ask.is_admin:
        raise UserError("Only an admin of this server may see or set other limits; /quota alone shows yours.")
    if not wish.changes:
        subjects = (ask.person, ask.server) if wish.subject is None else (wish.subject,)
        lines = [await _shown(ask, subject, context) for subject in subjects]
        return Answer("\n".join(lines), private=True)
    if not ask.is_admin:
        raise UserError("Only an admin of this server may change limits; /quota alone shows yours.")
    return await _change(ask, wish, context)


def read(ask: Ask) -> Wish:
    """`[show] [server | platform:id] [daily=N|none] [per_minute=N|none]`."""
    subject: str | None = None
    changes: dict[str, int | None] = {}
    for word in readable(ask.words).split():
        key, equals, value = word.partition("=")
        if equals:
            changes[_key(key)] = _amount(key, value)
        elif word.casefold() in _SERVER_WORDS:
            subject = ask.server
        elif _SUBJECT.fullmatch(word):
            subject = word
        elif word.casefold() not in ("show", "set", "查看", "设置"):
            raise UserError(
                "I cannot read {word}; say for example {example}.",
                word=echo(word) or "?",
                example="/quota server daily=200",
            )
    if changes and subject is None:
        raise UserError(
            "Say whose limit: server or a person, for example {example}.", example="/quota server daily=200"
        )
    return Wish(subject, changes)


def _key(key: str) -> str:
    if key.casefold() not in _KEYS:
        raise UserError("There is no limit {key}; there are daily and per_minute.", key=echo(key) or "?")
    return _KEYS[key.casefold()]


def _amount(key: str, value: str) -> int | None:
    if value.casefold() in _NONE:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > MOST:
        raise UserError("{key} is a whole number from 0 to {most}, or none.", key=echo(key), most=MOST)
    return int(value)


async def _shown(ask: Ask, subject: str, context: Context) -> str:
    limit = await context.quotas.limit(ask.server, subject)
    usage = await context.quotas.usage(ask.server, subject)
    return f"{_named(ask, subject, context.translate)}: {_in_words(limit, usage, context.translate)}"


def _named(ask: Ask, subject: str, translate: Translate) -> str:
    if subject == ask.server:
        return translate("This server")
    return translate("You") if subject == ask.person else subject


def _in_words(limit: Limit, usage: Usage | None, translate: Translate) -> str:
    """Limits, with what is used of them when `usage` is given."""
    unlimited = translate("no limit")
    daily = unlimited if limit.daily is None else str(limit.daily)
    minute = unlimited if limit.per_minute is None else str(limit.per_minute)
    if usage is None:
        return translate("{daily} a day, {minute} a minute", daily=daily, minute=minute)
    return translate(
        "{today} of {daily} today, {last} of {minute} in the last minute",
        today=usage.today,
        daily=daily,
        last=usage.last_minute,
        minute=minute,
    )


async def _change(ask: Ask, wish: Wish, context: Context) -> Answer:
    subject = wish.subject or ask.server
    now = await context.quotas.limit(ask.server, subject)
    wanted = Limit(
        daily=wish.changes.get("daily", now.daily), per_minute=wish.changes.get("per_minute", now.per_minute)
    )
    before, after = await context.quotas.change(ask, subject, wanted)
    translate = context.translate
    text = translate(
        "{who}: {after} (before: {before})",
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
        Option("subject", "subject", N_("Whose limit: a person, or server")),
        Option("daily", "number", N_("Pictures a day; none lifts the limit"), 0, MOST),
        Option("per_minute", "number", N_("Pictures a minute; none lifts the limit"), 0, MOST),
    ),
    examples=("/quota", "/quota server daily=200 per_minute=10"),
)
