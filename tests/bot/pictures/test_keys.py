"""Facts about bot/pictures/keys.py."""

from __future__ import annotations

import stat

import pytest

from bot.config import ConfigError
from bot.pictures import keys
from bot.pictures.keys import signing_key
from engine.marks.keys import read_key

NOW = 1_800_000_000.0


def test_the_first_start_makes_the_key_and_the_next_reads_it(tmp_path):
    path = tmp_path / "easel.key"
    made = signing_key(path, NOW)
    assert made is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(path, NOW) == made == read_key(path)


def test_a_key_that_others_may_read_stops_the_start_with_a_way_out(tmp_path):
    path = tmp_path / "easel.key"
    signing_key(path, NOW)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        signing_key(path, NOW)


def test_without_the_extra_easel_runs_and_says_what_is_missing(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(keys, "is_available", lambda: False)
    assert signing_key(tmp_path / "easel.key", NOW) is None
    assert not list(tmp_path.iterdir())
    assert "easel[provenance]" in caplog.text or "[provenance]" in caplog.text
