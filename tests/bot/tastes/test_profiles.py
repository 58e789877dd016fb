"""Test the tastes of one person for different purposes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.storage.database import change
from bot.tastes.profiles import owner_of, profile_of, taste_name, tastes_of
from commands.policy.content import EVERYTHING
from commands.services.tastes import TASTE
from engine.conditions import Asked
from tests.support.fakes import FISH, ask

RED = replace(FISH, style=(("oil", 1.0),), colors=("red",), shape="house", scene="landscape")
USE = "INSERT OR REPLACE INTO settings (scope, key, value) VALUES ('fake:ann', 'taste_profile', ?)"
WORK = "fake:ann#work"


async def use(tasting, profile):
    await tasting.storage.write(lambda database: change(database, USE, profile))


@pytest.mark.parametrize("profile", ["", "work", "play"])
def test_a_taste_is_named_after_its_person_and_profile(profile):
    name = taste_name("fake:ann", profile)
    assert (owner_of(name), profile_of(name)) == ("fake:ann", profile)
    assert name in tastes_of("fake:ann")


def likes(tasting, taste):
    return tasting.memory.learner.history(taste).favourites


async def test_each_taste_is_learned_by_itself(tasting):
    await tasting.favourite()
    await use(tasting, "work")
    await tasting.favourite(RED)
    assert (likes(tasting, "fake:ann"), likes(tasting, WORK)) == ((FISH,), (RED,))
    portrait = await tasting.service.views.portrait(ask())
    assert (portrait.profile, portrait.learned_from) == ("work", 1)
    assert {each.name for each in portrait.likings if each.kind == "style"} == {"oil"}


async def test_the_taste_in_use_chooses(tasting):
    server = {"server": "fake:of ann"}
    await use(tasting, "work")
    for _ in range(12):
        await tasting.favourite(RED, **server)
    await use(tasting, "")
    for _ in range(12):
        await tasting.favourite(**server)

    async def share_of_oil():
        found = [
            await tasting.service.choose(ask("", **server), Asked(), seed, EVERYTHING) for seed in range(40)
        ]
        chosen = [each.pictures[0].main_style for each in found if each.slices == (TASTE,)]
        return chosen.count("oil") / len(chosen)

    usual = await share_of_oil()
    await use(tasting, "work")
    assert await share_of_oil() > usual + 0.1


async def test_a_start_and_a_rebuild_keep_them_apart(tasting):
    await tasting.favourite()
    await use(tasting, "work")
    await tasting.favourite(RED)
    known = [tasting.export(each) for each in ("fake:ann", WORK)]
    tasting.open()
    await tasting.memory.load()
    assert [tasting.export(each) for each in ("fake:ann", WORK)] == known
    assert await tasting.memory.rebuild() == 1
    assert [tasting.export(each) for each in ("fake:ann", WORK)] == known


async def test_a_favourite_taken_back_is_so_in_whichever_taste_it_was_given(tasting):
    await use(tasting, "work")
    picture = await tasting.favourite(RED)
    await use(tasting, "")
    await tasting.react(picture, on=False)
    assert likes(tasting, WORK) == ()
    tasting.open()
    await tasting.memory.load()
    assert likes(tasting, WORK) == ()


async def test_a_reset_forgets_all_of_them(tasting):
    await tasting.favourite()
    await use(tasting, "work")
    await tasting.favourite(RED)
    await tasting.service.reset(ask())
    assert likes(tasting, "fake:ann") == likes(tasting, WORK) == ()
    exported = await tasting.service.views.export(ask())
    assert exported["events"] == []
    tasting.open()
    await tasting.memory.load()
    assert likes(tasting, WORK) == ()


async def test_several_tastes_are_one_member_of_a_server(tasting):
    for profile in ("", "work", "play"):
        await use(tasting, profile)
        await tasting.favourite()
    assert tasting.memory.learner.members("fake:studio") == 1
