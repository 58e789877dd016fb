"""Facts about bot/platforms/web/rate_limit.py."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from bot.app import running
from bot.config import Config, Tokens, WebConfig
from bot.platforms.web.rate_limit import (
    GUESS,
    MINUTE,
    MOST_AT_ONCE,
    WRITE,
    RequestLimiter,
    TokenBuckets,
    network_of,
)
from tests.support.databases import storage_in
from tests.support.fakes import FakeClock, FakePaintingClient
from tests.support.web_client import visitor

STEPS = st.lists(st.tuples(st.floats(0, 200), st.integers(1, 30)), max_size=60)


def taken(rates, key="ann", cost=1):
    return rates.take(key, cost) == 0


def test_a_bucket_gives_what_it_holds_and_then_says_how_long_to_wait():
    rates = TokenBuckets(3, FakeClock())
    assert [rates.take("ann") for _ in range(5)] == [0, 0, 0, 20, 20]


def test_who_waits_as_long_as_was_said_may_take_again():
    clock = FakeClock()
    rates = TokenBuckets(60, clock)
    assert taken(rates, cost=60)
    wait = rates.take("ann", 10)
    assert wait == pytest.approx(10)
    clock.advance(wait)
    assert taken(rates, cost=10)


def test_one_who_took_everything_keeps_nobody_else_waiting():
    rates = TokenBuckets(3, FakeClock())
    assert taken(rates, cost=3)
    assert not taken(rates)
    assert taken(rates, "bob")


def test_what_costs_more_than_a_bucket_holds_takes_a_full_one():
    rates = TokenBuckets(3, FakeClock())
    assert taken(rates, cost=30)
    assert not taken(rates)


def test_no_more_are_remembered_than_was_said_and_the_busy_ones_stay():
    rates = TokenBuckets(1, FakeClock(), most=3)
    assert taken(rates)
    for number in range(50):
        rates.take(f"passer-by {number}")
        assert not taken(rates)
    assert len(rates) == 3


@given(STEPS, st.integers(1, 100))
def test_nobody_takes_more_than_a_bucket_and_what_came_in_since(steps, size):
    clock = FakeClock(0)
    rates = TokenBuckets(size, clock)
    total = 0
    for seconds, cost in steps:
        clock.advance(seconds)
        total += min(cost, size) if taken(rates, cost=cost) else 0
        assert total <= size + clock.now * size / MINUTE + 1e-6


@asynccontextmanager
async def limited(folder, per_minute):
    """Easel whose web server lets an address ask for so much."""
    config = Config(web=WebConfig(port=0, per_minute=per_minute), storage=storage_in(folder))
    async with running(config, Tokens(), FakePaintingClient(), FakeClock()) as app, visitor(app) as client:
        yield client


async def held_up(client):
    """Ask until it is too much; (status, headers, text)."""
    while True:
        async with client.http.get("/history") as response:
            if response.status != 200:
                return response.status, response.headers, await response.text()


async def test_who_asks_for_too_much_is_told_when_to_come_back(tmp_path):
    async with limited(tmp_path, 60) as client:
        status, headers, text = await held_up(client)
    assert status == 429
    assert 1 <= int(headers["Retry-After"]) <= 60
    assert headers["Cache-Control"] == "no-store"
    assert text.startswith("Too many requests; wait ")


async def test_those_who_look_after_easel_are_never_held_up(tmp_path):
    async with limited(tmp_path, 60) as client:
        await held_up(client)
        asked = [await client.read(path) for path in ("/healthz", "/metrics") * 100]
    assert {status for status, _ in asked} == {200}


async def answered(limits, method="GET", path="/", remote="192.0.2.1", **headers):
    """(status, who asked, how) of a request that comes from `remote`."""

    async def handler(request):
        return web.Response(text=f"{request.remote} {request.scheme}")

    response = await limits.guard(coming(method, path, remote, **headers), handler)
    return response.status, response.text if response.status == 200 else ""


def coming(method="GET", path="/", remote="192.0.2.1", **headers):
    """A request that comes from `remote`."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_mocked_request(method, path, headers=sent).clone(remote=remote)


async def test_each_address_has_its_own_share():
    limits = RequestLimiter(60, 0, FakeClock())
    for _ in range(60):
        assert (await answered(limits))[0] == 200
    assert (await answered(limits))[0] == 429
    assert (await answered(limits, remote="192.0.2.2"))[0] == 200


async def test_an_address_has_only_so_many_requests_open_and_may_ask_again_when_one_has_ended():
    limits, gate, inside = RequestLimiter(100_000, 0, FakeClock()), asyncio.Event(), asyncio.Semaphore(0)

    async def stream(request):
        inside.release()
        await gate.wait()
        return web.Response(text="ended")

    streams = [asyncio.create_task(limits.guard(coming(), stream)) for _ in range(MOST_AT_ONCE)]
    for _ in streams:
        await inside.acquire()
    assert (await answered(limits))[0] == 429
    assert (await answered(limits, remote="192.0.2.2"))[0] == 200
    assert (await answered(limits, path="/healthz"))[0] == 200
    gate.set()
    await asyncio.gather(*streams)
    assert (await answered(limits))[0] == 200


async def test_a_write_counts_as_several_reads():
    limits = RequestLimiter(60, 0, FakeClock())
    for _ in range(60 // WRITE):
        assert (await answered(limits, "POST", "/ask"))[0] == 200
    assert (await answered(limits))[0] == 429


async def test_the_admin_token_cannot_be_guessed_at_for_long():
    clock = FakeClock()
    limits = RequestLimiter(2 * GUESS, 0, clock)
    said = [(await answered(limits, "POST", "/admin"))[0] for _ in range(3)]
    assert said == [200, 200, 429]
    clock.advance(GUESS / 4)
    # Half a guess has come in again: whoever were right now would not learn so.
    assert (await answered(limits, "POST", "/admin"))[0] == 429


async def test_without_a_limit_nobody_waits():
    limits, request = RequestLimiter(None, 0, FakeClock()), coming()

    async def handler(request):
        return web.Response()

    assert {(await limits.guard(request, handler)).status for _ in range(2000)} == {200}


@pytest.mark.parametrize(
    ("proxies", "headers", "seen"),
    [
        (0, {}, "192.0.2.1 http"),
        (0, {"X_Forwarded_For": "198.51.100.7", "X_Forwarded_Proto": "https"}, "192.0.2.1 http"),
        (1, {"X_Forwarded_For": "198.51.100.7", "X_Forwarded_Proto": "https"}, "198.51.100.7 https"),
        (1, {"X_Forwarded_For": "somebody, 198.51.100.7"}, "198.51.100.7 http"),
        (2, {"X_Forwarded_For": "made up, 198.51.100.7, 10.0.0.1"}, "198.51.100.7 http"),
        (2, {"X_Forwarded_For": "10.0.0.1"}, "192.0.2.1 http"),
        (1, {"X_Forwarded_For": "", "X_Forwarded_Proto": "gopher"}, "192.0.2.1 http"),
        (1, {}, "192.0.2.1 http"),
    ],
)
async def test_only_what_our_own_proxies_say_is_believed(proxies, headers, seen):
    assert await answered(RequestLimiter(None, proxies, FakeClock()), **headers) == (200, seen)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 500, "x" * 64),
    ],
)
def test_an_address_stands_for_whoever_has_it(address, network):
    assert network_of(address) == network
