"""Allow one Easel per database, because two would take each other's running jobs for leftovers of a crash."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.config import ConfigError


@contextmanager
def sole_owner(database: Path) -> Iterator[None]:
    """Lock a database while the block runs. Raises ConfigError when another Easel has locked it.

    The system unlocks it however the process ends. The empty file stays, because another process may have
    locked it by the time it would be deleted.
    """
    path = database.with_name(f"{database.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be used ({error}); check storage.database and its rights."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(
                f"Another Easel works with {database}; stop that one first, or give this one a"
                " storage.database of its own."
            ) from error
        yield
