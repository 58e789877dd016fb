"""Test `easel backup`, `easel restore` and `easel doctor`."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.config import VARIABLES
from bot.storage.database import Storage
from tests.bot.cli.test_main import mistake, run


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Make a folder with a config, an empty database and no tokens."""
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("")
    asyncio.run(Storage(tmp_path / "data" / "easel.db").close())
    monkeypatch.setattr("bot.cli.maintenance.load_shipped_painter", lambda: None)
    monkeypatch.setattr("bot.cli.maintenance.free_bytes", lambda _: 2**40)
    return tmp_path


def test_a_backup_is_made_and_brought_back_to_where_another_config_says(place):
    assert run("backup", "monday").stdout == "monday: the database and 0 pictures.\n"
    (place / "new").mkdir()
    (place / "new" / "config.toml").write_text("")
    outcome = run("restore", "monday", "--config", "new/config.toml", "--json")
    assert json.loads(outcome.stdout) == {"pictures": 0, "missing": 0}
    assert (place / "new" / "data" / "easel.db").exists()


def test_a_restore_over_a_memory_is_one_sentence(place):
    run("backup", "monday")
    assert mistake("restore", "monday") == (
        "data/easel.db is there already; move it away, or name another place."
    )


def test_a_backup_below_a_folder_that_is_not_there_is_one_sentence(place):
    assert mistake("backup", "no/where/monday").endswith("cannot be used: No such file or directory.")


def test_the_doctor_says_that_all_is_well_with_status_0(place):
    outcome = run("doctor")
    assert outcome.exit_code == 0
    assert [line[:6] for line in outcome.stdout.splitlines()] == ["ok    "] * 6


def test_the_doctor_says_what_to_mend_with_status_1(place):
    outcome = run("doctor", "--json", env={"EASEL_SLACK_BOT_TOKEN": "xoxb-1"})
    assert outcome.exit_code == 1
    [found] = [each for each in json.loads(outcome.stdout) if each["todo"]]
    assert found["about"] == "tokens"
    assert "fix   tokens: Slack has no way" in run("doctor", env={"EASEL_SLACK_BOT_TOKEN": "xoxb-1"}).stdout


def test_a_config_that_is_wrong_is_one_sentence_of_the_doctor(place):
    (place / "config.toml").write_text("[web]\nport = 70000\n")
    assert "web.port = 70000 must be a number" in mistake("doctor")
