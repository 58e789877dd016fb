"""Facts about bot/jobs/previews.py, within a dispatcher."""

from __future__ import annotations

from bot.jobs import previews
from bot.storage.states import POSTED
from engine.errors import PaintingFailed
from tests.support.fakes import FakePaintingClient


async def test_a_preview_that_fails_costs_nothing_but_itself(open_workshop, caplog):
    painting_client = FakePaintingClient(sketch_failures=[PaintingFailed("no pencil")])
    async with open_workshop(painting_client) as shop:
        shop.platform.preview_failures.append(OSError("the line is down"))
        await shop.accept("a")
        await shop.platform.posted()
        await shop.accept("b")
        await shop.platform.posted(2)
        await shop.finish()
        assert await shop.states() == [POSTED, POSTED]
    assert "job job-1 has no preview" in caplog.text
    assert "the line is down" in caplog.text


async def test_a_preview_never_comes_after_its_painting(shop, monkeypatch):
    monkeypatch.setattr(previews, "LAST_SECONDS", 0)
    shop.platform.preview_gate.clear()
    await shop.accept()
    await shop.platform.posted()
    shop.platform.preview_gate.set()
    await shop.finish()
    assert shop.platform.previews == []


async def test_a_preview_that_was_not_begun_is_not_made_for_a_picture_that_is_finished(shop):
    async with shop.dispatcher._previews._turn:
        await shop.accept()
        await shop.platform.posted()
        assert await shop.states() == [POSTED]
    await shop.finish()
    assert (shop.painting_client.sketched, shop.platform.previews) == ([], [])


async def test_layouts_are_composed_one_at_a_time_and_each_is_shown(shop):
    shop.painting_client.gate.clear()
    for key in ("a", "b", "c"):
        await shop.accept(key)
    assert len(await shop.platform.previewed(3)) == 3
    shop.painting_client.gate.set()
    await shop.platform.posted(3)
