"""What people press and choose in Slack, as lines: buttons, forms, and the menu of a message."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.platforms.slack.blocks import read_button
from bot.platforms.slack.messages import RESPONSE_SECONDS, MessageWriter, Post, ReplyTarget
from bot.platforms.slack.users import People
from bot.ports import Service
from commands.chat import Answer, Translate, UserError
from commands.parsing.line import line_of
from commands.parsing.sanitize import MAX_LINE
from commands.text.results import EDIT

log = logging.getLogger(__name__)

Take = Callable[[str, ReplyTarget, str, str], Awaitable[None]]
"""Takes an event's id, where it happened, a command and its words; returns when it may be acknowledged."""
INFO = "info"


class Presses:
    """Everything stands in what was pressed, so that it works after a restart."""

    def __init__(
        self, house: Service, people: People, poster: MessageWriter, clock: Callable[[], float], take: Take
    ) -> None:
        """clock: UTC epoch seconds; take: has a line answered"""
        self._house, self._people, self._poster = house, people, poster
        self._clock, self._take = clock, take

    def listen(self, app: AsyncApp) -> None:
        """Have them told."""
        app.action(re.compile(".*"))(self._on_press)
        app.view(FORM)(self._on_form)
        app.shortcut(FORM)(self._on_choice)
        app.shortcut(INFO)(self._on_choice)

    async def _on_press(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        verb, words = read_button(body["actions"][0]["action_id"])
        if verb == EDIT:
            await self.open_form(body["trigger_id"], self._place(body), words)
        else:
            await self._take(body["trigger_id"], self._place(body), verb, words)
        await ack()

    async def _on_choice(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        place = self._place(body)
        if body["callback_id"] == FORM:
            await self.open_form(body["trigger_id"], place)
        else:
            post = str(Post(place.channel, body["message"]["ts"]))
            await self._take(body["trigger_id"], place, INFO, post)
        await ack()

    async def _on_form(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        place, line = read_form(body["view"])
        await self._take(body["view"]["id"], place, "paint", line)
        await ack()

    def _place(self, body: Mapping[str, Any]) -> ReplyTarget:
        """Where the message is of which something was pressed or chosen."""
        channel, user, message = body["channel"]["id"], body["user"]["id"], body.get("message", {})
        # A message that began no thread yet begins one when somebody paints "here".
        thread = message.get("thread_ts") or (message["ts"] if body.get("callback_id") == FORM else "")
        until = self._clock() + RESPONSE_SECONDS
        return ReplyTarget(channel, user, thread, body.get("response_url", ""), until)

    async def open_form(self, trigger: str, place: ReplyTarget, picture: str = "") -> None:
        """A form with the line of a picture, or with none. Slack waits three seconds for it, so a failure
        is only logged: people press again."""
        try:
            translate = self._house.translate((await self._people.find(place.user)).locale)
            try:
                shown = await self._house.picture(picture) if picture else None
            except UserError as error:
                await self._poster.say_privately(place, Answer(translate(error.sentence, **error.values)))
                return
            line = line_of(shown.conditions) if shown else ""
            await self._poster.open(trigger, form_of(line, place, translate))
        except Exception:
            log.exception("a form could not be shown")


FORM = "line"


def form_of(line: str, place: ReplyTarget, translate: Translate) -> dict[str, Any]:
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


def read_form(view: Mapping[str, Any]) -> tuple[ReplyTarget, str]:
    """Where the answer goes, and the line."""
    line = view["state"]["values"][FORM][FORM].get("value") or ""
    return ReplyTarget.from_reply(json.loads(view["private_metadata"])), line


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
