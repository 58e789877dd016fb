"""config.toml and the environment -> one frozen Config, read once at start.

Tokens come from the environment only. Everything wrong is a ConfigError: one sentence that names the file,
the key and the value, and what may stand there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from rapidfuzz import process

from commands.context import Limit

DEFAULT_FILE = Path("config.toml")
MOST = 1_000_000
"""The highest limit of pictures."""
Section = TypeVar("Section")
Reader = Callable[[object], Any]


class StartError(Exception):
    """Why Easel cannot start: one sentence with what to do."""


class ConfigError(StartError):
    """A mistake in config.toml or in the environment."""


class Secret:
    """A token that hides wherever it is printed."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The token itself, for the call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __str__(self) -> str:
        return "**********"


def _whole(low: int, high: int) -> Reader:
    def read(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return read


def _seconds(low: float, high: float) -> Reader:
    def read(value: object) -> float:
        if type(value) not in (int, float) or not low <= float(str(value)) <= high:
            raise ValueError(f"seconds from {low:g} to {high:g}")
        return float(str(value))

    return read


def _one_of(*names: str) -> Reader:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise ValueError("one of " + ", ".join(f'"{name}"' for name in names))
        return value

    return read


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text in quotes")
    return value


def _some_text(value: object) -> str:
    if not _text(value).strip():
        raise ValueError("text in quotes that is not empty")
    return _text(value)


def _path(value: object) -> Path:
    return Path(_some_text(value))


def _amount(value: object) -> int | None:
    if value == "none":
        return None
    if type(value) is not int or not 0 <= value <= MOST:
        raise ValueError(f'a whole number from 0 to {MOST}, or "none"')
    return value


def _key(default: object, read: Reader) -> Any:
    return field(default=default, metadata={"read": read})


@dataclass(frozen=True, slots=True)
class BotConfig:
    """shutdown_grace: seconds that a stop waits for pictures under way."""

    shutdown_grace: float = _key(20.0, _seconds(0, 3600))
    log_level: str = _key("info", _one_of("debug", "info", "warning", "error"))


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where the web chat listens."""

    host: str = _key("127.0.0.1", _some_text)
    port: int = _key(8080, _whole(0, 65535))


@dataclass(frozen=True, slots=True)
class DiscordConfig:
    """Addresses; empty for Discord's own."""

    api_base: str = _key("", _text)
    gateway: str = _key("", _text)


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """transport: "socket" or "http"; the address is used by "http" alone."""

    api_base: str = _key("", _text)
    transport: str = _key("socket", _one_of("socket", "http"))
    http_host: str = _key("127.0.0.1", _some_text)
    http_port: int = _key(3000, _whole(0, 65535))


@dataclass(frozen=True, slots=True)
class PainterConfig:
    """workers, and threads of each: 0 for what is best on the machine."""

    device: str = _key("cpu", _one_of("auto", "cpu", "cuda"))
    workers: int = _key(0, _whole(0, 64))
    threads: int = _key(0, _whole(0, 256))
    deadline_seconds: float = _key(60.0, _seconds(1, 3600))


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """The SQLite file and the folder of pictures."""

    database: Path = _key(Path("data/easel.sqlite"), _path)
    pictures: Path = _key(Path("data/pictures"), _path)


@dataclass(frozen=True, slots=True)
class QuotaConfig:
    """Limits where no admin has set another; None for no limit."""

    person_daily: int | None = _key(200, _amount)
    person_per_minute: int | None = _key(12, _amount)
    server_daily: int | None = _key(2000, _amount)
    server_per_minute: int | None = _key(60, _amount)

    @property
    def person(self) -> Limit:
        """What one person may ask for in one server."""
        return Limit(self.person_daily, self.person_per_minute)

    @property
    def server(self) -> Limit:
        """What the people of one server may ask for together."""
        return Limit(self.server_daily, self.server_per_minute)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the environment holds; None for what is not set."""

    discord: Secret | None = None
    slack_bot: Secret | None = None
    slack_app: Secret | None = None
    slack_signing: Secret | None = None
    web_admin: Secret | None = None


TOKEN_VARIABLES: Mapping[str, str] = {
    "discord": "EASEL_DISCORD_TOKEN",
    "slack_bot": "EASEL_SLACK_BOT_TOKEN",
    "slack_app": "EASEL_SLACK_APP_TOKEN",
    "slack_signing": "EASEL_SLACK_SIGNING_SECRET",
    "web_admin": "EASEL_WEB_ADMIN_TOKEN",
}


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that is set before the start. file: where it was read from, for messages."""

    bot: BotConfig = BotConfig()
    web: WebConfig = WebConfig()
    discord: DiscordConfig = DiscordConfig()
    slack: SlackConfig = SlackConfig()
    painter: PainterConfig = PainterConfig()
    storage: StorageConfig = StorageConfig()
    quotas: QuotaConfig = QuotaConfig()
    tokens: Tokens = Tokens()
    file: str = str(DEFAULT_FILE)


SECTIONS: Mapping[str, type] = {
    "bot": BotConfig,
    "web": WebConfig,
    "discord": DiscordConfig,
    "slack": SlackConfig,
    "painter": PainterConfig,
    "storage": StorageConfig,
    "quotas": QuotaConfig,
}


def load_config(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The config of a file, or of ./config.toml where there is one, or the defaults. Raises ConfigError."""
    if path is None and not DEFAULT_FILE.exists():
        return replace(_with_folder(Config(), Path.cwd()), tokens=_tokens(environ))
    file = path or DEFAULT_FILE
    config = _with_folder(parse_config(_read(file), str(file)), file.absolute().parent)
    return _checked(replace(config, tokens=_tokens(environ)))


def parse_config(text: str, file: str) -> Config:
    """The config of a TOML text; `file` is its name in messages. Raises ConfigError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}; mend that place.") from error
    for name, table in tables.items():
        _known(name, SECTIONS, f"{file}: [{name}] is not a section")
        if not isinstance(table, dict):
            raise ConfigError(
                f"{file}: {name} = {table!r} must be a section; write [{name}] and its keys below."
            )
    sections = {name: _section(cls, name, tables.get(name, {}), file) for name, cls in SECTIONS.items()}
    return Config(**sections, file=file)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read ({error}); name another file with --config.") from error


def _section(cls: type[Section], name: str, table: Mapping[str, object], file: str) -> Section:
    readers = {each.name: each.metadata["read"] for each in fields(cls)}  # type: ignore[arg-type]
    values = {}
    for key, value in table.items():
        _known(key, readers, f"{file}: {name}.{key} is not a key")
        try:
            values[key] = readers[key](value)
        except ValueError as error:
            raise ConfigError(f"{file}: {name}.{key} = {value!r} must be {error}.") from error
    return cls(**values)


def _known(name: str, names: Mapping[str, object], complaint: str) -> None:
    if name not in names:
        nearest = process.extractOne(name, list(names))[0]
        raise ConfigError(f"{complaint}; did you mean {nearest}?")


def _with_folder(config: Config, folder: Path) -> Config:
    storage = config.storage
    placed = replace(storage, database=folder / storage.database, pictures=folder / storage.pictures)
    return replace(config, storage=placed)


def _tokens(environ: Mapping[str, str]) -> Tokens:
    found = {name: environ.get(variable, "").strip() for name, variable in TOKEN_VARIABLES.items()}
    return Tokens(**{name: Secret(value) for name, value in found.items() if value})


def _checked(config: Config) -> Config:
    """Raises ConfigError where Slack's tokens do not fit its transport."""
    tokens = config.tokens
    partner = "slack_app" if config.slack.transport == "socket" else "slack_signing"
    if tokens.slack_bot and not getattr(tokens, partner):
        raise ConfigError(
            f'{config.file}: slack.transport = "{config.slack.transport}" needs {TOKEN_VARIABLES[partner]} '
            f"beside {TOKEN_VARIABLES['slack_bot']}; set it, or take the other transport."
        )
    return config
