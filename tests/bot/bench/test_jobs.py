"""Test bot/bench/jobs.py with a real service and a fake painting client."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from bot.bench import jobs as bench_jobs
from bot.bench.jobs import desk, made_up, race_jobs
from bot.bench.races import Plan
from engine.errors import PaintingFailed
from engine.workers.client import Split
from tests.support.fakes import FISH


async def test_a_job_is_done_when_its_picture_is_a_file(tmp_path, painting_client):
    async with desk(tmp_path, painting_client) as opened:
        assert await opened.one(FISH) > 0
        [file] = (tmp_path / "pictures").iterdir()
        assert file.read_bytes()
        assert [conditions for _, conditions in painting_client.painted] == [FISH]


async def test_many_jobs_are_done_when_the_last_one_is(tmp_path, painting_client):
    pictures = [FISH.with_seed(seed) for seed in range(12)]
    async with desk(tmp_path, painting_client) as opened:
        assert await opened.many(pictures) > 0
        assert len(list((tmp_path / "pictures").iterdir())) == 12
        assert {conditions for _, conditions in painting_client.painted} == set(pictures)


async def test_more_jobs_than_anybodys_quota_are_taken(tmp_path, painting_client):
    async with desk(tmp_path, painting_client) as opened:
        assert await opened.many([FISH] * 40) > 0


async def test_a_job_that_fails_ends_the_measuring(tmp_path, painting_client, caplog):
    painting_client.failures.append(PaintingFailed("no paint"))
    async with desk(tmp_path, painting_client) as opened:
        with pytest.raises(PaintingFailed, match="the log says why"):
            async with asyncio.timeout(20):
                await opened.one(FISH)
    assert "no paint" in caplog.text


def test_made_up_requests_are_fixed_and_differ():
    pictures = made_up(8, 256)
    assert pictures == made_up(8, 256)
    assert len(set(pictures)) == 8
    assert {each.size for each in pictures} == {256}


class Bare(contextlib.nullcontext):
    """A timed process without a process. made: what each was made of"""

    made: list = []  # noqa: RUF012 (each test starts it anew)

    def __init__(self, make, *arguments):
        super().__init__(self)
        self.made.append((make.__name__, *arguments))

    def run(self):
        return 0.5


@pytest.fixture
def bare(monkeypatch, painting_client):
    seconds = iter([2.0, 1.0] * 9)
    monkeypatch.setattr(bench_jobs, "Pool", lambda settings: painting_client)
    monkeypatch.setattr(bench_jobs, "TimedProcess", Bare)
    monkeypatch.setattr(bench_jobs, "together", lambda processes: next(seconds))
    monkeypatch.setattr(Bare, "made", [])
    return Bare


async def test_jobs_race_bare_painting_in_a_house_of_their_own(bare, painting_client):
    races = await race_jobs(Plan(rounds=3, few=2, jobs=4, size=256), Split("cpu", 2, 2, 1), lambda _: None)
    assert {
        name: {work: len(taken) for work, taken in race.seconds.items()} for name, race in races.items()
    } == {
        "jobs": {"job": 3, "forward and encode": 3},
        "queue": {"queue": 2, "1 × 2 threads": 2, "2 × 1 thread": 2},
    }
    assert len(painting_client.painted) == 3 + 2 * 4
    assert painting_client.closed


async def test_the_queue_is_compared_with_the_quickest_loop(bare):
    races = await race_jobs(Plan(rounds=1, few=1, jobs=4, size=256), Split("cpu", 2, 2, 1), lambda _: None)
    [bound] = races["queue"].bounds.values()
    assert (bound.over, bound.under) == ("2 × 1 thread", "queue")


async def test_a_loop_shares_the_pictures_among_its_processes(bare):
    await race_jobs(Plan(rounds=1, few=1, jobs=5, size=256), Split("cpu", 2, 2, 1), lambda _: None)
    loops = [made[1:] for made in bare.made if made[0] == "loop"]
    assert [(len(share), threads) for share, _, threads in loops] == [(5, 2), (3, 1), (2, 1)]
