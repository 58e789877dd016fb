"""Facts about bot/exposure.py."""

from __future__ import annotations

import pytest

from bot.app import running
from bot.config import Config, ConfigError, Secret, StorageConfig, Tokens, WebConfig
from bot.exposure import is_loopback, is_open
from tests.fakes import FakeStudio

ADMIN = Tokens(web_admin=Secret("opening day"))


@pytest.mark.parametrize(
    ("host", "own"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.9.1", "::1", "localhost")),
        *((host, False) for host in ("", "0.0.0.0", "::", "192.0.2.1", "10.0.0.1", "easel.example")),  # noqa: S104  # never listened on
    ],
)
def test_only_addresses_of_this_machine_are_its_own(host, own):
    assert is_loopback(host) is own
    assert is_open(Config(web=WebConfig(host)), Tokens()) is not own
    assert not is_open(Config(web=WebConfig(host)), ADMIN)


async def test_a_web_chat_for_others_does_not_start_without_an_admin(tmp_path):
    storage = StorageConfig(tmp_path / "easel.db", tmp_path / "pictures")
    config, studio = Config(web=WebConfig("0.0.0.0", 0), storage=storage), FakeStudio()  # noqa: S104  # it does not come to that
    with pytest.raises(ConfigError) as stop:
        async with running(config, Tokens(), studio):
            pass
    assert str(stop.value) == (
        'web.host = "0.0.0.0" lets others reach the web chat, and it has no admin.'
        " Set EASEL_WEB_ADMIN_TOKEN, or web.host to 127.0.0.1."
    )
    assert not list(tmp_path.iterdir())
