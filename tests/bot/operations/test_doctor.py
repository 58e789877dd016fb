"""Test what the doctor finds, and what it tells people to do."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from bot.config import Config, Secret, StorageConfig, Tokens, WebConfig
from bot.operations.doctor import LEAST_FREE, Tools, examine, free_bytes, load_shipped_painter
from bot.storage.database import Storage
from engine.errors import WeightsMissing
from tests.bot.storage.test_database import a_text, holding

WELL = Tools(lambda _: LEAST_FREE, lambda: None)


@pytest.fixture
def config(tmp_path):
    return Config(storage=StorageConfig(tmp_path / "easel.db", tmp_path / "pictures"))


def todo(config, tokens=None, tools=WELL):
    """Return what must be fixed: (subject, what to do)."""
    return [(each.about, each.todo) for each in examine(config, tokens or Tokens(), tools) if each.todo]


def test_a_fresh_place_is_well_and_every_check_says_so(config):
    found = list(examine(config, Tokens(), WELL))
    assert [each.about for each in found] == [
        "tokens",
        "address",
        "database",
        "pictures",
        "disk",
        "weights",
    ]
    assert todo(config) == []


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (Tokens(slack_bot=Secret("xoxb-1")), "Set EASEL_SLACK_APP_TOKEN or EASEL_SLACK_SIGNING_SECRET too."),
        (Tokens(slack_app=Secret("xapp-1")), "Set EASEL_SLACK_BOT_TOKEN too."),
        (Tokens(slack_signing=Secret("abc")), "Set EASEL_SLACK_BOT_TOKEN too."),
        (Tokens(slack_bot=Secret("xapp-1"), slack_app=Secret("xapp-2")), "Copy it once more."),
    ],
)
def test_tokens_that_cannot_work_are_named(config, tokens, said):
    assert todo(config, tokens) == [("tokens", said)]


@pytest.mark.parametrize(
    "tokens",
    [
        Tokens(discord=Secret("x")),
        Tokens(slack_bot=Secret("xoxb-1"), slack_app=Secret("xapp-1")),
        Tokens(slack_bot=Secret("xoxb-1"), slack_signing=Secret("abc")),
    ],
)
def test_tokens_that_belong_together_are_well(config, tokens):
    assert todo(config, tokens) == []


def test_no_token_is_ever_said(config):
    tokens = Tokens(*(Secret(f"hush-{number}") for number in range(5)))
    assert "hush" not in str(list(examine(config, tokens, WELL)))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "easel.example"])  # noqa: S104  # never listened on
def test_an_address_that_others_reach_wants_an_admin(config, host):
    public = replace(config, web=WebConfig(host))
    assert todo(public) == [("address", "Set EASEL_WEB_ADMIN_TOKEN, or web.host to 127.0.0.1.")]
    assert todo(public, Tokens(web_admin=Secret("opening day"))) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_alone_needs_no_admin(config, host):
    assert todo(replace(config, web=WebConfig(host))) == []


async def test_a_database_in_use_is_well(config):
    storage = Storage(config.storage.database)
    assert todo(config) == []
    await storage.close()


async def test_a_database_that_another_program_holds_is_told(config, monkeypatch):
    await Storage(config.storage.database).close()
    monkeypatch.setattr("bot.storage.database.BUSY_SECONDS", 0)
    with holding(config.storage.database):
        found = [each for each in examine(config, Tokens(), WELL) if each.todo]
    assert [each.said for each in found] == [
        f"{config.storage.database} cannot be written (database is locked)"
    ]


def test_a_file_that_is_no_database_is_told(config):
    a_text(config.storage.database)
    assert [about for about, _ in todo(config)] == ["database"]


async def test_a_damaged_database_is_told_with_the_way_out(config):
    await Storage(config.storage.database).close()
    with sqlite3.connect(config.storage.database) as other:
        other.execute(
            "INSERT INTO pictures (id, job, place, conditions, media_type, width, height, made_at)"
            " VALUES ('p', 'nobody', 0, '{}', 'image/png', 1, 1, 0)"
        )
    other.close()
    assert todo(config) == [("database", "Stop Easel and restore a backup.")]


def test_a_place_that_cannot_be_written_is_named(config, tmp_path):
    (tmp_path / "file").touch()
    below = StorageConfig(tmp_path / "file" / "easel.db", tmp_path / "file" / "pictures")
    said = f"Give Easel's user the right to write into {tmp_path / 'file'}."
    assert todo(replace(config, storage=below)) == [("database", said), ("pictures", said)]


def test_a_disk_that_is_nearly_full_is_told(config):
    full = replace(WELL, free=lambda _: LEAST_FREE - 1)
    assert todo(config, tools=full) == [("disk", "Make room, or move storage.pictures.")]


def test_weights_that_are_missing_are_told(config):
    def load():
        raise WeightsMissing("There are no weights")

    assert [about for about, _ in todo(config, tools=replace(WELL, load=load))] == ["weights"]


def test_the_shipped_weights_and_this_disk_can_be_looked_at(tmp_path):
    assert load_shipped_painter()
    assert free_bytes(tmp_path) > 0
