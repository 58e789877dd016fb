"""What several test files stand on: a memory in the test's own folder, and a clock that stands still."""

from __future__ import annotations

import pytest

from bot.storage import Storage
from tests.fakes import FakeClock


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
