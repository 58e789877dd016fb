"""Test tests/stress/crowd.py: what counts as a promise."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.stress.crowd import Crowd
from tests.support.discord.discord_app import discord_app
from tests.support.discord.server import discord_server
from tests.support.fakes import FakePaintingClient


@pytest.fixture
async def crowd():
    """Run people of whom only those on Discord are reached."""
    async with discord_server() as server:
        yield Crowd(server, None, None, random.Random(0), 0)  # noqa: S311  # who asks is no secret


async def test_a_command_and_a_mention_are_promised_once_they_are_answered(crowd, tmp_path):
    async with discord_app(tmp_path, crowd.discord, FakePaintingClient()):
        for seed, way in enumerate((crowd._command_discord, crowd._mention_discord)):
            await way(seed, 1)
        await crowd.discord.painted(2)
    crowd.count_discord()
    assert len(crowd.promised) == 2


async def test_what_nobody_hears_is_no_promise(crowd):
    await crowd._mention_discord(1, 1)
    await asyncio.sleep(0)
    crowd.count_discord()
    assert crowd.promised == set()
