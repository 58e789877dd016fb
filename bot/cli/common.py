"""Share options and errors among the parts of the `easel` command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.config import Config, ConfigError, load_config
from commands.chat import UserError
from engine.errors import EngineError

DEFAULT_CONFIG = Path("config.toml")
PATH = click.Path(path_type=Path)

config_option = click.option("--config", "path", type=PATH, help="Settings file; config.toml by default.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


class Mistake(click.ClickException):
    """A person's mistake: one sentence, and exit status 2."""

    exit_code = 2


@contextmanager
def mistakes() -> Iterator[None]:
    """Turn errors that a person can mend into a `Mistake`."""
    try:
        yield
    except (UserError, ConfigError, EngineError) as error:
        raise Mistake(str(error)) from error
    except OSError as error:
        raise Mistake(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.") from error


def read_config(path: Path | None) -> Config:
    """Read a file, else config.toml if it is there, else the defaults. Raises ConfigError."""
    if path is None and not DEFAULT_CONFIG.exists():
        return Config()
    return load_config(path or DEFAULT_CONFIG)
