"""Test one long conversation, the same on Discord, on Slack and on the web.

Three people say and press what people do, over real sockets with the real client libraries, and on the web in
a real browser too. In the middle of it Easel stops and starts again.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from importlib import import_module

import pytest

from tests.support.fakes import FakePaintingClient
from tests.support.web_client import visitor

FISH = "/paint style=ink color=blue shape=fish size=256"
BROWSER = [pytest.mark.browser, pytest.mark.timeout(300)]
PLATFORMS = ("discord", "slack", "web", pytest.param("browser", marks=BROWSER))


class Play:
    """A platform with its people. steps: everything that was said, pressed or reacted, in words"""

    def __init__(self, stage):
        self.stage, self.steps = stage, []

    async def open(self):
        self.ann, self.bob, self.mod = [await self._join(name) for name in ("ann", "bob", "mod")]

    async def _join(self, name):
        return Counted(name, await self.stage.arrive(name), self.steps)

    @asynccontextmanager
    async def running(self):
        async with self.stage.running() as app:
            self.stage.app = app
            for person in ("ann", "bob", "mod"):
                if hasattr(self, person):
                    await self.stage.come_back(getattr(self, person).person)
            yield

    async def paint(self, who, line):
        """Say a line and wait for its result."""
        await who.say(line)
        return await who.result()


class Counted:
    """Add a person whose steps are counted."""

    def __init__(self, name, person, steps):
        self.name, self.person, self.steps = name, person, steps

    def __getattr__(self, name):
        return getattr(self.person, name)

    async def say(self, line):
        self.steps.append(f"{self.name}: {line}")
        return await self.person.say(line)

    async def press(self, seen, verb, place=0):
        self.steps.append(f"{self.name} presses {verb}")
        return await self.person.press(seen, verb, place)

    async def react(self, seen, emoji, on=True):
        self.steps.append(f"{self.name} reacts {emoji}" if on else f"{self.name} takes {emoji} back")
        await self.person.react(seen, emoji, on)


@pytest.fixture(params=PLATFORMS)
async def play(request, tmp_path):
    """Open a platform where nobody has said anything."""
    driver = import_module(f"tests.support.drivers.{request.param}")
    async with driver.stage(tmp_path, FakePaintingClient()) as stage:
        yield Play(stage)


async def test_a_whole_conversation_goes_the_same_way_everywhere(play):
    async with play.running():
        await play.open()
        await they_find_their_way(play)
        fish = await they_paint(play)
        await they_cancel(play)
        await they_run_out_and_get_more(play)
        await they_keep_what_they_like(play, fish)
        play.stage.painting_client.gate.clear()
        await play.ann.say(f"{FISH} seed=77")
    play.stage.painting_client.gate.set()
    async with play.running():
        await what_was_asked_before_a_restart_comes_after_it(play, fish)
        await they_hide_and_delete(play, fish)
        await admins_set_rules(play)
        await admins_keep_it_fit_for_children(play)
        await limits_are_read_from_the_person_down(play)
        await they_have_usual_wishes(play)
        await they_speak_chinese(play)
        await they_look_back(play)
        await they_join_their_accounts(play)
    assert len(play.steps) >= 60, play.steps


async def they_find_their_way(play):
    assert "/paint" in (await play.ann.say("/help")).text
    assert "style" in (await play.ann.say("/help paint")).text
    assert "There is no picture 7 here" in (await play.ann.say("/info 7")).text
    assert "did you mean" in (await play.ann.say("/paint style=inc")).text
    assert (await play.ann.say("/gallery mine")).text == "There are no pictures here yet."
    assert (await play.ann.say("/cancel")).text == "Nothing of yours is waiting to be painted."


async def they_paint(play):
    ann, play.stage.painting_client.seconds = play.ann, 20.0
    fish = await play.paint(ann, f"{FISH} seed=7")
    assert re.search("A .*fish.* in blue, in ink", fish.text)
    assert fish.numbers == ["1"]
    assert re.match("Generated picture: A .*fish.* in blue, in ink.", fish.alts[0])
    two = await play.paint(ann, "/paint a red fox count=2 size=256")
    assert (two.numbers, len(two.alts)) == (["2", "3"], 2)
    await ann.press(fish, "reroll")
    again = await ann.result()
    assert "seed=7 " not in (await ann.say(f"/info {again.numbers[0]}")).text
    await ann.press(two, "vary", place=1)
    assert (await ann.result()).numbers == ["5"]
    await ann.press(fish, "upscale")
    larger = await ann.result()
    assert "512 × 512 pixels" in (await ann.say(f"/info {larger.numbers[0]}")).text
    assert (await play.paint(ann, "/blend 1 2")).numbers == ["7"]
    said = await ann.say("/info 1")
    assert "seed=7" in said.text
    assert "favourites: 0" in said.text
    return fish


async def they_cancel(play):
    ann, bob, painting_client = play.ann, play.bob, play.stage.painting_client
    painting_client.gate.clear()
    running = await ann.say(FISH)
    assert re.match("Painting: A .*fish.* in blue, in ink.", running.text)
    waiting = await bob.say(FISH)
    assert "Jobs ahead of yours: 1." in waiting.text
    assert waiting.due.startswith("⏳")
    assert (
        "Only the person who asked for it, or a moderator, may cancel"
        in (await bob.press(running, "cancel")).text
    )
    assert re.match("Cancelled: A .*fish.* in blue, in ink.", (await bob.press(waiting, "cancel")).text)
    assert re.match("Cancelled: A .*fish.* in blue, in ink.", (await ann.say("/cancel")).text)
    painting_client.gate.set()
    assert (await ann.say("/cancel")).text == "Nothing of yours is waiting to be painted."


async def they_run_out_and_get_more(play):
    ann, mod = play.ann, play.mod
    await play.paint(ann, "/paint surprise")
    refused = await ann.say(FISH)
    assert re.search(
        r"You may ask for 8 pictures a minute \(the usual limit\); try again in \d+ s", refused.text
    )
    assert "Only an admin" in (await ann.say("/quota server daily=9")).text
    raised = await mod.say(f"/quota {ann.named} daily=90 per_minute=none")
    assert (
        "now per day: 90, per minute: no limit; before: per day: 100 (the usual limit), per minute: 8"
        in raised.text
    )
    assert "no limit" in (await mod.say("/quota total per_minute=none")).text
    assert "limit: 90 (your own limit)" in (await ann.say("/quota")).text
    assert len((await play.paint(ann, FISH)).alts) == 1
    assert re.search(r"quota.* 90\b", (await mod.say("/audit")).text)


async def becomes_true(who, line, words):
    """Ask until the answer has these words, because nothing tells when a reaction was stored."""
    async with asyncio.timeout(20):
        while words not in (await who.say(line)).text:
            pass


async def they_keep_what_they_like(play, fish):
    ann, bob = play.ann, play.bob
    await ann.react(fish, "❤️")
    await bob.press(fish, "favourite")
    await becomes_true(ann, "/info 1", "favourites: 2")
    assert len((await ann.say("/gallery favourites")).alts) == 1
    await ann.react(fish, "❤️", on=False)
    await becomes_true(ann, "/info 1", "favourites: 1")
    await bob.react(fish, "✉️")
    assert (await bob.inbox(1))[-1].alts == fish.alts


async def what_was_asked_before_a_restart_comes_after_it(play, fish):
    ann = play.ann
    late = await ann.result()
    assert "seed=77" in (await ann.say(f"/info {late.numbers[0]}")).text
    await ann.press(fish, "reroll")
    again = await ann.result()
    assert int(again.numbers[0]) == int(late.numbers[0]) + 1
    assert "seed=77" in (await ann.say(f"/info {late.numbers[0]}")).text


async def they_hide_and_delete(play, fish):
    ann, bob, mod = play.ann, play.bob, play.mod
    assert "may delete that" in (await bob.say("/delete 1")).text
    assert "may hide or show that" in (await bob.say("/spoiler 1")).text
    await ann.react(fish, "🙈")
    await ann.until(fish, lambda now: now.hidden == 1)
    await ann.react(fish, "🙈", on=False)
    await ann.until(fish, lambda now: now.hidden == 0)
    assert (await mod.say("/spoiler 1")).text == "Hidden, until somebody looks: 1."
    assert "may hide or show that" in (await ann.say("/spoiler 1")).text
    await ann.react(fish, "❌")
    await ann.until(fish, lambda now: not now.alts)
    assert "There is no picture 1 here" in (await ann.say("/info 1")).text
    assert (await mod.say("/delete 2")).text == "Deleted: 2."


async def admins_set_rules(play):
    bob, mod = play.bob, play.mod
    assert "admin" in (await bob.say("/settings server styles=ink")).text
    assert "ink" in (await mod.say("/settings server styles=ink,oil blocked=skull")).text
    assert "allows these styles only" in (await bob.say("/paint style=watercolor shape=fish")).text
    assert "A rule of this server blocks skull" in (await bob.say("/paint a skull in ink")).text
    await mod.say("/settings server styles=none blocked=none")
    assert "watercolor" in (await play.paint(bob, "/paint style=watercolor shape=fish size=256")).text


async def admins_keep_it_fit_for_children(play):
    bob, mod = play.bob, play.mod
    locked = await mod.say("/settings server child_safe=on blocked=skull keep_days=90")
    assert "child_safe=on" in locked.text
    assert "keep_days=not set" in locked.text
    assert "Only an admin" in (await bob.say("/settings server child_safe=none")).text
    assert "blocked=not shown, 1 in all" in (await bob.say("/settings server")).text
    for line in ("a naked man", "style=ink shape=beer", "画一把枪"):
        assert "takes nothing about" in (await bob.say(f"/paint {line}")).text
    assert "child_safe=not set" in (await mod.say("/audit")).text
    await mod.say("/settings server child_safe=none blocked=none keep_days=none")
    assert "child_safe=not set" in (await bob.say("/settings server")).text


async def limits_are_read_from_the_person_down(play):
    bob, mod, role, fish = play.bob, play.mod, play.stage.role, "/paint style=ink shape=fish"
    set_for_all = await mod.say("/quota server size=320")
    assert "Each person in this server: now pixels: 320; before: pixels: no limit" in set_for_all.text
    assert "server); say size=320 or less" in (await bob.say(f"{fish} size=512")).text
    small = await play.paint(bob, fish)
    assert "320 × 320 pixels" in (await bob.say(f"/info {small.numbers[0]}")).text
    assert "now at once: 1; before:" in (await mod.say(f"/quota {bob.room} count=1")).text
    assert "(the limit of this channel); say count=1 or less" in (await bob.say(f"{fish} count=2")).text
    if role:
        assert "Each with the role friends: now at once: 2" in (await mod.say(f"/quota {role} count=2")).text
        assert "(the limit of your role friends); say count=2" in (await bob.say(f"{fish} count=3")).text
    await mod.say(f"/quota {bob.named} count=3")
    assert "(your own limit); say count=3 or less" in (await bob.say(f"{fish} count=4")).text
    assert len((await play.paint(bob, f"{fish} count=3")).alts) == 3
    assert "Only an admin" in (await bob.say("/quota used")).text
    used = (await mod.say("/quota used")).text.splitlines()
    assert "by all of this server together" in used[0]
    assert len(used) == 3
    assert "Each person in this server: pixels: 320" in (await mod.say("/quota rules")).text
    for whose in ("server", bob.room, bob.named, *([role] if role else [])):
        assert "rule removed" in (await mod.say(f"/quota reset {whose}")).text
    assert "at once" not in (await mod.say("/quota rules")).text


async def they_have_usual_wishes(play):
    ann = play.ann
    assert "linocut" in (await ann.say("/settings style=linocut size=256")).text
    assert "as a linocut." in (await play.paint(ann, "/paint a boat color=natural")).text
    assert "linocut" in (await ann.say("/settings")).text
    await ann.say("/settings style=none size=none")
    assert "linocut" not in (await ann.say("/settings")).text
    assert "boat" in (await play.paint(ann, "/paint a boat size=256 style=oil")).text


async def they_speak_chinese(play):
    ann = play.ann
    await ann.say("/settings language=zh")
    assert re.search("[\u4e00-\u9fff]", (await ann.say("/quota")).text)
    assert (await play.paint(ann, "/paint 水墨 蓝色 鱼 size=256")).alts[0].startswith("生成的图画")
    await ann.say("/settings language=none")
    assert "limit" in (await ann.say("/quota")).text


async def they_look_back(play):
    first = await play.ann.say("/gallery mine")
    assert "Page 1 of 3; pictures: 12." in first.text
    older = await play.ann.press(first, "gallery")
    assert "Page 2 of 3" in older.text
    assert len(older.alts) == 4
    assert len((await play.bob.say("/gallery mine style=watercolor")).alts) == 1
    assert len((await play.bob.say("/gallery server")).alts) == 4


async def they_join_their_accounts(play):
    """Open a browser at home for Ann, too."""
    code = re.search(r"/link (\S+)", (await play.ann.say("/link")).text)[1]
    async with visitor(play.stage.app) as home:
        assert (await home.ask("/gallery mine"))["text"] == "There are no pictures here yet."
        assert (await home.ask(f"/link {code}"))["text"].startswith("Linked: ")
        assert "pictures: 12." in (await home.ask("/gallery mine"))["text"]
        assert (await home.ask(f"/link {code}"))["refused"]
        assert "Unlinked from" in (await play.ann.say("/link off")).text
        assert (await home.ask("/gallery mine"))["text"] == "There are no pictures here yet."
