"""Test that a backup is one moment's whole state, and that a restore overwrites nothing."""

from __future__ import annotations

import sqlite3
import stat

import pytest

from bot.app import running
from bot.config import Config, ConfigError, StorageConfig, Tokens, WebConfig
from bot.operations.backup import Copied, back_up, bring_back
from tests.support.fakes import FakePaintingClient, ask


def memory(folder):
    return StorageConfig(folder / "easel.db", folder / "pictures")


@pytest.fixture
async def painted(open_workshop, tmp_path):
    """Run an Easel that has posted two pictures; return its storage."""
    async with open_workshop() as shop:
        for key in ("a", "b"):
            await shop.accept(key)
        await shop.platform.posted(2)
        yield shop, memory(tmp_path)


def pictures(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_backup_of_a_running_easel_comes_back_as_it_was(painted, tmp_path):
    shop, storage = painted
    assert back_up(storage, tmp_path / "monday") == Copied(2, 0)
    await shop.accept("after the backup")
    await shop.platform.posted(3)
    there = memory(tmp_path / "elsewhere" / "deep")
    assert bring_back(tmp_path / "monday", there) == Copied(2, 0)
    restored = pictures(there.pictures)
    assert restored.items() < pictures(storage.pictures).items()
    assert len(restored) == 2


async def test_easel_starts_with_what_was_brought_back(painted, tmp_path):
    _, storage = painted
    back_up(storage, tmp_path / "monday")
    there = memory(tmp_path / "elsewhere")
    bring_back(tmp_path / "monday", there)
    config = Config(web=WebConfig(port=0), storage=there)
    async with running(config, Tokens(), FakePaintingClient()) as easel:
        answer = await easel.service.handle(ask("", key="look", command="gallery"))
    assert len(answer.pictures) == 2


async def test_nobody_but_the_owner_reads_a_backup(painted, tmp_path):
    _, storage = painted
    back_up(storage, tmp_path / "monday")
    modes = [
        stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "monday", tmp_path / "monday/easel.db")
    ]
    assert modes == [0o700, 0o600]


async def test_a_deleted_picture_is_not_in_a_backup_and_a_lost_one_is_counted(painted, tmp_path):
    shop, storage = painted
    deleted, lost = sorted(storage.pictures.iterdir())
    await shop.store.delete(deleted.stem)
    lost.unlink()
    assert back_up(storage, tmp_path / "monday") == Copied(0, 1)


async def test_a_backup_into_a_folder_that_holds_something_is_refused(painted, tmp_path):
    _, storage = painted
    (tmp_path / "monday").mkdir()
    (tmp_path / "monday" / "letter").touch()
    with pytest.raises(ConfigError, match="monday is there already; move it away"):
        back_up(storage, tmp_path / "monday")
    assert [each.name for each in (tmp_path / "monday").iterdir()] == ["letter"]


async def test_a_backup_that_breaks_off_leaves_nothing(painted, tmp_path, monkeypatch):
    _, storage = painted
    before = set(tmp_path.iterdir())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.operations.backup.shutil.copy2", full)
    with pytest.raises(OSError, match="No space left"):
        back_up(storage, tmp_path / "monday")
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["easel.db", "easel.db-wal", "easel.db-shm", "pictures/p.png"])
async def test_a_restore_over_anything_is_refused(painted, tmp_path, name):
    _, storage = painted
    back_up(storage, tmp_path / "monday")
    there = tmp_path / "elsewhere"
    (there / name).parent.mkdir(parents=True)
    (there / name).write_text("mine")
    with pytest.raises(ConfigError, match="is there already"):
        bring_back(tmp_path / "monday", memory(there))
    assert [each.read_text() for each in there.rglob("*") if each.is_file()] == ["mine"]


def a_text(path):
    path.write_text("Not a database. " * 300)


def of_another_program(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE people (name TEXT)")
    other.close()


def nothing(path):
    assert not path.exists()


@pytest.mark.parametrize("spoil", [a_text, of_another_program, nothing])
def test_what_is_no_backup_is_refused_by_its_name_and_leaves_nothing(tmp_path, spoil):
    (tmp_path / "monday").mkdir()
    spoil(tmp_path / "monday" / "easel.db")
    with pytest.raises(ConfigError, match=r"monday/easel\.db is no database of Easel's that can be read"):
        bring_back(tmp_path / "monday", memory(tmp_path / "elsewhere"))
    assert not (tmp_path / "elsewhere").exists()


async def test_a_damaged_backup_is_refused(painted, tmp_path):
    _, storage = painted
    back_up(storage, tmp_path / "monday")
    with sqlite3.connect(tmp_path / "monday" / "easel.db", isolation_level=None) as copy:
        copy.execute("DELETE FROM jobs")
    copy.close()
    with pytest.raises(ConfigError, match=r"damaged \(a row of pictures belongs to no row of jobs\)"):
        bring_back(tmp_path / "monday", memory(tmp_path / "elsewhere"))


async def test_the_key_is_copied_only_when_asked_and_comes_back(painted, tmp_path):
    _, storage = painted
    storage.key.write_text("secret")
    storage.key.chmod(0o600)
    back_up(storage, tmp_path / "without")
    assert not (tmp_path / "without" / "easel.key").exists()
    back_up(storage, tmp_path / "with", with_key=True)
    there = memory(tmp_path / "elsewhere")
    bring_back(tmp_path / "with", there)
    assert there.key.read_text() == "secret"
    assert stat.S_IMODE(there.key.stat().st_mode) == 0o600


async def test_a_key_that_is_there_is_not_overwritten(painted, tmp_path):
    _, storage = painted
    storage.key.write_text("secret")
    back_up(storage, tmp_path / "with", with_key=True)
    there = memory(tmp_path / "elsewhere")
    there.key.parent.mkdir()
    there.key.write_text("another")
    with pytest.raises(ConfigError, match="is there already"):
        bring_back(tmp_path / "with", there)
