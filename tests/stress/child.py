"""Run Easel in a process that the programs of this folder start, kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.discord.gateway import TOKEN
from tests.support.slack.server import APP_TOKEN, BOT_TOKEN

ROOT = Path(__file__).parents[2]
TOKENS = {
    "EASEL_DISCORD_TOKEN": TOKEN,
    "EASEL_SLACK_BOT_TOKEN": BOT_TOKEN,
    "EASEL_SLACK_APP_TOKEN": APP_TOKEN,
    "OMP_NUM_THREADS": "1",
}
STOP_SECONDS = 60
CONFIG = """
[web]
port = {port}
per_minute = "none"
[discord]
api_base = "{discord}/api"
gateway = "{gateway}"
[slack]
api_base = "{slack}/api/"
[storage]
database = "easel.db"
pictures = "pictures"
[painter]
workers = {workers}
[quotas]
person_daily = "none"
person_per_minute = "none"
server_daily = "none"
server_per_minute = "none"
"""


@dataclass(frozen=True)
class Place:
    """An Easel that can be started. module: what is run, with its arguments; folder: its database and log"""

    module: str
    folder: Path
    log: IO[bytes]

    @property
    def database(self) -> Path:
        return self.folder / "easel.db"

    @property
    def pictures(self) -> Path:
        return self.folder / "pictures"

    def start(self) -> subprocess.Popen[bytes]:
        """Start a process, and do not wait for it."""
        command = [sys.executable, "-m", self.module, "serve", "--config", str(self.folder / "config.toml")]
        return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **TOKENS}, stderr=self.log)


@contextmanager
def place(module: str, folder: Path, config: Mapping[str, object], workers: int = 1) -> Iterator[Place]:
    """Make a folder with a config.toml. config: the addresses in `CONFIG`"""
    (folder / "config.toml").write_text(CONFIG.format(**config, workers=workers))
    with (folder / "log.txt").open("ab") as log:
        yield Place(module, folder, log)


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask it to stop, and return its exit status."""
    process.send_signal(signal.SIGTERM)
    return process.wait(STOP_SECONDS)


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def descendants(pid: int) -> set[int]:
    """Return all descendants of a process."""
    parents = {int(stat.parent.name): _state(stat)[1] for stat in Path("/proc").glob("[0-9]*/stat")}
    found, fresh = set[int](), {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh}
        found |= fresh
    return found


def is_worker(pid: int) -> bool:
    """Return whether it is one of Easel's own processes, not one that Python starts beside them."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_alive(pid: int) -> bool:
    """Return whether the process exists and is no zombie."""
    return _state(Path(f"/proc/{pid}/stat"))[0] not in "XZ"


def _state(stat: Path) -> tuple[str, int]:
    """Return the state and the parent of a process; "X" when it has ended."""
    try:
        # Its name stands before, in parentheses, and may hold anything.
        state, parent = stat.read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    return state, int(parent)
