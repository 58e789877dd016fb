"""Test what becomes of a person's things when accounts are linked and unlinked, in any order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.accounts.merging import merge_persons, split_off
from bot.people.identity import person_of
from bot.quotas.check import Request
from bot.quotas.rules import Defaults, limits_for, write_limits
from bot.quotas.usage import charge, read_used, refund
from bot.storage.database import Database, change, first, migrations, rows
from commands.chat import UserError
from commands.services.quotas import PERSON, TOTAL, EffectiveLimit, Limit, RuleSubject
from tests.support.fakes import FISH, NOON, ask

DAILY = 10
DEFAULTS = Defaults(person=Limit(DAILY, None), total=Limit(None, None))
HOMES = {
    "discord:ann": "discord:hall",
    "discord:bob": "discord:hall",
    "slack:ann": "slack:team",
    "web:ann": "web:local",
}
ACCOUNTS = tuple(HOMES)
ANN, BOB, SLACK, WEB = ACCOUNTS


@dataclass
class Town:
    """A database in which accounts ask, like, link and unlink. asked: jobs by account"""

    database: Database = field(default_factory=lambda: Database(memory=True))
    asked: dict[str, list[str]] = field(default_factory=lambda: {each: [] for each in ACCOUNTS})
    now: float = NOON

    def __post_init__(self):
        migrations.apply(self.database)

    def person(self, account):
        return person_of(self.database, account)

    def ask(self, account, pictures):
        """Ask for so many pictures; return whether that was accepted."""
        job = f"job-{sum(map(len, self.asked.values()))}"
        person, server = self.person(account), HOMES[account]
        try:
            charge(
                self.database, DEFAULTS, ask(person=person, server=server), job, Request(pictures), self.now
            )
        except UserError:
            return False
        values = (job, job, person, account, server, server, "en", "{}", "", "[]", "posted", self.now)
        change(self.database, f"INSERT INTO jobs ({_JOB}) VALUES ({','.join('?' * len(values))})", *values)  # noqa: S608
        picture = (job, job, json.dumps(FISH.to_dict()), self.now)
        change(self.database, _PICTURE, *picture)
        self.asked[account].append(job)
        return True

    def like(self, account, job):
        sql = "INSERT OR IGNORE INTO reactions (person, picture, verb, at) VALUES (?, ?, 'favourite', ?)"
        if change(self.database, sql, self.person(account), job, self.now):
            self.note(account, job, "favourite")

    def unlike(self, account, job):
        sql = "DELETE FROM reactions WHERE person = ? AND picture = ?"
        if change(self.database, sql, self.person(account), job):
            self.note(account, job, "unfavourite")

    def note(self, account, picture, verb):
        values = (self.now, self.person(account), HOMES[account], picture, verb)
        change(self.database, _EVENT, *values, json.dumps(FISH.to_dict()))

    def told(self, account):
        """Return the log of the account's person: verb, picture and time."""
        sql = "SELECT verb, picture, at FROM taste_events WHERE person = ? ORDER BY id"
        found = rows(self.database, sql, self.person(account))
        return [(row["verb"], row["picture"], row["at"]) for row in found]

    def merge(self, account, other):
        person, source = self.person(account), self.person(other)
        if person != source:
            merge_persons(self.database, person, source)

    def split(self, account):
        split_off(self.database, account, self.now)

    def used(self, account):
        """Return the account's usage today in its home server."""
        return used(self.database, HOMES[account], account, PERSON, self.now)

    def liked(self, account):
        sql = "SELECT picture FROM reactions WHERE person = ?"
        return {row["picture"] for row in rows(self.database, sql, self.person(account))}


def used(database, server, account, kind, now):
    """Return the pictures today that count for a rule of that kind."""
    here = ask(person=account, server=server)
    return read_used(database, here, {"daily": EffectiveLimit(None, RuleSubject(kind, server))}, now)["daily"]


_JOB = "id, key, person, account, server, channel, locale, reply, line, conditions, state, accepted_at"
_PICTURE = (
    "INSERT INTO pictures (id, job, place, conditions, media_type, width, height, made_at)"
    " VALUES (?, ?, 1, ?, 'image/png', 256, 256, ?)"
)
_EVENT = (
    "INSERT INTO taste_events (at, person, server, picture, verb, weight, conditions)"
    " VALUES (?, ?, ?, ?, ?, 1, ?)"
)

REACTION_WEIGHTS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from(ACCOUNTS), st.integers(1, 6)),
        st.tuples(st.sampled_from(["like", "unlike", "wish"]), st.sampled_from(ACCOUNTS), st.integers(0, 9)),
        st.tuples(st.just("merge"), st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS)),
        st.tuples(st.just("split"), st.sampled_from(ACCOUNTS), st.just(0)),
    ),
    min_size=12,
    max_size=36,
)


@given(REACTION_WEIGHTS)
def test_no_order_of_joining_and_parting_gains_quota_or_loses_anything(acts):
    town, charged = Town(), dict.fromkeys(ACCOUNTS, 0)
    for act, account, what in acts:
        used = {each: town.used(each) for each in ACCOUNTS}
        kept = {each: (town.liked(each), _wishes(town, each)) for each in ACCOUNTS}
        town.now += 1
        if act == "ask":
            fits = used[account] + what <= DAILY
            assert town.ask(account, what) == fits
            charged[account] += what if fits else 0
        elif act == "wish":
            town.note(account, "", "asked")
        elif act in ("like", "unlike"):
            jobs = [job for asked in town.asked.values() for job in asked]
            for job in jobs[what : what + 1]:
                getattr(town, act)(account, job)
        else:
            getattr(town, act)(account, *([what] if act == "merge" else []))
            for each, (liked, wishes) in kept.items():
                assert town.liked(each) >= liked
                assert _wishes(town, each) >= wishes
        assert all(town.used(each) >= max(used[each], charged[each]) for each in ACCOUNTS)
        assert max(charged.values()) <= DAILY
        _agrees(town, charged)
    town.database.close()


def _agrees(town, charged):
    """Check that pictures have their account's person, servers their charges, and tastes their log."""
    jobs = {row["id"]: row["person"] for row in rows(town.database, "SELECT id, person FROM jobs")}
    assert jobs == {job: town.person(each) for each, asked in town.asked.items() for job in asked}
    hall = used(town.database, "discord:hall", ANN, TOTAL, town.now)
    assert hall == charged[ANN] + charged[BOB]
    for account in ACCOUNTS:
        standing = {}
        for verb, picture, _ in town.told(account):
            assert verb != standing.get(picture), "nothing is told twice"
            standing[picture] = verb if picture else ""
        assert {picture for picture, verb in standing.items() if verb == "favourite"} == town.liked(account)


def _wishes(town, account):
    """Return when the account's person asked for something in words."""
    found = [at for verb, _, at in town.told(account) if verb == "asked"]
    assert len(found) == len(set(found))
    return set(found)


def test_what_was_used_on_all_platforms_counts_everywhere_once_they_are_joined():
    town = Town()
    assert town.ask(ANN, 4)
    assert town.ask(SLACK, 3)
    town.merge(ANN, SLACK)
    assert [town.used(each) for each in (ANN, SLACK, BOB)] == [7, 7, 0]
    assert not town.ask(SLACK, 4)
    assert town.ask(SLACK, 3)


@pytest.mark.parametrize("leaving", [ANN, SLACK])
def test_two_accounts_that_are_used_up_stay_used_up_when_they_part_and_join_again(leaving):
    town = Town()
    town.merge(ANN, SLACK)
    assert town.ask(ANN, DAILY)
    town.split(leaving)
    assert [town.ask(each, 1) for each in (ANN, SLACK)] == [False, False]
    town.merge(SLACK, ANN)
    assert [town.used(each) for each in (ANN, SLACK)] == [DAILY, DAILY]


def test_a_refund_is_given_to_both_who_were_charged():
    town = Town()
    town.merge(ANN, SLACK)
    town.ask(ANN, 4)
    town.split(SLACK)
    refund(town.database, "job-0")
    assert [town.used(each) for each in (ANN, SLACK)] == [0, 0]


def test_a_day_after_parting_nobody_is_charged_for_the_other():
    town = Town()
    town.merge(ANN, SLACK)
    town.ask(ANN, 4)
    town.split(SLACK)
    town.now += 86_400
    assert [town.used(each) for each in (ANN, SLACK)] == [0, 0]
    town.merge(ANN, SLACK)
    town.split(SLACK)
    assert rows(town.database, "SELECT * FROM usage_shares") == []


@pytest.mark.parametrize("leaving", [ANN, SLACK])
def test_the_stricter_limit_of_two_holds_for_both_and_after(leaving):
    town = Town()
    for account, daily, minute in ((ANN, 500, None), (SLACK, 5, 7)):
        limits = {"daily": daily, "per_minute": minute}
        write_limits(town.database, "discord:hall", RuleSubject(PERSON, account), limits, ())
    write_limits(town.database, "discord:hall", RuleSubject(PERSON, SLACK), {"size": 512}, ())
    town.merge(ANN, SLACK)
    for _ in ("joined", "parted"):
        for each in (ANN, SLACK):
            held = limits_for(town.database, DEFAULTS, "discord:hall", RuleSubject(PERSON, each))
            amounts = {name: held[name].amount for name in ("daily", "per_minute", "size", "count")}
            assert amounts == {"daily": 5, "per_minute": 7, "size": 512, "count": None}
        town.split(leaving)


def test_settings_are_joined_and_both_keep_them():
    town = Town()
    kept = ((ANN, "style", "ink"), (ANN, "size", "512"), (SLACK, "style", "oil"), (SLACK, "ar", "3:2"))
    for row in kept:
        change(town.database, "INSERT INTO settings (scope, key, value) VALUES (?, ?, ?)", *row)
    town.merge(ANN, SLACK)
    town.split(ANN)
    for account in (ANN, SLACK):
        found = rows(town.database, "SELECT key, value FROM settings WHERE scope = ?", account)
        assert {row["key"]: row["value"] for row in found} == {"style": "ink", "size": "512", "ar": "3:2"}


def test_who_deleted_their_own_picture_did_so_before_and_after():
    town = Town()
    town.merge(ANN, SLACK)
    town.ask(SLACK, 1)
    change(town.database, "UPDATE pictures SET deleted_by = ?", town.person(SLACK))
    for account in (ANN, SLACK):
        town.split(account)
        sql = "SELECT deleted_by = person AS own FROM pictures JOIN jobs ON jobs.id = pictures.job"
        assert first(town.database, sql) == {"own": 1}


def test_a_favourite_wins_over_one_that_was_taken_back():
    town = Town()
    town.ask(BOB, 1)
    for account in (ANN, SLACK):
        town.like(account, "job-0")
    town.unlike(ANN, "job-0")
    town.merge(ANN, SLACK)
    assert town.liked(ANN) == {"job-0"}
    assert town.told(ANN) == [("favourite", "job-0", town.now)]


def test_an_account_that_leaves_has_a_name_and_a_place_in_the_queue():
    town = Town()
    change(town.database, "INSERT INTO people (id, locale, first_seen) VALUES (?, 'zh', 1.0)", ANN)
    town.merge(ANN, SLACK)
    town.ask(SLACK, 1)
    town.split(SLACK)
    assert first(town.database, "SELECT locale FROM people WHERE id = ?", SLACK) == {"locale": "zh"}
