"""Test what people read while they wait, over a real queue, with a fake clock and fake pauses."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from contextlib import asynccontextmanager, closing

import pytest

from bot.jobs.progress import DRIFT, MOST_CHANGES, PAUSE, ProgressUpdates
from bot.jobs.queue import JobQueue
from bot.quotas.rules import Defaults
from bot.storage.database import StorageError, change
from commands.chat import Answer
from commands.services.quotas import Limit
from tests.support.fakes import FISH, NOON, FakePlatform, ask, delivery_of

FREE = Defaults(Limit(None, None), Limit(None, None))


class Pauses:
    """Pauses that end when they are told; the clock moves with them. began: set when one begins"""

    def __init__(self, clock):
        self._clock = clock
        self.began, self._over = asyncio.Event(), asyncio.Event()
        self.seconds = []

    async def __call__(self, seconds):
        self.seconds.append(seconds)
        self.began.set()
        await self._over.wait()
        self._over.clear()
        self._clock.advance(seconds)

    async def end(self):
        """End this pause and wait for the next one."""
        async with asyncio.timeout(10):
            await self.began.wait()
            self.go_on()
            await self.began.wait()

    def go_on(self):
        """End this pause."""
        self.began.clear()
        self._over.set()

    async def begun(self):
        async with asyncio.timeout(10):
            await self.began.wait()


@pytest.fixture
def queue(storage, clock):
    numbers = itertools.count(1)
    return JobQueue(storage, FREE, clock, lambda: f"job-{next(numbers)}")


@pytest.fixture
def pauses(clock):
    return Pauses(clock)


@pytest.fixture
def hall():
    """A platform."""
    return FakePlatform()


@pytest.fixture
def open_room(queue, hall, clock, pauses):
    """Open a room with a running queue."""

    @asynccontextmanager
    async def opened():
        room = ProgressUpdates(queue, {"fake": hall}, lambda: 1, clock, pauses)
        task = asyncio.create_task(room.run())
        yield room
        task.cancel()
        await asyncio.wait([task])

    return opened


@pytest.fixture
async def room(open_room):
    """Return a room with a running queue."""
    async with open_room() as room:
        yield room


@pytest.fixture
def failing(queue, monkeypatch):
    """Make the queue unreadable so many times."""

    def failing(times):
        waits, failures = queue.waits, [StorageError("locked") for _ in range(times)]

        async def failed(workers):
            if failures:
                raise failures.pop()
            return await waits(workers)

        monkeypatch.setattr(queue, "waits", failed)

    return failing


@pytest.fixture
def enter(queue, room):
    """Queue a job and show its wait."""
    keys = itertools.count(1)

    async def entered(person="ann", pictures=(FISH,), **changes):
        said = ask(key=f"event-{next(keys)}", person=f"fake:{person}", **changes)
        accepted = await queue.accept(said, "style=ink", pictures)
        room.enter(accepted.job, accepted.ahead, accepted.due)
        return accepted

    return entered


async def test_what_was_just_said_is_not_said_again(enter, pauses, hall):
    await enter()
    await enter("bob")
    await pauses.end()
    await pauses.begun()
    assert hall.waits == []


async def test_a_place_is_told_anew_when_it_has_changed_and_the_button_stays(
    enter, queue, room, pauses, hall
):
    await enter()
    await enter("bob")
    await enter("bob")
    await pauses.end()
    await queue.cancel(ask(), "job-1")
    room.stir()
    await pauses.end()
    (one, first), (two, second) = sorted(hall.waits, key=lambda each: each[0])
    assert (one, first.text) == ("job-2", "Painting: style=ink")
    assert (two, second.text) == ("job-3", "Painting: style=ink\nJobs ahead of yours: 1.")
    assert [each.verb for each in second.buttons] == ["cancel"]


async def test_a_post_is_changed_at_least_three_seconds_after_it_was_written(
    enter, queue, room, pauses, hall, clock
):
    await enter()
    await enter("bob")
    await queue.cancel(ask(), "job-1")
    room.stir()
    await pauses.begun()
    assert (hall.waits, pauses.seconds) == ([], [PAUSE])
    await pauses.end()
    assert [job for job, _ in hall.waits] == ["job-2"]
    assert clock.now == NOON + PAUSE


async def test_few_posts_of_a_platform_are_changed_at_a_time_the_oldest_first(
    enter, queue, room, pauses, hall
):
    for person in ("ann", "bob", "cat", "dan", "eve"):
        await enter(person)
    await pauses.end()
    await queue.cancel(ask(), "job-1")
    room.stir()
    await pauses.end()
    assert [job for job, _ in hall.waits] == ["job-2", "job-3"]
    assert len(hall.waits) == MOST_CHANGES
    await pauses.end()
    assert [job for job, _ in hall.waits] == ["job-2", "job-3", "job-4", "job-5"]


@pytest.mark.parametrize(("seconds", "changes"), [(DRIFT - 1, 0), (DRIFT + 1, 1)])
async def test_a_time_is_told_anew_when_it_was_wrong_by_more_than_a_little(
    enter, storage, room, pauses, hall, clock, seconds, changes
):
    await enter()
    sql = (
        "INSERT INTO pictures"
        " (id, job, place, conditions, media_type, width, height, made_at, number, seconds)"
        " VALUES ('p1', 'job-1', 0, '{}', 'image/png', 256, 256, 0, 1, 60)"
    )
    await storage.write(lambda database: change(database, sql))
    assert (await enter("bob")).due == NOON + 60
    await pauses.end()
    clock.advance(seconds - 2 * PAUSE)
    room.stir()
    await pauses.end()
    assert len(hall.waits) == changes
    assert all(answer.due == clock.now + 60 for _, answer in hall.waits)


@pytest.mark.parametrize("failures", [0, 1])
async def test_after_a_restart_those_who_wait_are_told_their_place(
    queue, open_room, pauses, hall, failing, failures
):
    for number in range(2):
        await queue.accept(ask(key=f"event-{number}", locale="zh-CN"), "style=ink", (FISH,))
    failing(failures)
    async with open_room():
        for _ in range(failures):
            await pauses.end()
        await pauses.begun()
    [(job, answer)] = hall.waits
    assert (job, answer.text) == ("job-2", "正在画：style=ink\n前面还有 1 份。")


async def test_a_result_waits_for_a_change_that_is_under_way_and_none_comes_after_it(
    enter, queue, room, pauses, hall
):
    await enter()
    await enter("bob")
    await pauses.end()
    hall.wait_gate.clear()
    await queue.cancel(ask(), "job-1")
    room.stir()
    pauses.go_on()
    await hall.wait_begun.wait()
    leaving = asyncio.create_task(room.leave("job-2"))
    await asyncio.sleep(0)
    assert not leaving.done()
    hall.wait_gate.set()
    await leaving
    await pauses.begun()
    assert [job for job, _ in hall.waits] == ["job-2"]


async def test_a_change_that_fails_is_logged_and_the_next_one_comes(enter, queue, room, pauses, hall, caplog):
    for person in ("ann", "bob", "cat"):
        await enter(person)
    await pauses.end()
    hall.wait_failures.append(OSError("the line is down"))
    await queue.cancel(ask(), "job-1")
    room.stir()
    await pauses.end()
    assert "job job-2: its post could not show how long it waits" in caplog.text
    assert [job for job, _ in hall.waits] == ["job-3"]


async def test_who_has_no_answer_yet_is_told_nothing_before_it(queue, room, pauses, hall):
    await pauses.begun()
    for number in range(2):
        await queue.accept(ask(key=f"event-{number}"), "style=ink", (FISH,))
    room.stir()
    await pauses.end()
    assert hall.waits == []


async def test_a_queue_that_cannot_be_read_is_read_again(enter, queue, room, pauses, hall, failing, caplog):
    for person in ("ann", "bob", "cat"):
        await enter(person)
    await pauses.begun()
    failing(1)
    await queue.cancel(ask(), "job-1")
    room.stir()
    await pauses.end()
    assert "the queue cannot be read, so no waiting post is changed" in caplog.text
    assert hall.waits == []
    room.stir()
    await pauses.end()
    assert [job for job, _ in hall.waits] == ["job-2", "job-3"]


async def test_an_open_page_is_told_the_seconds_that_are_left(ann, site, painting_client, tmp_path):
    painting_client.seconds = 20.0
    async with ann.events() as events:
        await ann.ask()
        while (await anext(events))["type"] != "posted":
            pass
        painting_client.gate.clear()
        running, waiting = await ann.ask(), await ann.ask()
        assert (running["seconds"], waiting["seconds"]) == (20.0, 40.0)
        assert waiting["text"].endswith("Jobs ahead of yours: 1.")
        with closing(sqlite3.connect(tmp_path / "easel.db")) as memory:
            [(person, channel)] = memory.execute("SELECT DISTINCT person, channel FROM jobs").fetchall()
        delivery = delivery_of(person, "web:local", channel, {})
        await site.platforms["web"].wait(delivery, Answer("Painting fish", due=NOON + 8))
        while (told := await anext(events))["type"] != "waiting":
            pass
        assert (told["job"], told["text"], told["seconds"]) == ("job-1", "Painting fish", 8.0)
        painting_client.gate.set()
