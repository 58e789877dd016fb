"""Read Slack's refusals, of which `refusals.toml` lists the remedies."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.platforms.refusals import load_refusals
from bot.ports import Refused, Remedy

REFUSALS = load_refusals(Path(__file__).with_suffix(".toml"))
_STATUS = re.compile(r"\(status: (\d+)")


def slack_refusal(error: Exception) -> Refused | None:
    """Return what Slack refused, or that it was not reached; None for a fault of Easel's own."""
    if isinstance(error, SlackApiError):
        answer = error.response
        address = str(getattr(answer, "api_url", None) or getattr(answer, "url", ""))
        status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
        code = code_of(error) or str(status)
        return REFUSALS.refusal(address.rpartition("/")[2], code, status, code)
    if isinstance(error, SlackRequestError) and (found := _STATUS.search(str(error))):
        return REFUSALS.refusal("upload", found[1], int(found[1]), found[1])
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return Refused(f"Slack was not reached ({error or type(error).__name__})", Remedy.AGAIN)
    return None


def code_of(error: SlackApiError) -> str:
    """Return Slack's name of an error; empty where it sent none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""
