"""Facts about bot/pictures/search.py, over a real database: who finds which picture, and who may
delete it."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from dataclasses import replace

import pytest

from bot.jobs.queue import JobQueue
from bot.pictures.search import PictureSearch
from bot.pictures.store import PictureStore
from bot.quotas.rules import Defaults
from bot.storage.database import change, rows
from commands.chat import UserError
from commands.services.context import Search
from commands.services.quotas import Limit
from engine.conditions import Asked, Other
from tests.support.fakes import FISH, NOON, FakePaintingClient, ask

FOX = replace(FISH, style=(("oil", 0.6), ("ink", 0.4)), colors=("red", "gold"), shape="fox", scene="flock")
FOX = replace(FOX, others=(Other("moon"),))


@pytest.fixture
def queue(storage, clock):
    numbers, free = itertools.count(1), Limit(None, None)
    return JobQueue(storage, Defaults(free, free), clock, lambda: f"job-{next(numbers)}")


@pytest.fixture
def store(storage, tmp_path, clock):
    numbers = itertools.count(1)
    return PictureStore(storage, tmp_path / "pictures", clock, lambda: f"picture-{next(numbers)}")


@pytest.fixture
def revised():
    """Return the jobs whose posts were changed."""
    return []


@pytest.fixture
def archive(storage, store, revised):
    async def revise(job):
        revised.append(job)
        return True

    return PictureSearch(storage, store, revise)


@pytest.fixture
def hang(queue, store):
    """Ask for pictures, paint and post them."""
    numbers = itertools.count(1)

    async def hung(*pictures, **changes):
        said = ask(key=f"event-{next(numbers)}", **changes)
        job = (await queue.accept(said, "a line", pictures or (FISH,))).job
        await queue.take(("fake",))
        for place, conditions in enumerate(pictures or (FISH,)):
            await store.keep(job, place, await FakePaintingClient().paint(job, conditions))
        await queue.mark_painted(job)
        await queue.mark_posted(job, f"fake:post:{job}")
        return job

    return hung


def numbers(found):
    return [each.number for each in found]


async def test_pictures_are_numbered_from_one_in_the_order_they_are_painted(archive, hang):
    await hang(FISH, FOX)
    await hang(FISH)
    assert [numbers(await archive.find(ask(), word)) for word in ("1", "#2", "№3")] == [[1], [2], [3]]


async def test_a_record_says_everything_of_a_picture(archive, hang, storage):
    await hang(FOX)
    sql = "INSERT INTO reactions (person, picture, verb, at) VALUES (?, 'picture-1', ?, 0)"
    for person, verb in (("fake:bob", "favourite"), ("fake:cat", "favourite"), ("fake:cat", "send")):
        await storage.write(lambda database, said=(person, verb): change(database, sql, *said))
    [record] = await archive.find(ask(person="fake:bob"), "1")
    assert (record.id, record.person, record.server, record.job) == (
        *("picture-1", "fake:ann", "fake:studio", "job-1"),
    )
    assert (record.conditions, record.made_at, record.width, record.height) == (FOX, NOON, 256, 256)
    assert (record.favourites, record.liked) == (2, True)
    assert not (await archive.find(ask(), "1"))[0].liked


async def test_a_post_stands_for_all_its_pictures(archive, hang):
    job = await hang(FISH, FOX)
    assert numbers(await archive.find(ask(), f"fake:post:{job}")) == [1, 2]


@pytest.mark.parametrize(
    ("person", "server", "word", "seen"),
    [
        ("fake:bob", "fake:studio", "1", True),
        ("fake:ann", "fake:elsewhere", "1", True),
        ("fake:bob", "fake:elsewhere", "1", False),
        ("fake:bob", "fake:elsewhere", "fake:post:job-1", False),
        ("fake:bob", "fake:elsewhere", "picture-1", True),
        ("fake:ann", "fake:studio", "2", False),
        ("fake:ann", "fake:studio", "fish", False),
        ("fake:ann", "fake:studio", "", False),
        ("fake:ann", "fake:studio", "9" * 12, False),
    ],
)
async def test_a_number_holds_in_its_server_and_for_its_owner_and_an_id_anywhere(
    archive, hang, person, server, word, seen
):
    await hang()
    if seen:
        assert numbers(await archive.find(ask(person=person, server=server), word)) == [1]
    else:
        with pytest.raises(UserError, match="no picture"):
            await archive.find(ask(person=person, server=server), word)


@pytest.mark.parametrize("show", ["mine", "server", "favourites"])
async def test_what_was_painted_in_direct_messages_is_found_by_nobody_else(archive, hang, show):
    job = await hang(server="fake:dm-ann", channel="fake:dm-ann")
    for server in ("fake:studio", "fake:dm-bob", "web:local"):
        bob = ask(person="fake:bob", server=server, is_admin=True, is_moderator=True)
        assert (await archive.search(bob, Search(show))).total == 0
        for word in ("1", f"fake:post:{job}"):
            with pytest.raises(UserError, match="no picture"):
                await archive.find(bob, word)


async def test_the_posts_of_deleted_pictures_are_shown_anew_once(archive, hang, revised):
    job = await hang(FISH, FOX)
    await archive.delete(ask(), await archive.find(ask(), f"fake:post:{job}"))
    assert revised == [job]


async def test_who_deletes_hears_that_a_post_stays_as_it_was(archive, hang, revised, monkeypatch):
    async def refused(job):
        revised.append(job)
        return len(revised) > 1

    monkeypatch.setattr(archive, "_revise", refused)
    jobs = [await hang(), await hang()]
    found = (await archive.search(ask(), Search())).records
    assert not await archive.delete(ask(), found)
    assert sorted(revised) == sorted(jobs)


async def test_of_a_post_with_anothers_picture_nothing_is_deleted(archive, hang, revised):
    await hang()
    await hang(person="fake:bob")
    found = [(await archive.find(ask(), word))[0] for word in ("1", "2")]
    with pytest.raises(UserError):
        await archive.delete(ask(), found)
    assert ((await archive.search(ask(), Search("server"))).total, revised) == (2, [])


async def test_what_is_not_yet_posted_cannot_be_named(archive, queue, store):
    job = (await queue.accept(ask(), "a line", (FISH,))).job
    await store.keep(job, 0, await FakePaintingClient().paint(job, FISH))
    with pytest.raises(UserError):
        await archive.find(ask(), "1")


async def test_a_deleted_picture_is_gone_for_good_and_its_number_is_never_anothers(archive, hang, tmp_path):
    await hang(FISH, FOX)
    [record] = await archive.find(ask(), "2")
    await archive.delete(ask(), [record])
    await archive.delete(ask(), [record])
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["picture-1.png"]
    for word in ("2", "picture-2"):
        with pytest.raises(UserError):
            await archive.find(ask(), word)
    await hang()
    assert numbers((await archive.search(ask(), Search())).records) == [3, 1]


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        ({"person": "fake:ann"}, True),
        ({"person": "fake:ann", "server": "fake:elsewhere"}, True),
        ({}, False),
        ({"is_moderator": True}, True),
        ({"is_admin": True}, True),
        ({"is_admin": True, "server": "fake:elsewhere"}, False),
    ],
)
async def test_its_owner_and_the_moderators_of_its_server_may_delete_a_picture(
    archive, hang, storage, rights, may
):
    await hang()
    [record] = await archive.find(ask(), "1")
    asked = ask(**{"person": "fake:bob", **rights})
    if may:
        await archive.delete(asked, [record])
    else:
        with pytest.raises(
            UserError, match="Only the person who asked for it, or a moderator, may delete that"
        ):
            await archive.delete(asked, [record])
    left = (await archive.search(ask(), Search())).total
    assert left == (0 if may else 1)
    audit = await storage.write(lambda database: rows(database, "SELECT * FROM audit"))
    seen = [(each["person"], each["action"], each["subject"], each["before"]) for each in audit]
    assert seen == ([("fake:bob", "delete", "fake:ann", "1")] if may and asked.person != "fake:ann" else [])


@pytest.mark.parametrize(
    ("like", "found"),
    [
        (Asked(), [3, 2, 1]),
        (Asked(style=(("ink", 1.0),)), [3, 2, 1]),
        (Asked(style=(("oil", 1.0),)), [2]),
        (Asked(style=(("sketch", 1.0),)), []),
        (Asked(colors=("red",)), [2]),
        (Asked(colors=("gold", "red")), [2]),
        (Asked(colors=("red", "blue")), []),
        (Asked(shape="fish"), [3, 1]),
        (Asked(shape="fox", scene="flock"), [2]),
        (Asked(shape="fox", scene="portrait"), []),
        (Asked(shape="moon", others=(Other("fox"),)), [2]),
        (Asked(shape="fish", others=(Other("moon"),)), []),
    ],
)
async def test_pictures_are_found_by_what_they_were_asked_to_be(archive, hang, like, found):
    await hang(FISH, FOX, FISH)
    assert numbers((await archive.search(ask(), Search(like=like))).records) == found


async def test_mine_are_mine_the_servers_are_all_of_it_and_favourites_are_kept_by_me(archive, hang, storage):
    await hang()
    await hang(person="fake:bob")
    await hang(person="fake:bob", server="fake:elsewhere")
    sql = "INSERT INTO reactions (person, picture, verb, at) VALUES ('fake:ann', 'picture-3', 'favourite', 0)"
    await storage.write(lambda database: change(database, sql))
    found = {
        show: numbers((await archive.search(ask(), Search(show))).records)
        for show in ("mine", "server", "favourites")
    }
    assert found == {"mine": [1], "server": [2, 1], "favourites": [3]}


async def test_a_page_is_a_part_and_knows_of_the_whole(archive, hang):
    await hang(*[FISH] * 4)
    await hang(FISH)
    pages = [await archive.search(ask(), Search(page=page, size=2)) for page in (1, 2, 3)]
    assert [numbers(page.records) for page in pages] == [[5, 4], [3, 2], [1]]
    assert [page.total for page in pages] == [5, 5, 5]
    assert (await archive.search(ask(), Search(page=4, size=2))).records == ()


async def test_pictures_are_loaded_in_the_readers_language_and_those_without_a_file_left_out(
    archive, hang, tmp_path
):
    await hang(FISH, FOX)
    page = await archive.search(ask(), Search())
    (tmp_path / "pictures/picture-1.png").unlink()
    [picture] = await archive.load(page.records, "zh")
    assert (picture.number, picture.conditions) == (2, FOX)
    assert picture.alt.startswith("生成的图画：")
    assert picture.data.startswith(b"\x89PNG")


async def test_under_the_child_safe_lock_others_do_not_find_what_is_hidden(archive, hang, storage):
    await hang(FISH, FOX)
    await archive.hide(ask(), (await archive.find(ask(), "1")), on=True)
    await storage.write(lambda database: change(database, _LOCK))
    bob, mod = ask(person="fake:bob"), ask(person="fake:mod", is_moderator=True)
    for who, seen in ((bob, [2]), (mod, [2, 1]), (ask(), [2, 1])):
        assert numbers((await archive.search(who, Search("server"))).records) == seen


_LOCK = "INSERT INTO settings (scope, key, value) VALUES ('fake:studio', 'child_safe', 'on')"


@pytest.mark.parametrize(
    ("hider", "shower", "may"),
    [
        ({"person": "fake:ann"}, {"person": "fake:ann"}, True),
        ({"person": "fake:ann"}, {"person": "fake:mod", "is_moderator": True}, True),
        ({"person": "fake:mod", "is_moderator": True}, {"person": "fake:eve", "is_admin": True}, True),
        ({"person": "fake:mod", "is_moderator": True}, {"person": "fake:ann"}, False),
        ({"person": "fake:ann"}, {"person": "fake:bob"}, False),
    ],
)
async def test_what_a_moderator_hid_its_owner_does_not_show_again(archive, hang, revised, hider, shower, may):
    job = await hang()
    await archive.hide(ask(**hider), await archive.find(ask(), "1"), on=True)
    [record] = await archive.find(ask(), "1")
    assert record.hidden_by == hider["person"]
    assert [each.hidden for each in await archive.load([record], "en")] == [True]
    with nullcontext() if may else pytest.raises(UserError, match="may hide or show that"):
        await archive.hide(ask(**shower), [record], on=False)
    [record] = await archive.find(ask(), "1")
    assert (record.hidden_by == "") == may
    assert revised == [job] * (1 + may)


async def test_that_a_moderator_hides_and_shows_is_written_down(archive, hang, storage):
    await hang()
    moderator = ask(person="fake:mod", is_moderator=True)
    for on in (True, True, False):
        await archive.hide(moderator, await archive.find(ask(), "1"), on)
    await archive.hide(ask(), await archive.find(ask(), "1"), on=True)
    acts = await storage.write(lambda database: rows(database, "SELECT * FROM audit ORDER BY id"))
    assert [(each["person"], each["action"], each["before"], each["after"]) for each in acts] == [
        ("fake:mod", "spoiler", "", "1"),
        ("fake:mod", "spoiler", "1", ""),
    ]


def said(**changes):
    """Return a line that was said just now."""
    return ask(**{"key": "event-now", **changes})


async def test_a_line_without_a_number_is_about_the_last_picture_there(archive, hang):
    await hang(FISH)
    await hang(FOX, channel="fake:other")
    assert (await archive.last(said())).number == 1
    await hang(FISH, FOX, person="fake:bob")
    assert (await archive.last(said())).number == 4
    assert await archive.last(said(channel="fake:empty")) is None


async def test_a_reply_is_about_the_post_that_it_answers_and_else_about_the_last_picture(archive, hang):
    job = await hang(FISH)
    await hang(FOX)
    assert (await archive.last(said(about=f"fake:post:{job}"))).number == 1
    assert (await archive.last(said(about="fake:post:none"))).number == 2


async def test_a_thread_is_about_its_own_last_picture_and_before_about_the_one_it_hangs_from(
    archive, hang, storage
):
    job = await hang(FISH)
    await hang(FOX)
    post = "UPDATE jobs SET post = 'fake:hall:9' WHERE id = ?"
    await storage.write(lambda database: change(database, post, job))
    in_thread = {"channel": "fake:9", "parent": "fake:hall"}
    assert (await archive.last(said(**in_thread))).number == 1
    await hang(FOX, **in_thread)
    assert (await archive.last(said(**in_thread))).number == 3
    assert (await archive.last(said())).number == 2


async def test_a_hidden_picture_of_somebody_else_is_not_meant(archive, hang):
    await hang(FISH)
    await hang(FOX, person="fake:bob")
    await archive.hide(ask(person="fake:bob"), await archive.find(ask(), "2"), True)
    assert (await archive.last(said())).number == 1
    assert (await archive.last(said(person="fake:bob"))).number == 2


async def test_a_picture_of_another_server_is_not_meant(archive, hang):
    await hang(FISH, person="fake:bob")
    assert await archive.last(said(server="fake:elsewhere")) is None


async def test_a_line_that_is_sent_again_is_not_about_the_picture_that_it_made(archive, hang):
    await hang(FISH)
    await hang(FOX)
    assert (await archive.last(ask(key="event-2"))).number == 1
