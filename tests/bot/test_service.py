"""Test the way from Ask to Answer: mistakes cost nothing, and faults are told and logged."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import unicodedata

import pytest

from bot.jobs.queue import JobQueue
from bot.people.settings import SettingsStore
from bot.service import fresh_id, fresh_seed
from bot.storage.database import change, rows
from commands.chat import UserError
from commands.services.context import Search
from commands.text.refusals import NO_MEMORY
from engine.conditions import MAX_SEED, Conditions
from engine.vocabulary import load_vocabulary
from tests.support.fake_services import FakeTastes
from tests.support.fakes import FISH, NOON, ask
from tests.support.service_fixtures import DEFAULTS, SEED, make_service


@pytest.fixture
def tastes():
    return FakeTastes()


class Unhurried(JobQueue):
    """A queue without a dispatcher, so no better seed is found."""

    async def best(self, picture: Conditions) -> Conditions:
        return picture


@pytest.fixture
def queue(storage, clock):
    numbers = itertools.count(1)
    return Unhurried(storage, DEFAULTS, clock, lambda: f"job-{next(numbers)}")


@pytest.fixture
def service(storage, queue, tastes, clock, tmp_path):
    return make_service(storage, queue, tastes, clock, tmp_path)


async def written(storage):
    """Count the rows that a request writes."""
    tables = ("jobs", "usage", "people", "servers", "audit", "quotas")
    sql = " UNION ALL ".join(f"SELECT '{each}' AS name, COUNT(*) AS n FROM {each}" for each in tables)  # noqa: S608
    found = await storage.write(lambda database: rows(database, sql))
    return {row["name"]: row["n"] for row in found if row["n"]}


def assert_harmless(text):
    """Check that a text is plain, and names nothing internal."""
    assert text
    assert not set(text) & set("@<>`*|{}\\")
    assert not [each for each in text if unicodedata.category(each) in ("Cc", "Cf") and each != "\n"]
    assert not re.search(r"Traceback|Error|File \"|None", text)


async def test_a_job_is_on_disk_when_its_answer_is_given(service, tmp_path):
    answer = await service.handle(ask())
    assert (answer.job, answer.refused, answer.private) == ("job-1", False, False)
    assert answer.text.startswith("Painting: A fish, in blue, in ink.")
    with sqlite3.connect(tmp_path / "easel.db") as other:
        assert other.execute("SELECT jobs.id, pictures FROM jobs, usage").fetchall() == [("job-1", 1)]
    other.close()


async def test_what_is_left_open_is_chosen_by_a_fresh_seed(service, queue):
    await service.handle(ask("a fish"))
    assert (await queue.find("job-1")).pictures[0].seed == SEED
    assert (await queue.find("job-1")).accepted_at == NOON


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("style=inc", r"I know no style inc; did you mean ink or linocut\?"),
        ("color=bluee", r"I know no color bluee; did you mean blue.*\?"),
        ("shape=fihs", r"I know no shape fihs; did you mean fish\?"),
        ("size=9999", r"size is the longer side in pixels, from 256 to 2048, for example size=1024\."),
        ("count=0", r"count is a whole number from 1 to 4\."),
        ("seed=abc", r"seed is a whole number from 0 to 4294967295\."),
        ("style=", r"style has no value; say for example style=ink\."),
        ("seed=1 seed=2", r"seed is given twice; say it once\."),
        ("x" * 5000, r"That line is too long; please say it in 500 characters or fewer\."),
        ("fish " * 1000, r"That line is too long; please say it in 500 characters or fewer\."),
        ("shape=\x00\x1b[31mred", r"I know no shape 31mred; say for example shape=fish\."),
        ("style=\u202ekni\u2066", r"I know no style kni; choose .+, .+, or .+\."),
        ("@everyone", r"I can paint nothing of everyone; say for example .+\."),
        ("<@123> <!channel>", r"I can paint nothing of 123 or channel; .+"),
        ("<script>alert(1)</script>", r"I can paint nothing of script or alert; .+"),
        ("style=<script>", r"I know no style script; choose .+, .+, or .+\."),
        ("[click](https://evil.example)", r"I can paint nothing of click, https, evil, or example; .+"),
    ],
)
async def test_a_mistake_is_one_sentence_and_nothing_is_charged(service, storage, words, sentence):
    answer = await service.handle(ask(words))
    assert re.fullmatch(sentence, answer.text), answer.text
    assert_harmless(answer.text)
    assert (answer.refused, answer.private, answer.job, answer.pictures) == (True, True, None, ())
    assert await written(storage) == {}


@pytest.mark.parametrize(
    "words",
    [
        "\u202efish",
        "fi\u200bsh \x07 in ink\n\r\t",
        "a fish @ * _ ~ ` | > #",
        "🐟",
        "",
        "color=blue\u2028shape=fish",
        "ｓｔｙｌｅ＝ｉｎｋ",
    ],
)
async def test_odd_characters_around_a_wish_make_a_harmless_picture(service, words):
    answer = await service.handle(ask(words))
    assert answer.job == "job-1"
    assert_harmless(answer.text)


@pytest.mark.parametrize("command", ["<@1>", "@everyone", "x" * 5000, "\u202e", "", "paint me"])
async def test_an_unknown_command_is_one_sentence(service, storage, command):
    answer = await service.handle(ask("", command=command))
    assert re.fullmatch(
        r"There is no command [^;]+; (did you mean /\w+\?|/help lists all\.)|A command comes after .+\.",
        answer.text,
    )
    assert_harmless(answer.text)
    assert await written(storage) == {}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("seed=abc", "seed 是 0 到 4294967295 的整数。"),
        ("风格=", "风格 没有值；可以说 风格=ink。"),
        ("x" * 5000, "这句话太长了，请不要超过 500 个字。"),
    ],
)
async def test_a_mistake_is_told_in_the_readers_language(service, words, sentence):
    assert (await service.handle(ask(words, locale="zh-CN"))).text == sentence


async def test_over_the_limit_nothing_more_is_charged(service, storage):
    for number in range(2):
        await service.handle(ask("a fish count=4", key=f"event-{number}"))
    answer = await service.handle(ask("a fish", key="event-3"))
    assert answer.text == "You may ask for 8 pictures a minute (the usual limit); try again in 60 s."
    assert (await written(storage))["usage"] == 2


async def test_on_a_full_disk_the_person_is_told_and_nothing_is_half_written(service, storage, caplog):
    await storage.write(lambda database: rows(database, "PRAGMA max_page_count = 1"))
    long = {"address": "x" * 900}
    asks = [ask(key=f"event-{n}", person=f"fake:{n}", reply=long) for n in range(20)]
    answers = [await service.handle(each) for each in asks]
    assert answers[-1].text == (
        "I cannot save anything just now, and nothing was charged. Please try again later."
    )
    assert (answers[-1].refused, answers[-1].private, answers[-1].job) == (True, True, None)
    jobs = [answer for answer in answers if answer.job]
    found = await written(storage)
    assert found["jobs"] == found["usage"] == found["people"] == len(jobs) < len(asks)
    assert "ask event-19: the database failed" in caplog.text
    await storage.write(lambda database: rows(database, "PRAGMA max_page_count = 100000"))
    assert (await service.handle(asks[-1])).job


async def test_on_a_full_disk_a_limit_is_changed_with_its_audit_or_not_at_all(service, storage):
    await storage.write(lambda database: rows(database, "PRAGMA max_page_count = 1"))
    asks = [ask(f"fake:{'x' * 40}{n} daily={n}", command="quota", is_admin=True) for n in range(99)]
    answers = [await service.handle(each) for each in asks]
    assert answers[-1].refused
    found = await written(storage)
    assert found["audit"] == found["quotas"] == [answer.refused for answer in answers].count(False)


async def test_a_fault_is_told_in_one_sentence_and_logged_with_its_key(service, queue, monkeypatch, caplog):
    async def broken(*_):
        raise RuntimeError("secret inside")

    monkeypatch.setattr(queue, "accept", broken)
    answer = await service.handle(ask())
    assert answer.text == "Something went wrong here, and nothing was charged. Please try again."
    assert (answer.refused, answer.private, answer.job) == (True, True, None)
    assert "ask event-1 failed" in caplog.text
    assert "secret inside" in caplog.text


@pytest.mark.parametrize(
    ("scopes", "sentence"),
    [
        ({}, "There are no pictures here yet."),
        ({"fake:studio": "zh"}, "这里还没有画。"),
        ({"fake:studio": "zh", "fake:ann": "en"}, "There are no pictures here yet."),
        ({"fake:ann": "zh"}, "这里还没有画。"),
    ],
)
async def test_a_persons_language_goes_before_the_servers_and_that_before_the_platforms(
    service, storage, clock, scopes, sentence
):
    store = SettingsStore(storage, clock)
    for scope, language in scopes.items():
        await store.change(ask(), scope, {"language": language})
    assert (await service.handle(ask("mine", command="gallery"))).text == sentence


async def posted(storage, queue):
    """Store a picture of fake:ann's, in the post "fake:post"."""
    await queue.accept(ask(), "fish", (FISH,))

    def work(database):
        change(database, "UPDATE jobs SET state = 'posted', post = 'fake:post'")
        change(database, PICTURE, json.dumps(FISH.to_dict()))

    await storage.write(work)


PICTURE = """
INSERT INTO pictures (id, job, place, conditions, media_type, width, height, made_at, number)
VALUES ('picture-1', 'job-1', 0, ?, 'image/png', 256, 256, 1.0, 1)
"""


def reaction(command, words="fake:post", **changes):
    return ask(words, command=command, **changes)


@pytest.mark.parametrize("words", ["fake:post", "picture-1"])
async def test_a_heart_on_a_post_or_a_picture_is_a_favourite_and_needs_no_words(
    service, storage, queue, tastes, words
):
    await posted(storage, queue)
    for on in (True, False):
        assert await service.react(reaction("favourite", words), on) is None
    assert tastes.reactions == [("fake:ann", "favourite", on, ("picture-1",)) for on in (True, False)]


async def test_a_heart_that_cannot_be_written_is_refused(service, storage, queue, tastes):
    await posted(storage, queue)
    tastes.writes = False
    answer = await service.react(reaction("favourite"), True)
    assert (answer.text, answer.refused) == (NO_MEMORY, True)


@pytest.mark.parametrize("command", ["favourite", "delete", "send", "spoiler"])
async def test_a_reaction_to_a_strange_message_does_nothing(service, tastes, command):
    assert await service.react(reaction(command, "fake:strange"), True) is None
    assert tastes.reactions == []


async def test_a_reaction_stands_for_its_command_and_taken_back_undoes_only_what_it_hid(
    service, storage, queue
):
    await posted(storage, queue)
    said = [await service.react(reaction("spoiler"), on) for on in (True, True, False, False)]
    assert [each and each.text for each in said] == [
        "Hidden, until somebody looks: 1.",
        None,
        "No longer hidden: 1.",
        None,
    ]
    assert await service.react(reaction("delete"), False) is None
    assert (await service.react(reaction("delete"), True)).text == "Deleted: 1."


async def test_history_and_pictures_come_from_the_gallery(service, storage):
    await service.handle(ask())
    [entry] = await service.history("fake:ann", "fake:hall")
    assert (entry.job, entry.state) == ("job-1", "waiting")
    assert await service.picture("picture-1") is None
    await storage.write(lambda database: change(database, "UPDATE jobs SET state = 'failed'"))
    assert (await service.history("fake:ann", "fake:hall"))[0].state == "failed"


async def test_joined_accounts_are_one_person_to_everything(service, storage, tastes, queue):
    code = re.search(r"\w{5}-\w{5}", (await service.handle(ask("", command="link"))).text)[0]
    slack = {"person": "slack:ann", "server": "slack:team", "channel": "slack:art"}
    await service.handle(ask(code, command="link", **slack))
    assert (await service.handle(ask(**slack))).job == "job-1"
    assert (await queue.find("job-1")).person == "fake:ann"
    assert len(await service.history("slack:ann", "slack:art")) == 1
    await storage.write(lambda database: change(database, PICTURE, json.dumps(FISH.to_dict())))
    await storage.write(lambda database: change(database, "UPDATE jobs SET state = 'posted'"))
    await service.react(reaction("favourite", "picture-1", **slack), True)
    assert tastes.reactions == [("fake:ann", "favourite", True, ("picture-1",))]
    assert "today 1," in (await service.handle(ask("", command="quota"))).text


@pytest.mark.parametrize(
    "look",
    [
        lambda service: service.history("fake:ann", "fake:hall"),
        lambda service: service.picture("picture-1"),
        lambda service: service.search(ask(), Search()),
        lambda service: service.find(ask(), "7"),
    ],
    ids=["history", "picture", "search", "find"],
)
async def test_a_memory_that_cannot_be_read_is_told_in_one_sentence_and_logged(
    service, storage, caplog, look
):
    await storage.write(lambda database: change(database, "ALTER TABLE jobs RENAME TO gone"))
    with pytest.raises(UserError, match=r"^I cannot look anything up just now\. Please try again later\.$"):
        await look(service)
    assert "no such table" in caplog.text


def test_words_and_suggestions_are_in_the_readers_language(service):
    assert service.translate("zh-CN")("Download") == "下载"
    assert ("ink", "水墨") in service.suggest("style", "水", "zh-CN")
    assert len(service.suggest("shape", "", "en", limit=7)) == 7
    assert service.vocabulary is load_vocabulary()


def test_a_fresh_seed_is_any_of_32_bits():
    assert all(0 <= fresh_seed() <= MAX_SEED for _ in range(100))
    assert len({fresh_seed() for _ in range(100)}) > 90


def test_a_fresh_id_is_new_and_safe_in_a_path():
    ids = {fresh_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[\w-]{16}", each, re.ASCII) for each in ids)


async def test_what_a_refusal_of_talk_proposes_are_requests(service):
    answer = await service.handle(ask("flurbl", command="talk"))
    assert answer.refused
    refused = await service.handle(ask("style=inc", command="talk", key="event-2"))
    assert {each.verb for each in refused.buttons} == {"paint"}
    assert "style=ink" in [each.words for each in refused.buttons]


@pytest.mark.parametrize(
    ("command", "words", "buttons"),
    [
        ("paint", "style=inc a fish", [("paint", "style=ink a fish"), ("paint", "style=linocut a fish")]),
        ("talk", "style=inc a fish", [("paint", "style=ink a fish"), ("paint", "style=linocut a fish")]),
        ("pant", "a fish", [("paint", "a fish")]),
        ("paint", "qwzx", [("paint", "a blue fish in ink")]),
        ("paint", "style=inc " + "a fish " * 20, []),
        ("paint", "count=0", []),
    ],
)
async def test_what_a_refusal_proposes_is_a_button_that_says_the_mended_line(
    service, command, words, buttons
):
    answer = await service.handle(ask(command=command, words=words))
    assert answer.refused
    assert [(each.verb, each.words) for each in answer.buttons] == buttons


async def test_what_a_greeting_proposes_is_said_in_the_readers_language(service):
    answer = await service.handle(ask(command="talk", words="hola", locale="es"))
    assert [each.label for each in answer.buttons] == [
        "dos pájaros sobre una montaña",
        "un zorro rojo en la nieve",
        "un castillo de noche en acuarela",
    ]
    assert not answer.refused
