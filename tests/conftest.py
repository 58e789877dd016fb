"""What several test files stand on: a memory in the test's own folder, and a clock that stands still."""

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
    """An open database, closed after the test."""
    storage = Storage(migrated(tmp_path / "easel.db"))
    yield storage
    await storage.close()


@pytest.fixture(scope="session")
def features():
    """The frozen network that the discriminator, the losses and the measures look through."""
    from engine.painting.features import Features

    return Features()


@pytest.fixture
def clock():
    """Noon, until it is told."""
    return FakeClock()


@pytest.fixture
async def tasting(storage, clock):
    """A memory of tastes with pictures to like."""
    tasting = Tasting(storage, clock)
    await tasting.memory.load()
    return tasting


@pytest.fixture
def painting_client():
    """A painting client that paints flat pictures, when its gate is open."""
    return FakePaintingClient()


@pytest.fixture
def service():
    """A service that answers everything with the same, and keeps what it was asked."""
    return RecordingService()


@pytest.fixture
def joining(request):
    """How Easel is joined to the platform that a test file names with `pytest.mark.platform`."""
    [name] = request.node.get_closest_marker("platform").args
    return import_module(f"tests.support.{name}.{name}_app").JOINING


@pytest.fixture
async def server(joining):
    """The twin of the platform's own servers."""
    async with joining.server() as server:
        yield server


@pytest.fixture
async def app(joining, tmp_path, server, painting_client):
    """The whole of Easel, with the platform at its twin."""
    async with joining.app(tmp_path, server, painting_client) as app:
        yield app


@pytest.fixture
async def platform(joining, server, service, clock):
    """The adapter alone, joined to the twin."""
    async with joining.adapter(server, service, clock) as platform:
        yield platform


@pytest.fixture
async def site(tmp_path, painting_client, clock):
    """Easel with its web chat."""
    async with web_app(tmp_path, painting_client, clock) as app:
        yield app


@pytest.fixture
async def ann(site):
    """Somebody new on the page."""
    async with visitor(site) as client:
        yield client


@pytest.fixture
async def bob(site):
    """Somebody else on the page."""
    async with visitor(site) as client:
        yield client


@pytest.fixture
def open_workshop(tmp_path):
    """Opens the same memory again and again, as restarts do; each time with new fakes."""
    return workshops(tmp_path)


@pytest.fixture
async def shop(open_workshop):
    """A dispatcher at work."""
    async with open_workshop() as shop:
        yield shop


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where a running Easel's page is."""
    with browser.serving(tmp_path_factory.mktemp("easel")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    """A browser."""
    with browser.chromium() as started:
        yield started


@pytest.fixture
def visit(chromium, address):
    """Opens the page as somebody new; fails when the page complained about anything."""
    with browser.visiting(chromium, address) as visit:
        yield visit
