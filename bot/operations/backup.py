"""Back up database and pictures while Easel runs, and restore them.

A backup is a folder with `easel.db` and `pictures/`. The database is copied first, then the pictures it
names, so no picture lacks its row; one that is deleted in between is left out and counted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.config import ConfigError, StorageConfig
from bot.storage.database import StorageError, copy_database, pictures_of, problems
from engine.painting.encoding import suffix_of

DATABASE, PICTURES, KEY = "easel.db", "pictures", "easel.key"


@dataclass(frozen=True, slots=True)
class Copied:
    """pictures: how many were copied; missing: how many the database names that have no file"""

    pictures: int
    missing: int


def back_up(storage: StorageConfig, folder: Path, *, with_key: bool = False) -> Copied:
    """Copy database and pictures into a new folder, whole or not at all. Raises ConfigError or OSError.

    with_key: copy the key that signs pictures, too
    """
    _want_free(folder)
    _want_sound(storage.database)
    return _whole(folder, lambda partial: _copy(storage, partial, with_key))


def bring_back(folder: Path, storage: StorageConfig) -> Copied:
    """Restore a backup to where the settings say; nothing may be there. Raises ConfigError or OSError."""
    with_key = (folder / KEY).exists()
    for place in (*_places(storage), *([storage.key] if with_key else [])):
        _want_free(place)
    _want_sound(folder / DATABASE)
    database = folder / DATABASE
    storage.pictures.parent.mkdir(parents=True, exist_ok=True)
    storage.database.parent.mkdir(parents=True, exist_ok=True)
    named = pictures_of(database)
    copied = _whole(storage.pictures, lambda partial: _copy_pictures(named, folder / PICTURES, partial))
    if with_key:
        shutil.copy2(folder / KEY, storage.key)
    # The database comes last: a start in between would accept one without pictures.
    partial = storage.database.with_name(f"{storage.database.name}.partial")
    partial.unlink(missing_ok=True)
    copy_database(database, partial)
    partial.replace(storage.database)
    return copied


def _places(storage: StorageConfig) -> list[Path]:
    """Where a backup goes; a log that another database left would be taken for the restored one's own."""
    logs = [storage.database.with_name(storage.database.name + end) for end in ("-wal", "-shm")]
    return [storage.database, *logs, storage.pictures]


def _want_free(place: Path) -> None:
    if place.is_dir() and not any(place.iterdir()):
        return
    if place.exists():
        raise ConfigError(f"{place} is there already; move it away, or name another place.")


def _want_sound(database: Path) -> None:
    try:
        found = problems(database)
        pictures_of(database)
    except StorageError as error:
        raise ConfigError(f"{database} is no database of Easel's that can be read ({error}).") from error
    if found:
        raise ConfigError(f"{database} is damaged ({found[0]}); take an older backup.")


def _whole(folder: Path, fill: Callable[[Path], Copied]) -> Copied:
    """Fill a folder beside its place and move it there, or leave nothing."""
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        copied = fill(partial)
        # What is reported as copied must survive a power cut.
        os.sync()
        partial.replace(folder)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return copied


def _copy(storage: StorageConfig, folder: Path, with_key: bool) -> Copied:
    copy_database(storage.database, folder / DATABASE)
    if with_key:
        shutil.copy2(storage.key, folder / KEY)
    (folder / PICTURES).mkdir()
    return _copy_pictures(pictures_of(folder / DATABASE), storage.pictures, folder / PICTURES)


def _copy_pictures(named: dict[str, str], source: Path, target: Path) -> Copied:
    missing = 0
    for picture, media_type in named.items():
        name = f"{picture}{suffix_of(media_type)}"
        try:
            shutil.copy2(source / name, target / name)
        except FileNotFoundError:
            missing += 1
    return Copied(len(named) - missing, missing)
