"""Translate between Slack's text and plain words. Pure.

Slack escapes `&`, `<` and `>`, and writes `<@U1|ann>` for a person, `<#C1|art>` for a channel, `<!here>` for
everybody, and `<https://…|label>` for a link: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType

from bot.platforms.lines import names_others, read_bare_line

UMBRELLA = "easel"
"""The command before any line: all apps of a workspace share one /help, so here it is `/easel help`."""
EMOJI = MappingProxyType(
    {
        name: emoji
        for line in (
            "star ⭐ star2 🌟 heart ❤ hearts ♥ heartbeat 💓 heartpulse 💗 heart_eyes 😍 heart_eyes_cat 😻",
            "heart_decoration 💟 heart_on_fire ❤\u200d🔥 mending_heart ❤\u200d🩹 two_hearts 💕",
            "heavy_heart_exclamation ❣ heavy_heart_exclamation_mark_ornament ❣ revolving_hearts 💞",
            "sparkling_heart 💖 gift_heart 💝 cupid 💘 smiling_face_with_3_hearts 🥰 orange_heart 🧡",
            "yellow_heart 💛 green_heart 💚 blue_heart 💙 light_blue_heart 🩵 purple_heart 💜 black_heart 🖤",
            "white_heart 🤍 brown_heart 🤎 grey_heart 🩶 pink_heart 🩷 anatomical_heart 🫀",
            "email ✉ envelope ✉ envelope_with_arrow 📩 incoming_envelope 📨 e-mail 📧 x ❌ see_no_evil 🙈",
        )
        for name, emoji in zip(line.split()[::2], line.split()[1::2], strict=True)
    }
)
"""Emoji by their names in Slack's reactions."""

_ESCAPED = re.compile(r"<([^<>]*)>")
_HELP = re.compile(r"(?<![\w/.])/help(?![\w/-])", re.ASCII)
_MARKS = re.compile(r"(?<!\w)[*_~`]|[*_~`](?!\w)|^\s*>|:[^\s:]+:", re.MULTILINE)
_NAMED = re.compile(r"(#|!subteam\^)([A-Z0-9]+)$")
_SIGNS = MappingProxyType({"#": "#", "!subteam^": "&"})
"""Signs of channels and of groups of people, as `commands.quota` reads them."""
_ID = re.compile(r"\bslack:(?:T[A-Z0-9]+-)?([A-Z][A-Z0-9]+)\b")
"""An id of a person or a channel as the service has it."""
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e", '"') | dict.fromkeys("\u2018\u2019", "'"))
"""Straight quotation marks for those that Slack's editor curls as people type."""


def emoji_of(name: str) -> str:
    """Return the emoji of a reaction's name; empty when unknown. A skin tone follows after two colons."""
    return EMOJI.get(name.partition("::")[0], "")


def escape_mrkdwn(text: str) -> str:
    """Return plain words for Slack: no mention or link is active, and /help has its name of here."""
    named = _HELP.sub(f"/{UMBRELLA} help", text)
    return named.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def named_parts(text: str) -> Iterator[tuple[str, str]]:
    """Split words into ("text", …), ("user", id) and ("channel", id): Slack shows ids by their names."""
    end = 0
    for found in _ID.finditer(text):
        yield from [("text", text[end : found.start()])] if found.start() > end else []
        yield "user" if found[1][0] in "UW" else "channel", found[1]
        end = found.end()
    if text[end:]:
        yield "text", text[end:]


def is_marked(text: str) -> bool:
    """Return whether Slack would set something in bold, quote it, or turn it into emoji."""
    return _MARKS.search(text) is not None


def unescape(text: str, person: Callable[[str], str], named: bool = False) -> str:
    """Return what somebody typed.

    person: returns the words for a mentioned user's id
    named: keep channels and groups, by the service's ids
    """
    opened = _ESCAPED.sub(lambda match: _opened(match[1], person, named), text)
    # The ampersand comes last: Slack sends `&amp;lt;` for a typed `&lt;`.
    unescaped = opened.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return unescaped.translate(_QUOTES).strip()


def _opened(inside: str, person: Callable[[str], str], named: bool) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return person(target[1:])
    if named and (known := _NAMED.match(target)):
        return f"{_SIGNS[known[1]]}slack:{known[2]}"
    if target.startswith("!"):
        return ""
    return label or target.removeprefix("#")


def read_command(word: str, text: str, person: Callable[[str], str]) -> tuple[str, str]:
    """Return (command, words) of a slash command. word: what follows the slash"""
    if word == UMBRELLA:
        return read_line(text, person)
    return word, unescape(text, person, named=True) if names_others(word) else unescape(text, _nobody)


def read_line(text: str, person: Callable[[str], str]) -> tuple[str, str]:
    """Return (command, words) of a line without a slash, see `read_bare_line`."""
    return read_bare_line(unescape(text, _nobody), unescape(text, person, named=True))


def _nobody(user: str) -> str:
    return ""
