"""Test bot/jobs/delivery.py with platforms that refuse and a database that fails."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs import delivery as handover
from bot.jobs.delivery import PostRefresher
from bot.pictures.search import PictureSearch
from bot.ports import Refused, Remedy
from bot.storage.database import StorageError
from bot.storage.states import FAILED, PAINTED, POSTED, RUNNING, UNDELIVERED
from commands.services.context import Search
from commands.text.results import FAILED_TEXT, UNDELIVERED_TEXT
from engine.errors import PaintingFailed
from tests.support.dispatcher_fixtures import LINE
from tests.support.fakes import FISH, FakePaintingClient, FakePlatform, ask


async def test_a_picture_that_is_gone_before_its_post_is_a_failed_painting(open_workshop, tmp_path):
    async with open_workshop(platform=FakePlatform(failures=[OSError("down")] * 3)) as shop:
        await shop.accept()
        await shop.finish()
        assert await shop.states() == [PAINTED]
    for path in (tmp_path / "pictures").iterdir():
        path.unlink()
    async with open_workshop() as shop:
        [(_, answer)] = await shop.platform.posted()
        await shop.finish()
        assert (answer.text, await shop.states(), await shop.charged()) == (FAILED_TEXT, [FAILED], 0)


async def test_a_post_that_fails_is_tried_again_and_never_doubled(open_workshop, caplog):
    async with open_workshop(platform=FakePlatform(failures=[OSError("down"), ValueError("no")])) as shop:
        await shop.accept()
        await shop.finish()
        assert (len(shop.platform.posts), await shop.states()) == (1, [POSTED])
        assert shop.retried == ["fake", "fake"]
    assert caplog.text.count("job job-1 could not be posted") == 2
    async with open_workshop() as shop:
        await shop.finish()
        assert shop.platform.posts == []


async def test_a_post_that_never_succeeds_is_posted_by_the_next_start(open_workshop):
    async with open_workshop(platform=FakePlatform(failures=[OSError("down")] * 3)) as shop:
        await shop.accept()
        await shop.finish()
        assert (shop.platform.posts, await shop.states()) == ([], [PAINTED])
        assert len(shop.retried) == 2
    async with open_workshop() as shop:
        [(delivery, answer)] = await shop.platform.posted()
        await shop.finish()
        assert (delivery.job, len(answer.pictures)) == ("job-1", 1)
        assert (shop.painting_client.painted, await shop.states()) == ([], [POSTED])


async def test_a_post_that_is_refused_for_long_is_tried_again_later_and_posted_once(
    open_workshop, monkeypatch
):
    monkeypatch.setattr(handover, "REFUSED_SECONDS", 0.001)
    async with open_workshop(platform=FakePlatform(failures=[OSError("down")] * 7)) as shop:
        await shop.accept()
        await shop.platform.posted()
        await shop.finish()
        assert (len(shop.platform.posts), await shop.states()) == (1, [POSTED])
        assert len(shop.painting_client.painted) == 1


NOWHERE = Refused("Create Message was refused (50013)", Remedy.ELSEWHERE)
AWAY = Refused("Discord was not reached", Remedy.AGAIN)


async def test_what_no_place_takes_is_refunded_and_waits_in_the_gallery(open_workshop, caplog):
    async with open_workshop(platform=FakePlatform(failures=[NOWHERE])) as shop:
        job = await shop.accept()
        [(delivery, said)] = await shop.platform.posted()
        await shop.finish()
        assert (await shop.states(), await shop.charged()) == ([UNDELIVERED], 0)
        assert (delivery.job, said.text, said.pictures) == (job, UNDELIVERED_TEXT, ())
        search = PictureSearch(shop.storage, shop.store, shop.queue.state)
        page = await search.search(ask(), Search())
        assert [(each.number, each.undelivered) for each in page.records] == [(1, True)]
    assert not [record for record in caplog.records if record.exc_info]


async def test_where_nobody_can_be_told_either_the_job_ends_nevertheless(open_workshop, caplog):
    async with open_workshop(platform=FakePlatform(failures=[NOWHERE, NOWHERE])) as shop:
        await shop.accept()
        await shop.finish()
        assert (await shop.states(), await shop.charged()) == ([UNDELIVERED], 0)
    assert "nobody could be told how it ended" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_platform_that_is_away_is_tried_again_later(open_workshop, monkeypatch):
    monkeypatch.setattr(handover, "REFUSED_SECONDS", 0.001)
    async with open_workshop(platform=FakePlatform(failures=[AWAY] * 3)) as shop:
        await shop.accept()
        await shop.platform.posted()
        await shop.finish()
        assert (await shop.states(), await shop.charged()) == ([POSTED], 1)


async def test_that_a_job_cannot_be_posted_is_logged_where_it_cannot_be_written(
    open_workshop, monkeypatch, caplog
):
    async def failing(_):
        raise StorageError("disk I/O error")

    async with open_workshop(platform=FakePlatform(failures=[NOWHERE])) as shop:
        monkeypatch.setattr(shop.queue, "keep_undelivered", failing)
        await shop.accept()
        await shop.finish()
        assert (shop.platform.posts, await shop.states()) == ([], [PAINTED])
    assert "cannot be posted, and that could not be written" in caplog.text


async def test_jobs_that_wait_too_long_are_looked_for_again_and_again(shop, monkeypatch, caplog):
    ends, seconds = [StorageError("locked"), 0, 2], []

    async def end_overdue(platforms):
        if isinstance(ends[0], Exception):
            raise ends.pop(0)
        return ends.pop(0)

    async def sleep(pause):
        seconds.append(pause)
        if not ends:
            raise asyncio.CancelledError

    monkeypatch.setattr(shop.queue, "end_overdue", end_overdue)
    with pytest.raises(asyncio.CancelledError):
        await shop.dispatcher._delivery.run(sleep)
    assert seconds == [handover.SWEEP_SECONDS] * 3
    assert "jobs that wait too long could not be ended" in caplog.text
    assert "2 jobs waited too long for their platform and are ended" in caplog.text


async def test_what_was_deleted_meanwhile_is_not_posted_later(open_workshop, monkeypatch):
    monkeypatch.setattr(handover, "REFUSED_SECONDS", 0.001)
    async with open_workshop(platform=FakePlatform(failures=[OSError("down")] * 3)) as shop:
        state, asked = shop.queue.state, asyncio.Event()

        async def gone(job):
            if await state(job) != PAINTED:
                return await state(job)
            asked.set()
            return None

        monkeypatch.setattr(shop.queue, "state", gone)
        await shop.accept()
        await asked.wait()
        await shop.finish()
        assert shop.platform.posts == []


async def test_that_a_job_is_posted_is_written_again_when_it_could_not_be(shop, monkeypatch, caplog):
    failures, mark = [StorageError("disk full")], shop.queue.mark_posted

    async def failing(job, post):
        if failures:
            raise failures.pop()
        return await mark(job, post)

    monkeypatch.setattr(shop.queue, "mark_posted", failing)
    await shop.accept()
    await shop.finish()
    assert (len(shop.platform.posts), await shop.states()) == (1, [POSTED])
    assert "job job-1 is posted, and that could not be written" in caplog.text


async def test_a_memory_that_fails_between_painting_and_posting_is_gone_on_with_later(
    open_workshop, monkeypatch
):
    async def failing(*_):
        raise StorageError("disk I/O error")

    async with open_workshop() as shop:
        monkeypatch.setattr(shop.store, "of_job", failing)
        await shop.accept()
        await shop.finish()
        assert (shop.platform.posts, await shop.states()) == ([], [PAINTED])
    async with open_workshop() as shop:
        assert len(await shop.platform.posted()) == 1


async def test_a_failure_that_cannot_be_written_is_painted_again_and_charged_once(open_workshop, monkeypatch):
    async def failing(_):
        raise StorageError("disk I/O error")

    async with open_workshop(FakePaintingClient(failures=[PaintingFailed("the brush broke")])) as shop:
        monkeypatch.setattr(shop.queue, "fail", failing)
        await shop.accept()
        [(_, answer)] = await shop.platform.posted()
        assert answer.failed
        assert await shop.states() == [RUNNING]
    async with open_workshop() as shop:
        await shop.platform.posted()
        await shop.finish()
        assert (await shop.states(), await shop.charged()) == ([POSTED], 1)


async def test_a_stop_lets_a_post_that_is_under_way_be_marked(shop):
    shop.platform.post_gate.clear()
    await shop.accept()
    await shop.platform.posted()
    stop = asyncio.create_task(shop.dispatcher.drain(grace=0))
    await asyncio.wait([task for task in asyncio.all_tasks() if task.get_name() == "Dispatcher._run"])
    shop.platform.post_gate.set()
    await stop
    assert await shop.states() == [POSTED]


async def test_a_post_that_may_not_be_changed_is_told_in_one_line(shop, revisions, monkeypatch, caplog):
    async def refused(*_):
        raise NOWHERE

    job, _ = await painted(shop, FISH)
    monkeypatch.setattr(shop.platform, "revise", refused)
    assert not await revisions.revise(job)
    assert f"job {job}: its post stays as it was: {NOWHERE}" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


@pytest.fixture
def revisions(shop):
    return PostRefresher(shop.queue, shop.store, {"fake": shop.platform})


async def painted(shop, *pictures):
    job = await shop.accept(pictures=pictures)
    [(_, answer)] = await shop.platform.posted()
    await shop.finish()
    return job, answer.pictures


async def test_a_post_is_shown_anew_without_what_was_deleted(shop, revisions):
    job, pictures = await painted(shop, FISH, FISH.with_seed(8))
    await shop.store.delete(pictures[0].id, ask())
    await revisions.revise(job)
    [(post, anew)] = shop.platform.revisions
    assert (post, [each.number for each in anew.pictures]) == (f"fake-post-{job}", [2])
    assert (
        anew.text == f"{LINE}\nPicture 2, painted by Easel (AI)\nPicture 1 was deleted by who asked for it."
    )


async def test_a_post_says_that_a_moderator_deleted_its_pictures(shop, revisions):
    job, pictures = await painted(shop, FISH)
    await shop.store.delete(pictures[0].id, ask(person="fake:mod"))
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
    assert f"job {job}: its post could not be changed" in caplog.text


async def test_what_is_not_posted_or_lies_elsewhere_has_nothing_to_be_shown(shop, revisions):
    await revisions.revise("unknown")
    job, _ = await painted(shop, FISH)
    await PostRefresher(shop.queue, shop.store, {}).revise(job)
    assert shop.platform.revisions == []


async def test_a_post_that_became_another_is_known_by_its_new_name(shop, revisions):
    job, _ = await painted(shop, FISH)
    shop.platform.moved = "fake-post-anew"
    await revisions.revise(job)
    assert await shop.queue.post_of(job) == "fake-post-anew"
    await revisions.revise(job)
    assert shop.platform.revisions[-1][0] == "fake-post-anew"
