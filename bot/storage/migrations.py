"""The schema, as named steps that are only ever added."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def people_and_servers(database: Database) -> None:
    """Who was met where, and what was set for them."""
    _table(database, "people", {"id": str, "locale": str, "first_seen": float}, ("id",))
    _table(database, "servers", {"id": str, "first_seen": float}, ("id",))
    _table(database, "settings", {"scope": str, "key": str, "value": str}, ("scope", "key"))


def quotas_and_usage(database: Database) -> None:
    """Limits set by admins (null is no limit), pictures charged (a refund marks its charge), the audit."""
    limits = {"server": str, "subject": str, "daily": int, "per_minute": int}
    _table(database, "quotas", limits, ("server", "subject"), nullable=("daily", "per_minute"))
    charges = {"job": str, "person": str, "server": str, "at": float, "pictures": int, "refunded": int}
    _table(database, "usage", charges, ("job",))
    database.table("usage").create_index(["server", "person", "at"])
    database.table("usage").create_index(["server", "at"])
    acts = {"id": int, "at": float, "person": str, "server": str, "action": str, "subject": str}
    _table(database, "audit", {**acts, "before": str, "after": str}, ("id",))


def jobs_and_pictures(database: Database) -> None:
    """Requests with their state, and the pictures that came of them."""
    asked = {"id": str, "key": str, "person": str, "server": str, "channel": str, "locale": str, "reply": str}
    times = {"accepted_at": float, "started_at": float, "finished_at": float}
    columns = {**asked, "line": str, "conditions": str, "state": str, **times, "post": str}
    _table(database, "jobs", columns, ("id",), nullable=("started_at", "finished_at", "post"))
    for unique in ("key", "post"):
        database.table("jobs").create_index([unique], unique=True)
    for index in (
        ["state", "accepted_at"],
        ["person", "channel", "accepted_at"],
        ["server", "person", "started_at"],
    ):
        database.table("jobs").create_index(index)
    made = {"id": str, "job": str, "place": int, "conditions": str, "media_type": str}
    shape = {"width": int, "height": int, "made_at": float}
    _table(database, "pictures", {**made, **shape}, ("id",), belongs=(("job", "jobs", "id"),))
    database.table("pictures").create_index(["job", "place"], unique=True)


def reactions_and_tastes(database: Database) -> None:
    """What people liked: as it stands, as it happened, and counted."""
    now = {"person": str, "picture": str, "verb": str, "at": float}
    belongs = (("picture", "pictures", "id"),)
    _table(database, "reactions", now, ("person", "picture", "verb"), belongs=belongs)
    log = {"id": int, "at": float, "person": str, "server": str, "picture": str, "verb": str, "weight": int}
    _table(database, "taste_events", {**log, "conditions": str}, ("id",))
    database.table("taste_events").create_index(["person", "at"])
    _table(
        database,
        "taste_state",
        {"person": str, "kind": str, "name": str, "count": int},
        ("person", "kind", "name"),
    )


def turns(database: Database) -> None:
    """When each server and person was last served, as a running number: 0 for never."""
    for table in ("servers", "people"):
        database.table(table).add_column("turn", int, not_null_default=0)
    database.table("servers").create_index(["turn"])


def picture_numbers(database: Database) -> None:
    """What people call a picture, and who deleted it: its row stays, so no other gets its number."""
    pictures = database.table("pictures")
    pictures.add_column("number", int)
    found = list(database.query("SELECT id FROM pictures ORDER BY made_at, rowid"))
    for number, row in enumerate(found, 1):
        database.execute("UPDATE pictures SET number = ? WHERE id = ?", [number, row["id"]])
    pictures.create_index(["number"], unique=True)
    pictures.add_column("deleted_at", float)
    pictures.add_column("deleted_by", str)
    database.table("jobs").create_index(["server", "finished_at"])


def taste_beliefs(database: Database) -> None:
    """What each event is worth, and what follows from all of them: the log stays the truth."""
    events = database.table("taste_events")
    events.add_column("own", int, not_null_default=1)
    events.add_column("share", float, not_null_default=1.0)
    events.add_column("said", str, not_null_default="")
    events.create_index(["person", "picture", "verb"])
    _table(database, "taste_beliefs", {"person": str, "state": str}, ("person",))
    database.table("taste_state").drop()


def joined_accounts(database: Database) -> None:
    """Which accounts are one person, codes that join them, and charges that count for who has parted."""
    _table(database, "accounts", {"account": str, "person": str}, ("account",))
    database.table("accounts").create_index(["person"])
    _table(database, "link_codes", {"hash": str, "account": str, "expires_at": float}, ("hash",))
    _table(database, "link_guesses", {"id": int, "account": str, "at": float}, ("id",))
    _table(database, "usage_shares", {"job": str, "person": str}, ("job", "person"))
    database.table("usage").create_index(["person", "at"])
    database.table("jobs").add_column("account", str, not_null_default="")
    database.execute("UPDATE jobs SET account = person")


def seconds_of_pictures(database: Database) -> None:
    """How long a worker painted at each picture, by which others are told how long they wait."""
    database.table("pictures").add_column("seconds", float)


def hidden_pictures(database: Database) -> None:
    """Who hid a picture from those who do not choose to see it; null when nobody did."""
    database.table("pictures").add_column("hidden_by", str)


def taste_choices(database: Database) -> None:
    """Of each picture that left something open, who chose it: the taste, or chance to measure it by."""
    choices = {"job": str, "place": int, "slice": str, "opened": str}
    _table(database, "taste_choices", choices, ("job", "place"))


def announcements(database: Database) -> None:
    """The post that says that a job was accepted; the result takes its place."""
    database.table("jobs").add_column("announced", str)


def taste_profiles(database: Database) -> None:
    """Which of a person's tastes an event tells of; empty for the usual one."""
    database.table("taste_events").add_column("profile", str, not_null_default="")


def rules_of_quotas(database: Database) -> None:
    """A row for each limit, so that a rule may leave others to the next; and where was charged.

    No amount is no limit. What was set for a server bounded all of it together.
    """
    old = list(database.query("SELECT * FROM quotas"))
    database.table("quotas").drop()
    columns = {"server": str, "kind": str, "subject": str, "name": str, "amount": int}
    _table(database, "quotas", columns, ("server", "kind", "subject", "name"), nullable=("amount",))
    database.table("quotas").create_index(["subject"])
    for row in old:
        kind = "total" if row["subject"] == row["server"] else "person"
        for name in ("daily", "per_minute"):
            values = [row["server"], kind, row["subject"], name, row[name]]
            database.execute("INSERT INTO quotas VALUES (?, ?, ?, ?, ?)", values)
    database.table("usage").add_column("channel", str, not_null_default="")
    asked = "SELECT channel FROM jobs WHERE jobs.id = usage.job"
    database.execute(f"UPDATE usage SET channel = COALESCE(({asked}), '')")  # noqa: S608  # our own words


def settings_of_the_service(database: Database) -> None:
    """The service's own settings have a scope of its name."""
    database.execute("UPDATE settings SET scope = 'service' WHERE scope = 'house'")


def forgotten_people(database: Database) -> None:
    """Who was forgotten, by a keyed hash; who is blocked where, and why; and which servers removed Easel."""
    _table(database, "forgotten", {"pseudonym": str, "at": float}, ("pseudonym",))
    block = {"server": str, "account": str, "reason": str, "blocked_by": str, "at": float}
    _table(database, "blocks", block, ("server", "account"))
    database.table("servers").add_column("left_at", float)


def words_of_requests(database: Database) -> None:
    """What the person typed; what Easel says of it stands in the column line."""
    database.table("jobs").add_column("said", str, not_null_default="")


def reported_pictures(database: Database) -> None:
    """Which pictures were reported by whom, and which of them a moderator keeps."""
    report = {"picture": str, "account": str, "server": str, "reason": str, "at": float, "kept_by": str}
    belongs = (("picture", "pictures", "id"),)
    _table(database, "reports", report, ("picture", "account"), nullable=("kept_by",), belongs=belongs)
    database.table("reports").create_index(["server", "at"])


def channels_of_jobs(database: Database) -> None:
    """The last picture of a channel is found by its jobs."""
    database.table("jobs").create_index(["channel", "accepted_at"])


def marks_of_pictures(database: Database) -> None:
    """The number in a picture's invisible mark, and its perceptual hash as hexadecimal digits."""
    database.table("pictures").add_column("mark", int)
    database.table("pictures").add_column("fingerprint", str)
    database.table("pictures").create_index(["mark"])


def sources_of_pictures(database: Database) -> None:
    """The names of the compositions in a picture's backdrop, with spaces between."""
    database.table("pictures").add_column("sources", str, not_null_default="")


def _table(
    database: Database,
    name: str,
    columns: dict[str, type],
    key: tuple[str, ...],
    nullable: tuple[str, ...] = (),
    belongs: tuple[tuple[str, str, str], ...] = (),
) -> None:
    required = set(columns) - set(key) - set(nullable)
    pk = key[0] if len(key) == 1 else key
    database.table(name).create(columns, pk=pk, not_null=required, foreign_keys=belongs)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    people_and_servers,
    quotas_and_usage,
    jobs_and_pictures,
    reactions_and_tastes,
    turns,
    picture_numbers,
    taste_beliefs,
    joined_accounts,
    seconds_of_pictures,
    hidden_pictures,
    taste_choices,
    announcements,
    taste_profiles,
    rules_of_quotas,
    settings_of_the_service,
    forgotten_people,
    words_of_requests,
    reported_pictures,
    channels_of_jobs,
    marks_of_pictures,
    sources_of_pictures,
)
"""In their order; only ever added to."""
