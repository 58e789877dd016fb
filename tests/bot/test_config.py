"""Test config.toml and the environment: defaults, and one sentence for every mistake."""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import running
from bot.config import (
    VARIABLES,
    Config,
    ConfigError,
    Secret,
    StorageConfig,
    Tokens,
    WebConfig,
    is_loopback,
    is_open,
    load_config,
    parse_config,
    read_tokens,
)
from tests.support.fakes import FakePaintingClient

ROOT = Path(__file__).parents[2]
SECTIONS = "bot, web, discord, slack, painter, storage, quotas"


def parsed(text, base=Path()):
    return parse_config(tomllib.loads(text), "easel.toml", base)


def refusal(text):
    with pytest.raises(ConfigError) as error:
        parsed(text)
    return str(error.value)


def test_the_shipped_file_says_the_defaults(tmp_path):
    (tmp_path / "config.toml").write_text((ROOT / "config.toml").read_text())
    config = load_config(tmp_path / "config.toml")
    placed = parsed("", tmp_path)
    assert config == placed
    assert (config.bot, config.web, config.painter) == (Config().bot, Config().web, Config().painter)


def test_the_shipped_file_has_every_key():
    sections = tomllib.loads((ROOT / "config.toml").read_text())
    assert {name: set(keys) for name, keys in sections.items()} == {
        each.name: {key.name for key in fields(getattr(Config(), each.name))} for each in fields(Config)
    }


def test_everything_of_a_config_is_frozen():
    parts = [Config(), *(getattr(Config(), each.name) for each in fields(Config))]
    assert all(is_dataclass(part) and part.__dataclass_params__.frozen for part in parts)


def test_paths_start_from_the_file(tmp_path):
    config = parsed('[storage]\ndatabase = "memory/easel.db"\npictures = "/somewhere/else"', tmp_path)
    assert config.storage.database == tmp_path / "memory/easel.db"
    assert config.storage.pictures == Path("/somewhere/else")


def test_what_is_left_out_keeps_its_default():
    config = parsed("[web]\nport = 9000\n[painter]\nworkers = 3\ndeadline_seconds = 90")
    assert (config.web.port, config.web.host) == (9000, "127.0.0.1")
    assert (config.painter.workers, config.painter.threads) == (3, 0)
    assert config.painter.deadline_seconds == 90.0
    assert isinstance(config.painter.deadline_seconds, float)


def test_only_a_quota_can_be_without_limit():
    config = parsed('[quotas]\nperson_daily = "none"\nserver_daily = 0\nperson_size = 512')
    quotas = config.quotas
    assert (quotas.person_daily, quotas.server_daily, quotas.person_size) == (None, 0, 512)
    assert "web.port" in refusal('[web]\nport = "none"')


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[wbe]", f"easel.toml: there is no section [wbe]; there are {SECTIONS}."),
        ("port = 80", f"easel.toml: there is no section [port]; there are {SECTIONS}."),
        ("web = 80", "easel.toml: web must be a section, written [web] on a line of its own."),
        ("[[web]]", "easel.toml: web must be a section, written [web] on a line of its own."),
        (
            "[web]\nprot = 80",
            "easel.toml: there is no key web.prot; there are host, port, per_minute, proxies.",
        ),
        ('[web]\nport = "80"', "easel.toml: web.port = '80' must be a number from 0 to 65535."),
        ("[web]\nport = 65536", "easel.toml: web.port = 65536 must be a number from 0 to 65535."),
        ("[web]\nport = -1", "easel.toml: web.port = -1 must be a number from 0 to 65535."),
        ("[web]\nport = true", "easel.toml: web.port = True must be a number from 0 to 65535."),
        ("[web]\nport = 80.5", "easel.toml: web.port = 80.5 must be a number from 0 to 65535."),
        ("[web]\nhost = 127", 'easel.toml: web.host = 127 must be text in quotes, for example "127.0.0.1".'),
        ('[painter]\ndevice = "gpu"', "easel.toml: painter.device = 'gpu' must be one of auto, cpu, cuda."),
        (
            "[painter]\ndeadline_seconds = nan",
            "easel.toml: painter.deadline_seconds = nan must be a number from 1 to 3600.",
        ),
        (
            "[bot]\nshutdown_grace = inf",
            "easel.toml: bot.shutdown_grace = inf must be a number from 0 to 600.",
        ),
        (
            "[quotas]\nperson_count = 5",
            'easel.toml: quotas.person_count = 5 must be a number from 1 to 4, or "none".',
        ),
        (
            "[quotas]\nserver_daily = -1",
            'easel.toml: quotas.server_daily = -1 must be a number from 0 to 1000000, or "none".',
        ),
        (
            '[storage]\ndatabase = ["a"]',
            "easel.toml: storage.database = ['a'] must be text in quotes, for example \"data/easel.db\".",
        ),
        (
            '[discord]\ntoken = "abc"',
            "easel.toml: there is no key discord.token; there are api_base, gateway.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_key_and_what_would_do(text, sentence):
    assert refusal(text) == sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no {}; make one from config.toml of the repository."),
        (b"[web\nport", "{} cannot be read: "),
        (b"\xff\xfe", "{} cannot be read: "),
        (b"a = 1\na = 2", "{} cannot be read: "),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, words):
    path = tmp_path / "easel.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        load_config(path)
    assert str(error.value).startswith(words.format(path))


def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)


KEYS = st.sampled_from(
    [(each.name, key.name) for each in fields(Config) for key in fields(getattr(Config(), each.name))]
)
VALUES = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers()), st.none()
)


@given(KEYS, VALUES)
def test_any_value_is_taken_or_refused_by_its_key(key, value):
    section, name = key
    outcome = outcome_of({section: {name: value}})
    if isinstance(outcome, Config):
        default = getattr(getattr(Config(), section), name)
        kind = int if default is None else type(default)
        assert isinstance(getattr(getattr(outcome, section), name), kind | None)
    else:
        assert outcome.startswith(f"easel.toml: {section}.{name} = ")


def outcome_of(data):
    """Return the configuration, or the sentence of the refusal."""
    try:
        return parse_config(data, "easel.toml", Path())
    except ConfigError as error:
        return str(error)


def test_tokens_come_from_their_variables():
    tokens = read_tokens({variable: f" {name}-token\n" for name, variable in VARIABLES.items()})
    assert {name: getattr(tokens, name).reveal() for name in VARIABLES} == {
        name: f"{name}-token" for name in VARIABLES
    }


def test_an_empty_variable_is_not_set():
    assert read_tokens({"EASEL_DISCORD_TOKEN": " ", "PATH": "/bin"}) == Tokens()


def test_a_secret_shows_itself_only_when_asked():
    tokens = read_tokens({"EASEL_DISCORD_TOKEN": "very-secret"})
    assert tokens.discord.reveal() == "very-secret"
    for text in (repr(tokens), str(tokens), f"{tokens.discord}", f"{tokens!r:>99}"):
        assert "very-secret" not in text


@pytest.mark.parametrize(
    ("other", "same"), [("opening-day", True), ("opening", False), ("", False), ("é", False)]
)
def test_a_secret_can_be_compared(other, same):
    assert Secret("opening-day").equals(other) is same


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
    config, painting_client = Config(web=WebConfig("0.0.0.0", 0), storage=storage), FakePaintingClient()  # noqa: S104  # it does not come to that
    with pytest.raises(ConfigError) as stop:
        async with running(config, Tokens(), painting_client):
            pass
    assert str(stop.value) == (
        'web.host = "0.0.0.0" lets others reach the web chat, and it has no admin.'
        " Set EASEL_WEB_ADMIN_TOKEN, or web.host to 127.0.0.1."
    )
    assert not list(tmp_path.iterdir())
