"""Test the order of the queue that tests/stress/fairness.py measures in seconds."""

from __future__ import annotations

from statistics import median

import pytest

from tests.stress.fairness import FORTY, MOST, OTHERS


@pytest.fixture
def places(open_workshop):
    """Return how many pictures were painted up to each of the others'."""

    async def counted(greedy):
        async with open_workshop() as shop:
            shop.painting_client.gate.clear()
            for number in range(greedy):
                await shop.accept(f"greedy-{greedy}-{number}", person="fake:greedy")
            for number in range(OTHERS):
                await shop.accept(f"other-{greedy}-{number}", person=f"fake:{number}")
            shop.painting_client.gate.set()
            await shop.finish()
            order = [(await shop.queue.find(job)).person for job, _ in shop.painting_client.painted]
        return [place for place, person in enumerate(order, 1) if person != "fake:greedy"]

    return counted


async def test_forty_pictures_of_one_person_make_others_wait_at_most_a_third_longer(places):
    alone, beside = await places(0), await places(FORTY)
    assert len(alone) == len(beside) == OTHERS
    assert median(beside) <= MOST * median(alone)
