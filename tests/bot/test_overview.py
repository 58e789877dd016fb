"""Test the overview of a server, over a real database."""

from __future__ import annotations

import pytest

from bot.clock import DAY, day_start
from bot.overview import DAYS, MOST_PEOPLE, OverviewReader
from bot.people.audit import AuditLog
from bot.people.identity import link_accounts
from bot.people.settings import SettingsStore
from bot.quotas.check import Request
from bot.quotas.rules import Defaults
from bot.quotas.service import QuotaService
from bot.quotas.usage import charge, refund
from bot.records import Day
from commands.services.quotas import CHANNEL, PERSON, SERVER, TOTAL, Limit, RuleSubject
from tests.support.fakes import NOON, ask

DEFAULTS = Defaults(person=Limit(100, 8), total=Limit(1000, 300))
HALL, ANN, BOB = "fake:studio", "fake:ann", "fake:bob"
EVERYBODY = [(TOTAL, HALL), (SERVER, HALL)]


@pytest.fixture
def overviews(storage, clock):
    return OverviewReader(storage, DEFAULTS, SettingsStore(storage, clock), AuditLog(storage), clock)


@pytest.fixture
def paint(storage):
    """Charge a request."""

    async def paint(job, pictures, now=NOON, **changes):
        request = Request(pictures)
        await storage.write(lambda database: charge(database, DEFAULTS, ask(**changes), job, request, now))

    return paint


def listed(overview):
    return [(each.whose.kind, each.whose.id) for each in overview.uses]


async def test_an_empty_server_has_its_own_limit_and_two_weeks_without_pictures(overviews):
    overview = await overviews.of(HALL, 0, 9)
    assert listed(overview) == [*EVERYBODY]
    assert [each.status.limits["daily"].amount for each in overview.uses] == [1000, 100]
    assert len(overview.days) == DAYS
    assert overview.days[-1] == Day(day_start(NOON), 0)
    assert overview.days[0].at == day_start(NOON) - 13 * DAY


async def test_who_asked_most_today_comes_first(overviews, paint):
    await paint("job-1", 2)
    await paint("job-2", 3, person=BOB)
    await paint("job-3", 4, person="fake:eve", server="fake:other")
    overview = await overviews.of(HALL, 0, 9)
    assert listed(overview) == [*EVERYBODY, (PERSON, BOB), (PERSON, ANN)]
    assert [each.status.used.get("daily") for each in overview.uses] == [5, None, 3, 2]


async def test_whoever_has_a_rule_is_there_without_having_asked(overviews, storage, clock):
    quotas = QuotaService(storage, DEFAULTS, clock)
    for whose in (RuleSubject(PERSON, ANN), RuleSubject(CHANNEL, "fake:hall")):
        await quotas.change(ask(), whose, {"daily": 5})
    overview = await overviews.of(HALL, 0, 9)
    assert listed(overview) == [*EVERYBODY, (CHANNEL, "fake:hall"), (PERSON, ANN)]
    assert {each.status.limits["daily"].amount for each in overview.uses[2:]} == {5}


async def test_pictures_are_counted_on_the_day_on_which_they_were_asked_for(overviews, paint, storage):
    await paint("job-1", 1, now=day_start(NOON))
    await paint("job-2", 2, now=day_start(NOON) - 1)
    await paint("job-3", 4, now=day_start(NOON) - 14 * DAY)
    await paint("job-4", 3)
    await storage.write(lambda database: refund(database, "job-4"))
    assert [each.pictures for each in (await overviews.of(HALL, 0, 9)).days] == [*[0] * 12, 2, 1]


async def test_joined_accounts_are_called_as_the_server_knows_them(overviews, paint, storage):
    await storage.write(lambda database: link_accounts(database, "other:ann", ANN))
    await paint("job-1", 2, person="other:ann")
    assert listed(await overviews.of(HALL, 0, 9)) == [*EVERYBODY, (PERSON, ANN)]


async def test_who_has_no_account_on_the_platform_is_not_listed(overviews, storage, clock):
    await QuotaService(storage, DEFAULTS, clock).change(ask(), RuleSubject(PERSON, "other:ann"), {"daily": 5})
    assert listed(await overviews.of(HALL, 0, 9)) == EVERYBODY


async def test_settings_and_the_latest_acts_are_told(overviews, storage, clock):
    settings = SettingsStore(storage, clock)
    for style in ("ink", "oil", "sketch"):
        await settings.change(ask(), HALL, {"styles": style})
    overview = await overviews.of(HALL, 1, 1)
    assert overview.settings == {"styles": "sketch"}
    assert [each.after for each in overview.acts] == ['{"styles": "oil"}']


async def test_a_crowd_is_shown_in_part(overviews, paint):
    for number in range(MOST_PEOPLE + 1):
        await paint(f"job-{number}", 1, person=f"fake:{number:03}")
    assert len((await overviews.of(HALL, 0, 9)).uses) == MOST_PEOPLE + len(EVERYBODY)
