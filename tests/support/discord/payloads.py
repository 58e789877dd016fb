"""Check messages, choices and commands as Discord does.

https://docs.discord.com/developers/reference, …/resources/message, …/interactions/application-commands
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from tests.support.discord.gateway import ME

PRIVATE, LOADING = 1 << 6, 1 << 7
"""Flags of a message: one person sees it; it is still to come."""
MOST_CONTENT, MOST_ALT, MOST_FILES, MOST_BYTES = 2000, 1024, 10, 10 * 1024 * 1024
MOST_CHOICES, MOST_OPTIONS, MOST_SAID = 25, 25, 100
MOST_ROWS, MOST_IN_ROW, MOST_LABEL = 5, 5, 80
REPLYING = {"replied_user": True}
NOON = "2027-01-15T12:00:00+00:00"
IN_MENU = 3
"""The type of a command in the menu of messages, whose name may have spaces and capitals."""
NAME = re.compile(r"[-_'\w]{1,32}")
KINDS = {"png": "image/png", "webp": "image/webp", "json": "application/json"}


class Refusal(Exception):
    """A refusal, with its HTTP status and Discord's own code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": message}


def check(fits: object, what: str) -> None:
    """Refuse a form unless the condition holds."""
    if not fits:
        raise Refusal(400, 50035, f"Invalid Form Body: {what}")


async def read_form(request: web.Request) -> dict[str, Any]:
    """Read what was sent, as JSON or in parts; uploads are under "files", by number."""
    if not request.content_type.startswith("multipart/"):
        sent = await request.json() if request.can_read_body else {}
        return sent if isinstance(sent, dict) else {"list": sent}
    parts = await request.post()
    named = re.compile(r"files\[(\d+)\]")
    uploads = {int(found[1]): parts[name].file.read() for name in parts if (found := named.fullmatch(name))}
    return {**json.loads(parts["payload_json"]), "files": uploads}


def content_of(form: dict[str, Any]) -> dict[str, Any]:
    """Return the inner part of a form, which interactions wrap."""
    inner = form.get("data") or {}
    return {**inner, "files": form["files"]} if "files" in form else inner


def blank(channel: int, number: int, flags: int = 0) -> dict[str, Any]:
    """Make an empty message of Easel's. pinged: whom it mentions"""
    ids = {"id": str(number), "channel_id": str(channel), "author": ME, "flags": flags, "pinged": set()}
    lists = {name: [] for name in ("attachments", "embeds", "mentions", "mention_roles", "components")}
    plain = {
        "content": "",
        "nonce": None,
        "tts": False,
        "pinned": False,
        "mention_everyone": False,
        "type": 0,
    }
    return {**ids, **lists, **plain, "timestamp": "2027-01-15T12:00:00+00:00", "edited_timestamp": None}


def fill(message: dict[str, Any], form: dict[str, Any], ids: Iterator[int]) -> dict[str, Any]:
    """Put what was sent into a message, which it returns. ids: of new attachments"""
    if "content" in form:
        message["content"] = form["content"] or ""
    if "attachments" in form:
        uploads = form.get("files", {})
        message["attachments"] = [_attached(each, uploads, next(ids)) for each in form["attachments"]]
    if "components" in form:
        message["components"] = _checked_rows(form["components"] or [])
    check(len(message["content"]) <= MOST_CONTENT, "content is too long")
    check(len(message["attachments"]) <= MOST_FILES, "too many attachments")
    if not message["content"] and not message["attachments"]:
        raise Refusal(400, 50006, "Cannot send an empty message")
    message["pinged"] |= _pinged(message["content"], form.get("allowed_mentions"))
    if form.get("message_reference") and form.get("allowed_mentions", REPLYING).get("replied_user"):
        message["pinged"].add("whom it answers")
    message["flags"] = form.get("flags", message["flags"]) & ~LOADING
    return message


def _checked_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the buttons of a message."""
    buttons = [button for row in rows for button in row["components"]]
    check(len(rows) <= MOST_ROWS and all(1 <= len(row["components"]) <= MOST_IN_ROW for row in rows), "rows")
    check(len({each["custom_id"] for each in buttons}) == len(buttons), "a custom_id twice")
    for each in buttons:
        check(1 <= len(each["custom_id"]) <= MOST_SAID and len(each["label"]) <= MOST_LABEL, "a button")
    return rows


def _attached(entry: dict[str, Any], uploads: dict[int, bytes], number: int) -> dict[str, Any]:
    data, name, alt = uploads.get(int(entry["id"])), entry["filename"], entry.get("description") or ""
    check(data is not None, "an attachment was not uploaded")
    check(len(alt) <= MOST_ALT, "description is too long")
    if len(data) > MOST_BYTES:
        raise Refusal(413, 40005, "Request entity too large")
    kind = KINDS[name.rpartition(".")[2]]
    address = f"https://cdn.example/{number}/{name}"
    places = {"url": address, "proxy_url": address, "size": len(data), "content_type": kind}
    return {"id": str(number), "filename": name, "description": alt, "data": data, **places}


def _pinged(content: str, allowed: dict[str, Any] | None) -> set[str]:
    """Return whom a new message mentions. allowed: its allowed_mentions, None for everybody"""
    kinds = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse", [])
    users = set(re.findall(r"<@!?(\d+)>", content))
    called = users if "users" in kinds else users & {str(each) for each in (allowed or {}).get("users", [])}
    if "everyone" in kinds:
        called |= set(re.findall("@everyone|@here", content))
    return called | (set(re.findall(r"<@&\d+>", content)) if "roles" in kinds else set())


def checked_choices(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Check the choices of a completion."""
    check(len(choices) <= MOST_CHOICES, "too many choices")
    for each in choices:
        check(1 <= len(each["name"]) <= MOST_SAID and 1 <= len(each["value"]) <= MOST_SAID, "a choice")
    return choices


def checked_command(command: dict[str, Any]) -> dict[str, Any]:
    """Check a command, or an option, in all its languages."""
    if command.get("type") == IN_MENU:
        check(1 <= len(command["name"]) <= 32, f"name {command['name']}")
        return command
    for name in (command["name"], *(command.get("name_localizations") or {}).values()):
        check(NAME.fullmatch(name) and name == name.lower(), f"name {name}")
    for said in (command["description"], *(command.get("description_localizations") or {}).values()):
        check(1 <= len(said) <= MOST_SAID, f"description {said}")
    options = command.get("options") or []
    check(len(options) <= MOST_OPTIONS and len(command.get("choices") or []) <= MOST_CHOICES, "too many")
    for option in options:
        checked_command(option)
    return command
