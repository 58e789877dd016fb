"""Test bot/people/identity.py, over a real database."""

from __future__ import annotations

import pytest

from bot.people.identity import accounts_of, link_accounts, person_of, unlink_account
from bot.storage.database import Database, migrations, rows

ANN, SLACK, WEB = "discord:ann", "slack:ann", "web:ann"


@pytest.fixture
def database():
    database = Database(memory=True)
    migrations.apply(database)
    yield database
    database.close()


def test_an_account_alone_is_its_own_person(database):
    assert person_of(database, ANN) == ANN
    assert accounts_of(database, ANN) == (ANN,)


def test_joined_accounts_are_the_first_ones_person(database):
    link_accounts(database, ANN, SLACK)
    link_accounts(database, ANN, WEB)
    assert [person_of(database, each) for each in (ANN, SLACK, WEB)] == [ANN, ANN, ANN]
    assert accounts_of(database, ANN) == (ANN, SLACK, WEB)


def test_whole_groups_are_joined(database):
    link_accounts(database, SLACK, WEB)
    link_accounts(database, ANN, SLACK)
    assert set(accounts_of(database, ANN)) == {ANN, SLACK, WEB}
    assert person_of(database, WEB) == ANN


def test_an_account_that_leaves_is_its_own_person_again(database):
    link_accounts(database, ANN, SLACK)
    link_accounts(database, ANN, WEB)
    unlink_account(database, WEB, ANN)
    assert person_of(database, WEB) == WEB
    assert accounts_of(database, ANN) == (ANN, SLACK)


def test_those_who_stay_take_another_name_when_the_first_leaves(database):
    link_accounts(database, ANN, SLACK)
    link_accounts(database, ANN, WEB)
    unlink_account(database, ANN, SLACK)
    assert [person_of(database, each) for each in (ANN, SLACK, WEB)] == [ANN, SLACK, SLACK]


def test_of_two_that_part_nothing_stays_written(database):
    link_accounts(database, ANN, WEB)
    unlink_account(database, ANN, WEB)
    assert rows(database, "SELECT * FROM accounts") == []
