"""Facts about bot/moderation/service.py."""

from __future__ import annotations

import pytest

from bot.accounts.merging import merge_persons
from bot.moderation.service import MOST_REPORTS, ModerationService
from bot.people.audit import AuditLog
from bot.pictures.store import PictureStore
from bot.ports import Refused, Remedy
from bot.storage.database import change
from commands.chat import UserError
from engine.painting.encoding import finish
from tests.support.fakes import FISH, FakePlatform, ask, flat

ADMIN = ask(person="fake:mod", is_admin=True)
BOB = ask(person="fake:bob")


@pytest.fixture
def platform():
    return FakePlatform()


@pytest.fixture
def moderation(storage, tmp_path, clock, platform):
    store = PictureStore(storage, tmp_path / "pictures", clock, lambda: "unused")
    return ModerationService(storage, store, {"fake": platform}, clock)


@pytest.fixture
async def picture(tasting, tmp_path, moderation):
    """A picture of fake:ann in fake:studio, with its file."""
    [picture] = await tasting.paint(FISH)
    (tmp_path / "pictures" / f"{picture}.png").write_bytes(finish(flat(FISH), FISH))
    return picture


async def setting(storage, key, value):
    sql = "INSERT INTO settings (scope, key, value) VALUES ('fake:studio', ?, ?)"
    await storage.write(lambda database: change(database, sql, key, value))


async def test_who_is_blocked_is_refused_in_that_server_alone(moderation):
    await moderation.block(ADMIN, "fake:bob", "spam")
    with pytest.raises(UserError, match="blocked you here"):
        await moderation.check(BOB)
    await moderation.check(ask(person="fake:bob", server="fake:school"))
    await moderation.check(ask(person="fake:ann"))


async def test_a_block_holds_for_all_accounts_of_a_person(moderation, storage):
    await moderation.block(ADMIN, "fake:bob", "spam")
    await storage.write(lambda database: merge_persons(database, "fake:robert", "fake:bob"))
    with pytest.raises(UserError):
        await moderation.check(ask(person="fake:robert"))


async def test_a_block_can_be_changed_and_lifted_and_the_audit_tells(moderation, storage):
    await moderation.block(ADMIN, "fake:bob", "spam")
    await moderation.block(ADMIN, "fake:bob", "slurs")
    assert [(each.account, each.reason) for each in await moderation.blocks(ADMIN)] == [("fake:bob", "slurs")]
    assert await moderation.unblock(ADMIN, "fake:bob")
    assert not await moderation.unblock(ADMIN, "fake:bob")
    await moderation.check(BOB)
    acts = await AuditLog(storage).latest("fake:studio", 0, 9)
    assert [(each.before, each.after) for each in acts] == [("slurs", ""), ("spam", "slurs"), ("", "spam")]


async def test_a_reported_picture_goes_to_the_moderators_channel_once(moderation, storage, platform, picture):
    await setting(storage, "reports", "fake:mods")
    assert await moderation.report(BOB, picture, "a face")
    assert not await moderation.report(ask(person="fake:eve"), picture, "")
    [(channel, post)] = platform.told
    assert channel == "fake:mods"
    assert "a face" in post.sentence
    assert [each.id for each in post.pictures] == [picture]


async def test_without_a_channel_or_with_one_that_refuses_it_is_in_the_list(
    moderation, storage, platform, picture
):
    await setting(storage, "reports", "fake:mods")
    platform.failures = [Refused("no", Remedy.ELSEWHERE)]
    await moderation.report(BOB, picture, "a face")
    assert platform.told == []
    [report] = await moderation.reported(ADMIN, 4)
    assert (report.picture, report.reason) == (picture, "a face")


async def test_what_a_moderator_keeps_is_listed_no_more(moderation, picture):
    await moderation.report(BOB, picture, "")
    await moderation.keep(ADMIN, [picture])
    assert await moderation.reported(ADMIN, 4) == []
    await moderation.report(ask(person="fake:eve"), picture, "")
    assert await moderation.reported(ADMIN, 4) == []


async def test_nobody_reports_without_end(moderation, tasting):
    pictures = await tasting.paint(*([FISH] * (MOST_REPORTS + 1)))
    for each in pictures[:-1]:
        await moderation.report(BOB, each, "")
    with pytest.raises(UserError, match="within an hour"):
        await moderation.report(BOB, pictures[-1], "")
    tasting.clock.advance(3601)
    await moderation.report(BOB, pictures[-1], "")
