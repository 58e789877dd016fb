"""Test the way from the queue to a post, with failures, refunds, stops and restarts."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs import dispatcher as dispatch
from bot.jobs.dispatcher import Dispatcher
from bot.jobs.progress import ProgressUpdates
from bot.jobs.queue import JobQueue
from bot.pictures.store import PictureStore
from bot.quotas.check import OverQuota
from bot.quotas.rules import Defaults
from bot.storage.database import Storage, StorageError, change
from bot.storage.states import FAILED, POSTED, QUEUED, RUNNING
from commands.chat import UserError
from commands.services.quotas import Limit
from commands.text.results import FAILED_TEXT
from engine.errors import PaintingFailed
from tests.support.dispatcher_fixtures import FREE, LINE
from tests.support.fakes import FISH, FakePaintingClient, FakePlatform, ask


async def test_a_job_is_previewed_painted_and_posted_once(shop):
    job = await shop.accept()
    [(delivery, answer)] = await shop.platform.posted()
    await shop.finish()
    assert (delivery.job, delivery.channel) == (job, "fake:hall")
    assert (answer.text, answer.failed) == (f"{LINE}\nPicture 1, painted by Easel (AI)", False)
    assert [each.conditions for each in answer.pictures] == [FISH]
    assert answer.pictures[0].data.startswith(b"\x89PNG")
    [(_, [layout])] = shop.platform.previews
    assert (layout.id, layout.media_type, layout.width) == ("", "image/webp", 256)
    assert layout.alt.startswith("Generated picture: A fish")
    assert await shop.states() == [POSTED]


async def test_the_same_key_paints_and_posts_once(shop):
    assert await shop.accept() == await shop.accept()
    await shop.finish()
    assert (len(shop.painting_client.painted), len(shop.platform.posts), len(shop.platform.previews)) == (
        1,
        1,
        1,
    )


async def test_pictures_of_one_request_come_in_one_post_in_order(shop):
    wishes = tuple(FISH.with_seed(seed) for seed in range(4))
    await shop.accept(pictures=wishes)
    [(_, answer)] = await shop.platform.posted()
    assert [each.conditions for each in answer.pictures] == list(wishes)


@pytest.mark.parametrize(
    ("locale", "text"), [("en", FAILED_TEXT), ("zh-CN", "没有画成，也没有计入额度。请再说一次。")]
)
async def test_a_painting_that_fails_is_refunded_and_said_in_one_sentence(shop, caplog, locale, text):
    shop.painting_client.failures.append(PaintingFailed("the brush broke"))
    await shop.accept(locale=locale)
    [(_, answer)] = await shop.platform.posted()
    await shop.finish()
    assert (answer.text, answer.failed, answer.pictures) == (text, True, ())
    assert (await shop.states(), await shop.charged()) == ([FAILED], 0)
    assert "job job-1 failed" in caplog.text
    assert "the brush broke" in caplog.text


async def test_one_of_four_that_fails_takes_the_request_with_it(shop):
    shop.painting_client.failures.append(PaintingFailed("the brush broke"))
    await shop.accept(pictures=tuple(FISH.with_seed(seed) for seed in range(4)))
    [(_, answer)] = await shop.platform.posted()
    assert (answer.text, await shop.charged()) == (FAILED_TEXT, 0)


async def test_a_picture_that_cannot_be_kept_is_a_failed_painting(shop, tmp_path):
    (tmp_path / "pictures").rmdir()
    await shop.accept()
    [(_, answer)] = await shop.platform.posted()
    assert answer.text == FAILED_TEXT
    await shop.finish()
    assert await shop.states() == [FAILED]


async def test_a_stop_that_cannot_write_leaves_the_rest_to_the_next_start(shop, monkeypatch, caplog):
    async def failing():
        raise StorageError("disk I/O error")

    monkeypatch.setattr(shop.queue, "requeue_running", failing)
    shop.painting_client.gate.clear()
    await shop.accept()
    await shop.painting_client.busy.wait()
    await shop.dispatcher.drain(grace=0)
    assert await shop.states() == [RUNNING]
    assert "what was under way could not be queued; the next start does it" in caplog.text


async def test_a_queue_that_cannot_be_read_is_read_again(shop, monkeypatch, caplog):
    take, failures = shop.queue.take, [StorageError("locked")] * 2

    async def failing(platforms):
        if failures:
            raise failures.pop()
        return await take(platforms)

    monkeypatch.setattr(shop.queue, "take", failing)
    await shop.accept()
    await shop.platform.posted()
    assert "the queue cannot be read; trying again" in caplog.text


async def test_after_a_crash_what_was_running_is_painted_and_posted_once(open_workshop, tmp_path):
    wishes = tuple(FISH.with_seed(seed) for seed in range(3))
    async with open_workshop(connected=False) as shop:
        job = await shop.accept(pictures=wishes)
        await shop.queue.take(("fake",))
        await shop.store.keep(job, 0, await shop.painting_client.paint(job, wishes[0]))
    storage = Storage(tmp_path / "easel.db")
    await storage.write(lambda database: change(database, "UPDATE jobs SET state = 'running'"))
    await storage.close()
    for posts in (1, 0):
        async with open_workshop() as shop:
            await (shop.platform.posted() if posts else shop.finish())
            assert len(shop.platform.posts) == posts
            assert [each for _, each in shop.painting_client.painted] == (list(wishes[1:]) if posts else [])
            assert await shop.charged() == 3


async def test_a_stop_waits_for_paintings_under_way(open_workshop):
    async with open_workshop() as shop:
        shop.painting_client.gate.clear()
        await shop.accept()
        await shop.platform.previewed()
        stop = asyncio.create_task(shop.finish())
        await asyncio.sleep(0)
        shop.painting_client.gate.set()
        await stop
        assert (len(shop.platform.posts), await shop.states()) == (1, [POSTED])


async def test_a_stop_that_cannot_wait_queues_again_and_the_next_start_paints(open_workshop):
    async with open_workshop() as shop:
        shop.painting_client.gate.clear()
        for key in ("a", "b", "c"):
            await shop.accept(key)
        await shop.platform.previewed(3)
        await shop.dispatcher.drain(grace=0)
        assert (shop.platform.posts, await shop.states()) == ([], [QUEUED] * 3)
        assert await shop.charged() == 3
    async with open_workshop() as shop:
        await shop.platform.posted(3)
        await shop.finish()
        assert (len(shop.painting_client.painted), await shop.states()) == (3, [POSTED] * 3)


async def test_while_stopping_nothing_new_is_accepted_or_charged(shop):
    await shop.dispatcher.drain(grace=0)
    with pytest.raises(UserError, match="I am about to restart; please ask again in a minute"):
        await shop.accept()
    assert (await shop.states(), await shop.charged()) == ([], 0)


async def test_no_more_jobs_are_taken_than_the_workers_and_one_aside(shop):
    shop.painting_client.gate.clear()
    for number in range(5):
        await shop.accept(f"event-{number}")
    await shop.platform.previewed(5)
    assert (await shop.states()).count(RUNNING) == shop.painting_client.workers + dispatch.ASIDE
    shop.painting_client.gate.set()
    assert len(await shop.platform.posted(5)) == 5


async def test_a_job_waits_until_its_platform_is_there(open_workshop):
    async with open_workshop(connected=False) as shop:
        await shop.accept()
        assert await shop.states() == [QUEUED]
        shop.dispatcher._platforms["fake"] = shop.platform
        await shop.dispatcher.welcome("fake")
        assert len(await shop.platform.posted()) == 1


async def test_a_machine_with_nothing_to_do_looks_for_the_best_seed(shop):
    shop.painting_client.better = 5
    assert await shop.dispatcher.best(FISH) == FISH.with_seed(FISH.seed + 5)
    assert shop.painting_client.judged == [FISH]


async def test_a_busy_machine_takes_the_seed_that_is_there(shop):
    shop.painting_client.better = 5
    shop.painting_client.gate.clear()
    await shop.accept()
    await shop.painting_client.busy.wait()
    assert await shop.dispatcher.best(FISH) == FISH
    shop.painting_client.gate.set()
    await shop.platform.posted()
    assert shop.painting_client.judged == []


async def test_for_one_request_at_a_time_is_looked_for_the_best_seed(shop):
    shop.painting_client.better = 5
    shop.painting_client.choosing.clear()
    first = asyncio.create_task(shop.dispatcher.best(FISH))
    await asyncio.sleep(0)
    assert await shop.dispatcher.best(FISH) == FISH
    shop.painting_client.choosing.set()
    assert (await first).seed == FISH.seed + 5


async def test_a_judge_that_fails_costs_nothing(shop, caplog):
    shop.painting_client.choice_failures.append(PaintingFailed("no opinion"))
    assert await shop.dispatcher.best(FISH) == FISH
    assert "the first seed is taken" in caplog.text


async def test_each_picture_is_timed_and_each_refusal_over_a_limit_is_counted(storage, clock, tmp_path):
    timed, refused, client = [], [], FakePaintingClient(seconds=0.5)
    queue = JobQueue(storage, Defaults(Limit(1, None), FREE), clock, lambda: "job-1")
    store = PictureStore(storage, tmp_path / "pictures", clock, lambda: "picture-1")
    platform = FakePlatform()
    platforms = {"fake": platform}
    progress = ProgressUpdates(queue, platforms, lambda: 1, clock)
    dispatcher = Dispatcher(
        *(queue, store, client, platforms, progress, (0, 0)),
        on_painted=timed.append,
        on_refused=refused.append,
    )
    await dispatcher.start()
    await dispatcher.accept(ask(), LINE, (FISH,))
    with pytest.raises(OverQuota):
        await dispatcher.accept(ask(key="event-2"), LINE, (FISH,))
    with pytest.raises(OverQuota):
        await dispatcher.accept(ask(key="event-3"), LINE, (FISH, FISH))
    await platform.posted()
    await dispatcher.drain(grace=20)
    assert [each["total"] for each in timed] == [0.5]
    assert refused == ["default", "default"]
