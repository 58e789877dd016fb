"""Test bot/cli/common.py."""

from __future__ import annotations

import pytest

from bot.cli.common import Mistake, mistakes, read_config
from bot.config import Config, ConfigError
from commands.chat import UserError
from engine.errors import PaintingFailed


@pytest.mark.parametrize("error", [UserError("No."), ConfigError("No."), PaintingFailed("No.")])
def test_what_a_person_can_mend_is_one_sentence_with_status_2(error):
    with pytest.raises(Mistake, match=r"^No\.$") as stop, mistakes():
        raise error
    assert stop.value.exit_code == 2


def test_a_file_that_fails_is_named():
    with pytest.raises(Mistake, match=r"^there cannot be used: Is a directory\.$"), mistakes():
        raise OSError(21, "Is a directory", "there")


def test_any_other_error_stays_what_it_is():
    with pytest.raises(ZeroDivisionError), mistakes():
        raise ZeroDivisionError


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_config(None) == Config()
