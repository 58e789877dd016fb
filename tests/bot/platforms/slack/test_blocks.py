"""Facts about bot/platforms/slack/blocks.py: a message as Slack has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.platforms.slack.blocks import MOST_BUTTONS, message_of, read_button
from commands.chat import Answer, Button
from commands.i18n import translator
from commands.text.results import buttons_of
from tests.support.fakes import CARD, FILE, NOON, PICTURE
from tests.support.slack.server import kinds

SAY = translator("en")
OTHER = replace(PICTURE, id="p2")


def test_words_alone_need_no_blocks_and_take_away_those_there_were():
    assert message_of(Answer("Here <I> am.")) == {"text": "Here &lt;I&gt; am.", "blocks": []}


def test_when_it_is_due_is_told_by_each_readers_own_clock():
    message = message_of(Answer("Painting fish", due=NOON + 8.4))
    assert kinds(message) == ["section", "context"]
    [when] = message["blocks"][1]["elements"]
    assert when == {"type": "mrkdwn", "text": "⏳ <!date^1800014408^{time_secs}|12:00:08 UTC>"}


def test_each_picture_has_its_buttons_under_it():
    buttons = (*buttons_of(PICTURE, SAY), *buttons_of(OTHER, SAY))
    message = message_of(Answer("fish", (PICTURE, OTHER), buttons=buttons), ("F1", "F2"))
    assert kinds(message) == ["section", "image", "actions", "image", "actions"]
    first, second = (block["elements"] for block in message["blocks"] if block["type"] == "actions")
    assert [each["action_id"] for each in first][:2] == ["reroll:p1", "vary:p1"]
    assert {each["action_id"].partition(":")[2] for each in second} == {"p2"}


def test_buttons_of_the_whole_answer_stand_at_its_end():
    message = message_of(Answer("Page 1", buttons=(Button("gallery", "mine page=2", "Older", "▶️"),)))
    assert kinds(message) == ["section", "actions"]
    [button] = message["blocks"][1]["elements"]
    assert button["text"]["text"] == "▶️ Older"


def test_more_buttons_than_a_row_takes_make_more_rows():
    many = tuple(Button("gallery", f"mine page={n}", str(n)) for n in range(MOST_BUTTONS + 1))
    message = message_of(Answer("Pages", buttons=many))
    assert [len(block.get("elements", [])) for block in message["blocks"]] == [0, MOST_BUTTONS, 1]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("reroll:p1", ("reroll", "p1")),
        ("gallery:mine page=2", ("gallery", "mine page=2")),
        ("info:slack:C1:1", ("info", "slack:C1:1")),
        ("cancel", ("cancel", "")),
    ],
)
def test_a_button_says_a_line(action, said):
    assert read_button(action) == said


def test_a_picture_that_is_attached_is_shown_and_another_file_is_not():
    message = message_of(Answer("Your taste.", attachments=(CARD, FILE)), ("F1",))
    assert kinds(message) == ["section", "image"]
    assert message["blocks"][1]["alt_text"] == CARD.alt
