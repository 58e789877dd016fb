"""A server that removed Easel is forgotten after thirty days, and its people keep their pictures."""

from __future__ import annotations

import pytest

from bot.clock import DAY
from bot.own_data.servers import DAYS, forget_servers, keep_servers
from bot.storage.database import change, rows
from tests.support.fakes import FISH, NOON

LATER = NOON + (DAYS + 1) * DAY


async def run(storage, sql, *values):
    await storage.write(lambda database: change(database, sql, *values))


async def all_of(storage, sql):
    return await storage.read(lambda database: [tuple(row.values()) for row in rows(database, sql)])


@pytest.fixture
async def known(storage, tasting):
    """Two servers and somebody's direct messages, each with a setting; a favourite in the first."""
    for server in ("fake:studio", "fake:school", "fake:dm-ann", "other:studio"):
        await run(storage, "INSERT INTO servers (id, first_seen) VALUES (?, 0)", server)
        await run(storage, "INSERT INTO settings (scope, key, value) VALUES (?, 'language', 'zh')", server)
    for table, values in (
        (
            "quotas (server, kind, subject, name, amount)",
            "('fake:studio', 'server', 'fake:studio', 'daily', 5)",
        ),
        (
            "blocks (server, account, reason, blocked_by, at)",
            "('fake:studio', 'fake:bob', 'spam', 'fake:ann', 0)",
        ),
    ):
        await run(storage, f"INSERT INTO {table} VALUES {values}")  # noqa: S608  # our own words
    await tasting.favourite(FISH)
    return storage


async def left(storage, present, now=NOON):
    await storage.write(lambda database: keep_servers(database, "fake", present, now))


async def forgotten(storage, now=LATER):
    return await storage.write(lambda database: forget_servers(database, now))


async def test_what_a_server_set_goes_and_what_its_people_made_stays(known):
    await left(known, ["fake:school"])
    assert await forgotten(known) == 1
    assert await all_of(known, "SELECT id FROM servers ORDER BY id") == [
        ("fake:dm-ann",),
        ("fake:school",),
        ("other:studio",),
    ]
    assert ("fake:studio",) not in await all_of(known, "SELECT scope FROM settings")
    for table in ("quotas", "blocks"):
        assert await all_of(known, f"SELECT * FROM {table}") == []  # noqa: S608  # our own words
    assert await all_of(known, "SELECT person, server, channel, post FROM jobs") == [
        ("fake:ann", "", "", None)
    ]
    assert await all_of(known, "SELECT COUNT(*) FROM pictures") == [(1,)]
    assert await all_of(known, "SELECT DISTINCT server FROM taste_events") == [("",)]


async def test_nothing_is_forgotten_before_its_time(known):
    await left(known, ["fake:school"])
    assert await forgotten(known, NOON + DAYS * DAY) == 0


async def test_a_server_that_takes_easel_back_is_kept(known):
    await left(known, ["fake:school"])
    await left(known, ["fake:school", "fake:studio"], NOON + DAY)
    assert await forgotten(known) == 0


async def test_the_thirty_days_begin_when_it_left_and_not_when_that_is_seen_again(known):
    await left(known, [])
    await left(known, [], NOON + 20 * DAY)
    assert await forgotten(known) == 2
