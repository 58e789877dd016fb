"""Test how Easel starts and stops, and what keeps it from starting."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import threading
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot import app
from bot.app import running, serve
from bot.config import (
    BotConfig,
    Config,
    ConfigError,
    DiscordConfig,
    Secret,
    SlackConfig,
    StorageConfig,
    Tokens,
    WebConfig,
)
from engine.errors import PaintingFailed, WeightsMissing
from engine.workers.client import PainterSettings
from tests.support.fakes import NOON, FakeClock, FakePaintingClient, FakePlatform, ask

OTHER_TOKENS = Tokens(discord=Secret("old"), slack_bot=Secret("xoxb-old"), slack_app=Secret("xapp-old"))


@pytest.fixture
def config(tmp_path):
    """Return a config with the test's own folder, a free port, and no waiting at the end."""
    storage = StorageConfig(tmp_path / "easel.db", tmp_path / "pictures")
    return Config(bot=BotConfig(shutdown_grace=0), web=WebConfig(port=0), storage=storage)


@pytest.fixture
def painting_client():
    return FakePaintingClient()


@pytest.fixture
def served(monkeypatch, painting_client):
    """Have `serve` use this painting client; return the settings that it would have had."""
    settings = []
    monkeypatch.setattr(app, "PaintingClient", lambda given: settings.append(given) or painting_client)
    return settings


async def read(address, path="/"):
    async with aiohttp.ClientSession() as http, http.get(address + path) as response:
        return response.status, await response.text()


async def test_without_tokens_the_web_chat_runs_alone(config, painting_client):
    async with running(config, Tokens(), painting_client, FakeClock()) as easel:
        assert list(easel.platforms) == ["web"]
        status, page = await read(easel.platforms["web"].address)
        assert (status, "<title>Easel" in page) == (200, True)
        assert (await easel.service.handle(ask("", command="help"))).text.startswith("/paint")


async def test_quotas_and_clock_are_those_that_were_given(config, painting_client, tmp_path):
    few = replace(config, quotas=replace(config.quotas, person_daily=1))
    async with running(few, Tokens(), painting_client, FakeClock()) as easel:
        answers = [await easel.service.handle(ask(key=key, channel="web:x")) for key in ("a", "b")]
    assert answers[1].text == (
        "You have used 1 of your 1 pictures a day (the usual limit); the next day begins in 12 h 0 min."
    )
    with sqlite3.connect(tmp_path / "easel.db") as memory:
        assert memory.execute("SELECT at FROM usage").fetchall() == [(NOON,)]
    memory.close()


async def test_everything_is_stopped_in_the_opposite_order(config, painting_client, monkeypatch):
    order = []

    class Recording(FakePlatform):
        async def start(self, service):
            order.append("platform starts")

        async def stop(self):
            order.append("platform stops")

    async def only_one(*_):
        return [Recording()]

    monkeypatch.setattr(app, "_make_platforms", only_one)
    monkeypatch.setattr(painting_client, "start", lambda: _noted(order, "client starts"))
    monkeypatch.setattr(painting_client, "close", lambda: _noted(order, "client stops"))
    async with running(config, Tokens(), painting_client):
        order.append("runs")
    assert order == ["client starts", "platform starts", "runs", "platform stops", "client stops"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("storage")]


async def _noted(order, what):
    order.append(what)


@asynccontextmanager
async def nobody_is_let_in():
    """Serve Discord and Slack as they answer a rejected token; return the address."""

    async def discord(request):
        return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)

    async def slack(request):
        return web.json_response({"ok": False, "error": "invalid_auth"})

    server = web.Application()
    server.router.add_route("*", "/discord/{rest:.*}", discord)
    server.router.add_route("*", "/slack/{rest:.*}", slack)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def test_a_platform_that_rejects_its_token_is_left_out_with_one_sentence(
    config, painting_client, caplog
):
    async with nobody_is_let_in() as address:
        there = replace(
            config,
            discord=DiscordConfig(api_base=f"{address}/discord"),
            slack=SlackConfig(api_base=f"{address}/slack/"),
        )
        async with running(there, OTHER_TOKENS, painting_client) as easel:
            assert list(easel.platforms) == ["web"]
            assert (await read(easel.platforms["web"].address))[0] == 200
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [line.partition(":")[0] for line in said] == ["discord is left out", "slack is left out"]
    assert "does not accept EASEL_DISCORD_TOKEN; under Bot of your application, choose Reset Token" in said[0]
    assert "does not accept EASEL_SLACK_BOT_TOKEN (invalid_auth); copy the Bot User OAuth" in said[1]
    assert not [record for record in caplog.records if record.exc_info]
    assert "xoxb-old" not in caplog.text


@pytest.fixture
def taken():
    """Return a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


async def refusal(config, painting_client, tokens=None):
    with pytest.raises(ConfigError) as stop:
        async with running(config, tokens or Tokens(), painting_client):
            pass
    return str(stop.value)


async def test_a_port_that_is_taken_stops_the_start_with_one_sentence(config, painting_client, taken):
    said = await refusal(replace(config, web=WebConfig(port=taken)), painting_client)
    assert said.startswith("web cannot listen on its address (")
    assert said.endswith("; check web.host and web.port in config.toml, and that Easel does not run already.")
    assert f"{taken}" in said
    assert painting_client.closed


async def test_a_host_that_is_not_ours_is_told_the_same_way(config, painting_client):
    admin = Tokens(web_admin=Secret("opening day"))
    said = await refusal(replace(config, web=WebConfig("192.0.2.1", 0)), painting_client, admin)
    assert "check web.host and web.port in config.toml" in said


@pytest.mark.parametrize(
    ("name", "keys"), [("slack", "slack.http_host and slack.http_port"), ("fake", "fake")]
)
async def test_each_platform_that_cannot_listen_names_its_own_keys(config, painting_client, hall, name, keys):
    hall.name, hall.start_failure = name, OSError(98, "Address already in use")
    said = await refusal(config, painting_client)
    assert said.startswith(f"{name} cannot listen on its address (Address already in use); check {keys} in")


async def test_a_second_easel_leaves_the_paintings_of_the_first_alone(config, painting_client, tmp_path):
    painting_client.gate.clear()
    async with running(config, Tokens(), painting_client) as first:
        await first.service.handle(ask(channel="web:x"))
        await painting_client.busy.wait()
        said = await refusal(config, FakePaintingClient())
        with sqlite3.connect(tmp_path / "easel.db") as memory:
            assert memory.execute("SELECT state FROM jobs").fetchall() == [("running",)]
        memory.close()
    assert said.startswith(f"Another Easel works with {config.storage.database}; stop that one first, or ")


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (WeightsMissing("No weights."), "The painter cannot start: No weights."),
        (
            PaintingFailed("the worker died"),
            "The painter cannot start (the worker died); see what it wrote above,"
            " and check painter in config.toml.",
        ),
    ],
)
async def test_a_painter_that_cannot_start_stops_the_start(config, painting_client, failure, sentence):
    painting_client.start_failure = failure
    assert await refusal(config, painting_client) == sentence
    assert painting_client.closed


async def test_an_unreadable_database_stops_the_start(config, painting_client):
    config.storage.database.write_text("no database at all " * 100)
    assert (await refusal(config, painting_client)).startswith(
        f"The database {config.storage.database} cannot be used (file is not a database); check"
    )


async def test_a_folder_of_pictures_that_cannot_be_made_stops_the_start(config, painting_client):
    config.storage.pictures.write_text("")
    assert "check storage.pictures" in await refusal(config, painting_client)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("storage")]


@pytest.fixture
async def hall(monkeypatch):
    """Replace the platforms of `serve` by one that tells when it is connected."""
    hall = Telling()

    async def only_the_hall(*_):
        return [hall]

    monkeypatch.setattr(app, "_make_platforms", only_the_hall)
    return hall


class Telling(FakePlatform):
    def __init__(self):
        super().__init__()
        self.started = asyncio.Event()

    async def start(self, service):
        await super().start(service)
        self.started.set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_easel_cleanly(config, painting_client, served, hall, number, caplog):
    caplog.set_level("INFO")
    server = asyncio.create_task(serve(config, Tokens()))
    async with asyncio.timeout(60):
        await hall.started.wait()
        os.kill(os.getpid(), number)
        await server
    assert (hall.stopped, painting_client.closed) == (True, True)
    assert served == [PainterSettings(key=config.storage.key)]
    assert caplog.messages[-1] == "stopping"


async def test_a_signal_during_the_start_does_not_wait_for_its_end(
    config, painting_client, served, hall, monkeypatch
):
    started = asyncio.Event()

    async def start():
        started.set()
        await asyncio.Future()

    monkeypatch.setattr(painting_client, "start", start)
    server = asyncio.create_task(serve(config, Tokens()))
    async with asyncio.timeout(60):
        await started.wait()
        os.kill(os.getpid(), signal.SIGINT)
        await server
    assert (painting_client.closed, hall.started.is_set()) == (True, False)


async def test_a_server_that_is_cancelled_by_its_caller_is_cancelled(config, served, hall):
    server = asyncio.create_task(serve(config, Tokens()))
    await hall.started.wait()
    server.cancel()
    with pytest.raises(asyncio.CancelledError):
        await server
    assert hall.stopped


async def test_after_a_stop_the_next_start_paints_and_posts_what_was_left(config, painting_client, hall):
    painting_client.gate.clear()
    async with running(config, Tokens(), painting_client) as easel:
        answer = await easel.service.handle(ask())
    assert not hall.posts
    for _ in range(2):
        async with running(config, Tokens(), FakePaintingClient()), asyncio.timeout(60):
            await hall.posted()
    [(delivery, _)] = hall.posts
    assert delivery.job == answer.job
