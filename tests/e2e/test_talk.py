"""Pictures are changed in plain words on Discord, on Slack and on the web, over sockets with real clients.

Twenty changes on each platform, in every way that it has: by mention, by reply or in a thread, in direct
messages, by command and by the form behind a button.
"""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

from engine.conditions import Conditions, Other
from tests.support.discord.discord_app import command as slash
from tests.support.discord.discord_app import (
    direct_message,
    discord_app,
    message,
    person,
)
from tests.support.discord.discord_app import press as discord_press
from tests.support.discord.discord_app import submission as discord_submission
from tests.support.discord.gateway import BOT_USER, CHANNEL
from tests.support.discord.server import direct_channel, discord_server
from tests.support.fakes import FakeClock, FakePaintingClient
from tests.support.slack.server import BOT_USER as SLACK_USER
from tests.support.slack.server import slack_server
from tests.support.slack.slack_app import MANY, command, event, press, slack_app, submission
from tests.support.web_client import visitor, web_app

FISH = "style=ink color=red shape=fish-under-moon scene=portrait seed=7 size=256"
MOON = Other("moon", 1, "under")
CHANGES = (
    ("bluer", {"colors": ("#a65376",)}),
    ("make it night", {"time": "night"}),
    ("add two trees", {"others": (MOON, Other("tree", 2))}),
    ("without the moon", {"others": (), "without": ("moon",)}),
    ("another one", {"seed": None}),
    ("bigger", {"scale": "large"}),
    ("a larger picture", {"size": 512}),
    ("in watercolor", {"style": (("watercolor", 1.0),)}),
    ("more abstract", {"style": (("ink", 0.6), ("abstract", 0.4))}),
    ("a fox instead of the fish", {"shape": "fox"}),
    ("变成晚上，再加两棵树", {"time": "night", "others": (MOON, Other("tree", 2))}),
    ("不要月亮", {"others": (), "without": ("moon",)}),
    ("もっと青く", {"colors": ("#a65376",)}),
    ("밤으로 바꿔줘", {"time": "night"}),
    ("una imagen más grande", {"size": 512}),
    ("en aquarelle, de nuit", {"style": (("watercolor", 1.0),), "time": "night"}),
    ("füge zwei Bäume hinzu", {"others": (MOON, Other("tree", 2))}),
    ("sem a lua", {"others": (), "without": ("moon",)}),
    ("Could you put it in the forest, please?", {"place": "forest"}),
    ("a blue fish", None),
)
"""What is said of the red fish, and what becomes of it; None for a new request."""


class Talking:
    """Somebody who has a fish painted, and says something about it. seen: posts that were looked at"""

    ways = ("words",)

    def __init__(self, painting_client):
        self.painting_client, self.seen = painting_client, set()

    async def paint(self, way):
        """Have the fish painted there, and return its post."""
        await self.say(FISH, "direct" if way == "direct" else "mention")
        return await self.posted()

    async def change(self, line, way):
        """Return the conditions of the fish and of what a line makes of it."""
        post = await self.paint(way)
        await self.say(line, way, post)
        await self.posted()
        return [conditions for _, conditions in self.painting_client.painted[-2:]]


class OnDiscord(Talking):
    ways = ("mention", "reply", "direct", "command", "form")

    def __init__(self, server, painting_client):
        super().__init__(painting_client)
        self.server = server

    async def say(self, line, way, post=None):
        server = self.server
        if way == "command":
            await server.interact(slash("change", {"words": line}))
        elif way == "form":
            asked = await server.interact(discord_press(post, "edit"))
            await server.until(lambda: asked.kind)
            await server.interact(discord_submission(asked.form, change=line))
        else:
            await server.happen("MESSAGE_CREATE", self.message(line, way, post))

    def message(self, line, way, post):
        if way == "direct":
            return direct_message(self.server, line)
        if way == "mention":
            return message(self.server, f"<@{BOT_USER}> {line}")
        # A reply that notifies Easel has its name among those that are mentioned only.
        to = {"channel_id": post["channel_id"], "message_id": post["id"], "type": 0}
        return message(self.server, line, type=19, message_reference=to, mentions=[person(BOT_USER)])

    async def posted(self):
        await self.server.painted(len(self.seen) + 1)
        found = {each["id"]: each for each in await self.server.painted(len(self.seen) + 1)}
        [fresh] = set(found) - self.seen
        self.seen.add(fresh)
        assert found[fresh]["channel_id"] in (str(CHANNEL), str(direct_channel(1)))
        return found[fresh]


class OnSlack(Talking):
    ways = ("mention", "thread", "direct", "command", "form")

    def __init__(self, server, painting_client):
        super().__init__(painting_client)
        self.server = server

    async def say(self, line, way, post=None):
        server = self.server
        if way == "command":
            await server.sent("slash_commands", command(line, "change"))
        elif way == "form":
            forms = len(server.forms)
            await server.sent("interactive", press(post, "edit"))
            await server.until(lambda: len(server.forms) > forms)
            await server.sent("interactive", submission(server.forms[-1], change=line))
        elif way == "direct":
            await server.sent("events_api", event("message", channel="D1", channel_type="im", text=line))
        else:
            there = {"thread_ts": post["ts"]} if way == "thread" else {}
            await server.sent("events_api", event("app_mention", text=f"<@{SLACK_USER}> {line}", **there))

    async def posted(self):
        found = {each["ts"]: each for each in await self.server.painted(len(self.seen) + 1)}
        [fresh] = set(found) - self.seen
        self.seen.add(fresh)
        return found[fresh]


class OnTheWeb(Talking):
    ways = ("words", "command")

    def __init__(self, client, painting_client):
        super().__init__(painting_client)
        self.client = client

    async def say(self, line, way, post=None):
        answer = await self.client.ask(f"/change {line}" if way == "command" else line)
        assert answer["job"], answer

    async def posted(self):
        def fresh(entries):
            return [each for each in entries if each["state"] == "posted" and each["job"] not in self.seen]

        while not (found := fresh((await self.client.read("/history"))[1])):
            pass
        [entry] = found
        self.seen.add(entry["job"])
        return entry


async def all_as_meant(talking, clock):
    """Say every change, in the ways in turn."""
    for at, (line, expected) in enumerate(CHANGES):
        clock.advance(61)
        # A command and a form are for changes alone.
        way = talking.ways[0] if expected is None else talking.ways[at % len(talking.ways)]
        before, after = await talking.change(line, way)
        check(line, way, before, after, expected)


def check(line: str, way: str, before: Conditions, after: Conditions, expected: dict | None) -> None:
    """Compare what was painted with what was meant."""
    if expected is None:
        assert (after.shape, after.others, after.seed == before.seed) == ("fish", (), False), (way, line)
    elif "seed" in expected:
        assert after.seed != before.seed, (way, line)
        assert replace(after, seed=before.seed) == before, (way, line)
    else:
        assert after == replace(before, **expected), (way, line)


async def test_twenty_changes_on_discord(tmp_path):
    painting_client, clock = FakePaintingClient(), FakeClock()
    async with discord_server() as server, discord_app(tmp_path, server, painting_client, clock=clock):
        await all_as_meant(OnDiscord(server, painting_client), clock)


async def test_twenty_changes_on_slack(tmp_path):
    painting_client, clock = FakePaintingClient(), FakeClock()
    with mock.patch("bot.platforms.slack.messages.AT_ONCE", MANY):
        async with slack_server() as server, slack_app(tmp_path, server, painting_client, clock=clock):
            await all_as_meant(OnSlack(server, painting_client), clock)


async def test_twenty_changes_on_the_web(tmp_path):
    painting_client, clock = FakePaintingClient(), FakeClock()
    async with web_app(tmp_path, painting_client, clock) as app, visitor(app) as client:
        await all_as_meant(OnTheWeb(client, painting_client), clock)


def test_the_changes_are_sixty():
    assert len(CHANGES) * 3 == 60
