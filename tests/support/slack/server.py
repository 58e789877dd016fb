"""A small fake of Slack on loopback: the Web API, uploads, response_urls, and Socket Mode.

It stores what Slack would store (members, messages, files) and refuses what Slack would refuse: a wrong
token, a scope that the manifest does not ask for, a channel without Easel, a picture that is not scanned yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from bot.platforms.slack.refusals import REFUSALS
from tests.support.loopback import Twin, listening

BOT_TOKEN, APP_TOKEN = "xoxb-loopback", "xapp-loopback"
TEAM, BOT_USER, BOT_ID = "T1", "UEASEL", "BEASEL"
MANIFEST = (Path(__file__).parents[3] / "docs/slack-manifest.yaml").read_text()
SCOPES = frozenset(re.findall(r"^      - ([\w:.]+:\w+(?:\.\w+)?|commands)$", MANIFEST, re.MULTILINE))
NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
    "views.open": "commands",
}


@dataclass
class SlackServer(Twin):
    """The state of the fake Slack, and everything it was asked.

    users: by id, as users.info tells them; channels: those that Easel may write in
    scans: times that a message is refused because its file is still being scanned
    denied: the error of every answer of a method, in channels or in direct messages alone if it says so, or
        the status where it is a number
    lost: methods whose next answer does not arrive; torn: uploads that break off half-way
    scripted: by method, (status, headers, body) to answer in place of what it would
    """

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: set[str] = field(default_factory=lambda: {"C1"})
    scans: int = 0
    denied: dict[str, str | int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    torn: int = 0
    scripted: dict[str, list[tuple[int, dict[str, str], dict[str, Any]]]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    messages: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    acks: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    _count: int = 0

    @property
    def live(self) -> bool:
        """Return whether Easel is connected."""
        return bool(self.sockets) and not self.sockets[-1].closed

    async def painted(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait for `count` messages with pictures and return them."""

        def enough() -> list[dict[str, Any]] | None:
            found = [each for each in self.messages.values() if "image" in kinds(each)]
            return found if len(found) >= count else None

        return await self.until(enough)

    async def whispered(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait for `count` private messages and return them."""
        return await self.until(lambda: self.whispers[:] if len(self.whispers) >= count else None)

    async def send(self, kind: str, payload: dict[str, Any], **more: Any) -> str:
        """Send an envelope over the newest socket and return its id."""
        self._count += 1
        envelope = f"envelope-{self._count}"
        await self.sockets[-1].send_json({"type": kind, "envelope_id": envelope, "payload": payload, **more})
        return envelope

    async def sent(self, kind: str, payload: dict[str, Any], **more: Any) -> Any:
        """Send an envelope, wait until it is acknowledged, and return what came with that."""
        envelope = await self.send(kind, payload, **more)
        await self.until(lambda: envelope in self.acks)
        return self.answers[envelope]

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of all calls of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    # The routes.

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        denied = self._denied(method, arguments)
        if isinstance(denied, int):
            await self.tell()
            return web.json_response({}, status=denied)
        status, headers, body = 200, {}, self._answer(method, arguments, request, denied)
        if self.scripted.get(method):
            status, headers, body = self.scripted[method].pop(0)
        await self.tell()
        if method in self.lost:
            self.lost.remove(method)
            request.transport.abort()
        return web.json_response(body, status=status, headers=headers)

    def _denied(self, method: str, arguments: dict[str, Any]) -> str | int:
        """Return the error, or status, of a call that a test wants refused."""
        assert method in REFUSALS.methods, f"docs/platform-limits.md does not list {method}"
        direct = "direct " if str(arguments.get("channel", "C"))[0] in "DU" else ""
        return self.denied.get(direct + method, "")

    def _answer(
        self, method: str, arguments: dict[str, Any], request: web.Request, denied: str
    ) -> dict[str, Any]:
        expected = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {expected}":
            return {"ok": False, "error": "invalid_auth"}
        if NEEDED.get(method, "commands") not in SCOPES:
            return {"ok": False, "error": "missing_scope"}
        if denied:
            return {"ok": False, "error": denied}
        if self.scripted.get(method):
            return {}
        answer = getattr(self, "_" + re.sub(r"\W", "_", method))(arguments)
        return {"ok": "error" not in answer, **answer}

    def _auth_test(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": TEAM, "user_id": BOT_USER, "user": "easel", "bot_id": BOT_ID}

    def _apps_connections_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"{self.address}/socket".replace("http", "ws", 1)}

    def _users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(arguments["user"], {"team_id": TEAM, "locale": "en-US"})
        return {"user": user if arguments.get("include_locale") else {**user, "locale": None}}

    def _chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = arguments["channel"]
        if channel.startswith("U"):
            channel = f"D{channel}"
        elif channel not in self.channels and not channel.startswith("D"):
            return {"error": "channel_not_found"}
        if problem := self._scan(arguments):
            return problem
        self._count += 1
        ts = f"1800000000.{self._count:06d}"
        self.messages[channel, ts] = {**arguments, "channel": channel, "ts": ts}
        return {"channel": channel, "ts": ts}

    def _chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        place = arguments["channel"], arguments["ts"]
        if place not in self.messages:
            return {"error": "message_not_found"}
        if problem := self._scan(arguments):
            return problem
        self.messages[place] |= arguments
        return {"channel": place[0], "ts": place[1]}

    def _chat_delete(self, arguments: dict[str, Any]) -> dict[str, Any]:
        place = arguments["channel"], arguments["ts"]
        return {} if self.messages.pop(place, None) else {"error": "message_not_found"}

    def _scan(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Return the error of a message that is refused, or None."""
        # A message that is changed keeps its blocks when none are given.
        if "blocks" not in message:
            return None
        blocks = message["blocks"] = _loaded(message["blocks"])
        if problem := _misshapen(blocks):
            return {"error": "invalid_blocks", "errors": [problem]}
        files = [block["slack_file"]["id"] for block in blocks if block["type"] == "image"]
        ready = all(self.files.get(file, {}).get("complete") for file in files)
        if files and self.scans:
            self.scans, ready = self.scans - 1, False
        reason = "invalid slack file [json-pointer:/blocks/1/slack_file]"
        return None if ready else {"error": "invalid_blocks", "errors": [reason]}

    def _views_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        view = _loaded(arguments["view"])
        self.forms.append({**view, "id": f"V{len(self.forms)}", "trigger": arguments["trigger_id"]})
        return {}

    def _chat_postEphemeral(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.whispers.append(arguments)
        return {"message_ts": "1800000000.000000"}

    def _files_getUploadURLExternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        file = f"F{len(self.files):08d}"
        self.files[file] = {**arguments, "data": b"", "complete": False}
        return {"file_id": file, "upload_url": f"{self.address}/upload/{file}"}

    def _files_completeUploadExternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        files = _loaded(arguments["files"])
        for file in files:
            held = self.files[file["id"]]
            held |= {"title": file["title"], "complete": len(held["data"]) == int(held["length"])}
        return {"files": [{"id": file["id"]} for file in files]}

    async def upload(self, request: web.Request) -> web.Response:
        if self.torn:
            self.torn -= 1
            request.transport.abort()
            return web.Response()
        if "upload" in self.denied:
            return web.Response(text="refused", status=int(self.denied["upload"]))
        self.files[request.match_info["file"]]["data"] = await request.read()
        return web.Response(text="OK")

    async def respond(self, request: web.Request) -> web.Response:
        if "response_url" in self.denied:
            return web.Response(text="refused", status=int(self.denied["response_url"]))
        self.whispers.append({**await request.json(), **request.query})
        await self.tell()
        return web.Response(text="ok")

    async def socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.sockets.append(socket)
        await self.tell()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                ack = json.loads(message.data)
                self.answers[ack["envelope_id"]] = ack.get("payload")
                self.acks.append(ack["envelope_id"])
                await self.tell()
        await self.tell()
        return socket


def kinds(message: dict[str, Any]) -> list[str]:
    """Return the content of a message."""
    return [block["type"] for block in message.get("blocks", [])]


def _misshapen(blocks: list[dict[str, Any]]) -> str:
    """Return what is wrong with a message's rows of buttons, or an empty text."""
    for row in (block["elements"] for block in blocks if block["type"] == "actions"):
        names = [each["action_id"] for each in row]
        if not 1 <= len(row) <= 25 or len(set(names)) < len(names):
            return "a row has 1 to 25 buttons of different names"
        if any(len(each["text"]["text"]) > 75 for each in row) or any(len(name) > 255 for name in names):
            return "a button has too many characters"
    return ""


def _loaded(value: Any) -> Any:
    """Lists travel as JSON in a string when the arguments are a form or a query."""
    return json.loads(value) if isinstance(value, str) else value


async def _arguments(request: web.Request) -> dict[str, Any]:
    """Read arguments, which slack_sdk sends as query, form or JSON."""
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return arguments | await request.json()
    return arguments | dict(await request.post())


@asynccontextmanager
async def slack_server() -> AsyncIterator[SlackServer]:
    """Run a fake Slack on a free port, without any proxy."""
    server = SlackServer()
    routes = [
        web.route("*", "/api/{method}", server.api),
        web.post("/upload/{file}", server.upload),
        web.post("/respond", server.respond),
        web.get("/socket", server.socket),
    ]
    async with listening(server, routes):
        yield server
