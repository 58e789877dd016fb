"""Between Slack's text and plain words, both ways. Pure.

Slack escapes `&`, `<` and `>`, and writes `<@U1|ann>` for a person, `<#C1|art>` for a channel, `<!here>` for
everybody, and `<https://…|label>` for a link: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType

from commands.chat import UserError
from commands.command import NAMING, Command
from commands.registry import find, split_line

UMBRELLA = "easel"
"""All apps of a workspace share one /help, so here it is `/easel help`; any other line may follow too."""
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
"""Emoji by the names that Slack gives them in reactions."""

_ESCAPED = re.compile(r"<([^<>]*)>")
_HELP = re.compile(r"(?<![\w/.])/help(?![\w/-])", re.ASCII)
_MARKS = re.compile(r"(?<!\w)[*_~`]|[*_~`](?!\w)|^\s*>|:[^\s:]+:", re.MULTILINE)
_NAMED = re.compile(r"(#|!subteam\^)([A-Z0-9]+)$")
_SIGNS = MappingProxyType({"#": "#", "!subteam^": "&"})
"""Of channels and of groups of people, as `commands.quota` reads them."""
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e", '"') | dict.fromkeys("\u2018\u2019", "'"))
"""Slack's editor curls quotation marks as people type."""


def emoji_of(name: str) -> str:
    """The emoji of a reaction's name; empty for others. A skin tone follows the name after two colons."""
    return EMOJI.get(name.partition("::")[0], "")


def escape(text: str) -> str:
    """Plain words for Slack: nothing in them is a mention or a link, and /help is what it is called here."""
    named = _HELP.sub(f"/{UMBRELLA} help", text)
    return named.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_marked(text: str) -> bool:
    """Whether Slack would set something in it in bold, quote it, or make a picture of it."""
    return _MARKS.search(text) is not None


def plain(text: str, person: Callable[[str], str], named: bool = False) -> str:
    """What was typed, from what Slack made of it.

    person: what stands for a mentioned user's id; named: channels and groups stay, by their ids in the house
    """
    opened = _ESCAPED.sub(lambda match: _opened(match[1], person, named), text)
    # The ampersand comes last: `&amp;lt;` is what somebody gets who types `&lt;`.
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
    """(command, words) of a slash command; word: what stands after the slash."""
    if word == UMBRELLA:
        return read_line(text, person)
    return word, plain(text, person, named=True) if names_others(_command(word)) else plain(text, _nobody)


def read_line(text: str, person: Callable[[str], str]) -> tuple[str, str]:
    """(command, words) of a line without a slash: it may begin with a command's word, else it is a wish to
    paint. Nothing at all asks for help."""
    command, words = _spoken(plain(text, _nobody))
    return _spoken(plain(text, person, named=True)) if names_others(_command(command)) else (command, words)


def _spoken(line: str) -> tuple[str, str]:
    bare = line.lstrip("/／").strip()
    if not bare:
        return "help", ""
    word, words = split_line(f"/{bare}")
    command = _command(word)
    return (command.name, words) if command else ("paint", line)


def _nobody(user: str) -> str:
    return ""


def _command(word: str) -> Command | None:
    try:
        return find(word)
    except UserError:
        return None


def names_others(command: Command | None) -> bool:
    """Whether people or channels may be named after it."""
    return command is not None and any(option.kind in NAMING for option in command.options)
