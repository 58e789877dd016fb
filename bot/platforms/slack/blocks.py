"""Build messages of Slack's Block Kit: words, pictures and buttons. Pure.

A message refers to uploaded files by image blocks, because only then is its timestamp known, by which
reactions name it: https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bot.platforms.slack.text import escape_mrkdwn, is_marked, named_parts
from commands.chat import Answer, Button, Picture, Post

MOST_BUTTONS = 25
"""In one row."""
MOST_SECTION = 3000
MOST_VALUE = 255
"""Characters of a button's id."""

Block = dict[str, Any]


def message_of(shown: Answer | Post, files: Sequence[str] = ()) -> dict[str, Any]:
    """Return the words and blocks of a message.

    files: ids of the uploaded pictures that are not hidden, then of the attached ones
    The list of blocks is empty where words are enough, so that an edited message loses its old blocks. Words
    that Slack would set in bold or turn into emoji become plain text: not every call takes `mrkdwn=False`.
    """
    uploaded = iter(files)
    pictures = list(_pictures(shown, uploaded))
    due, attached = (_due(shown), _attached(shown, uploaded)) if isinstance(shown, Answer) else ((), ())
    blocks = [*due, *pictures, *attached, *_other_rows(shown)]
    parts = list(named_parts(shown.text))
    if isinstance(shown, Answer) and shown.private and any(kind != "text" for kind, _ in parts):
        # Only its reader sees it, so nobody is notified.
        section = [_rich_text(parts)]
    else:
        section = [_section(shown.text)] if blocks or is_marked(shown.text) else []
    return {"text": escape_mrkdwn(shown.text), "blocks": [*section, *blocks]}


def _pictures(shown: Answer | Post, uploaded: Iterator[str]) -> Iterator[Block]:
    for picture in shown.pictures:
        yield _hidden(picture) if picture.hidden else _image(next(uploaded), picture.alt)
        yield from _rows(each for each in shown.buttons if each.picture == picture.id)


def _other_rows(shown: Answer | Post) -> Iterator[Block]:
    """Return the rows of buttons that belong to no picture in the message."""
    pictures = {picture.id for picture in shown.pictures}
    return _rows(each for each in shown.buttons if each.picture not in pictures)


def _attached(answer: Answer, uploaded: Iterator[str]) -> Iterator[Block]:
    for each in answer.attachments:
        if each.is_picture:
            yield _image(next(uploaded), each.alt)


def _due(answer: Answer) -> Iterator[Block]:
    """When the pictures are probably there, by each reader's own clock."""
    if answer.due is not None:
        otherwise = f"{datetime.fromtimestamp(answer.due, UTC):%H:%M:%S} UTC"
        when = f"⏳ <!date^{answer.due:.0f}^{{time_secs}}|{otherwise}>"
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": when}]}


def _section(text: str) -> Block:
    words = escape_mrkdwn(text)[:MOST_SECTION]
    return {"type": "section", "text": {"type": "plain_text", "text": words, "emoji": False}}


def _rich_text(parts: Iterable[tuple[str, str]]) -> Block:
    """Return words in which people and channels have their names; nothing else is markup there."""
    ids = {"text": "text", "user": "user_id", "channel": "channel_id"}
    elements = [{"type": kind, ids[kind]: value} for kind, value in parts]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _hidden(picture: Picture) -> Block:
    """Return words in place of a hidden picture, because Slack hides nothing; a button sends it."""
    return {"type": "section", "text": {"type": "plain_text", "text": f"🙈 {picture.alt}"[:MOST_SECTION]}}


def _image(file: str, alt: str) -> Block:
    return {"type": "image", "slack_file": {"id": file}, "alt_text": escape_mrkdwn(alt)}


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
    """Return (verb, words) of a pressed button."""
    verb, _, words = action.partition(":")
    return verb, words
