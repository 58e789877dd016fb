"""/settings: show and change the settings of a person or a server."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from commands.chat import Answer, Ask, Translate, UserError
from commands.command import Command, Option
from commands.i18n import N_, languages
from commands.parsing import values
from commands.parsing.lexicon import Lexicon
from commands.parsing.sanitize import MAX_LINE, echo, readable
from commands.policy.blocklist import checked, entries
from commands.services.context import Services

EXAMPLE = "/settings style=ink size=1024"
MOST_WORDS = 100
"""Most blocked words of a server."""
_SERVER = ("server", "服务器", "伺服器")
_NONE = ("none", "off", "无", "無", "不限")
_PAIR = re.compile(r"(?<!\S)([a-z_]+)\s*=\s*", re.IGNORECASE)
ON = "on"
_ON = (ON, "开", "開")
_OFF = ("关", "關")
MOST_DAYS = 36_500

Read = Callable[[str, Ask, Lexicon], str]
"""Turns typed words into the stored value. Raises UserError."""


def _style(text: str, ask: Ask, lexicon: Lexicon) -> str:
    named, _ = values.read_names("style", text, lexicon)
    mix = values.style_mix(named, ()) or ()
    return "+".join(name if share == 1 else f"{name}:{share:g}" for name, share in mix)


def _styles(text: str, ask: Ask, lexicon: Lexicon) -> str:
    named, _ = values.read_names("style", text, lexicon)
    return ",".join(dict.fromkeys(each.name for each in named))


def _colors(text: str, ask: Ask, lexicon: Lexicon) -> str:
    named, _ = values.read_names("color", text, lexicon)
    return ",".join(values.color_list([each.name for each in named]) or ())


def _size(text: str, ask: Ask, lexicon: Lexicon) -> str:
    return str(values.size("size", text))


def _aspect(text: str, ask: Ask, lexicon: Lexicon) -> str:
    return "{}:{}".format(*values.aspect("ar", text))


def _language(text: str, ask: Ask, lexicon: Lexicon) -> str:
    known = {each.casefold(): each for each in languages()}
    wanted = text.replace("-", "_").casefold()
    if wanted not in known:
        raise UserError("I speak these languages: {languages}.", languages=", ".join(languages()))
    return known[wanted]


def _channels(text: str, ask: Ask, lexicon: Lexicon) -> str:
    platform = ask.server.partition(":")[0]
    said = (each.removeprefix("#") for each in text.replace(",", " ").split())
    found = [ask.room if each == "here" else each for each in said]
    for each in found:
        if not re.fullmatch(rf"{re.escape(platform)}:[\w.-]{{1,80}}", each, re.ASCII):
            raise UserError(
                "I cannot read {word}; say for example {example}.", word=echo(each), example="channels=here"
            )
    return ",".join(dict.fromkeys(found))


def _reports(text: str, ask: Ask, lexicon: Lexicon) -> str:
    found = _channels(text, ask, lexicon)
    if "," in found:
        raise UserError("One channel, please, for example {example}.", example="reports=here")
    return found


def _blocked(text: str, ask: Ask, lexicon: Lexicon) -> str:
    words = dict.fromkeys(checked(each) for each in entries(text))
    if len(words) > MOST_WORDS:
        raise UserError("At most {most} words can be blocked.", most=MOST_WORDS)
    return ",".join(words)


def _child_safe(text: str, ask: Ask, lexicon: Lexicon) -> str:
    if text.casefold() not in _ON:
        raise UserError("{key} is on, or none.", key="child_safe")
    return ON


def _keep_days(text: str, ask: Ask, lexicon: Lexicon) -> str:
    return str(values.whole_number("keep_days", text, 1, MOST_DAYS))


PERSONAL: Mapping[str, Read] = MappingProxyType(
    {"style": _style, "color": _colors, "size": _size, "ar": _aspect, "language": _language}
)
"""Settings of a person, and how each is read."""
SERVERS: Mapping[str, Read] = MappingProxyType(
    {
        "channels": _channels,
        "styles": _styles,
        "blocked": _blocked,
        "language": _language,
        "child_safe": _child_safe,
        "keep_days": _keep_days,
        "reports": _reports,
    }
)
"""Settings of a server, which admins set."""


async def _run(ask: Ask, services: Services) -> Answer:
    """Show or change settings. Raises UserError for words that cannot be read, and without the right."""
    text = readable(ask.words[: MAX_LINE + 1])
    first, _, rest = text.partition(" ")
    for_server = first.casefold() in _SERVER
    scope, known = (ask.server, SERVERS) if for_server else (ask.person, PERSONAL)
    changes = _read(rest if for_server else text, known, ask, Lexicon(services.vocabulary, ask.locale))
    if not changes:
        kept = await services.settings.of(scope)
        shown = kept if ask.is_admin or not for_server else _for_children(kept, services.translate)
        return Answer(_in_words(shown, known, services.translate), private=True)
    if for_server and not ask.is_admin:
        raise UserError("Only an admin of this server may change its settings.")
    before, now = await services.settings.change(ask, scope, changes)
    changed = {key: known[key] for key in changes}
    said = [
        services.translate("Now: {settings}", settings=_in_words(now, changed, services.translate)),
        services.translate("Before: {settings}", settings=_in_words(before, changed, services.translate)),
    ]
    return Answer("\n".join(said), private=True)


def _for_children(kept: Mapping[str, str], translate: Translate) -> Mapping[str, str]:
    """Return a server's settings; under the child-safe lock without its blocked words."""
    if kept.get("child_safe") != ON or "blocked" not in kept:
        return kept
    return {**kept, "blocked": translate("not shown, {count} in all", count=len(entries(kept["blocked"])))}


def _read(text: str, known: Mapping[str, Read], ask: Ask, lexicon: Lexicon) -> dict[str, str | None]:
    """Read new values by name; None unsets one."""
    pairs = list(_PAIR.finditer(text))
    ends = [*(pair.start() for pair in pairs), len(text)][1:]
    if text[: pairs[0].start() if pairs else None].strip():
        raise UserError(
            "I cannot read {word}; say for example {example}.", word=echo(text) or "?", example=EXAMPLE
        )
    changes: dict[str, str | None] = {}
    for pair, end in zip(pairs, ends, strict=True):
        key, value = pair[1].casefold(), text[pair.end() : end].strip(" \"'\u201c\u201d")
        if key not in known and key in SERVERS:
            raise UserError(
                "{key} is a setting of a server, for admins; say for example {example}.",
                key=key,
                example=f"/settings server {key}=none",
            )
        if key not in known:
            raise UserError(
                "There is no setting {key}; there are {known}.", key=echo(key), known=", ".join(known)
            )
        if not value:
            raise UserError("{key} has no value; say for example {example}.", key=key, example=EXAMPLE)
        off = (*_NONE, *_OFF) if key == "child_safe" else _NONE
        changes[key] = None if value.casefold() in off else known[key](value, ask, lexicon)
    return changes


def _in_words(settings: Mapping[str, str], known: Mapping[str, Read], translate: Translate) -> str:
    unset = translate("not set")
    return "; ".join(f"{key}={settings.get(key, unset)}" for key in known)


COMMAND = Command(
    "settings",
    N_("See and set your defaults; admins set the server's."),
    _run,
    (
        Option("whose", "choice", N_("A server's instead of your own"), choices=("server",), bare=True),
        Option("style", "style", N_("Your usual style; none removes it")),
        Option("color", "color", N_("Your usual colors; none removes them")),
        Option("size", "text", N_("Your usual size in pixels; none removes it")),
        Option("ar", "text", N_("Your usual width to height; none removes it")),
        Option("language", "choice", N_("The language to answer in"), choices=(*languages(), "none")),
        Option("channels", "channels", N_("A server's channels where I paint: here, ids, or none for all")),
        Option("styles", "text", N_("The styles that a server allows, after commas; none for all")),
        Option(
            "blocked", "text", N_("Words or /patterns/ a server does not want, after commas; none for any")
        ),
        Option("child_safe", "choice", N_("Keep a server fit for children"), choices=(ON, "none")),
        Option(
            "keep_days",
            "number",
            N_("Days that a server keeps pictures; none for as long as Easel does"),
            *(1, MOST_DAYS),
            choices=("none",),
        ),
        Option("reports", "text", N_("The channel where moderators see reported pictures: here, or none")),
    ),
    aliases=("设置",),
    examples=(
        "/settings",
        EXAMPLE,
        "/settings language=zh",
        "/settings server styles=ink,watercolor blocked=skull",
        "/settings server child_safe=on keep_days=90",
        "/settings server channels=here",
    ),
)
