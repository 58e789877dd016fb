"""Test engine/workers/client.py with real processes and fake painters."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from engine.conditions import Conditions
from engine.errors import DeadlinePassed, PaintingFailed, WeightsMissing
from engine.painting.critic import candidates
from engine.painting.encoding import PNG, WEBP
from engine.workers.client import PainterSettings, PaintingClient, Split, split_cores
from tests.support import fake_painters

pytestmark = pytest.mark.asyncio(loop_scope="module")
ONE = PainterSettings(device="cpu", workers=1, threads=1, deadline_seconds=60, originality=False)
FISH = Conditions((("poster", 1.0),), ("blue",), "fish", "portrait", fake_painters.GOOD, 256)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notes")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def painting_client(notes: Path) -> AsyncIterator[PaintingClient]:
    painting_client = PaintingClient(ONE, fake_painters.moody(notes))
    await painting_client.start()
    yield painting_client
    await painting_client.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hasty(notes: Path) -> AsyncIterator[PaintingClient]:
    """A client with a short deadline."""
    painting_client = PaintingClient(replace(ONE, deadline_seconds=1.5), fake_painters.moody(notes))
    await painting_client.start()
    yield painting_client
    await painting_client.close()


def wish(mood: int) -> Conditions:
    return FISH.with_seed(mood)


@pytest_asyncio.fixture(loop_scope="module")
async def before(painting_client: PaintingClient, hasty: PaintingClient) -> set[str]:
    """The processes, after those that other tests killed were replaced."""
    for each in (painting_client, hasty):
        await each.wake()
    return children()


def children() -> set[str]:
    return {child.name for child in multiprocessing.active_children()}


@pytest.mark.parametrize("media_type", [PNG, WEBP])
async def test_a_painting_is_an_image_of_the_asked_size_and_type(
    painting_client: PaintingClient, media_type: str
) -> None:
    painted = await painting_client.paint("job-1", replace(FISH, aspect=(2, 1)), media_type)
    image = Image.open(io.BytesIO(painted.data))
    assert image.size == (painted.width, painted.height) == (256, 128)
    assert image.get_format_mimetype() == painted.media_type == media_type


async def test_a_sketch_is_a_small_webp(painting_client: PaintingClient) -> None:
    image = Image.open(io.BytesIO(await painting_client.sketch(replace(FISH, size=1024))))
    assert (image.format, image.size) == ("WEBP", (320, 320))


async def test_many_jobs_at_once_are_all_painted(painting_client: PaintingClient) -> None:
    wishes = [replace(FISH, shape=shape) for shape in ("fish", "cat", "star")]
    painted = await asyncio.gather(*(painting_client.paint("job", each) for each in wishes))
    assert [each.conditions for each in painted] == wishes


async def test_a_job_whose_worker_died_is_painted_again_once(
    painting_client: PaintingClient, caplog: pytest.LogCaptureFixture
) -> None:
    painted = await painting_client.paint("job-2", wish(fake_painters.DIES_ONCE))
    assert painted.conditions == wish(fake_painters.DIES_ONCE)
    assert "job job-2: attempt 1 failed: the worker died" in caplog.text
    assert "attempt 2" not in caplog.text


async def test_a_job_that_kills_two_workers_fails_and_the_next_is_painted(
    painting_client: PaintingClient,
) -> None:
    with pytest.raises(PaintingFailed, match="died"):
        await painting_client.paint("job-3", wish(fake_painters.DIES))
    assert (await painting_client.paint("job-4", FISH)).data


async def test_a_client_that_lost_its_worker_counts_it_and_wakes_another(
    painting_client: PaintingClient,
) -> None:
    await painting_client.wake()
    before = painting_client.restarts
    with pytest.raises(PaintingFailed):
        await painting_client.paint("job", wish(fake_painters.DIES))
    assert (painting_client.warm, painting_client.restarts) == (False, before + 2)
    await painting_client.wake()
    assert painting_client.warm


async def test_a_worker_that_dies_idle_is_replaced(painting_client: PaintingClient, notes: Path) -> None:
    await painting_client.paint("job-5", wish(fake_painters.NAMES_PROCESS))
    os.kill(int((notes / "process").read_text()), signal.SIGKILL)
    assert (await painting_client.paint("job-6", FISH)).data
    assert (await painting_client.paint("job-7", FISH)).data


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        (fake_painters.NONSENSE, "0 pictures"),
        (fake_painters.SMALL, "shape"),
        (fake_painters.RAISES, "the brush broke"),
    ],
)
async def test_what_is_no_picture_is_a_failure_logged_with_its_job(
    painting_client: PaintingClient, mood: int, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PaintingFailed, match=reason):
        await painting_client.paint("job-8", wish(mood))
    assert all("job-8" in record.getMessage() for record in caplog.records)
    assert "Traceback" in caplog.text


async def test_a_stuck_worker_is_replaced_and_its_job_painted_again(hasty: PaintingClient) -> None:
    assert (await hasty.paint("job-9", wish(fake_painters.STUCK_ONCE))).data


async def test_a_job_that_is_stuck_twice_passes_its_deadline(hasty: PaintingClient) -> None:
    with pytest.raises(DeadlinePassed, match=r"1\.5 s"):
        await hasty.paint("job-10", wish(fake_painters.STUCK))


async def test_an_unknown_word_fails_one_job_and_no_worker(painting_client: PaintingClient) -> None:
    with pytest.raises(PaintingFailed, match="blorp"):
        await painting_client.paint("job-11", replace(FISH, shape="blorp"))
    with pytest.raises(KeyError, match="blorp"):
        await painting_client.sketch(replace(FISH, shape="blorp"))
    assert (await painting_client.paint("job-12", FISH)).data


async def test_missing_weights_are_told_at_the_start_and_leave_no_process(before: set[str]) -> None:
    with pytest.raises(WeightsMissing, match=r"^no weights in painter\.safetensors$"):
        await PaintingClient(ONE, fake_painters.load_nothing).start()
    assert children() == before


async def test_a_gpu_that_is_asked_for_and_not_there_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def count_none(seconds: float) -> int:
        return 0

    monkeypatch.setattr("engine.workers.client._count_gpus", count_none)
    painting_client = PaintingClient(replace(ONE, device="cuda"), fake_painters.moody(tmp_path))
    with pytest.raises(PaintingFailed, match="no GPU for the device cuda"):
        await painting_client.start()


@pytest.mark.parametrize("load", [fake_painters.load_broken, fake_painters.load_forever])
async def test_a_painter_that_never_gets_warm_stops_the_start(
    before: set[str], load: fake_painters.Load
) -> None:
    with pytest.raises(PaintingFailed, match="died before"):
        await PaintingClient(replace(ONE, warm_seconds=0.5), load).start()
    assert children() == before


async def test_closing_fails_what_is_under_way_and_leaves_no_process(
    before: set[str], tmp_path: Path
) -> None:
    painting_client = PaintingClient(ONE, fake_painters.moody(tmp_path))
    await painting_client.start()
    assert len(children()) == len(before) + 2  # one that paints and one that sketches
    job = asyncio.create_task(painting_client.paint("job-13", wish(fake_painters.STUCK)))
    await asyncio.sleep(0)
    await painting_client.close()
    with pytest.raises(PaintingFailed, match="closed"):
        await job
    assert children() == before


async def test_a_client_that_is_not_open_says_so(tmp_path: Path) -> None:
    painting_client = PaintingClient(ONE, fake_painters.moody(tmp_path))
    await painting_client.close()
    with pytest.raises(PaintingFailed, match="not started"):
        await painting_client.paint("job-14", FISH)
    with pytest.raises(PaintingFailed, match="not started"):
        await painting_client.sketch(FISH)


@pytest.mark.parametrize(
    ("settings", "cores", "gpus", "split"),
    [
        (PainterSettings(), 1, 0, Split("cpu", 1, 1, 1)),
        (PainterSettings(), 2, 0, Split("cpu", 2, 2, 1)),
        (PainterSettings(), 8, 0, Split("cpu", 4, 2, 2)),
        (PainterSettings(workers=3), 8, 0, Split("cpu", 3, 2, 2)),
        (PainterSettings(threads=4), 8, 0, Split("cpu", 2, 4, 4)),
        (PainterSettings(threads=16), 8, 0, Split("cpu", 1, 16, 16)),
        (PainterSettings(), 8, 2, Split("cuda", 2, 4, 4)),
        (PainterSettings(device="cuda"), 8, 1, Split("cuda", 1, 8, 8)),
        (PainterSettings(device="cpu"), 8, 2, Split("cpu", 4, 2, 2)),
    ],
)
async def test_the_cores_are_split_among_workers(
    settings: PainterSettings, cores: int, gpus: int, split: Split
) -> None:
    assert split_cores(settings, cores, gpus) == split


@pytest.mark.parametrize(("busy", "threads"), [(0, 2), (1, 2), (2, 1), (3, 1)])
async def test_on_two_cores_a_lone_picture_has_both_and_several_one_each(busy: int, threads: int) -> None:
    assert split_cores(PainterSettings(), 2, 0).threads_beside(busy) == threads


async def test_a_worker_takes_the_threads_that_it_is_given(
    painting_client: PaintingClient, notes: Path
) -> None:
    (notes / "threads").unlink(missing_ok=True)
    await painting_client.paint("job-15", FISH)
    assert (notes / "threads").read_text() == "1"


async def test_on_cpus_the_seed_that_is_there_is_taken_unless_more_are_wished_for(
    painting_client: PaintingClient,
) -> None:
    assert painting_client.candidates == 1
    assert await painting_client.choose(FISH) is FISH


async def test_the_best_of_the_wished_candidates_is_chosen_in_a_worker(notes: Path) -> None:
    painting_client = PaintingClient(replace(ONE, candidates=2), fake_painters.moody(notes))
    await painting_client.start()
    try:
        assert await painting_client.choose(FISH) in list(candidates(FISH, 2))
    finally:
        await painting_client.close()


async def test_the_workers_are_known_before_the_start() -> None:
    assert PaintingClient(replace(ONE, workers=3)).workers == 3
