"""What several test files stand on: a memory in the test's own folder, and a clock that stands still."""

from __future__ import annotations

import pytest
from hypothesis import settings

from bot.storage import Storage
from tests import browser
from tests.fakes import FakeClock
from tests.workshop import workshops

# Machines may be busy: how long an example takes says nothing.
settings.register_profile("easel", deadline=None)
settings.load_profile("easel")


@pytest.fixture
async def storage(tmp_path):
    """An open database, closed after the test."""
    storage = Storage(tmp_path / "easel.db")
    yield storage
    await storage.close()


@pytest.fixture
def clock():
    """Noon, until it is told."""
    return FakeClock()


@pytest.fixture
def open_workshop(tmp_path):
    """Opens the same memory again and again, as restarts do; each time with a studio and a platform."""
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
