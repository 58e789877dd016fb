"""Share fixtures: a database in the test's own folder, a clock that stands still, and fakes."""

from __future__ import annotations

import os
from importlib import import_module

# Threads that wait for each other on busy cores take ten times as long; torch reads this when it is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings

from bot.storage.database import Storage
from tests.support import browser
from tests.support.databases import migrated
from tests.support.dispatcher_fixtures import workshops
from tests.support.fakes import FakeClock, FakePaintingClient, RecordingService
from tests.support.taste_fixtures import Tasting
from tests.support.web_client import visitor, web_app

# How long an example takes is the machine's affair.
settings.register_profile("easel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("easel")


@pytest.fixture
async def storage(tmp_path):
    """Open a database, and close it after the test."""
    storage = Storage(migrated(tmp_path / "easel.db"))
    yield storage
    await storage.close()


@pytest.fixture(scope="session")
def features():
    """Return the frozen network that discriminator, losses and metrics use."""
    from engine.painting.features import Features

    return Features()


@pytest.fixture
def clock():
    """Return a clock that stands at noon."""
    return FakeClock()


@pytest.fixture
async def tasting(storage, clock):
    """Return tastes, with pictures to like."""
    tasting = Tasting(storage, clock)
    await tasting.memory.load()
    return tasting


@pytest.fixture
def painting_client():
    """Return a painting client that paints flat pictures while its gate is open."""
    return FakePaintingClient()


@pytest.fixture
def service():
    """Return a service that always gives the same answer, and records what was asked."""
    return RecordingService()


@pytest.fixture
def joining(request):
    """Return how Easel connects to the platform that a file names with `pytest.mark.platform`."""
    [name] = request.node.get_closest_marker("platform").args
    return import_module(f"tests.support.{name}.{name}_app").JOINING


@pytest.fixture
async def server(joining):
    """Run the platform's fake server."""
    async with joining.server() as server:
        yield server


@pytest.fixture
async def app(joining, tmp_path, server, painting_client):
    """Run all of Easel with the fake platform."""
    async with joining.app(tmp_path, server, painting_client) as app:
        yield app


@pytest.fixture
async def platform(joining, server, service, clock):
    """Run only the adapter with the fake platform."""
    async with joining.adapter(server, service, clock) as platform:
        yield platform


@pytest.fixture
async def site(tmp_path, painting_client, clock):
    """Run Easel with its web chat."""
    async with web_app(tmp_path, painting_client, clock) as app:
        yield app


@pytest.fixture
async def ann(site):
    """Open the page as Ann."""
    async with visitor(site) as client:
        yield client


@pytest.fixture
async def bob(site):
    """Open the page as Bob."""
    async with visitor(site) as client:
        yield client


@pytest.fixture
def open_workshop(tmp_path):
    """Open the same database again and again, as restarts do, each time with new fakes."""
    return workshops(tmp_path)


@pytest.fixture
async def shop(open_workshop):
    """Run a dispatcher."""
    async with open_workshop() as shop:
        yield shop


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Run Easel and return the address of its page."""
    with browser.serving(tmp_path_factory.mktemp("easel")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    """A browser."""
    with browser.chromium() as started:
        yield started


@pytest.fixture
def visit(chromium, address):
    """Open pages as somebody new; fail if a page logged an error."""
    with browser.visiting(chromium, address) as visit:
        yield visit
