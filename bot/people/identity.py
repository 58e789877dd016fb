"""Map accounts to persons. An account is a platform's id of somebody, such as "discord:42".

The id of a person is the id of their account, or of one of their linked accounts.
"""

from __future__ import annotations

from bot.storage.database import Database, change, first, rows


def person_of(database: Database, account: str) -> str:
    """Return the person of an account, any other id as it is."""
    row = first(database, "SELECT person FROM accounts WHERE account = ?", account)
    return row["person"] if row else account


def accounts_of(database: Database, person: str) -> tuple[str, ...]:
    """Return all accounts of a person, in the order in which they were linked."""
    found = rows(database, "SELECT account FROM accounts WHERE person = ? ORDER BY rowid", person)
    return tuple(row["account"] for row in found) or (person,)


def link_accounts(database: Database, person: str, other: str) -> None:
    """Give the accounts of the second person to the first."""
    change(database, _ADD, person, person)
    change(database, "UPDATE accounts SET person = ? WHERE person = ?", person, other)
    change(database, _ADD, other, person)


def unlink_account(database: Database, account: str, person: str) -> None:
    """Remove an account from its person, whose id is `person` from now on."""
    before = person_of(database, account)
    change(database, "DELETE FROM accounts WHERE account = ?", account)
    change(database, "UPDATE accounts SET person = ? WHERE person = ?", person, before)
    if accounts_of(database, person) == (person,):
        change(database, "DELETE FROM accounts WHERE account = ?", person)


_ADD = "INSERT OR IGNORE INTO accounts (account, person) VALUES (?, ?)"
