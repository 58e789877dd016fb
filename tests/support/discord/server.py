"""A small fake of Discord on loopback: its REST API and the gateway.

It stores what Discord would store (commands, interactions, messages, files) and refuses what Discord would
refuse: a wrong token, a second answer, a token that has ended, a permission that docs/discord.md does not ask
for, a form that is too long.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.platforms.discord.refusals import method_of
from tests.support.discord.gateway import APPLICATION, ME, TOKEN, Gateway
from tests.support.discord.payloads import (
    LOADING,
    Refusal,
    blank,
    checked_choices,
    checked_command,
    content_of,
    fill,
    read_form,
)
from tests.support.loopback import listening

GUIDE = (Path(__file__).parents[3] / "docs/discord.md").read_text()
PERMISSIONS = int(re.search(r"permissions=(\d+)", GUIDE)[1])
VIEW, SEND, ATTACH, READ_HISTORY = 1 << 10, 1 << 11, 1 << 15, 1 << 16
MESSAGE, HELD, CHOICES, FORM = 4, 5, 8, 9
"""Types of a first answer to an interaction."""
MOST_REQUEST = 25 * 1024 * 1024
FIRST_ID = 1_300_000_000_000_000_000
DIRECT = 7000
APPLICATION_INFO = {
    **{"id": str(APPLICATION), "name": "Easel", "description": "", "icon": None, "verify_key": ""},
    **{"bot_public": True, "bot_require_code_grant": False, "owner": {**ME, "id": "1"}, "flags": 0},
}
Where = Mapping[str, str]
Form = dict[str, Any]
Work = Callable[[Where, Form], Any]


def direct_channel(user: int) -> int:
    """Return the channel of somebody's direct messages with Easel."""
    return DIRECT + user


def needed(channel: int, form: Form) -> int:
    """Permissions that sending a message needs."""
    if channel >= DIRECT:
        return 0
    read = READ_HISTORY if form.get("message_reference") else 0
    return VIEW | SEND | read | (ATTACH if form.get("attachments") else 0)


@dataclass
class Interaction:
    """kind: the type of the first answer, 0 before it; message: the one that it became, 0 without one"""

    id: int
    token: str
    channel: int
    kind: int = 0
    message: int = 0
    choices: list[Form] = field(default_factory=list)
    form: Form = field(default_factory=dict)


@dataclass
class DiscordServer(Gateway):
    """The state of the fake Discord, and everything it was asked.

    closed: channels that Easel may not write in; shy: people who take no direct messages of it
    archived, locked: threads that nobody writes in; one that is not locked is opened by a new message
    denied: (status, code) of every answer of a route, in channels or in direct messages alone if it says so
    largest: bytes of the largest request
    ended: tokens of interactions that are over
    lost: routes whose next answer does not arrive; torn: those whose next call breaks off half-way
    scripted: by route, (status, headers, body) to answer in place of what it would
    answered: tokens of interactions, in the order of their first answers
    messages: by (channel, id), those too that only one person sees
    """

    closed: set[int] = field(default_factory=set)
    shy: set[int] = field(default_factory=set)
    archived: set[int] = field(default_factory=set)
    locked: set[int] = field(default_factory=set)
    denied: dict[str, tuple[int, int]] = field(default_factory=dict)
    largest: int = 0
    ended: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    scripted: dict[str, list[tuple[int, dict[str, str], Any]]] = field(default_factory=dict)
    calls: list[tuple[str, Form]] = field(default_factory=list)
    commands: dict[str, Form] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    messages: dict[tuple[int, int], Form] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_ID))

    async def interact(self, payload: Form) -> Interaction:
        """Send Easel a slash command, or the typing of one."""
        number = next(self.ids)
        made = Interaction(number, f"token-{number}", int(payload["channel"]["id"]))
        self.interactions[made.token] = made
        await self.happen("INTERACTION_CREATE", {**payload, "id": str(made.id), "token": made.token})
        return made

    async def written(self, count: int = 1) -> list[Form]:
        """Wait for `count` messages with words, private ones too, and return them."""
        return await self._having(count, lambda each: each["content"])

    async def painted(self, count: int = 1) -> list[Form]:
        """Wait for `count` messages with paintings and return them; previews are WebP."""

        def is_painted(message: Form) -> bool:
            return any(each["content_type"] == "image/png" for each in message["attachments"])

        return await self._having(count, is_painted)

    async def _having(self, count: int, true: Callable[[Form], object]) -> list[Form]:
        def enough() -> list[Form] | None:
            found = [each for each in self.messages.values() if true(each)]
            return found if len(found) >= count else None

        return await self.until(enough)

    def called(self, route: str) -> list[Form]:
        """Return what was sent in all calls of a route."""
        return [form for name, form in self.calls if name == route]

    # The routes.

    def routes(self) -> list[web.RouteDef]:
        hook = "/webhooks/{application}/{token}"
        return [
            web.get("/gateway{end:/?}", self.socket),
            self._route("GET", "/users/@me", self._me),
            self._route("GET", "/oauth2/applications/@me", self._application),
            self._route("PUT", "/applications/{application}/commands", self._publish),
            self._route("POST", "/users/@me/channels", self._open),
            self._route("PATCH", "/channels/{channel}", self._modify),
            self._route("POST", "/channels/{channel}/messages", self._send),
            self._route("PATCH", "/channels/{channel}/messages/{message}", self._edit),
            self._route("DELETE", "/channels/{channel}/messages/{message}", self._delete),
            self._route("POST", "/interactions/{id}/{token}/callback", self._respond, signed=False),
            self._route("PATCH", hook + "/messages/@original", self._edit_original, signed=False),
            self._route("DELETE", hook + "/messages/@original", self._delete_original, signed=False),
            self._route("POST", hook, self._follow, signed=False),
        ]

    def _route(self, method: str, path: str, work: Work, signed: bool = True) -> web.RouteDef:
        """signed: it wants the bot's token; else a token is part of its path"""
        name = work.__name__.strip("_")
        call = f"{method} /{re.sub(r'{[^}]+}', '0', path).lstrip('/')}"
        assert method_of(*call.split(" ")) != call, f"docs/platform-limits.md does not list {call}"

        async def handle(request: web.Request) -> web.Response:
            if name in self.torn:
                self.torn.remove(name)
                request.transport.abort()
                return web.Response()
            self.largest = max(self.largest, request.content_length or 0)
            form = await read_form(request)
            self.calls.append((name, form))
            rightful = not signed or request.headers.get("Authorization") == f"Bot {TOKEN}"
            where = request.match_info
            status, headers, body = self._refused(name, where, request.content_length or 0) or self._outcome(
                name, work, where, form, rightful
            )
            await self.tell()
            if name in self.lost:
                self.lost.remove(name)
                request.transport.abort()
            # discord.py reads JSON of exactly this type; bytes are told by their number.
            text = json.dumps(body, default=len)
            return web.Response(
                body=text.encode(), status=status, headers=headers, content_type="application/json"
            )

        return web.route(method, f"/api{path}", handle)

    def _outcome(
        self, name: str, work: Work, where: Where, form: Form, rightful: bool
    ) -> tuple[int, Mapping[str, str], Any]:
        if self.scripted.get(name):
            return self.scripted[name].pop(0)
        try:
            if not rightful:
                raise Refusal(401, 0, "401: Unauthorized")
            return 200, {}, work(where, form)
        except Refusal as refusal:
            return refusal.status, {}, refusal.body

    def _refused(self, name: str, where: Where, length: int) -> tuple[int, Mapping[str, str], Any] | None:
        """Refuse requests that are too large, and those that a test wants refused."""
        if length > MOST_REQUEST:
            return 413, {}, {"code": 40005, "message": "Request entity too large"}
        direct = "direct " if int(where.get("channel", 0)) >= DIRECT else ""
        refused = self.denied.get(direct + name)
        return (refused[0], {}, {"code": refused[1], "message": "Refused"}) if refused else None

    def _me(self, where: Where, form: Form) -> Form:
        return ME

    def _application(self, where: Where, form: Form) -> Form:
        return APPLICATION_INFO

    def _publish(self, where: Where, form: Form) -> list[Form]:
        self.commands = {each["name"]: checked_command(each) for each in form["list"]}
        told = {"application_id": str(APPLICATION), "version": "1"}
        # What stands in a menu has an empty description, says the reference of application commands.
        return [{"description": "", **each, **told, "id": str(next(self.ids))} for each in form["list"]]

    def _open(self, where: Where, form: Form) -> Form:
        user = form["recipient_id"]
        return {"id": str(direct_channel(int(user))), "type": 1, "recipients": [{**ME, "id": str(user)}]}

    def _respond(self, where: Where, form: Form) -> Form:
        asked = self.interactions[where["token"]]
        if asked.token in self.ended:
            raise Refusal(404, 10062, "Unknown interaction")
        if asked.kind:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        content = content_of(form)
        if form["type"] == CHOICES:
            asked.choices = checked_choices(content["choices"])
        elif form["type"] == FORM:
            asked.form = content
        elif form["type"] == HELD:
            held = blank(asked.channel, next(self.ids), content.get("flags", 0) | LOADING)
            asked.message = self._keep(held)
        else:
            asked.message = self._keep(fill(blank(asked.channel, next(self.ids)), content, self.ids))
        asked.kind = form["type"]
        self.answered.append(asked.token)
        told = str(asked.message) if asked.message else None
        return {"interaction": {"id": str(asked.id), "type": 2, "response_message_id": told}}

    def _keep(self, message: Form) -> int:
        self.messages[int(message["channel_id"]), int(message["id"])] = message
        return int(message["id"])

    def _asked(self, where: Where) -> Interaction:
        if where["token"] in self.ended:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return self.interactions[where["token"]]

    def _found(self, channel: int, message: int) -> Form:
        if (channel, message) not in self.messages:
            raise Refusal(404, 10008, "Unknown Message")
        return self.messages[channel, message]

    def _edit_original(self, where: Where, form: Form) -> Form:
        asked = self._asked(where)
        return fill(self._found(asked.channel, asked.message), form, self.ids)

    def _delete_original(self, where: Where, form: Form) -> None:
        asked = self._asked(where)
        self._found(asked.channel, asked.message)
        del self.messages[asked.channel, asked.message]

    def _follow(self, where: Where, form: Form) -> Form:
        asked = self._asked(where)
        held = self.messages.get((asked.channel, asked.message), {"flags": 0})
        if held["flags"] & LOADING:
            # Discord takes it for the answer that was held, whose privacy stays as it is.
            return fill(held, {**form, "flags": held["flags"]}, self.ids)
        message = fill(blank(asked.channel, next(self.ids)), form, self.ids)
        self._keep(message)
        return message

    def _send(self, where: Where, form: Form) -> Form:
        channel = int(where["channel"])
        self._admit(channel, form)
        for message in self.messages.values():
            if form["enforce_nonce"] and message["nonce"] == form["nonce"]:
                return message
        kept = {name: form[name] for name in ("nonce", "message_reference") if name in form}
        message = {**blank(channel, next(self.ids)), **kept}
        self._keep(fill(message, form, self.ids))
        return message

    def _modify(self, where: Where, form: Form) -> Form:
        channel = int(where["channel"])
        if channel in self.locked:
            raise Refusal(403, 50013, "Missing Permissions")
        self.archived.discard(channel)
        return {"id": where["channel"], "type": 11}

    def _change(self, where: Where) -> Form:
        """Find the message that is to be changed."""
        if int(where["channel"]) in self.archived:
            raise Refusal(400, 50083, "Thread is archived")
        return self._found(int(where["channel"]), int(where["message"]))

    def _admit(self, channel: int, form: Form) -> None:
        """Raise Refusal where Easel may not write."""
        if channel in self.locked:
            raise Refusal(403, 160005, "Thread is locked")
        self.archived.discard(channel)
        if channel in self.closed:
            raise Refusal(403, 50001, "Missing Access")
        if channel - DIRECT in self.shy:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if needed(channel, form) & ~PERMISSIONS:
            raise Refusal(403, 50013, "Missing Permissions")

    def _delete(self, where: Where, form: Form) -> None:
        self._change(where)
        del self.messages[int(where["channel"]), int(where["message"])]

    def _edit(self, where: Where, form: Form) -> Form:
        return fill(self._change(where), form, self.ids)


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """Run a fake Discord on a free port."""
    server = DiscordServer()
    async with listening(server, server.routes()):
        yield server
