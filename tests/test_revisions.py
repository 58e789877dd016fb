"""Facts about bot/revisions.py: posts are shown anew when something of theirs is deleted."""

from __future__ import annotations

import pytest

from bot.revisions import Revisions
from tests.fakes import FISH, ask
from tests.workshop import LINE


@pytest.fixture
def revisions(shop):
    return Revisions(shop.queue, shop.gallery, {"fake": shop.platform})


async def painted(shop, *pictures):
    job = await shop.accept(pictures=pictures)
    [(_, answer)] = await shop.platform.posted()
    await shop.finish()
    return job, answer.pictures


async def test_a_post_is_shown_anew_without_what_was_deleted(shop, revisions):
    job, pictures = await painted(shop, FISH, FISH.with_seed(8))
    await shop.gallery.delete(pictures[0].id, ask())
    await revisions.revise(job)
    [(post, anew)] = shop.platform.revisions
    assert (post, [each.number for each in anew.pictures]) == (f"fake-post-{job}", [2])
    assert anew.text == f"{LINE}\nPicture 2\nPicture 1 was deleted by who asked for it."


async def test_a_post_says_that_a_moderator_deleted_its_pictures(shop, revisions):
    job, pictures = await painted(shop, FISH)
    await shop.gallery.delete(pictures[0].id, ask(person="fake:mod"))
    await revisions.revise(job)
    [(_, anew)] = shop.platform.revisions
    assert anew.text == f"{LINE}\nPicture 1 was deleted by a moderator."
    assert (anew.pictures, anew.buttons) == ((), ())


async def test_a_post_that_cannot_be_shown_anew_is_logged(shop, revisions, monkeypatch, caplog):
    async def failing(*_):
        raise OSError("the line is down")

    job, _ = await painted(shop, FISH)
    monkeypatch.setattr(shop.platform, "revise", failing)
    await revisions.revise(job)
    assert f"job {job}: its post could not be shown anew" in caplog.text


async def test_what_is_not_posted_or_lies_elsewhere_has_nothing_to_be_shown(shop, revisions):
    await revisions.revise("unknown")
    job, _ = await painted(shop, FISH)
    await Revisions(shop.queue, shop.gallery, {}).revise(job)
    assert shop.platform.revisions == []


async def test_a_post_that_became_another_is_known_by_its_new_name(shop, revisions):
    job, _ = await painted(shop, FISH)
    shop.platform.moved = "fake-post-anew"
    await revisions.revise(job)
    assert await shop.queue.post_of(job) == "fake-post-anew"
    await revisions.revise(job)
    assert shop.platform.revisions[-1][0] == "fake-post-anew"
