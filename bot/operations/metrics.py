"""Measure for Prometheus. No label names a person, a server or a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot.storage.database import Database, rows
from bot.storage.states import CANCELLED, FAILED, PAINTED, POSTED, QUEUED, RUNNING, UNDELIVERED
from commands.services.tastes import CONTROL, TASTE, Lift

STATES = (QUEUED, RUNNING, PAINTED, POSTED, FAILED, CANCELLED, UNDELIVERED)
LAG_EVERY = 0.25
"""Seconds between two measures of the event loop's lag."""
_PHASE_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_OF_TASTE = (
    ("easel_taste_pictures", "Pictures chosen by taste or as control.", "slice"),
    ("easel_taste_favourites", "Those that are favourites.", "slice"),
    ("easel_taste_lift", "Favourite rate of taste over control.", "bound"),
)


class Meter:
    """The metrics of one Easel, in a registry of its own."""

    def __init__(self, restarts: Callable[[], int]) -> None:
        """restarts: how often a worker was replaced so far"""
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Restarts(restarts))
        self._jobs = Gauge("easel_jobs", "Jobs in the database.", ["state"], registry=registry)
        self._depth = Gauge("easel_queue_depth", "Jobs that wait to be painted.", registry=registry)
        self._readable = Gauge("easel_database_up", "1 if the jobs could be counted.", registry=registry)
        self._seconds = Histogram(
            "easel_phase_seconds",
            "Seconds of a picture.",
            ["phase"],
            registry=registry,
            buckets=_PHASE_SECONDS,
        )
        self._lag = Histogram(
            "easel_event_loop_lag_seconds",
            "Seconds the loop came late.",
            registry=registry,
            buckets=_LAG_SECONDS,
        )
        self._retried = Counter(
            "easel_posts_retried", "Posts that were tried again.", ["platform"], registry=registry
        )
        self._refused = Counter(
            "easel_quota_refusals", "Requests over a limit.", ["whose"], registry=registry
        )

        self._taste_pictures, self._taste_favourites, self._taste_lift = (
            Gauge(name, said, [label], registry=registry) for name, said, label in _OF_TASTE
        )

    def lagged(self, seconds: float) -> None:
        """Record how late the event loop was."""
        self._lag.observe(max(0.0, seconds))

    def painted(self, seconds: Mapping[str, float]) -> None:
        """Record the seconds of a picture by phase."""
        for phase, value in seconds.items():
            self._seconds.labels(phase).observe(value)

    def post_retried(self, platform: str) -> None:
        """Count a post that is tried again."""
        self._retried.labels(platform).inc()

    def quota_refused(self, whose: str) -> None:
        """Count a request over a limit, by the kind of the rule."""
        self._refused.labels(whose).inc()

    def count_jobs(self, jobs: Mapping[str, int] | None) -> None:
        """Set the jobs by state; None, for an unreadable database, keeps the last count."""
        self._readable.set(jobs is not None)
        for state, count in (jobs or {}).items():
            self._jobs.labels(state).set(count)
            if state == QUEUED:
                self._depth.set(count)

    def measure_taste(self, lift: Lift) -> None:
        """Set the worth of taste in all servers, without an unknown quotient."""
        for slice_, rate in ((TASTE, lift.taste), (CONTROL, lift.control)):
            self._taste_pictures.labels(slice_).set(rate.shown)
            self._taste_favourites.labels(slice_).set(rate.favourites)
        for bound, value in (("middle", lift.ratio), ("low", lift.low), ("high", lift.high)):
            if value is not None:
                self._taste_lift.labels(bound).set(value)

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)


class _Restarts(Collector):
    """The pool's own count of restarts, read on request."""

    def __init__(self, restarts: Callable[[], int]) -> None:
        self._restarts = restarts

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Yield the counter."""
        name, said = "easel_worker_restarts", "Processes that died or got stuck and were replaced."
        yield CounterMetricFamily(name, said, value=self._restarts())


def jobs_by_state(database: Database) -> dict[str, int]:
    """Return how many jobs are in each state."""
    found = rows(database, "SELECT state, COUNT(*) AS n FROM jobs GROUP BY state")
    return dict.fromkeys(STATES, 0) | {row["state"]: int(row["n"]) for row in found}


async def watch_lag(
    meter: Meter,
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Measure until cancelled how late the loop wakes a sleeper. clock: monotonic seconds"""
    while True:
        due = clock() + LAG_EVERY
        await sleep(LAG_EVERY)
        meter.lagged(clock() - due)
