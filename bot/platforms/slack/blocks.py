"""A message as Slack's Block Kit has it: words, pictures, and buttons. Pure.

A message refers to uploaded files by image blocks, because only then is its timestamp known, which is how
reactions name it: https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bot.platforms.slack.text import escape, is_marked
from commands.chat import Answer, Button, Picture

MOST_BUTTONS = 25
"""Of one row."""
MOST_SECTION = 3000
MOST_VALUE = 255
"""Characters of what names a button."""

Block = dict[str, Any]


def message_of(answer: Answer, files: Sequence[str] = ()) -> dict[str, Any]:
    """The words and blocks of a message.

    files: ids of the answer's pictures that are not hidden, and of its attached ones, uploaded
    The blocks are empty where words will do, so that a message loses those that it had. Words that Slack
    would set in bold or make a picture of stand in plain text: not every call takes `mrkdwn=False`.
    """
    shown = {picture.id for picture in answer.pictures}
    rest = (each for each in answer.buttons if each.picture not in shown)
    uploaded = iter(files)
    blocks = [*_due(answer), *_pictures(answer, uploaded), *_attached(answer, uploaded), *_rows(rest)]
    section = [_section(answer.text)] if blocks or is_marked(answer.text) else []
    return {"text": escape(answer.text), "blocks": [*section, *blocks]}


def _pictures(answer: Answer, uploaded: Iterator[str]) -> Iterator[Block]:
    for picture in answer.pictures:
        yield _hidden(picture) if picture.hidden else _image(next(uploaded), picture.alt)
        yield from _rows(each for each in answer.buttons if each.picture == picture.id)


def _attached(answer: Answer, uploaded: Iterator[str]) -> Iterator[Block]:
    for other in answer.attachments:
        if other.is_picture:
            yield _image(next(uploaded), other.alt)


def _due(answer: Answer) -> Iterator[Block]:
    """When the pictures are probably there, by each reader's own clock."""
    if answer.due is not None:
        otherwise = f"{datetime.fromtimestamp(answer.due, UTC):%H:%M:%S} UTC"
        when = f"⏳ <!date^{answer.due:.0f}^{{time_secs}}|{otherwise}>"
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": when}]}


def _section(text: str) -> Block:
    words = escape(text)[:MOST_SECTION]
    return {"type": "section", "text": {"type": "plain_text", "text": words, "emoji": False}}


def _hidden(picture: Picture) -> Block:
    """Slack hides nothing: what is on it has to do, and a button sends the picture to who wants to see it."""
    return {"type": "section", "text": {"type": "plain_text", "text": f"🙈 {picture.alt}"[:MOST_SECTION]}}


def _image(file: str, alt: str) -> Block:
    return {"type": "image", "slack_file": {"id": file}, "alt_text": escape(alt)}


def _rows(buttons: Iterable[Button]) -> Iterator[Block]:
    buttons = iter(buttons)
    while row := list(islice(buttons, MOST_BUTTONS)):
        yield {"type": "actions", "elements": [_button(each) for each in row]}


def _button(button: Button) -> Block:
    label = f"{button.emoji} {button.label}".strip()
    return {
        "type": "button",
        "action_id": f"{button.verb}:{button.words}"[:MOST_VALUE],
        "text": {"type": "plain_text", "text": label, "emoji": True},
    }


def read_button(action: str) -> tuple[str, str]:
    """(verb, words) of a button that was pressed."""
    verb, _, words = action.partition(":")
    return verb, words
