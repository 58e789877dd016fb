"""Read buttons, forms and menus in Slack as lines."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.platforms.lines import read_form
from bot.platforms.slack.blocks import read_button
from bot.platforms.slack.messages import RESPONSE_SECONDS, SlackMessage, SlackReplyTarget, SlackWriter
from bot.platforms.slack.users import SlackUsers
from bot.ports import Refused, Service
from commands.change import EXAMPLE
from commands.chat import Answer, Translate, UserError
from commands.parsing.sanitize import MAX_LINE
from commands.parsing.written import line_of
from commands.text.refusals import LOST
from commands.text.results import ASK_CHANGE, ASK_LINE, EDIT

log = logging.getLogger(__name__)

FORM, CHANGE, INFO, REPORT = "line", "change", "info", "report"
"""Ids of the form, which is its line's too, of its other field, and of entries in the menu of a message."""


class TakeLine(Protocol):
    """Take an event's id, where it happened, a command and its words; return when it may be acknowledged."""

    def __call__(
        self, event: str, target: SlackReplyTarget, command: str, words: str, *, is_form: bool = False
    ) -> Awaitable[Answer | None]: ...


class SlackInteractions:
    """Handle presses and choices. Buttons and forms hold all that is needed, so they work after a restart."""

    def __init__(
        self,
        service: Service,
        users: SlackUsers,
        writer: SlackWriter,
        clock: Callable[[], float],
        take: TakeLine,
    ) -> None:
        """clock: UTC epoch seconds; take: has a line answered"""
        self._service, self._users, self._writer = service, users, writer
        self._clock, self._take = clock, take

    def listen(self, app: AsyncApp) -> None:
        """Handle the events of an app."""
        app.action(re.compile(".*"))(self._on_press)
        app.view(FORM)(self._on_form)
        app.shortcut(FORM)(self._on_choice)
        for verb in (INFO, REPORT):
            app.shortcut(verb)(self._on_choice)

    async def _on_press(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        verb, words = read_button(body["actions"][0]["action_id"])
        if verb == EDIT:
            await self.open_form(body["trigger_id"], self._target(body), words)
        else:
            await self._take(body["trigger_id"], self._target(body), verb, words)
        await ack()

    async def _on_choice(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        target = self._target(body)
        if body["callback_id"] == FORM:
            await self.open_form(body["trigger_id"], target)
        else:
            post = str(SlackMessage(target.channel, body["message"]["ts"]))
            await self._take(body["trigger_id"], target, body["callback_id"], post)
        await ack()

    async def _on_form(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        target, command, words = read_view(body["view"])
        # A form that stays open is sent again under the same id.
        refusal = await self._take(body["trigger_id"], target, command, words, is_form=True)
        if refusal is not None:
            await ack(response_action="errors", errors={CHANGE if command == CHANGE else FORM: refusal.text})
        else:
            await ack()

    def _target(self, body: Mapping[str, Any]) -> SlackReplyTarget:
        """Return where the message is."""
        channel, user, message = body["channel"]["id"], body["user"]["id"], body.get("message", {})
        # "Paint here" begins a thread under a message that has none.
        thread = message.get("thread_ts") or (message["ts"] if body.get("callback_id") == FORM else "")
        until = self._clock() + RESPONSE_SECONDS
        return SlackReplyTarget(channel, user, thread, body.get("response_url", ""), until)

    async def open_form(self, trigger: str, target: SlackReplyTarget, picture: str = "") -> None:
        """Open a form with the line of a picture, or an empty one.

        Slack waits three seconds for it; where it was too late, the person is told.
        """
        try:
            translate = self._service.translate((await self._users.find(target.user)).locale)
            try:
                shown = await self._service.picture(picture) if picture else None
            except UserError as error:
                refusal = Answer(translate(error.sentence, **error.values))
                await self._writer.send_privately(target, refusal)
                return
            line = line_of(shown.conditions) if shown else ""
            view = form_view(line, target, translate, picture if shown else "")
            await self._open(trigger, view, target, translate(LOST))
        except Refused as refusal:
            log.warning("nobody could be told that a form was not shown: %s", refusal)
        except Exception:
            log.exception("a form could not be shown")

    async def _open(self, trigger: str, view: dict[str, Any], target: SlackReplyTarget, lost: str) -> None:
        try:
            await self._writer.open_form(trigger, view)
        except Refused as refusal:
            log.warning("a form could not be shown: %s", refusal)
            await self._writer.send_privately(target, Answer(lost))


def form_view(line: str, target: SlackReplyTarget, translate: Translate, picture: str = "") -> dict[str, Any]:
    """Return the form that asks for a line, or for what shall be different about a picture.

    line: its first content; picture: the id of the one that is changed
    """
    element = {"initial_value": line, "placeholder": _plain("style=ink color=blue shape=fish")}
    whole = _field(FORM, translate(ASK_LINE if picture else "What shall I paint?"), element)
    change = _field(CHANGE, translate(ASK_CHANGE), {"placeholder": _plain(translate(EXAMPLE))})
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps({**target.to_reply(), "picture": picture}),
        "title": _plain("Easel"),
        "submit": _plain(translate("Paint")),
        "close": _plain(translate("Cancel")),
        "blocks": [change | {"optional": True}, whole | {"optional": True}] if picture else [whole],
    }


def _field(name: str, label: str, element: Mapping[str, Any]) -> dict[str, Any]:
    field = {"type": "plain_text_input", "action_id": name, "max_length": MAX_LINE, **element}
    return {"type": "input", "block_id": name, "label": _plain(label), "element": field}


def read_view(view: Mapping[str, Any]) -> tuple[SlackReplyTarget, str, str]:
    """Return where the answer goes, and the command and words of a form that was sent."""
    values, about = view["state"]["values"], json.loads(view["private_metadata"])
    change, line = (values.get(name, {}).get(name, {}).get("value") or "" for name in (CHANGE, FORM))
    return SlackReplyTarget.from_reply(about), *read_form(about.get("picture", ""), change, line)


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
