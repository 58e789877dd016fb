"""The form in which a line is written or changed, as a modal of Slack's. Pure.

https://docs.slack.dev/surfaces/modals; the place where the answer goes travels inside the form, so that it is
understood after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.platforms.slack_posting import Place
from commands.cleaning import MAX_LINE
from commands.context import Translate

FORM = "line"


def form_of(line: str, place: Place, translate: Translate) -> dict[str, Any]:
    """The view that asks for a line. line: what stands there at first"""
    field = {
        "type": "plain_text_input",
        "action_id": FORM,
        "initial_value": line,
        "max_length": MAX_LINE,
        "placeholder": _plain("style=ink color=blue shape=fish"),
    }
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps(dict(place.to_reply())),
        "title": _plain("Easel"),
        "submit": _plain(translate("Paint")),
        "close": _plain(translate("Cancel")),
        "blocks": [
            {
                "type": "input",
                "block_id": FORM,
                "label": _plain(translate("What shall I paint?")),
                "element": field,
            }
        ],
    }


def read_form(view: Mapping[str, Any]) -> tuple[Place, str]:
    """Where the answer goes, and the line."""
    line = view["state"]["values"][FORM][FORM].get("value") or ""
    return Place.from_reply(json.loads(view["private_metadata"])), line


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
