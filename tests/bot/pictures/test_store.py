"""Test bot/pictures/store.py: file and row are stored together or not at all."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import pytest
from PIL import Image

from bot.config import ConfigError
from bot.jobs.queue import JobQueue
from bot.pictures.store import UNNAMED, PictureStore
from bot.quotas.rules import Defaults
from bot.storage.database import StorageError, change, rows
from commands.gallery import read_search
from commands.services.quotas import Limit
from engine.painting.encoding import WEBP
from tests.support.fake_services import FakeServices
from tests.support.fakes import FISH, NOON, FakePaintingClient, ask

LINE = "style=ink color=blue shape=fish seed=7 size=256"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pictures"


@pytest.fixture
def store(storage, folder, clock):
    numbers = itertools.count(1)
    return PictureStore(storage, folder, clock, lambda: f"picture-{next(numbers)}")


@pytest.fixture
def queue(storage, clock):
    numbers, free = itertools.count(1), Limit(None, None)
    return JobQueue(storage, Defaults(free, free), clock, lambda: f"job-{next(numbers)}")


async def asked(queue, key="event-1", pictures=(FISH,), **changes):
    return (await queue.accept(ask(key=key, **changes), LINE, pictures)).job


async def painted(conditions=FISH, media_type="image/png"):
    return await FakePaintingClient().paint("", conditions, media_type)


async def posted(queue, store, key="event-1", **changes):
    """Queue, paint and post a request."""
    job = await asked(queue, key, **changes)
    await queue.take(("fake", "other"))
    await store.keep(job, 0, await painted())
    await queue.mark_painted(job)
    await queue.mark_posted(job, f"post-{job}")
    return job


def files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("media_type", "suffix"), [("image/png", ".png"), (WEBP, ".webp")])
async def test_a_picture_is_kept_as_a_file_and_a_row(store, queue, folder, storage, media_type, suffix):
    job = await asked(queue)
    work = await painted(media_type=media_type)
    await store.keep(job, 0, work)
    assert files(folder) == [f"picture-1{suffix}"]
    found = await store.picture("picture-1")
    assert (found.id, found.data, found.media_type) == ("picture-1", work.data, media_type)
    assert (found.width, found.height, found.conditions) == (256, 256, FISH)
    assert Image.open(io.BytesIO(found.data)).size == (256, 256)
    [row] = await storage.write(lambda database: rows(database, "SELECT * FROM pictures"))
    assert row["made_at"] == NOON


async def test_the_pictures_of_a_job_come_in_the_order_they_were_asked(store, queue):
    wishes = tuple(FISH.with_seed(seed) for seed in range(3))
    job = await asked(queue, pictures=wishes)
    for place in (2, 0, 1):
        await store.keep(job, place, await painted(wishes[place]))
    assert [each.conditions for each in await store.of_job(job, "en")] == list(wishes)
    assert await store.kept(job) == 3
    assert await store.kept("job-0") == 0


async def test_alt_text_is_in_the_language_of_who_asked(store, queue):
    job = await asked(queue, locale="zh-CN")
    await store.keep(job, 0, await painted())
    assert (await store.picture("picture-1")).alt.startswith("生成的图画：")
    assert (await store.of_job(job, "en"))[0].alt.startswith("Generated picture: A fish")


async def test_an_unknown_picture_is_none(store):
    assert await store.picture("picture-1") is None


async def test_a_file_that_is_gone_is_none_and_logged(store, queue, folder, caplog):
    job = await asked(queue)
    await store.keep(job, 0, await painted())
    (folder / "picture-1.png").unlink()
    assert await store.picture("picture-1") is None
    assert "the file of picture picture-1 is gone" in caplog.text
    with pytest.raises(FileNotFoundError):
        await store.of_job(job, "en")


async def test_on_a_full_disk_there_is_neither_file_nor_row(store, queue, folder):
    """A write to /dev/full fails as on a full disk."""
    job = await asked(queue)
    (folder / f"picture-1.png{UNNAMED}.partial").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        await store.keep(job, 0, await painted())
    assert files(folder) == []
    assert await store.kept(job) == 0
    await store.keep(job, 0, await painted())
    assert await store.kept(job) == 1


def test_what_a_crash_left_half_kept_is_gone_after_the_next_start(storage, folder, clock):
    folder.mkdir()
    for end in ("", UNNAMED, f"{UNNAMED}.partial"):
        (folder / f"picture-1.png{end}").touch()
    PictureStore(storage, folder, clock, str)
    assert files(folder) == ["picture-1.png"]


async def test_a_picture_has_no_name_before_it_has_a_row(store, queue, folder, storage, monkeypatch):
    job, seen, run = await asked(queue), [], storage.write

    async def watched(work):
        seen.append(files(folder))
        return await run(work)

    monkeypatch.setattr(storage, "write", watched)
    await store.keep(job, 0, await painted())
    assert seen == [[f"picture-1.png{UNNAMED}"]]
    assert files(folder) == ["picture-1.png"]


async def test_a_row_that_cannot_be_written_takes_its_file_back(store, queue, folder, storage):
    job = await asked(queue)
    await storage.write(lambda database: rows(database, "PRAGMA max_page_count = 1"))
    long = tuple((f"style-{number}", 0.001) for number in range(1000))
    work = await painted()
    with pytest.raises(StorageError, match="full"):
        await store.keep(job, 0, replace(work, conditions=replace(FISH, style=long)))
    assert files(folder) == []


async def test_the_same_place_of_a_job_is_kept_once(store, queue, folder):
    job = await asked(queue)
    await store.keep(job, 0, await painted())
    with pytest.raises(StorageError, match="UNIQUE"):
        await store.keep(job, 0, await painted())
    assert files(folder) == ["picture-1.png"]


def test_a_folder_that_cannot_be_made_is_named_with_its_key(storage, tmp_path, clock):
    (tmp_path / "pictures").write_text("")
    with pytest.raises(ConfigError, match=r"The folder .*/pictures cannot be used \(.*storage\.pictures"):
        PictureStore(storage, tmp_path / "pictures", clock, str)


async def test_history_is_ones_own_of_one_channel_oldest_first(store, queue, clock):
    mine = []
    for number in range(4):
        mine.append(await posted(queue, store, f"event-{number}"))
        clock.advance(1)
    await posted(queue, store, "elsewhere", channel="other:wall")
    await posted(queue, store, "bob", person="fake:bob")
    entries = await store.history("fake:ann", "fake:hall", 3)
    assert [each.job for each in entries] == mine[1:]
    assert [each.accepted_at for each in entries] == [NOON + 1, NOON + 2, NOON + 3]
    assert {(each.said, each.says) for each in entries} == {
        ("style=ink color=blue shape=fish size=256", LINE)
    }


async def test_history_says_what_became_of_a_request(store, queue):
    await posted(queue, store, "a")
    failed = await asked(queue, "b")
    await queue.fail(failed)
    painting = await asked(queue, "c")
    await queue.take(("fake",))
    await store.keep(painting, 0, await painted())
    await asked(queue, "d")
    entries = await store.history("fake:ann", "fake:hall", 50)
    assert [each.state for each in entries] == ["posted", "failed", "waiting", "waiting"]
    assert [len(each.pictures) for each in entries] == [1, 0, 0, 0]
    assert entries[0].pictures[0].data == b""


async def test_history_speaks_the_language_its_reader_speaks_now(store, queue):
    await posted(queue, store, "a", locale="en")
    await asked(queue, "b", locale="zh")
    first, _ = await store.history("fake:ann", "fake:hall", 50)
    assert first.pictures[0].alt.startswith("生成的图画：")


async def test_history_knows_ones_own_favourites(store, queue, storage):
    await posted(queue, store, "a")
    sql = "INSERT INTO reactions (person, picture, verb, at) VALUES (?, 'picture-1', ?, 0)"
    for person, verb in (("fake:bob", "favourite"), ("fake:ann", "shown"), ("fake:ann", "favourite")):
        [entry] = await store.history("fake:ann", "fake:hall", 50)
        assert entry.liked == frozenset()
        await storage.write(lambda database, values=(person, verb): change(database, sql, *values))
    [entry] = await store.history("fake:ann", "fake:hall", 50)
    assert entry.liked == {"picture-1"}


@pytest.mark.parametrize(("locked", "shown"), [(False, 2), (True, 1)])
async def test_under_the_child_safe_lock_what_is_hidden_is_not_in_its_post(
    store, queue, storage, locked, shown
):
    job = await asked(queue, pictures=(FISH, FISH))
    for place in range(2):
        await store.keep(job, place, await painted())
    sql = "INSERT INTO settings (scope, key, value) VALUES ('fake:studio', 'child_safe', ?)"
    await storage.write(lambda database: change(database, sql, "on" if locked else "off"))
    await storage.write(
        lambda database: change(database, "UPDATE pictures SET hidden_by = 'a' WHERE number = 1")
    )
    finished = await store.finished(await queue.find(job))
    assert len(finished.pictures) == shown
    assert finished.withheld == ((1,) if locked else ())


@pytest.mark.parametrize(
    ("words", "show"),
    [
        ("", "mine"),
        ("server style=ink", "server"),
        ("everyone", "server"),
        ("All a fish", "server"),
        ("大家", "server"),
        ("favorites page=2", "favourites"),
    ],
)
def test_whose_pictures_are_looked_at_may_be_said_in_other_words(words, show):
    assert read_search(ask(words), FakeServices()).show == show
