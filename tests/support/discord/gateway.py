"""The gateway of the fake Discord: it sends the events that Easel asked for.

Its words are those of https://docs.discord.com/developers/topics/opcodes-and-status-codes
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.loopback import Twin

TOKEN = "loopback-discord"  # noqa: S105
APPLICATION, BOT_USER = 900, 901
GUILD, CHANNEL, ROLE, FRIENDS, OWNER = 100, 200, 300, 301, 9
MANAGE_SERVER, MANAGE_MESSAGES = 1 << 5, 1 << 13
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
BAD_TOKEN, BAD_INTENTS = 4004, 4014
GUILDS = 1 << 0
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
INTENTS = {
    "MESSAGE_CREATE": (1 << 9, 1 << 12),
    "MESSAGE_REACTION_ADD": (1 << 10, 1 << 13),
    "MESSAGE_REACTION_REMOVE": (1 << 10, 1 << 13),
}
"""The intents that an event needs in servers, and in direct messages."""
ME = {"id": str(BOT_USER), "username": "easel", "discriminator": "0", "avatar": None, "bot": True}
PLAIN = {"color": 0, "hoist": False, "position": 0, "managed": False, "mentionable": False}
ROLES = [
    {"id": str(GUILD), "name": "@everyone", "permissions": "0", **PLAIN},
    {"id": str(ROLE), "name": "keepers", "permissions": str(MANAGE_SERVER), **PLAIN},
    {"id": str(FRIENDS), "name": "friends", "permissions": "0", **PLAIN},
]
ROOM = {"id": str(CHANNEL), "type": 0, "name": "art", "position": 0, "permission_overwrites": []}
SERVER = {
    "id": str(GUILD),
    "name": "The studio",
    "owner_id": str(OWNER),
    "member_count": 3,
    "preferred_locale": "en-US",
    "roles": ROLES,
    "channels": [ROOM],
    "members": [{"user": ME, "roles": [], "joined_at": None, "flags": 0}],
}


@dataclass
class Gateway(Twin):
    """What Easel sent over its sockets, and what it got.

    heard: (operation, data) of every frame that came in
    forgetful: it knows no session of before; refusing: the code that it closes a new one with
    """

    heard: list[tuple[int, Any]] = field(default_factory=list)
    forgetful: bool = False
    refusing: int = 0
    _told: list[dict[str, Any]] = field(default_factory=list)
    _intents: int = 0
    _live: web.WebSocketResponse | None = None

    @property
    def gateway(self) -> str:
        """Return where it listens."""
        return f"{self.address}/gateway".replace("http", "ws", 1)

    @property
    def live(self) -> bool:
        """Return whether Easel is connected."""
        return self._live is not None and not self._live.closed

    def said(self, operation: int) -> list[Any]:
        """Return the data of every frame of this operation that came in."""
        return [data for each, data in self.heard if each == operation]

    async def happen(self, event: str, data: dict[str, Any]) -> None:
        """Send an event now, or when Easel resumes."""
        needed = INTENTS.get(event, (0, 0))["guild_id" not in data]
        if needed & self._intents != needed:
            return
        await self._dispatch(event, _censored(data) if event == "MESSAGE_CREATE" else data)

    async def order(self, operation: int, data: Any = None) -> None:
        """Send a frame that is no event."""
        await self.sockets[-1].send_json({"op": operation, "d": data, "s": None, "t": None})

    async def _dispatch(self, event: str, data: dict[str, Any]) -> None:
        frame = {"op": DISPATCH, "t": event, "s": len(self._told) + 1, "d": data}
        self._told.append(frame)
        if self._live and self.live:
            await self._live.send_json(frame)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await self.order(HELLO, {"heartbeat_interval": 41_250})
        async for message in socket:
            frame = json.loads(message.data)
            await self._answer(socket, frame["op"], frame["d"])
            self.heard.append((frame["op"], frame["d"]))
            await self.tell()
        return socket

    async def _answer(self, socket: web.WebSocketResponse, operation: int, data: Any) -> None:
        if operation == HEARTBEAT:
            await self.order(ACK)
        elif data["token"] != TOKEN:
            await socket.close(code=BAD_TOKEN)
        elif operation == IDENTIFY:
            await self._welcome(socket, data["intents"])
        elif operation == RESUME:
            await self._resume(socket, data["seq"])

    async def _welcome(self, socket: web.WebSocketResponse, intents: int) -> None:
        refusing = BAD_INTENTS if intents & PRIVILEGED else self.refusing
        if refusing:
            await socket.close(code=refusing)
            return
        self._intents, self._live, self.forgetful = intents, socket, False
        ready = {"v": 10, "user": ME, "session_id": "session", "resume_gateway_url": self.gateway}
        application = {"id": str(APPLICATION), "flags": 0}
        guilds = [{"id": str(GUILD), "unavailable": True}]
        await self._dispatch("READY", {**ready, "application": application, "guilds": guilds})
        if intents & GUILDS:
            await self._dispatch("GUILD_CREATE", SERVER)

    async def _resume(self, socket: web.WebSocketResponse, last: int) -> None:
        if self.forgetful:
            await self.order(INVALID_SESSION, False)
            return
        for frame in self._told[last:]:
            await socket.send_json(frame)
        self._live = socket
        await self._dispatch("RESUMED", {})


def _censored(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as an application without the message content intent gets it."""
    mine = str(BOT_USER) in [each["id"] for each in message["mentions"]] or "guild_id" not in message
    return message if mine else {**message, "content": "", "attachments": []}
