"""Each fault of tests/stress/faults.py, once; fifty of each are for the program."""

from __future__ import annotations

import pytest

from tests.stress.faults import FAULTS, suffer

SLOW = ("discord RESUME", "discord invalid session", "discord 500", "discord receipt lost", "slack 500")
"""Clients wait for seconds before they try these again."""


@pytest.mark.parametrize("name", sorted(set(FAULTS) - set(SLOW)))
async def test_a_request_survives_a_fault_of_its_platform_and_is_seen_once(name):
    found = await suffer(name, 1)
    assert found["requests"] >= 1
    assert (found["lost"], found["doubled"]) == (0, 0)
