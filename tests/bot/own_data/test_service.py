"""People get everything that is kept of them, and it goes when they say so; what bounds them stays."""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import sqlite3
import zipfile
from contextlib import closing

import pytest

from bot.clock import DAY
from bot.config import StorageConfig
from bot.operations.backup import back_up
from bot.storage.database import columns
from tests.support.fakes import FakePaintingClient
from tests.support.web_client import ADMIN_TOKEN, LINE, visitor, web_app

WORDS = "style=ink color=blue shape=fish size=256 seed=918273645"
HARMLESS = frozenset(
    [
        "id",
        "key",
        "server",
        "channel",
        "locale",
        "reply",
        "line",
        "conditions",
        "state",
        "post",
        "announced",
        "place",
        "media_type",
        "width",
        "height",
        "seconds",
        "number",
        "verb",
        "weight",
        "own",
        "share",
        "said",
        "profile",
        "kind",
        "name",
        "subject",
        "amount",
        "pictures",
        "refunded",
        "action",
        "before",
        "after",
        "hash",
        "scope",
        "value",
        "slice",
        "opened",
        "pseudonym",
        "reason",
        "turn",
        "first_seen",
        "mark",
        "fingerprint",
        "sources",
    ]
)
"""Columns that name nobody, or whose rows go with a column that does."""
PERSONAL = {"person", "account", "picture", "job", "deleted_by", "hidden_by", "blocked_by", "kept_by"}


@pytest.fixture
async def easel(tmp_path, clock):
    """Easel with its web chat, and the folder of all that it keeps."""
    async with web_app(tmp_path, FakePaintingClient(), clock) as app:
        yield app, tmp_path


async def painted(client, line=f"/paint {WORDS}"):
    async with client.events() as events:
        answer = await client.ask(line)
        assert answer["job"], answer["text"]
        async for event in events:
            if event and event["type"] == "posted":
                return event["pictures"][0]
    raise AssertionError(line)


async def name_of(client, folder):
    """The client's id, without its platform."""
    with closing(sqlite3.connect(folder / "easel.db")) as database:
        found = database.execute("SELECT person FROM jobs ORDER BY accepted_at, rowid").fetchall()
    return found[-1][0].partition(":")[2]


def traces(folder, *words):
    """Files below a folder that have one of the words in their name or bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        path.name
        for path in files
        for word in words
        if word.encode() in path.read_bytes() or word in path.name
    ]


async def test_nothing_of_a_forgotten_person_is_found_in_database_folder_log_and_later_backups(easel, caplog):
    caplog.set_level(logging.DEBUG)
    (app, folder), log = easel, caplog
    async with visitor(app) as ann, visitor(app) as bob, visitor(app) as boss:
        await boss.write("/admin", {"token": ADMIN_TOKEN})
        picture = await painted(ann)
        name = await name_of(ann, folder)
        await painted(bob)
        bobs = await name_of(bob, folder)
        for line in (
            "/settings language=zh",
            "/taste show",
            "/link",
            "/link WRONG-CODES",
            f"/favourite {picture['number']}",
        ):
            assert not (await ann.ask(line))["refused"] or "WRONG" in line
        await bob.ask(f"/favourite {picture['id']}")
        await boss.ask(f"/quota web:{name} daily=50")
        await boss.ask(f"/spoiler {picture['id']}")
        assert all(traces(folder, each) for each in (name, "918273645", picture["id"]))
        assert "forgotten" not in (await ann.ask("/mydata forget"))["text"]
        assert (await ann.ask("/mydata forget yes"))["text"]
        left = traces(folder, name, picture["id"])
        assert left == [], "before VACUUM"
    with closing(sqlite3.connect(folder / "easel.db")) as database:
        database.execute("VACUUM")
        kept = database.execute("SELECT COUNT(*) FROM pictures").fetchone()
    back_up(StorageConfig(folder / "easel.db", folder / "pictures"), folder / "later")
    assert traces(folder, name, picture["id"]) == []
    assert name not in log.text
    assert picture["id"] not in log.text
    assert kept == (1,)
    assert traces(folder, bobs)


async def test_the_words_of_a_forgotten_person_are_found_nowhere(easel, caplog):
    app, folder = easel
    async with visitor(app) as ann:
        await painted(ann)
        await ann.ask("/mydata forget yes")
        assert traces(folder, "918273645") == []
        assert "918273645" not in caplog.text


async def test_forgetting_resets_no_quota_and_no_limit(easel):
    app, folder = easel
    async with visitor(app) as ann, visitor(app) as boss:
        await boss.write("/admin", {"token": ADMIN_TOKEN})
        await painted(ann)
        name = await name_of(ann, folder)
        await boss.ask(f"/quota web:{name} daily=2")
        await ann.ask("/mydata forget yes")
        assert traces(folder, name) == []
        assert (await ann.ask(LINE))["job"]
        assert (await ann.ask(LINE))["refused"]


async def test_yesterdays_usage_of_a_forgotten_person_is_nobodys(easel, clock):
    app, folder = easel
    async with visitor(app) as ann:
        await painted(ann)
        clock.advance(DAY)
        await ann.ask("/mydata forget yes")
        with closing(sqlite3.connect(folder / "easel.db")) as database:
            assert database.execute("SELECT person FROM usage").fetchall() == [("",)]


async def test_a_number_is_given_once_though_its_picture_is_forgotten(easel):
    app, _ = easel
    async with visitor(app) as ann:
        first = await painted(ann)
        await ann.ask("/mydata forget yes")
        assert (await painted(ann))["number"] == first["number"] + 1


async def test_all_of_it_is_in_the_archive_and_no_name_of_others(easel):
    app, folder = easel
    async with visitor(app) as ann, visitor(app) as bob:
        await painted(bob)
        bobs = await name_of(bob, folder)
        picture = await painted(ann)
        name = await name_of(ann, folder)
        await bob.ask(f"/favourite {picture['id']}")
        await ann.ask("/settings style=oil")
        answer = await ann.ask("/mydata get")
        [attached] = answer["attachments"]
        _, data = await ann.read(f"/pictures/{picture['id']}.png")
    archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(attached["src"].partition(",")[2])))
    assert archive.read(f"pictures/{picture['number']}.png") == data
    text = archive.read("easel.json").decode()
    known = json.loads(text)
    assert name in text
    assert bobs not in text
    assert known["jobs"][0]["said"].startswith("style=ink")
    assert known["settings"] == [{"setting": "style", "value": "oil"}]
    assert {"pictures", "reactions", "usage"} <= known.keys()
    assert "token" not in text


async def test_private_pictures_are_in_no_gallery_but_their_owners(easel):
    app, _ = easel
    async with visitor(app) as ann, visitor(app) as bob:
        await painted(ann)
        for said, seen in (("private", 0), ("public", 1)):
            await ann.ask(f"/mydata {said}")
            assert len((await bob.ask("/gallery server"))["pictures"]) == seen
            assert len((await ann.ask("/gallery server"))["pictures"]) == 1


async def test_what_a_private_person_likes_teaches_no_server(easel):
    app, folder = easel
    async with visitor(app) as ann:
        await ann.ask("/mydata private")
        picture = await painted(ann)
        await ann.ask(f"/favourite {picture['number']}")
        with closing(sqlite3.connect(folder / "easel.db")) as database:
            servers = database.execute("SELECT DISTINCT server FROM taste_events").fetchall()
    assert servers == [("",)]


async def test_whoever_waits_for_a_picture_is_not_forgotten_until_it_is_done(tmp_path, clock):
    client = FakePaintingClient()
    client.gate.clear()
    async with web_app(tmp_path, client, clock) as app, visitor(app) as ann:
        assert (await ann.ask(LINE))["job"]
        assert "/cancel" in (await ann.ask("/mydata forget yes"))["text"]
        client.gate.set()


async def test_all_linked_accounts_are_forgotten_and_each_is_still_bounded(easel):
    app, folder = easel
    async with visitor(app) as ann, visitor(app) as phone:
        await painted(ann)
        name = await name_of(ann, folder)
        code = re.search(r"\w{5}-\w{5}", (await ann.ask("/link"))["text"])[0]
        await phone.ask(f"/link {code}")
        await phone.ask("/mydata forget yes")
        assert traces(folder, name) == []
        for client in (ann, phone):
            assert "today 1, limit: 100" in (await client.ask("/quota"))["text"]


async def test_each_column_names_nobody_or_goes_with_the_person(storage):
    found = await storage.read(columns)
    own = {column for table, names in found.items() if not table.startswith("_") for column in names}
    assert {each for each in own - HARMLESS - PERSONAL if not each.endswith("_at") and each != "at"} == set()
