"""Read config.toml into a frozen Config, and tokens from the environment.

Every key has a default, so an empty file works, and so does none. An error names the key and the value and
says what is allowed.
"""

from __future__ import annotations

import hmac
import ipaddress
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from commands.services.quotas import RANGES

UNLIMITED = "none"
_AMOUNT = MappingProxyType({"low": 0, "high": 1_000_000, "unlimited": True})


class ConfigError(Exception):
    """The start failed; one sentence names the file or key and what to do."""


class Secret:
    """A token that never shows itself in a repr, a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the token itself."""
        return self._value

    def equals(self, other: str) -> bool:
        """Compare in the same time wherever the two differ."""
        return hmac.compare_digest(self._value.encode(), other.encode(errors="surrogatepass"))

    def __repr__(self) -> str:
        return "Secret('…')"

    def __reduce__(self) -> str:
        raise TypeError("a token stays in this process")


@dataclass(frozen=True, slots=True)
class BotConfig:
    """shutdown_grace: seconds a stop waits for paintings under way"""

    shutdown_grace: float = field(default=20.0, metadata={"low": 0, "high": 600})


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where the web chat listens, and how often an address may ask (`bot.platforms.web.rate_limit`)."""

    host: str = "127.0.0.1"
    port: int = field(default=8080, metadata={"low": 0, "high": 65535})
    per_minute: int | None = field(default=1200, metadata={"low": 60, "high": 1_000_000, "unlimited": True})
    proxies: int = field(default=0, metadata={"low": 0, "high": 8})


@dataclass(frozen=True, slots=True)
class DiscordConfig:
    """Other addresses to talk to, empty for Discord's own."""

    api_base: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """api_base: another address to talk to; http_*: where events arrive without an app token."""

    api_base: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = field(default=8081, metadata={"low": 0, "high": 65535})


@dataclass(frozen=True, slots=True)
class PainterConfig:
    """See `engine.workers.client.PainterSettings`."""

    device: str = field(default="auto", metadata={"choices": ("auto", "cpu", "cuda")})
    workers: int = field(default=0, metadata={"low": 0, "high": 64})
    threads: int = field(default=0, metadata={"low": 0, "high": 64})
    deadline_seconds: float = field(default=60.0, metadata={"low": 1, "high": 3600})
    candidates: int = field(default=0, metadata={"low": 0, "high": 16})


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """database, pictures: paths; in a file they are relative to it.

    keep_days: age at which requests and pictures are forgotten; None keeps them as long as their servers do
    """

    database: Path = Path("data/easel.db")
    pictures: Path = Path("data/pictures")
    keep_days: int | None = field(default=None, metadata={"low": 1, "high": 36_500, "unlimited": True})

    @property
    def key(self) -> Path:
        """Return the file of the key that signs pictures, beside the database."""
        return self.database.with_suffix(".key")


def _cap(name: str) -> Mapping[str, Any]:
    low, high = RANGES[name]
    return {"low": low, "high": high, "unlimited": True}


@dataclass(frozen=True, slots=True)
class QuotaConfig:
    """Limits where admins set none, of each person and of all of a server together; None is no limit.

    See `commands.services.quotas.RANGES` for what each counts.
    """

    person_daily: int | None = field(default=100, metadata=_AMOUNT)
    person_per_minute: int | None = field(default=8, metadata=_AMOUNT)
    server_daily: int | None = field(default=1000, metadata=_AMOUNT)
    server_per_minute: int | None = field(default=30, metadata=_AMOUNT)
    person_concurrent: int | None = field(default=None, metadata=_AMOUNT)
    person_size: int | None = field(default=None, metadata=_cap("size"))
    person_count: int | None = field(default=None, metadata=_cap("count"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of the environment; None where one is not set."""

    discord: Secret | None = None
    slack_bot: Secret | None = None
    slack_app: Secret | None = None
    slack_signing: Secret | None = None
    web_admin: Secret | None = None


VARIABLES = {
    "discord": "EASEL_DISCORD_TOKEN",
    "slack_bot": "EASEL_SLACK_BOT_TOKEN",
    "slack_app": "EASEL_SLACK_APP_TOKEN",
    "slack_signing": "EASEL_SLACK_SIGNING_SECRET",
    "web_admin": "EASEL_WEB_ADMIN_TOKEN",
}


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, one section of the file each."""

    bot: BotConfig = field(default_factory=BotConfig)
    web: WebConfig = field(default_factory=WebConfig)
    discord: DiscordConfig = field(default_factory=DiscordConfig)
    slack: SlackConfig = field(default_factory=SlackConfig)
    painter: PainterConfig = field(default_factory=PainterConfig)
    storage: StorageConfig = field(default_factory=StorageConfig)
    quotas: QuotaConfig = field(default_factory=QuotaConfig)


def load_config(path: Path) -> Config:
    """Read a file. Raises ConfigError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"There is no {path}; make one from config.toml of the repository.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    return parse_config(data, str(path), path.parent)


def parse_config(data: Mapping[str, Any], name: str, base: Path) -> Config:
    """Make a Config from parsed TOML. name: the file, for errors; base: where relative paths start"""
    defaults = Config()
    sections: dict[str, Any] = {each.name: getattr(defaults, each.name) for each in fields(Config)}
    for section, values in data.items():
        if section not in sections:
            raise ConfigError(f"{name}: there is no section [{section}]; there are {', '.join(sections)}.")
        if not isinstance(values, dict):
            raise ConfigError(
                f"{name}: {section} must be a section, written [{section}] on a line of its own."
            )
        sections[section] = _read_section(sections[section], section, values, name)
    storage = sections["storage"]
    placed = replace(storage, database=base / storage.database, pictures=base / storage.pictures)
    return Config(**{**sections, "storage": placed})


def _read_section(section: Any, title: str, values: Mapping[str, Any], name: str) -> Any:
    known = {each.name: each for each in fields(section)}
    read = {}
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"{name}: there is no key {title}.{key}; there are {', '.join(known)}.")
        read[key] = _checked(value, getattr(section, key), known[key].metadata, f"{name}: {title}.{key}")
    return replace(section, **read)


def _checked(value: Any, default: Any, rule: Mapping[str, Any], where: str) -> Any:
    """Return the value as its type. Raises ConfigError for another type or range."""
    if isinstance(default, str | Path):
        return _checked_text(value, default, rule, where)
    unlimited = "unlimited" in rule
    if unlimited and value == UNLIMITED:
        return None
    number = float if isinstance(default, float) else int
    allowed = (int, float) if number is float else (int,)
    if isinstance(value, bool) or not isinstance(value, allowed) or not rule["low"] <= value <= rule["high"]:
        ending = f', or "{UNLIMITED}".' if unlimited else "."
        raise ConfigError(
            f"{where} = {value!r} must be a number from {rule['low']} to {rule['high']}{ending}"
        )
    return number(value)


def _checked_text(value: Any, default: str | Path, rule: Mapping[str, Any], where: str) -> Any:
    if not isinstance(value, str):
        raise ConfigError(f'{where} = {value!r} must be text in quotes, for example "{default}".')
    if "choices" in rule and value not in rule["choices"]:
        raise ConfigError(f"{where} = {value!r} must be one of {', '.join(rule['choices'])}.")
    return Path(value) if isinstance(default, Path) else value


def read_tokens(environment: Mapping[str, str]) -> Tokens:
    """Read the tokens of the environment; an empty variable is not set."""
    found = {name: environment.get(variable, "").strip() for name, variable in VARIABLES.items()}
    return Tokens(**{name: Secret(value) for name, value in found.items() if value})


REMEDY = f"Set {VARIABLES['web_admin']}, or web.host to 127.0.0.1."


def check_web_exposure(config: Config, tokens: Tokens) -> None:
    """Raise ConfigError when others reach a web chat that has no admin."""
    if is_open(config, tokens):
        raise ConfigError(
            f'web.host = "{config.web.host}" lets others reach the web chat, and it has no admin. {REMEDY}'
        )


def is_open(config: Config, tokens: Tokens) -> bool:
    """Return whether others reach the web chat while nobody can set limits there."""
    return tokens.web_admin is None and not is_loopback(config.web.host)


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address; a name other than localhost may be anything."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
