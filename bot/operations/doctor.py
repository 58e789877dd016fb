"""Find what keeps Easel from working, and say what to do about it. The network is not used."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.config import REMEDY, VARIABLES, Config, Secret, Tokens, is_open
from bot.storage.database import StorageError, check_writing, problems
from engine.errors import EngineError

LEAST_FREE = 1024**3
"""Free bytes on the disk below which the doctor asks for room."""
_BEGINNINGS = {"slack_bot": "xoxb-", "slack_app": "xapp-"}


@dataclass(frozen=True, slots=True)
class Finding:
    """about: "tokens", "address", "database", "pictures", "disk" or "weights"

    said: what was found; todo: what to do about it, empty when it is well
    """

    about: str
    said: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the doctor calls. free: free bytes at a path; load: raises for bad weights"""

    free: Callable[[Path], int]
    load: Callable[[], object]


def examine(config: Config, tokens: Tokens, tools: Tools) -> Iterator[Finding]:
    """Yield findings one by one, good ones too."""
    yield from _tokens(tokens)
    yield _address(config, tokens)
    yield _database(config.storage.database)
    yield _folder("pictures", config.storage.pictures)
    yield _disk(config.storage.pictures, tools.free)
    yield _weights(tools.load)


def _tokens(tokens: Tokens) -> Iterator[Finding]:
    for name, variable in VARIABLES.items():
        token: Secret | None = getattr(tokens, name)
        start = _BEGINNINGS.get(name, "")
        if token is not None and not token.reveal().startswith(start):
            yield Finding("tokens", f"{variable} does not begin with {start}", "Copy it once more.")
    slack_in = tokens.slack_app or tokens.slack_signing
    if tokens.slack_bot and not slack_in:
        want = f"{VARIABLES['slack_app']} or {VARIABLES['slack_signing']}"
        yield Finding("tokens", "Slack has no way to reach Easel", f"Set {want} too.")
    if slack_in and not tokens.slack_bot:
        yield Finding("tokens", "Slack is left out", f"Set {VARIABLES['slack_bot']} too.")
    named = [variable for name, variable in VARIABLES.items() if getattr(tokens, name) is not None]
    yield Finding("tokens", f"set: {', '.join(named) or 'none, so the web chat runs alone'}")


def _address(config: Config, tokens: Tokens) -> Finding:
    if not is_open(config, tokens):
        return Finding("address", f"the web chat listens on {config.web.host}")
    said = (
        f"others reach the web chat on {config.web.host}, and it has no admin, so easel serve will not start"
    )
    return Finding("address", said, REMEDY)


def _database(path: Path) -> Finding:
    if not path.exists():
        return _folder("database", path.parent)
    try:
        check_writing(path)
        found = problems(path)
    except StorageError as error:
        todo = f"Check the rights of {path} and of its folder, the disk, and that no other program holds it."
        return Finding("database", f"{path} cannot be written ({error})", todo)
    if found:
        return Finding("database", f"{path} is damaged ({found[0]})", "Stop Easel and restore a backup.")
    return Finding("database", f"{path} is sound and can be written")


def _folder(about: str, folder: Path) -> Finding:
    """Check that files can be written to a folder, or that it can be made."""
    there = _nearest(folder)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding(about, f"{folder} can be written")
    return Finding(about, f"{there} cannot be written", f"Give Easel's user the right to write into {there}.")


def _nearest(path: Path) -> Path:
    """Return the path, or its nearest parent that exists."""
    return next(each for each in (path.absolute(), *path.absolute().parents) if each.exists())


def _disk(folder: Path, free: Callable[[Path], int]) -> Finding:
    left = free(_nearest(folder))
    said = f"{left / 1024**3:.1f} GiB are free for pictures"
    return Finding("disk", said, "" if left >= LEAST_FREE else "Make room, or move storage.pictures.")


def _weights(load: Callable[[], object]) -> Finding:
    try:
        load()
    except EngineError as error:
        return Finding("weights", str(error), "Install Easel again, or train weights with easel train.")
    return Finding("weights", "the painter's weights can be loaded")


def free_bytes(path: Path) -> int:
    """Return the bytes free to this user at a path. Raises OSError."""
    return shutil.disk_usage(path).free


def load_shipped_painter() -> object:
    """Load the shipped painter. Raises WeightsMissing."""
    from engine.painting.painter import load_painter

    return load_painter()
