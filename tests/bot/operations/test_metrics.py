"""Test the metrics as Prometheus reads them."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.operations.metrics import LAG_EVERY, STATES, Meter, jobs_by_state, watch_lag
from commands.services.tastes import Lift, Rate

PHASES = ("compose", "paint", "finish", "total")


@pytest.fixture
def meter():
    return Meter(lambda: 3)


def value(meter, name, **labels):
    """Return a sample, or None."""
    families = text_string_to_metric_families(meter.text().decode())
    samples = {
        (each.name, tuple(each.labels.items())): each.value for one in families for each in one.samples
    }
    return samples.get((name, tuple(labels.items())))


def test_jobs_are_told_by_state_and_those_that_wait_as_the_depth(meter):
    meter.count_jobs({"queued": 4, "posted": 9})
    assert value(meter, "easel_jobs", state="posted") == 9
    assert value(meter, "easel_queue_depth") == 4
    assert value(meter, "easel_database_up") == 1


def test_jobs_that_cannot_be_counted_leave_the_last_count_and_say_so(meter):
    meter.count_jobs({"queued": 4})
    meter.count_jobs(None)
    assert value(meter, "easel_queue_depth") == 4
    assert value(meter, "easel_database_up") == 0


def test_restarts_of_workers_are_read_when_asked_for(meter):
    assert value(meter, "easel_worker_restarts_total") == 3


def test_a_retried_post_is_told_by_its_platform(meter):
    meter.post_retried("slack")
    meter.post_retried("slack")
    assert value(meter, "easel_posts_retried_total", platform="slack") == 2


def test_two_meters_share_nothing(meter):
    meter.post_retried("slack")
    assert value(Meter(lambda: 0), "easel_posts_retried_total", platform="slack") is None


def test_a_painting_is_timed_phase_by_phase(meter):
    meter.painted(dict.fromkeys(PHASES, 0.5))
    for phase in PHASES:
        assert value(meter, "easel_phase_seconds_count", phase=phase) == 1


@pytest.mark.parametrize("whose", ["person", "server"])
def test_a_refusal_over_a_limit_is_counted(meter, whose):
    meter.quota_refused(whose)
    assert value(meter, "easel_quota_refusals_total", whose=whose) == 1


async def test_the_lag_is_how_late_the_loop_came(meter):
    times = iter([0.0, LAG_EVERY + 0.2, 10.0, 10.0 + LAG_EVERY])
    naps = []

    async def sleep(seconds):
        naps.append(seconds)
        if len(naps) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await watch_lag(meter, lambda: next(times, 20.0), sleep)
    assert naps == [LAG_EVERY] * 3
    assert value(meter, "easel_event_loop_lag_seconds_count") == 2
    assert value(meter, "easel_event_loop_lag_seconds_sum") == pytest.approx(0.2)


async def test_a_loop_that_is_early_lags_by_nothing(meter):
    meter.lagged(-0.001)
    assert value(meter, "easel_event_loop_lag_seconds_sum") == 0


async def test_an_empty_database_has_no_job_in_any_state(storage):
    assert await storage.write(jobs_by_state) == dict.fromkeys(STATES, 0)


def test_what_taste_is_worth_is_told_once_there_is_something_to_compare(meter):
    meter.measure_taste(Lift(Rate(4, 1), Rate(0, 0), None, None, None))
    assert value(meter, "easel_taste_pictures", slice="taste") == 4
    assert value(meter, "easel_taste_lift", bound="middle") is None
    meter.measure_taste(Lift(Rate(40, 20), Rate(10, 3), 1.6, 0.7, 3.7))
    assert value(meter, "easel_taste_favourites", slice="control") == 3
    assert value(meter, "easel_taste_lift", bound="low") == 0.7
