"""Read Discord's refusals, of which `refusals.toml` lists the remedies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import discord

from bot.platforms.refusals import load_refusals
from bot.ports import Refused, Remedy

REFUSALS = load_refusals(Path(__file__).with_suffix(".toml"))
_ROUTES = {
    each.name: re.compile(re.sub(r"\{\w+\}", "[^/]+", each.route.replace(" /", " .*/")))
    for each in REFUSALS.methods.values()
}


def discord_refusal(error: Exception) -> Refused | None:
    """Return what Discord refused, or that it was not reached; None for a fault of Easel's own."""
    if isinstance(error, discord.HTTPException):
        # Its type depends on whether requests is installed, whose response lacks these.
        response: Any = error.response
        method = method_of(response.method, str(response.url.path))
        return REFUSALS.refusal(method, str(error.code), error.status, str(error))
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return Refused(f"Discord was not reached ({error or type(error).__name__})", Remedy.AGAIN)
    return None


def method_of(verb: str, path: str) -> str:
    """Return the name of a method by its HTTP verb and path; both themselves for one that is not listed."""
    call = f"{verb} {path}"
    return next((name for name, route in _ROUTES.items() if route.fullmatch(call)), call)
