"""Facts about commands/checks.py: who may change what others asked for."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.checks import may_change
from commands.paint import COMMAND
from commands.parsing.line import SURPRISES
from commands.variations import REROLL, VARY
from tests.support.fake_services import FakeQuotas, FakeServices, FakeSettings, ask
from tests.support.fakes import ask as ask_of


@pytest.mark.parametrize(
    ("asker", "may"),
    [
        ({"person": "fake:ann"}, True),
        ({"person": "fake:ann", "server": "fake:elsewhere"}, True),
        ({"person": "fake:bob"}, False),
        ({"person": "fake:bob", "is_moderator": True}, True),
        ({"person": "fake:bob", "is_admin": True}, True),
        ({"person": "fake:bob", "is_admin": True, "server": "fake:elsewhere"}, False),
        ({"person": "fake:bob", "is_moderator": True, "server": "fake:elsewhere"}, False),
    ],
)
def test_the_owner_and_the_moderators_of_the_same_server_may(asker, may):
    assert may_change(ask_of(**asker), "fake:ann", "fake:studio") == may


USUAL = {"style": "oil:0.7+ink:0.3", "color": "red", "size": "1024", "ar": "3:2", "language": "zh"}


def context_with(**kept):
    """Return services with settings of ann, and of the server fake:studio."""
    return FakeServices(settings=FakeSettings({f"fake:{name}": each for name, each in kept.items()}))


async def painted(services, words, command=COMMAND):
    """Return the conditions that a line asks for."""
    await command.run(ask(command.name, words), services)
    [(_, _, [picture])] = services.jobs.accepted
    return picture


async def test_usual_wishes_hold_where_nothing_is_said():
    picture = await painted(context_with(ann=USUAL), "a fish")
    assert (picture.style, picture.colors) == ((("oil", 0.7), ("ink", 0.3)), ("red",))
    assert (picture.size, picture.aspect, picture.shape) == (1024, (3, 2), "fish")


@pytest.mark.parametrize("rules", [{"styles": "ink,sketch"}, {"blocked": "oil,red"}])
async def test_usual_wishes_that_a_server_does_not_allow_are_left_out_there(rules):
    picture = await painted(context_with(ann=USUAL, studio=rules), "a fish")
    assert "oil" not in dict(picture.style)
    assert (picture.size, "red" in picture.colors) == (1024, "blocked" not in rules)


async def test_what_is_said_goes_before_usual_wishes():
    picture = await painted(context_with(ann=USUAL), "style=ink color=blue size=256 ar=1:1")
    assert (picture.style, picture.colors) == ((("ink", 1.0),), ("blue",))
    assert (picture.size, picture.aspect) == (256, (1, 1))


async def test_the_wishes_of_one_person_are_not_anothers():
    assert (await painted(context_with(bob=USUAL), "a fish")).size == 512


@pytest.mark.parametrize("word", [*sorted(SURPRISES)[:5], " Surprise ", "surprise me!"])
async def test_a_surprise_leaves_everything_open(word):
    picture = await painted(context_with(ann=USUAL), word)
    assert (picture.size, picture.aspect) == (512, (1, 1))
    assert picture.colors != ("red",)


@pytest.mark.parametrize(
    ("most", "words", "size"),
    [(None, "a fish", 512), (1024, "a fish", 512), (320, "a fish", 320), (320, "a fish size=512", 512)],
)
async def test_a_size_that_is_left_open_is_one_that_may_be_asked_for(most, words, size):
    assert (await painted(FakeServices(quotas=FakeQuotas(cap=most)), words)).size == size


async def test_a_usual_size_that_is_too_large_becomes_the_largest_that_may_be():
    services = FakeServices(quotas=FakeQuotas(cap=320), settings=FakeSettings({"fake:ann": USUAL}))
    assert (await painted(services, "a fish")).size == 320


async def test_a_thread_is_where_its_channel_is():
    services = context_with(studio={"channels": "fake:hall"})
    await COMMAND.run(ask("paint", "a fish", channel="fake:thread", parent="fake:hall"), services)
    with pytest.raises(UserError, match="in other channels"):
        await COMMAND.run(ask("paint", "a fish", channel="fake:thread", parent="fake:barn"), services)


@pytest.mark.parametrize("blocked", ["ink", "landscape", "skull,蓝", "/^color=[a-m]/"])
async def test_nothing_that_is_left_open_becomes_what_the_server_blocks(blocked):
    for seed in range(20):
        services = context_with(studio={"blocked": blocked, "child_safe": "on"})
        await COMMAND.run(ask("paint", f"seed={seed} count=4"), services)
        assert services.jobs.accepted


async def test_a_seed_that_chance_drew_is_no_word():
    services = context_with(studio={"blocked": "/[0-9]/"})
    assert (await painted(services, "a fish")).seed == 7
    with pytest.raises(UserError, match="A rule of this server blocks a word in that"):
        await painted(context_with(studio={"blocked": "/[0-9]/"}), "a fish seed=7")


async def test_another_hand_in_a_variation_is_one_that_the_server_allows():
    for blocked in ({"styles": "ink"}, {"blocked": "oil,sketch,linocut,poster,pixel"}):
        services = context_with(studio=blocked)
        await VARY.run(ask("vary", "7 count=4"), services)
        assert services.jobs.accepted


async def test_an_open_style_is_one_that_the_server_allows():
    services = context_with(studio={"styles": "sketch,linocut"})
    assert (await painted(services, "a fish")).main_style in ("sketch", "linocut")


@pytest.mark.parametrize(
    ("rules", "words", "sentence"),
    [
        ({"styles": "ink,oil"}, "style=sketch", "This server allows these styles only: ink or oil."),
        ({"styles": "ink"}, "style=ink+oil", "This server allows these styles only"),
        ({"child_safe": "on"}, "a naked fish", "fit for children and takes nothing about nudity and sex"),
        ({"child_safe": "on"}, "画一把手枪", "nothing about weapons"),
        ({"child_safe": "on"}, "shape=beer", "nothing about alcohol and tobacco"),
        ({"blocked": "骷髅"}, "shape=skull", "A rule of this server blocks 骷髅"),
        ({"blocked": "fish"}, "a f1.s.h", "A rule of this server blocks fish"),
        ({}, "ch1ld p0rn", "I paint nothing that shows children in a sexual way"),
        ({}, "a cat by Greg Rutkowski", "Greg Rutkowski is alive, so .*: oil"),
        ({"channels": "fake:barn"}, "a fish", "An admin lets me paint only in other channels"),
        ({"blocked": "fish"}, "a blue Fish", "A rule of this server blocks fish"),
        ({"blocked": "fish"}, "鱼", "A rule of this server blocks fish"),
        ({"blocked": "鱼"}, "蓝色鱼", "A rule of this server blocks 鱼"),
        ({"blocked": "bones,blue fish"}, "a blue fish", "A rule of this server blocks blue fish"),
        ({"blocked": "bones,/f[ei]{1,2}sh/"}, "a blue Fish", "A rule of this server blocks a word in that"),
        ({"blocked": "fish", "child_safe": "on"}, "a fish", "A rule of this server blocks a word in that"),
    ],
)
async def test_what_a_server_does_not_want_is_refused(rules, words, sentence):
    services = context_with(studio=rules)
    with pytest.raises(UserError, match=sentence):
        await COMMAND.run(ask("paint", words), services)
    assert not services.jobs.accepted


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"styles": "ink,oil"}, "style=oil+ink"),
        ({"channels": "fake:barn,fake:hall"}, "a fish"),
        ({"blocked": "fis"}, "a fish in ink"),
        ({"blocked": "(.*"}, "a fish in ink"),
        ({"blocked": "/fish$/"}, "a fish in ink seed=7"),
        ({"language": "zh"}, "a fish in ink"),
    ],
)
async def test_everything_else_is_painted(rules, words):
    assert await painted(context_with(studio=rules), words)


async def test_the_rules_hold_for_pictures_from_pictures_too():
    services = context_with(studio={"blocked": "fish"})
    with pytest.raises(UserError, match="A rule of this server blocks fish"):
        await REROLL.run(ask("reroll", "7"), services)
    assert not services.tastes.reactions
