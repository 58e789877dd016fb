"""Whatever is sent and whatever is said in answer, nobody is called by it and nothing of it is markup: not in
Discord, not in Slack, not on the web. The strings are those of hostile.py."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import jinja2
import pytest

from bot.platforms.web.adapter import FOLDER
from commands.chat import Answer, Button
from commands.i18n import translator
from tests.support.discord.discord_app import adapter as discord_adapter
from tests.support.discord.discord_app import command as discord_command
from tests.support.discord.discord_app import message
from tests.support.discord.gateway import BOT_USER
from tests.support.discord.server import discord_server
from tests.support.fakes import PICTURE, RecordingService
from tests.support.hostile_input import WHOLE
from tests.support.slack.server import BOT_USER as SLACK_BOT
from tests.support.slack.server import slack_server
from tests.support.slack.slack_app import adapter as slack_adapter
from tests.support.slack.slack_app import command as slack_command
from tests.support.slack.slack_app import event

DISCORD_ACTIVE = re.compile(
    r"[*_~`|<>@\[\]]|://|^[^\S\n]*(?:#{1,3}\s|-#\s|[-+]\s|\d+\.\s)|(?<!\w)@(?:everyone|here)", re.MULTILINE
)
MOST_ALT = 500
"""Most characters of an alternative text, which Easel writes."""
PAGES = jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER / "templates"), autoescape=True)
SLACK_ENTITY = re.compile(r"&(?:amp|lt|gt);")
SLACK_ACTIVE = re.compile(r"(?<!\w)[*_~`]\S|\S[*_~`](?!\w)|^\s*&gt;|:[^\s:]+:", re.MULTILINE)


def answer_with(text):
    """Says a text in each place where words can stand. An answer has words: some strings look like none."""
    button = Button("help", "paint", f"{text} .")
    return Answer(f"{text}\n{text}.", buttons=(button,))


def picture_with(text):
    return Answer(f"{text}\n{text}.", (replace(PICTURE, alt=f"{text[:MOST_ALT]}."),))


def errors(caplog):
    return [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


def shown_in_discord(content):
    """Remove everything that is escaped, and return what could be read as markup."""
    return DISCORD_ACTIVE.findall(re.sub(r"\\(?:\W|_)", "x", content))


@pytest.mark.timeout(300)
async def test_discord_is_told_each_as_plain_words_that_call_nobody(caplog):
    service = RecordingService()
    async with discord_server() as server, discord_adapter(server, service):
        for number, text in enumerate(WHOLE, 1):
            service.answer = picture_with(text) if number % 10 == 0 else answer_with(text)
            if number % 2:
                await server.happen("MESSAGE_CREATE", message(server, f"<@{BOT_USER}> {text}"))
            else:
                await server.interact(discord_command(options={"words": text[:500] or "x"}))
            await server.written(number)
        said = list(server.messages.values())
    assert len(said) == len(service.asks) == len(WHOLE)
    assert not [each["pinged"] for each in said if each["pinged"]]
    assert not [each["content"] for each in said if shown_in_discord(each["content"])]
    assert max(len(each["content"]) for each in said) <= 2000
    assert not errors(caplog)


def shown_in_slack(message):
    """What Slack would make something of: words in blocks are plain text, and so are those said to be."""
    text, blocks = message["text"], message.get("blocks") or []
    entities = set(SLACK_ENTITY.sub("", text)) & set("&<>")
    kinds = {
        each["text"]["type"]
        for block in blocks
        for each in [block, *block.get("elements", [])]
        if "text" in each
    }
    plain = blocks or message.get("mrkdwn") in (False, "0", "false")
    return entities | (kinds - {"plain_text"}) | (set() if plain else set(SLACK_ACTIVE.findall(text)))


@pytest.mark.timeout(300)
async def test_slack_is_told_each_as_plain_words_that_call_nobody(caplog):
    service = RecordingService()
    async with slack_server() as server, slack_adapter(server, service):
        for number, text in enumerate(WHOLE, 1):
            said = picture_with(text) if number % 10 == 0 else answer_with(text)
            service.answer = replace(said, private=number % 3 == 0 and not said.pictures, buttons=())
            if number % 2:
                await server.sent("events_api", event("app_mention", text=f"<@{SLACK_BOT}> {text}"))
            else:
                # /paint with nothing in it would open a form.
                await server.sent("slash_commands", slack_command(text, "quota"))
            await server.until(lambda most=number: len(server.messages) + len(server.whispers) >= most)
        told = [*server.messages.values(), *server.whispers]
    assert len(told) == len(service.asks) == len(WHOLE)
    assert not [each["text"] for each in told if shown_in_slack(each)]
    assert not errors(caplog)


class Outline(HTMLParser):
    """Return the elements of a page with the names of their attributes, and all its words."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, [name for name, _ in attrs]))

    def handle_data(self, data):
        self.words.append(data)


def page_of(template, text):
    """Return a page on which every word that is not the page's own is `text`."""
    picture = {"id": text, "src": text, "alt": text, "width": 1, "height": 1, "number": 1, "favourites": 0}
    told = {
        "pictures": [picture],
        "picture": picture,
        "chosen": {},
        "kinds": [("style", text, [(text, text)])],
    }
    turns = {"page": 1, "pages": 1, "total": 1, "newer": text, "older": text, "shows": [(text, text)]}
    base = {"_": translator("en"), "language": "en", "languages": [("en", text)], "csrf": text, "here": ""}
    rest = {
        "facts": [(text, text)],
        "next": [(text, text)],
        "words": {"said": {"x": text}},
        "csrf_header": text,
        "sentence": text,
    }
    return PAGES.get_template(template).render(
        **told, **turns, **base, **rest, liked=False, can_be_admin=True
    )


@pytest.mark.parametrize("template", ["chat.html", "gallery.html", "picture.html", "refused.html"])
def test_a_page_has_the_same_elements_whatever_stands_on_it(template):
    wanted = Outline(page_of(template, "a blue fish")).elements
    assert len(wanted) > 20
    assert not [text for text in WHOLE if Outline(page_of(template, text)).elements != wanted]
