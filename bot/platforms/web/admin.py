"""Serve the admin's page: usage, quotas, settings and audit of the web chat.

A form becomes the line that an admin would type, so the command makes, audits and answers each change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from babel.dates import format_skeleton

from bot.platforms.web.charts import chart
from bot.platforms.web.pages import Asking, Render
from bot.platforms.web.requests import read_fields
from bot.platforms.web.session import Session, Sessions
from bot.ports import Service
from bot.records import Day, Overview, Use
from commands.chat import Answer, Ask, Translate
from commands.i18n import N_, language_name, languages
from commands.parsing.labels import labels
from commands.quota import NONE, RESET, SET, USUAL
from commands.services.context import Act
from commands.services.quotas import NAMES, PERSON, SERVER, TOTAL, RuleSubject
from commands.settings import ON, SERVERS
from commands.text.audit import act_words
from commands.text.quotas import say, whose_words

PAGE_SIZE = 20
_SETTINGS: Mapping[str, str] = {
    "channels": N_("Channels to paint in, after commas; empty for all"),
    "styles": N_("The styles that are allowed; with none chosen, all are"),
    "blocked": N_("Words or /patterns/ that are not wanted, after commas"),
    "language": N_("Language of the answers"),
    "child_safe": N_("Fit for children"),
    "keep_days": N_("Days to keep pictures; empty for as long as Easel does"),
    "reports": N_("Channel where moderators see reported pictures"),
}
"""Labels of settings, whose fields are empty when they are not set."""
_LABELS: Mapping[str, str] = {
    "daily": N_("Limit a day"),
    "per_minute": N_("Limit a minute"),
    "concurrent": N_("At a time"),
    "size": N_("Pixels"),
    "count": N_("At once"),
}


class AdminPages:
    """The routes of the page. sessions: check every write"""

    def __init__(self, service: Service, asking: Asking, render: Render, sessions: Sessions) -> None:
        self._service, self._asking, self._render, self._sessions = service, asking, render, sessions

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Return the routes of the page and of its forms."""
        return [
            web.get("/admin", self._page),
            # Reloading the answer to a form loads its address.
            web.get("/admin/{form:quota|settings}", self._page),
            web.post("/admin/quota", self._quota),
            web.post("/admin/settings", self._settings),
            web.post("/sign-out", self._leave),
        ]

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return await self._shown(request, self._asking(request), None)

    async def _quota(self, request: web.Request) -> web.StreamResponse:
        form, ask = await self._form(request)
        whose, action = " ".join(_values(form, "whose")), _values(form, "action")
        if action == [RESET]:
            return await self._shown(request, ask, await self._say(ask, "quota", f"{RESET} {whose}"))
        overview = await self._service.overview(ask, 0, 0)
        # Somebody who is named beside the table keeps what its form leaves empty.
        before = _own_limits(overview, whose) if overview and action != [SET] else {}
        said = {name: " ".join(_values(form, name)) for name in NAMES}
        changed = [f"{name}={now or USUAL[0]}" for name, now in said.items() if now != before.get(name, "")]
        if not changed:
            translate = self._service.translate(ask.locale)
            return await self._shown(request, ask, Answer(translate("Nothing was changed.")))
        return await self._shown(request, ask, await self._say(ask, "quota", " ".join([whose, *changed])))

    async def _settings(self, request: web.Request) -> web.StreamResponse:
        form, ask = await self._form(request)
        overview = await self._service.overview(ask, 0, 0)
        before: Mapping[str, str] = overview.settings if overview else {}
        said = {key: ",".join(_values(form, key)) for key in SERVERS}
        changed = [f"{key}={now or 'none'}" for key, now in said.items() if now != before.get(key, "")]
        if not changed:
            translate = self._service.translate(ask.locale)
            return await self._shown(request, ask, Answer(translate("Nothing was changed.")))
        answer = await self._say(ask, "settings", " ".join(["server", *changed]))
        return await self._shown(request, ask, answer)

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        """Sign out, on a machine that others use too."""
        _, session = await self._sent(request)
        response = web.Response(status=303, headers={"Location": "/admin"})
        self._sessions.write(response, replace(session, is_admin=False), request)
        return response

    async def _form(self, request: web.Request) -> tuple[Mapping[str, Sequence[str]], Ask]:
        """Return an admin's form. Raises HTTPForbidden for everybody else."""
        form, _ = await self._sent(request)
        ask = self._asking(request)
        if not ask.is_admin:
            raise web.HTTPForbidden(text=N_("Sign in as the admin first."))
        return form, ask

    async def _sent(self, request: web.Request) -> tuple[Mapping[str, Sequence[str]], Session]:
        """Return a form of our own page, and its session. Raises HTTPForbidden for any other form."""
        form = await read_fields(request)
        token = "".join(form["csrf"]) if "csrf" in form else None
        return form, self._sessions.guard(request, token)

    async def _say(self, ask: Ask, command: str, words: str) -> Answer:
        return await self._service.handle(replace(ask, command=command, words=words))

    async def _shown(self, request: web.Request, ask: Ask, answer: Answer | None) -> web.StreamResponse:
        page = request.query.get("page", "")
        number = int(page) if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 1
        overview = await self._service.overview(ask, PAGE_SIZE * (number - 1), PAGE_SIZE + 1)
        told: dict[str, Any] = {"here": "admin", "answer": answer, "overview": overview}
        if overview is not None:
            translate = self._service.translate(ask.locale)
            told |= {
                "chart": chart([(_day(each, ask.locale), each.pictures) for each in overview.days]),
                "uses": [_use(each, ask, translate) for each in overview.uses],
                "settings": self._fields(overview, ask.locale, translate),
                "acts": [_act(each, ask, translate) for each in overview.acts[:PAGE_SIZE]],
                "newer": number - 1,
                "older": number + 1 if len(overview.acts) > PAGE_SIZE else 0,
                "limits": [(name, translate(_LABELS[name])) for name in NAMES],
            }
        return self._render(request, "admin.html", told)

    def _fields(self, overview: Overview, locale: str, translate: Translate) -> list[dict[str, Any]]:
        """Return each setting with its label, its value, and its choices, if there are any."""
        words = self._service.vocabulary
        styles = labels(words, "style", [word.name for word in words.words("style")], locale)
        choices = {
            "language": [(code, language_name(code)) for code in languages()],
            "styles": styles,
            "child_safe": [(ON, translate("on"))],
        }
        return [
            {
                "name": key,
                "label": translate(_SETTINGS[key]),
                "value": overview.settings.get(key, ""),
                "chosen": overview.settings.get(key, "").split(","),
                "choices": choices.get(key, ()),
                "several": key == "styles",
            }
            for key in SERVERS
        ]


def _values(form: Mapping[str, Sequence[str]], key: str) -> list[str]:
    """Return the filled-in fields of this name, each in one line."""
    return [" ".join(each.split()) for each in form.get(key, ()) if each.strip()]


def _day(day: Day, locale: str) -> str:
    return str(format_skeleton("MMMd", datetime.fromtimestamp(day.at, UTC), locale=locale))


def _use(use: Use, ask: Ask, translate: Translate) -> dict[str, Any]:
    """Return a row: its fields hold what the rule itself sets; below is what holds without it."""
    who = say(whose_words(use.whose, ask), translate)
    if use.whose.id in (ask.person, ask.account):
        who = f"{who} ({use.whose.id})"
    return {
        "whose": _line_of(use.whose),
        "who": who,
        "today": use.status.used.get("daily", ""),
        "limits": {name: _field(use, name) for name in use.status.limits},
        "is_set": any(each.whose.kind == use.whose.kind for each in use.status.limits.values()),
    }


def _field(use: Use, name: str) -> tuple[str, str]:
    """Return (what the rule sets, what holds when it sets nothing); one of them is empty."""
    limit = use.status.limits[name]
    amount = NONE[0] if limit.amount is None else str(limit.amount)
    return (amount, "") if limit.whose.kind == use.whose.kind else ("", amount)


def _own_limits(overview: Overview, line: str) -> Mapping[str, str]:
    """Return what the rule with this line sets."""
    uses = [use for use in overview.uses if _line_of(use.whose) == line]
    return {name: _field(use, name)[0] for use in uses for name in use.status.limits}


def _line_of(whose: RuleSubject) -> str:
    """Return the words after /quota."""
    if whose.kind in (TOTAL, SERVER):
        return whose.kind
    return whose.id if whose.kind == PERSON else f"{whose.kind}={whose.id}"


def _act(act: Act, ask: Ask, translate: Translate) -> dict[str, str]:
    at, told = datetime.fromtimestamp(act.at, UTC), act_words(act, ask, translate)
    return {
        "at": f"{at:%Y-%m-%d %H:%M}",
        "who": act.person,
        "action": told.what,
        "subject": told.whose,
        "before": told.before,
        "after": told.now,
    }
