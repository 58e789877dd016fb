"""Facts about bot/people/settings.py, over a real database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.arrivals import Arrivals
from bot.people.audit import AuditLog
from bot.people.identity import link_accounts
from bot.people.settings import SettingsStore
from tests.support.databases import InMemoryStorage
from tests.support.fakes import NOON, FakeClock, ask

CHANGES = st.dictionaries(st.sampled_from("abc"), st.none() | st.text(max_size=5), min_size=1)


@pytest.fixture
def store(storage, clock):
    return SettingsStore(storage, clock)


async def test_nothing_is_set_at_first(store):
    assert await store.of("fake:ann") == {}


async def test_a_change_returns_what_was_before_and_is_now(store):
    await store.change(ask(), "fake:ann", {"style": "ink", "size": "512"})
    before, now = await store.change(ask(), "fake:ann", {"style": "oil", "size": None, "ar": None})
    assert (before, now) == ({"style": "ink", "size": "512"}, {"style": "oil"})
    assert (await store.of("fake:ann"), await store.of("fake:bob")) == ({"style": "oil"}, {})


async def test_a_change_for_a_server_is_in_its_audit_and_one_for_oneself_is_not(store, storage):
    await store.change(ask(), "fake:ann", {"style": "ink"})
    await store.change(ask(), "fake:studio", {"styles": "ink"})
    [act] = await AuditLog(storage).latest("fake:studio", 0, 9)
    assert (act.at, act.person, act.action, act.subject) == (NOON, "fake:ann", "settings", "fake:studio")
    assert (act.before, act.after) == ('{"styles": null}', '{"styles": "ink"}')


@given(st.lists(CHANGES, max_size=5))
async def test_what_is_kept_is_what_was_set_last(changes):
    storage = InMemoryStorage()
    store, kept = SettingsStore(storage, FakeClock()), {}
    for each in changes:
        await store.change(ask(), "fake:ann", each)
        kept = {key: value for key, value in {**kept, **each}.items() if value is not None}
    assert await store.of("fake:ann") == kept
    await storage.close()


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [({}, "fr"), ({"fake:studio": "zh"}, "zh"), ({"fake:studio": "zh", "fake:ann": "en"}, "en")],
)
async def test_an_account_becomes_its_person_who_reads_the_language_that_was_set(
    store, storage, languages, spoken
):
    await storage.write(lambda database: link_accounts(database, "fake:ann", "fake:anna"))
    for scope, language in languages.items():
        await store.change(ask(), scope, {"language": language})
    said = await Arrivals(storage).identified(ask(person="fake:anna", locale="fr"))
    assert (said.person, said.account, said.locale) == ("fake:ann", "fake:anna", spoken)
