"""Test that a database has one Easel at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import ConfigError
from bot.storage.lock import sole_owner

ROOT = Path(__file__).parents[3]
HOLD = """
import sys
from pathlib import Path
from bot.storage.lock import sole_owner
with sole_owner(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    """Return a path for a database."""
    return tmp_path / "data" / "easel.db"


@pytest.fixture
def holder(database):
    """Start another process that locks it."""
    command = [sys.executable, "-c", HOLD, str(database)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_owner_is_refused_with_a_sentence_that_names_the_file(database):
    with sole_owner(database), pytest.raises(ConfigError) as refused, sole_owner(database):
        pass
    assert str(refused.value).startswith(f"Another Easel works with {database}; stop that one first")


def test_an_owner_in_another_process_is_respected(database, holder):
    with pytest.raises(ConfigError, match="Another Easel works with"), sole_owner(database):
        pass


def test_a_killed_owner_leaves_the_database_free(database, holder):
    holder.kill()
    holder.wait()
    with sole_owner(database):
        assert database.parent.is_dir()


def test_an_owner_that_ended_leaves_the_database_free(database):
    for _ in range(2):
        with sole_owner(database):
            pass


def test_databases_in_one_folder_have_owners_of_their_own(database):
    with sole_owner(database), sole_owner(database.with_name("other.db")):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "data").write_text("")
    said = r"easel.db.lock cannot be used .*check storage.database"
    with pytest.raises(ConfigError, match=said), sole_owner(tmp_path / "data" / "easel.db"):
        pass
