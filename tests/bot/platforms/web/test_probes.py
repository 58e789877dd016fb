"""/healthz and /metrics over real sockets, with the whole of Easel behind them."""

from __future__ import annotations

import json
import sqlite3

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import running
from bot.config import BotConfig, Config, DiscordConfig, Secret, StorageConfig, Tokens, WebConfig

PERSONAL = {"person", "server", "channel", "user", "job"}


@pytest.fixture
async def probe(site):
    """Asks as a machine does, without a cookie; (status, content type, text)."""
    async with aiohttp.ClientSession(site.platforms["web"].address) as http:

        async def get(path):
            async with http.get(path) as response:
                return response.status, response.headers["Content-Type"], await response.text()

        yield get


async def metrics(probe):
    status, kind, text = await probe("/metrics")
    assert (status, kind.partition(";")[0]) == (200, "text/plain")
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return {(each.name, *each.labels.values()): each.value for each in samples}, samples


async def test_a_running_easel_is_ready(probe):
    status, kind, text = await probe("/healthz")
    assert (status, kind.partition(";")[0]) == (200, "application/json")
    assert json.loads(text) == {
        **{"ready": True, "worker": True, "database": True},
        "platforms": {"web": True},
    }


async def test_without_a_platform_that_is_configured_easel_is_not_ready(tmp_path, painting_client):
    config = Config(
        bot=BotConfig(shutdown_grace=0),
        web=WebConfig(port=0),
        discord=DiscordConfig("http://127.0.0.1:1", "ws://127.0.0.1:1"),
        storage=StorageConfig(tmp_path / "easel.db", tmp_path / "pictures"),
    )
    tokens = Tokens(discord=Secret("away"))
    async with (
        running(config, tokens, painting_client) as easel,
        aiohttp.ClientSession(easel.platforms["web"].address) as http,
        http.get("/healthz") as response,
    ):
        assert response.status == 503
        assert (await response.json())["platforms"] == {"web": True, "discord": False}


async def test_without_a_warm_worker_easel_is_not_ready(probe, painting_client):
    painting_client.warm = False
    painting_client.gate.clear()
    status, _, text = await probe("/healthz")
    assert (status, json.loads(text)["worker"]) == (503, False)
    painting_client.gate.set()


async def test_with_a_database_that_another_program_holds_easel_is_not_ready(probe, tmp_path):
    other = sqlite3.connect(tmp_path / "easel.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    status, _, text = await probe("/healthz")
    assert (status, json.loads(text)["database"]) == (503, False)
    other.close()


async def test_a_painting_that_is_asked_for_shows_in_the_metrics(probe, ann, painting_client):
    painting_client.restarts = 2
    async with ann.events() as events:
        await ann.ask()
        async for event in events:
            if event["type"] == "posted":
                break
    found, _ = await metrics(probe)
    assert found["easel_phase_seconds_count", "paint"] == 1
    assert found["easel_worker_restarts_total",] == 2
    assert found["easel_queue_depth",] == 0
    assert found["easel_jobs", "posted"] + found["easel_jobs", "painted"] == 1
    assert found["easel_database_up",] == 1


async def test_a_painting_that_waits_is_the_depth_of_the_queue(probe, ann, painting_client):
    painting_client.gate.clear()
    for _ in range(4):
        await ann.ask()
    await painting_client.busy.wait()
    found, _ = await metrics(probe)
    assert found["easel_queue_depth",] + found["easel_jobs", "running"] == 4
    painting_client.gate.set()


async def test_a_refusal_over_the_quota_shows_in_the_metrics(probe, ann, painting_client):
    painting_client.gate.clear()
    answers = [await ann.ask("/paint count=4 size=256 shape=fish") for _ in range(3)]
    assert answers[-1]["refused"]
    found, _ = await metrics(probe)
    assert found["easel_quota_refusals_total", "default"] == 1


async def test_no_metric_names_a_person(probe, ann):
    await ann.ask()
    _, samples = await metrics(probe)
    assert not {label for each in samples for label in each.labels} & PERSONAL
    assert not [value for each in samples for value in each.labels.values() if ":" in value]


async def test_the_memory_of_the_process_is_told(probe):
    found, _ = await metrics(probe)
    assert found["process_resident_memory_bytes",] > 0
