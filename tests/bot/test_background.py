"""Facts about bot/background.py."""

from __future__ import annotations

import asyncio

import pytest

from bot.background import BackgroundTasks


@pytest.fixture
def background():
    return BackgroundTasks()


async def test_work_goes_on_beside_whoever_started_it(background):
    begun, done = asyncio.Event(), asyncio.Event()

    async def work():
        begun.set()
        await done.wait()

    task = await background.spawn(work())
    await begun.wait()
    assert background.running == 1
    done.set()
    await task
    assert background.running == 0
    await background.close()


async def test_work_that_fails_is_logged_and_ends_no_other(background, caplog):
    async def failing():
        raise ValueError("out of paint")

    other = await background.spawn(asyncio.Event().wait())
    await (await background.spawn(failing()))
    assert "out of paint" in caplog.text
    assert not other.done()
    await background.close()


async def test_what_is_under_way_is_cancelled_when_it_closes(background):
    task = await background.spawn(asyncio.Event().wait())
    await background.close()
    assert task.cancelled()
    assert background.running == 0


async def test_work_has_its_grace_and_may_start_more_before_it_ends(background):
    ended = []

    async def later():
        ended.append("later")

    async def first():
        await closing.wait()
        await background.spawn(later())
        ended.append("first")

    closing = asyncio.Event()
    await background.spawn(first())
    close = asyncio.create_task(background.close(grace=20))
    closing.set()
    await close
    assert sorted(ended) == ["first", "later"]


async def test_nothing_starts_after_it_closed(background):
    await background.open()
    await background.close()
    with pytest.raises(RuntimeError):
        await background.spawn(asyncio.Event().wait())


async def test_one_that_was_never_used_can_be_closed(background):
    await background.close()
    assert background.running == 0


async def test_it_is_opened_and_closed_by_different_tasks(background):
    task = await asyncio.create_task(background.spawn(asyncio.Event().wait()))
    await asyncio.create_task(background.close())
    assert task.cancelled()
