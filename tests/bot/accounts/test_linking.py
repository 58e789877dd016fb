"""Test bot/accounts/linking.py: codes work once, not for long, and cannot be guessed."""

from __future__ import annotations

import re

import pytest

from bot.accounts.linking import (
    CODE_SECONDS,
    GUESS_SECONDS,
    MOST_ACCOUNTS,
    MOST_GUESSES,
    AccountLinking,
    fresh_code,
)
from bot.people.identity import person_of
from bot.storage.database import StorageError, change, rows
from bot.tastes.service import TasteService
from bot.tastes.store import TasteStore
from commands.chat import UserError
from tests.support.fakes import FISH, ask
from tests.support.taste_fixtures import FEATURES, PICKER, Tasting

ANN, WEB = ask(person="discord:ann"), ask(person="web:ann")
WRONG = "That code is wrong, used or too old"


@pytest.fixture
def memory(storage):
    return TasteStore(storage, FEATURES)


@pytest.fixture
def links(storage, memory, clock):
    return AccountLinking(storage, memory, clock)


async def person(storage, account):
    return await storage.read(lambda database: person_of(database, account))


async def test_tastes_follow_accounts_that_are_joined_and_parted(links, memory, storage, clock):
    tasting = Tasting(storage, clock)
    tasting.memory = memory
    await memory.load()
    (picture,) = await tasting.paint(FISH, person="web:ann")
    await storage.write(lambda database: change(database, "UPDATE jobs SET account = person"))
    tastes = TasteService(storage, memory, PICKER, clock)
    await tastes.react(WEB, "favourite", True, [picture])
    assert memory.learner.history("web:ann").favourites == (FISH,)
    await links.join(WEB, (await links.offer(ANN)).code)
    assert memory.learner.history("discord:ann").favourites == (FISH,)
    assert memory.learner.history("web:ann").favourites == ()
    joined = memory.learner.export("discord:ann")
    await memory.rebuild()
    assert memory.learner.export("discord:ann") == joined
    await links.part(WEB)
    assert (
        memory.learner.history("web:ann").favourites
        == memory.learner.history("discord:ann").favourites
        == (FISH,)
    )


async def test_a_join_whose_tastes_could_not_be_folded_is_made_good_at_the_next_start(storage, clock):
    class Fallen(TasteStore):
        async def relearn(self, people):
            raise StorageError("the disk is full")

    memory = Fallen(storage, FEATURES)
    links, tasting = AccountLinking(storage, memory, clock), Tasting(storage, clock)
    tasting.memory = memory
    await memory.load()
    (picture,) = await tasting.paint(FISH, person="web:ann")
    await TasteService(storage, memory, PICKER, clock).react(WEB, "favourite", True, [picture])
    await links.join(WEB, (await links.offer(ANN)).code)
    again = TasteStore(storage, FEATURES)
    await again.load()
    assert again.learner.history("discord:ann").favourites == (FISH,)


async def test_a_code_makes_two_accounts_one_person(links, storage):
    offer = await links.offer(ANN)
    assert offer.minutes == 10
    assert await links.join(WEB, offer.code) == ("discord:ann", "web:ann")
    assert await person(storage, "web:ann") == "discord:ann"
    assert await links.accounts(WEB) == await links.accounts(ANN) == ("discord:ann", "web:ann")


@pytest.mark.parametrize("typed", [str.lower, str.upper, lambda code: code.replace("-", " ")])
async def test_a_code_may_be_typed_in_any_case_and_without_its_hyphen(links, typed):
    offer = await links.offer(ANN)
    assert len(await links.join(WEB, typed(offer.code))) == 2


async def test_a_code_works_once(links, storage):
    offer = await links.offer(ANN)
    await links.join(WEB, offer.code)
    with pytest.raises(UserError, match=WRONG):
        await links.join(ask(person="slack:eve"), offer.code)
    assert await person(storage, "slack:eve") == "slack:eve"


async def test_a_code_holds_ten_minutes(links, clock):
    offer = await links.offer(ANN)
    clock.advance(CODE_SECONDS - 1)
    later = await links.offer(ask(person="discord:bob"))
    clock.advance(1)
    with pytest.raises(UserError, match=WRONG):
        await links.join(WEB, offer.code)
    assert len(await links.join(WEB, later.code)) == 2


async def test_a_new_code_takes_the_place_of_the_old(links):
    old, new = await links.offer(ANN), await links.offer(ANN)
    with pytest.raises(UserError, match=WRONG):
        await links.join(WEB, old.code)
    assert len(await links.join(WEB, new.code)) == 2


async def test_who_says_their_own_code_is_told_where_it_belongs_and_it_holds_on(links):
    offer = await links.offer(ANN)
    with pytest.raises(UserError, match="That code is your own; say it on the other account"):
        await links.join(ANN, offer.code)
    assert len(await links.join(WEB, offer.code)) == 2


async def test_too_many_wrong_codes_close_the_door_even_to_a_right_one(links, clock):
    offer = await links.offer(ANN)
    for number in range(MOST_GUESSES):
        clock.advance(1)
        with pytest.raises(UserError, match=WRONG):
            await links.join(WEB, f"WRONG-{number}")
    with pytest.raises(UserError, match="Too many wrong codes; try again in 10 min"):
        await links.join(WEB, offer.code)
    clock.advance(GUESS_SECONDS - MOST_GUESSES + 1)
    again = await links.offer(ANN)
    assert len(await links.join(WEB, again.code)) == 2


async def test_the_guesses_of_one_close_the_door_to_nobody_else(links):
    offer = await links.offer(ANN)
    for _ in range(MOST_GUESSES):
        with pytest.raises(UserError, match=WRONG):
            await links.join(ask(person="web:eve"), "WRONG")
    assert len(await links.join(WEB, offer.code)) == 2


async def test_a_code_is_kept_as_a_hash_alone(links, storage):
    offer = await links.offer(ANN)
    [row] = await storage.write(lambda database: rows(database, "SELECT * FROM link_codes"))
    assert re.fullmatch("[0-9a-f]{64}", row["hash"])
    assert offer.code.replace("-", "") not in str(row)


async def test_a_person_has_a_bounded_number_of_accounts(links):
    for number in range(1, MOST_ACCOUNTS):
        await links.join(ask(person=f"web:{number}"), (await links.offer(ANN)).code)
    with pytest.raises(UserError, match=f"At most {MOST_ACCOUNTS} accounts can be joined"):
        await links.join(WEB, (await links.offer(ANN)).code)


async def test_parted_accounts_are_two_persons_again(links, storage):
    await links.join(WEB, (await links.offer(ANN)).code)
    assert await links.part(WEB) == ("discord:ann",)
    assert [await person(storage, each) for each in ("discord:ann", "web:ann")] == ["discord:ann", "web:ann"]


async def test_who_is_joined_with_nobody_cannot_part(links):
    with pytest.raises(UserError, match="This account is linked with no other; /link explains how"):
        await links.part(ANN)


def test_a_fresh_code_is_short_and_has_no_letters_that_look_alike():
    codes = {fresh_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(re.fullmatch("[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", each) for each in codes)
