"""Which accounts are one person. An account is as whom a platform knows somebody, such as "discord:42". The
person of one that is joined with no other is the account itself; the person of joined ones is one of them."""

from __future__ import annotations

from bot.storage.database import Database, change, first, rows


def person_of(database: Database, account: str) -> str:
    """The person whose account it is. A person's id gives itself, and so does a server's."""
    row = first(database, "SELECT person FROM accounts WHERE account = ?", account)
    return row["person"] if row else account


def accounts_of(database: Database, person: str) -> tuple[str, ...]:
    """All accounts of a person, in the order in which they were joined."""
    found = rows(database, "SELECT account FROM accounts WHERE person = ? ORDER BY rowid", person)
    return tuple(row["account"] for row in found) or (person,)


def join_accounts(database: Database, person: str, other: str) -> None:
    """Make the accounts of two persons those of the first."""
    change(database, _ADD, person, person)
    change(database, "UPDATE accounts SET person = ? WHERE person = ?", person, other)
    change(database, _ADD, other, person)


def part_account(database: Database, account: str, person: str) -> None:
    """Take an account out of a person's, of whom `person` is to be the id from now on."""
    before = person_of(database, account)
    change(database, "DELETE FROM accounts WHERE account = ?", account)
    change(database, "UPDATE accounts SET person = ? WHERE person = ?", person, before)
    if accounts_of(database, person) == (person,):
        change(database, "DELETE FROM accounts WHERE account = ?", person)


_ADD = "INSERT OR IGNORE INTO accounts (account, person) VALUES (?, ?)"
