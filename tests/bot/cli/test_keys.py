"""Facts about `easel keys`."""

from __future__ import annotations

import json
import stat

import pytest
from click.testing import CliRunner

from bot.cli.main import easel
from bot.pictures.keys import signing_key
from engine.marks.keys import key_fingerprint, read_key


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where the key of the default settings lies."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data" / "easel.key"


@pytest.fixture
def key(place):
    return signing_key(place, 1_800_000_000.0)


def run(*arguments):
    return CliRunner().invoke(easel, ["keys", *arguments])


def test_show_prints_the_fingerprint_and_never_the_key(key):
    printed = run("show", "--json").output
    assert json.loads(printed) == {
        "file": "data/easel.key",
        "fingerprint": key_fingerprint(key.chain[0]),
        "earlier": 0,
    }
    assert "PRIVATE" not in printed + run("show").output


def test_rotate_makes_another_key_that_knows_the_old_one(place, key):
    assert json.loads(run("rotate", "--json").output)["earlier"] == 1
    now = read_key(place)
    assert now.private != key.private
    assert now.earlier == key.chain[-1:]


def test_what_was_exported_can_be_imported_again(place, key, tmp_path):
    copy = tmp_path / "copy.pem"
    assert run("export", str(copy)).exit_code == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    run("rotate")
    assert run("import", str(copy)).exit_code == 0
    assert read_key(place).private == key.private
    assert len(read_key(place).earlier) == 1


def test_export_overwrites_nothing(key, tmp_path):
    taken = tmp_path / "taken.pem"
    taken.write_text("mine")
    result = run("export", str(taken))
    assert (result.exit_code, taken.read_text()) == (2, "mine")


def test_a_file_that_is_no_key_is_not_imported(place, key, tmp_path):
    file = tmp_path / "wrong.pem"
    file.write_text("nonsense")
    result = run("import", str(file))
    assert result.exit_code == 2
    assert "must hold one private key" in result.output
    assert read_key(place) == key


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("command", [("show",), ("rotate",), ("export", "copy.pem")])
def test_without_a_key_it_says_what_makes_one(command):
    result = run(*command)
    assert result.exit_code == 2
    assert "the first easel serve makes one" in result.output
