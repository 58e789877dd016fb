"""Test the queue in a real database: jobs are accepted once, taken fairly, and refunded when they fail."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY, HOUR
from bot.jobs import queue as jobs
from bot.jobs.queue import JobQueue
from bot.quotas.rules import Defaults
from bot.storage.database import StorageError, rows
from bot.storage.states import FAILED, PAINTED, POSTED, QUEUED, RUNNING, UNDELIVERED
from commands.chat import UserError
from commands.services.context import Accepted
from commands.services.quotas import Limit
from tests.support.databases import InMemoryStorage
from tests.support.fakes import FISH, NOON, FakeClock, ask

FREE = Defaults(Limit(None, None), Limit(None, None))
LINE = "style=ink color=blue shape=fish seed=7 size=256"
PLATFORMS = ("fake",)


def make_queue(storage, clock=None, defaults=FREE):
    """Make a queue with jobs named job-1, job-2 and so on."""
    numbers = itertools.count(1)
    return JobQueue(storage, defaults, clock or FakeClock(), lambda: f"job-{next(numbers)}")


@pytest.fixture
def queue(storage, clock):
    return make_queue(storage, clock)


async def accepted(queue, key="event-1", pictures=(FISH,), **changes):
    return await queue.accept(ask(key=key, **changes), LINE, pictures)


async def count(storage, table, where="1"):
    sql = f"SELECT COUNT(*) AS n FROM {table} WHERE {where}"  # noqa: S608  # the tests' own words
    return (await storage.write(lambda database: rows(database, sql)))[0]["n"]


async def test_a_job_and_its_charge_are_on_disk_before_it_is_acknowledged(queue, tmp_path):
    said = await accepted(queue, pictures=(FISH, FISH.with_seed(8)))
    assert said == Accepted("job-1", ahead=0, fresh=True, says=LINE)
    with sqlite3.connect(tmp_path / "easel.db") as other:
        assert other.execute("SELECT id, state FROM jobs").fetchall() == [("job-1", QUEUED)]
        assert other.execute("SELECT job, pictures FROM usage").fetchall() == [("job-1", 2)]
    other.close()


async def test_a_delivery_has_everything_that_was_asked(queue):
    said = {"person": "fake:bob", "server": "fake:hall", "channel": "fake:wall", "locale": "zh-CN"}
    pictures = (replace(FISH, aspect=(3, 2), chaos=5), FISH.with_seed(8))
    await accepted(queue, pictures=pictures, reply={"thread": "7"}, **said)
    delivery = await queue.find("job-1")
    assert (delivery.person, delivery.server, delivery.channel, delivery.locale) == tuple(said.values())
    assert (delivery.reply, delivery.accepted_at, delivery.says) == ({"thread": "7"}, NOON, LINE)
    assert delivery.pictures == pictures
    assert jobs.platform_of(delivery) == "fake"


async def test_the_same_key_makes_one_job_and_one_charge(queue, storage):
    first, again = await accepted(queue), await queue.accept(ask(key="event-1"), "another line", (FISH,))
    assert (again.job, again.fresh, again.says) == (first.job, False, LINE)
    assert (await count(storage, "jobs"), await count(storage, "usage")) == (1, 1)


async def test_a_key_sent_twice_at_once_makes_one_job(queue, storage):
    said = await asyncio.gather(*(accepted(queue) for _ in range(8)))
    assert {each.job for each in said} == {"job-1"}
    assert [each.fresh for each in said].count(True) == 1


async def test_a_key_stays_known_when_its_job_has_ended_and_the_limit_is_used_up(storage):
    queue = make_queue(storage, defaults=Defaults(Limit(1, 1), Limit(None, None)))
    await accepted(queue)
    await queue.take(PLATFORMS)
    await queue.mark_painted("job-1")
    await queue.mark_posted("job-1", "post")
    assert await accepted(queue) == Accepted("job-1", ahead=0, fresh=False, says=LINE)


async def test_the_same_key_of_two_people_is_two_jobs(queue):
    await accepted(queue, person="fake:ann")
    assert (await accepted(queue, person="fake:bob")).fresh


async def test_over_a_limit_there_is_neither_job_nor_charge(storage):
    queue = make_queue(storage, defaults=Defaults(Limit(3, None), Limit(None, None)))
    await accepted(queue, "a", (FISH,) * 2)
    with pytest.raises(UserError, match=r"You have used 2 of your 3 pictures a day \(the usual limit\)"):
        await accepted(queue, "b", (FISH,) * 2)
    assert (await count(storage, "jobs"), await count(storage, "usage")) == (1, 1)
    assert (await accepted(queue, "b")).fresh


async def test_on_a_full_disk_every_job_has_its_charge_and_every_charge_its_job(queue, storage):
    await storage.write(lambda database: rows(database, "PRAGMA max_page_count = 1"))
    long = {"reply": {"address": "x" * 900}}
    asks = (accepted(queue, f"event-{number}", person=f"fake:{number}", **long) for number in range(200))
    with pytest.raises(StorageError, match="full"):
        await asyncio.gather(*asks)
    whole = await count(storage, "jobs")
    assert await count(storage, "usage") == await count(storage, "people") == whole
    assert await count(storage, "usage", "job IN (SELECT id FROM jobs)") == whole


async def test_a_full_queue_refuses_before_it_charges(queue, storage, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_WAITING", 2)
    for key in ("a", "b"):
        await accepted(queue, key)
    with pytest.raises(UserError, match="Too many pictures are waiting just now"):
        await accepted(queue, "c")
    assert await count(storage, "usage") == 2
    assert not (await accepted(queue, "b")).fresh
    await queue.take(PLATFORMS)
    assert (await accepted(queue, "c")).fresh


async def test_a_job_goes_from_queued_to_posted_one_step_at_a_time(queue, storage):
    await accepted(queue)
    assert await queue.state("job-1") == QUEUED
    assert not await queue.mark_painted("job-1")
    assert (await queue.take(PLATFORMS)).job == "job-1"
    assert await queue.state("job-1") == RUNNING
    assert not await queue.mark_posted("job-1", "post-1")
    assert await queue.mark_painted("job-1")
    assert not await queue.mark_painted("job-1")
    assert await queue.mark_posted("job-1", "post-1")
    assert not await queue.mark_posted("job-1", "post-2")
    assert await queue.state("job-1") == POSTED
    assert await count(storage, "jobs", "post = 'post-1'") == 1


async def test_an_unknown_job_has_no_state_and_no_delivery(queue):
    assert await queue.state("job-0") is None
    assert await queue.find("job-0") is None
    assert await queue.take(PLATFORMS) is None


@pytest.mark.parametrize("steps", range(3))
async def test_a_job_that_fails_at_any_step_gives_its_charge_back_once(queue, storage, steps):
    await accepted(queue)
    for step in [lambda: queue.take(PLATFORMS), lambda: queue.mark_painted("job-1")][:steps]:
        await step()
    assert await queue.fail("job-1")
    assert not await queue.fail("job-1")
    assert await queue.state("job-1") == FAILED
    assert await count(storage, "usage", "refunded = 1") == 1


async def test_a_posted_job_cannot_fail_and_stays_charged(queue, storage):
    await accepted(queue)
    await queue.take(PLATFORMS)
    await queue.mark_painted("job-1")
    await queue.mark_posted("job-1", "post-1")
    assert not await queue.fail("job-1")
    assert await queue.state("job-1") == POSTED
    assert await count(storage, "usage", "refunded = 0") == 1


async def test_what_was_running_is_queued_again_and_what_is_painted_waits_to_be_posted(queue):
    for key in ("a", "b", "c"):
        await accepted(queue, key)
    painted = await queue.take(PLATFORMS)
    running = await queue.take(PLATFORMS)
    await queue.mark_painted(painted.job)
    await queue.requeue_running()
    assert await queue.state(running.job) == QUEUED
    assert await queue.unposted("fake") == (painted,)
    assert await queue.unposted("other") == ()


async def test_only_jobs_of_the_platforms_that_are_there_are_taken(queue):
    await accepted(queue, "a", channel="other:wall")
    await accepted(queue, "b", channel="fake:wall")
    assert (await queue.take(("fake", "third"))).job == "job-2"
    assert await queue.take(("fake", "third")) is None
    assert await queue.take(()) is None
    assert (await queue.take(("other",))).job == "job-1"


async def taken(queue, number=None):
    """Take so many jobs, or all; return them in order."""
    served = []
    while len(served) != number and (delivery := await queue.take(PLATFORMS)):
        served.append(delivery)
    return served


async def test_forty_jobs_of_one_person_delay_nobody_else(queue):
    for number in range(40):
        await accepted(queue, f"ann-{number}")
    await taken(queue, 1)
    await accepted(queue, "bob", person="fake:bob")
    assert [each.person for each in await taken(queue, 1)] == ["fake:bob"]


async def test_a_busy_server_delays_no_other(queue):
    for number in range(20):
        await accepted(queue, f"{number}", person=f"fake:{number}")
    await taken(queue, 3)
    await accepted(queue, "quiet", person="fake:zoe", server="fake:quiet")
    assert [each.server for each in await taken(queue, 1)] == ["fake:quiet"]


async def test_ones_own_jobs_are_taken_in_the_order_they_were_asked(queue):
    for number in range(6):
        await accepted(queue, f"{number}")
    assert [each.job for each in await taken(queue)] == [f"job-{number}" for number in range(1, 7)]


async def test_a_clock_that_is_set_back_changes_nobodys_turn(queue, clock):
    for key in ("ann-1", "ann-2", "ann-3"):
        await accepted(queue, key)
    await accepted(queue, "bob", person="fake:bob")
    await taken(queue, 1)
    clock.advance(-86_400)
    assert [each.person for each in await taken(queue, 2)] == ["fake:bob", "fake:ann"]


PEOPLE = [
    ("hall", "ann"),
    ("hall", "bob"),
    ("hall", "cat"),
    ("barn", "dan"),
    ("barn", "eve"),
    ("loft", "fay"),
]
ASKS = st.lists(st.sampled_from(PEOPLE), max_size=14)


async def _fill(queue, people, word):
    for number, (server, person) in enumerate(people):
        said = {"server": f"fake:{server}", "person": f"fake:{person}"}
        last = await accepted(queue, f"{word}-{number}", **said)
    return last if people else None


@given(ASKS, st.integers(0, 6), ASKS)
def test_nobody_is_served_twice_while_another_waits(before, served, after):
    asyncio.run(_is_fair(before, served, after))


async def _is_fair(before, served, after):
    storage = InMemoryStorage()
    queue = make_queue(storage)
    await _fill(queue, before, "before")
    await taken(queue, served)
    await _fill(queue, after, "after")
    order = await taken(queue)
    for place, delivery in enumerate(order):
        since = order[:place]
        for part, among in (("server", since), ("person", [d for d in since if d.server == delivery.server])):
            last = max(
                (n for n, d in enumerate(among) if getattr(d, part) == getattr(delivery, part)), default=-1
            )
            others = Counter(getattr(each, part) for each in among[last + 1 :])
            assert not others or max(others.values()) == 1, (part, place)
    await storage.close()


@given(ASKS, st.integers(0, 6), ASKS, st.sampled_from(PEOPLE))
def test_as_many_jobs_are_taken_before_ones_own_as_was_said(before, served, after, me):
    asyncio.run(_is_told(before, served, after, me))


async def _is_told(before, served, after, me):
    storage = InMemoryStorage()
    queue = make_queue(storage)
    await _fill(queue, before, "before")
    running = len(await taken(queue, served))
    await _fill(queue, after, "after")
    said = await _fill(queue, [me], "mine")
    place = running + [each.job for each in await taken(queue)].index(said.job)
    assert said.ahead == place
    await storage.close()


async def test_a_job_is_cancelled_once_and_refunded_and_only_by_who_may(queue, storage):
    for key in ("a", "b"):
        await accepted(queue, key)
    with pytest.raises(UserError, match="Only the person who asked for it, or a moderator, may cancel that"):
        await queue.cancel(ask(person="fake:bob"), "job-1")
    assert (await queue.cancel(ask(), "")).job == "job-2"
    assert (await queue.cancel(ask(person="fake:mod", is_moderator=True), "job-1")).job == "job-1"
    for job, said in (("", "Nothing of yours is waiting"), ("job-1", "That is no longer waiting")):
        with pytest.raises(UserError, match=said):
            await queue.cancel(ask(), job)
    assert await count(storage, "usage", "refunded = 1") == 2
    assert await count(storage, "audit", "person = 'fake:mod' AND action = 'cancel'") == 1


async def painted(queue, key="event-1", **changes):
    """Queue a job and mark it as painted; no platform has it."""
    job = (await accepted(queue, key, **changes)).job
    await queue.take(PLATFORMS)
    await queue.mark_painted(job)
    return job


async def test_what_is_not_posted_within_the_hour_is_refunded_and_may_still_be_posted(queue, storage, clock):
    job = await painted(queue)
    clock.advance(HOUR)
    assert await queue.end_overdue(PLATFORMS) == 0
    assert (await queue.state(job), await count(storage, "usage", "refunded = 0")) == (PAINTED, 0)
    assert await queue.mark_posted(job, "fake-post-1")
    assert await count(storage, "usage", "refunded = 0") == 0


async def test_what_was_painted_just_now_stays_charged(queue, storage, clock):
    await painted(queue)
    clock.advance(HOUR / 2)
    await queue.end_overdue(PLATFORMS)
    assert await count(storage, "usage", "refunded = 0") == 1


async def test_what_is_not_posted_for_a_day_ends_undelivered(queue, clock):
    job = await painted(queue)
    clock.advance(DAY)
    assert [await queue.end_overdue(PLATFORMS) for _ in range(2)] == [1, 0]
    assert await queue.state(job) == UNDELIVERED


async def test_what_waits_a_day_for_a_platform_that_is_not_there_fails(queue, storage, clock):
    waiting, lost = [(await accepted(queue, key, channel=f"{key}:hall")).job for key in ("fake", "gone")]
    clock.advance(DAY)
    assert await queue.end_overdue(PLATFORMS) == 1
    assert (await queue.state(waiting), await queue.state(lost)) == (QUEUED, FAILED)
    assert await count(storage, "usage", "refunded = 0") == 1


async def test_only_a_painted_job_ends_undelivered(queue, storage):
    job = (await accepted(queue)).job
    assert not await queue.keep_undelivered(job)
    assert (await queue.state(job), await count(storage, "usage", "refunded = 0")) == (QUEUED, 1)


async def test_what_a_person_asked_for_last_in_a_channel_is_pending_until_it_is_painted(queue):
    await accepted(queue, "event-1", pictures=(replace(FISH, seed=1), replace(FISH, seed=2)))
    assert (await queue.pending(ask(key="event-2"))).seed == 2
    for other in ({"key": "event-1"}, {"person": "fake:bob"}, {"channel": "fake:other"}):
        assert await queue.pending(ask(**{"key": "event-2", **other})) is None
    await queue.mark_painted((await queue.take(PLATFORMS)).job)
    assert await queue.pending(ask(key="event-2")) is None
