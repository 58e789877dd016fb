"""Facts about the audit: how it is written (bot/people/audit.py) and said (commands/audit.py)."""

from __future__ import annotations

import pytest

from bot.people import audit
from bot.people.audit import AuditLog
from commands.audit import COMMAND, PAGE_SIZE
from commands.chat import UserError
from commands.services.context import Act
from tests.support.fake_services import NOW, FakeAudit, FakeServices
from tests.support.fakes import NOON, ask

ACT = Act(NOW, "fake:mod", "quota", "fake:bob", '{"daily": 100}', '{"daily": null}')


async def test_acts_of_a_server_are_read_the_newest_first(storage):
    asks = [ask(person=f"fake:{n}") for n in range(3)] + [ask(server="fake:elsewhere")]
    for each in asks:
        await storage.write(
            lambda database, by=each: audit.write(database, NOON, by, "cancel", "x", "a", "b")
        )
    store = AuditLog(storage)
    assert [act.person for act in await store.latest("fake:studio", 0, 10)] == ["fake:2", "fake:1", "fake:0"]
    assert await store.latest("fake:studio", 1, 1) == [Act(NOON, "fake:1", "cancel", "x", "a", "b")]


async def test_an_admin_sees_who_changed_what():
    answer = await COMMAND.run(ask("", is_admin=True), FakeServices(audit=FakeAudit((ACT,))))
    assert answer.text == "2027-01-15 08:00 UTC, fake:mod, quota, fake:bob: per day: 100 → per day: no limit"
    assert (answer.private, answer.buttons) == (True, ())


async def test_in_chinese_what_changed_stands_after_chinese_signs():
    services = FakeServices(locale="zh", audit=FakeAudit((ACT,)))
    said = (await COMMAND.run(ask("", is_admin=True), services)).text
    assert said.startswith("2027-01-15 08:00 UTC，fake:mod，额度，fake:bob：")


async def test_more_acts_are_on_the_next_page():
    services = FakeServices(audit=FakeAudit((ACT,) * (PAGE_SIZE + 1)))
    first = await COMMAND.run(ask("", is_admin=True), services)
    [button] = first.buttons
    second = await COMMAND.run(ask(button.words, command=button.verb, is_admin=True), services)
    assert [len(each.text.splitlines()) for each in (first, second)] == [PAGE_SIZE, 1]
    assert second.buttons == ()


async def test_nobody_else_sees_it():
    with pytest.raises(UserError, match="Only an admin of this server may see that"):
        await COMMAND.run(ask("", is_moderator=True), FakeServices(audit=FakeAudit((ACT,))))


@pytest.mark.parametrize(("words", "text"), [("", "Nothing was changed here yet."), ("page = 9", "Nothing")])
async def test_where_nothing_was_changed_that_is_said(words, text):
    answer = await COMMAND.run(ask(words, is_admin=True), FakeServices())
    assert answer.text.startswith(text)


async def test_a_page_is_a_number():
    with pytest.raises(UserError, match="page is a whole number from 1 to"):
        await COMMAND.run(ask("page=last", is_admin=True), FakeServices())
