"""Facts about commands/cancel.py, and what becomes of the cancelled job."""

from __future__ import annotations

import pytest

from bot.storage.states import CANCELLED, POSTED
from commands.cancel import COMMAND
from tests.support.dispatcher_fixtures import LINE
from tests.support.fake_services import FakeServices, ask
from tests.support.fakes import FISH
from tests.support.fakes import ask as paint


@pytest.mark.parametrize(("words", "job"), [("", ""), ("job-1", "job-1"), (" job-1\u200b ", "job-1")])
async def test_a_job_or_the_latest_one_is_cancelled(words, job):
    services = FakeServices()
    answer = await COMMAND.run(ask("cancel", words), services)
    assert (answer.text, answer.private) == ("Cancelled: style=ink", True)
    assert services.jobs.cancelled == [job]


async def test_a_cancelled_job_ends_unseen_and_is_refunded(shop):
    shop.painting_client.gate.clear()
    job = await shop.accept(pictures=(FISH, FISH.with_seed(8)))
    await shop.platform.previewed()
    assert await shop.dispatcher.cancel(paint(), job) == LINE
    [(_, answer)] = await shop.platform.posted()
    assert (answer.text, answer.failed) == ("Cancelled; nothing was charged.", True)
    shop.painting_client.gate.set()
    await shop.finish()
    assert (len(shop.platform.posts), len(shop.painting_client.painted) < 2) == (1, True)
    assert (await shop.states(), await shop.charged()) == ([CANCELLED], 0)
    assert list(shop.folder.iterdir()) == []


async def test_only_the_cancelled_job_ends(shop):
    shop.painting_client.gate.clear()
    jobs = [await shop.accept(key) for key in ("a", "b", "c")]
    await shop.dispatcher.cancel(paint(), jobs[1])
    await shop.platform.posted()
    shop.painting_client.gate.set()
    await shop.platform.posted(3)
    await shop.finish()
    assert await shop.states() == [POSTED, CANCELLED, POSTED]


async def test_a_job_cancelled_before_a_restart_is_not_painted_after_it(open_workshop):
    async with open_workshop(connected=False) as shop:
        await shop.dispatcher.cancel(paint(), await shop.accept())
    async with open_workshop() as shop:
        await shop.accept("another")
        await shop.platform.posted()
        await shop.finish()
        assert (len(shop.painting_client.painted), await shop.states()) == (1, [CANCELLED, POSTED])
