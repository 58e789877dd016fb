"""Facts about bot/platforms/web/admin.py, over real sockets: the admin alone sees and changes."""

from __future__ import annotations

import html
import re

import pytest

from bot.config import VARIABLES
from commands.settings import COMMAND, SERVERS
from tests.support.web_client import ADMIN_TOKEN, LINE, visitor, web_app


@pytest.fixture
async def admin(ann):
    """Ann, with the token."""
    assert (await ann.write("/admin", {"token": ADMIN_TOKEN}))[0] == 200
    return ann


async def send(client, path, **form):
    """Send a form as the page does; its status and the page that answers."""
    async with client.http.post(path, data={"csrf": client.csrf, **form}) as response:
        return response.status, html.unescape(await response.text())


async def seen(client, path="/admin", **headers):
    async with client.http.get(path, headers=headers) as response:
        return html.unescape(await response.text())


def told(page):
    """What a change is answered with."""
    return re.search(r'role="(status|alert)" tabindex="-1"\s+autofocus>([^<]*)<', page).groups()


async def limits(client):
    return (await client.ask("/quota"))["text"]


async def test_who_is_no_admin_sees_a_form_for_the_token_and_nothing_else(ann):
    page = await seen(ann)
    assert 'id="token" type="password"' in page
    assert not re.search("<table|<svg|/admin/quota", page)


async def test_without_a_token_nobody_can_sign_in(tmp_path, painting_client, clock):
    async with web_app(tmp_path, painting_client, clock, admin_token="") as app, visitor(app) as client:
        page = await seen(client)
    assert "start Easel with EASEL_WEB_ADMIN_TOKEN set" in page
    assert 'id="token"' not in page


async def test_where_the_token_is_asked_for_its_variable_is_named(ann):
    assert f"(what {VARIABLES['web_admin']} is set to)</label>" in await seen(ann, "/admin")


@pytest.mark.parametrize("path", ["/", "/gallery"])
async def test_to_nobody_else_a_page_names_the_admins_page(ann, path):
    assert "Admin" not in await seen(ann, path)


@pytest.mark.parametrize("path", ["/", "/gallery"])
async def test_to_an_admin_each_page_names_it(admin, path):
    assert '<a href="/admin">Admin</a>' in await seen(admin, path)


@pytest.mark.parametrize("path", ["/admin/quota", "/admin/settings"])
async def test_nobody_else_changes_anything(ann, path):
    assert (await send(ann, path, whose="total", daily="1", language="zh"))[0] == 403
    assert "limit: 1000" in await limits(ann)


@pytest.mark.parametrize("path", ["/admin/quota", "/admin/settings", "/sign-out"])
@pytest.mark.parametrize("token", ["", "wrong", "ü"])
async def test_a_form_without_the_pages_token_changes_nothing(admin, path, token):
    assert (await send(admin, path, csrf=token, whose="total", daily="1", language="zh"))[0] == 403
    assert "limit: 1000" in await limits(admin)


async def test_a_form_from_another_site_changes_nothing(admin):
    form, headers = {"csrf": admin.csrf, "whose": "total", "daily": "1"}, {"Origin": "https://evil.example"}
    async with admin.http.post("/admin/quota", data=form, headers=headers) as response:
        assert response.status == 403
    assert "limit: 1000" in await limits(admin)


async def test_who_signs_out_is_an_admin_no_longer(admin):
    status, page = await send(admin, "/sign-out")
    assert (status, 'id="token"' in page) == (200, True)
    assert (await send(admin, "/admin/quota", whose="total", daily="1"))[0] == 403


async def test_a_limit_is_set_audited_and_answered_with_what_was_before(admin):
    _, page = await send(admin, "/admin/quota", whose="total", daily="200", per_minute="none")
    before = "before: per day: 1000 (the usual limit), per minute: 30 (the usual limit)."
    assert told(page) == (
        "status",
        f"All of this server together: now per day: 200, per minute: no limit; {before}",
    )
    assert "today 0, limit: 200;" in await limits(admin)


async def test_what_is_cleared_is_left_to_the_next_rule_and_the_rest_stays(admin):
    await send(admin, "/admin/quota", whose="server", daily="7", per_minute="3")
    _, page = await send(admin, "/admin/quota", whose="server", daily="", per_minute="3")
    assert (
        told(page)[1] == "Each person in this server: now per day: 100 (the usual limit); before: per day: 7."
    )
    assert re.search(r'name="daily"[^>]*\s+value="" placeholder="100" aria-label="[^"]*: Each person', page)
    assert re.search(
        r'name="per_minute"[^>]*\s+value="3" placeholder="" aria-label="[^"]*: Each person', page
    )


async def test_a_rule_is_taken_away(admin):
    assert 'value="reset"' not in await seen(admin)
    _, page = await send(admin, "/admin/quota", whose="server", daily="7")
    assert 'value="reset" aria-label="Take away: Each person in this server"' in page
    _, page = await send(admin, "/admin/quota", whose="server", daily="7", action="reset")
    assert told(page)[1].startswith("Each person in this server: rule removed")
    assert 'value="reset"' not in page


async def test_somebody_else_keeps_what_is_not_said_of_them(admin):
    for form in ({"daily": "7"}, {"per_minute": "3"}):
        await send(admin, "/admin/quota", whose="web:somebody", action="set", **form)
    page = await seen(admin)
    assert re.search(r'name="daily"[^>]*\s+value="7"[^>]*: web:somebody"', page)
    assert re.search(r'name="per_minute"[^>]*\s+value="3"[^>]*: web:somebody"', page)


async def test_limits_that_stay_as_they_are_leave_no_trace(admin):
    await send(admin, "/admin/quota", whose="server", daily="7")
    _, page = await send(admin, "/admin/quota", whose="server", daily="7")
    assert told(page) == ("status", "Nothing was changed.")


async def test_a_limit_for_a_person_holds_for_that_person(admin, bob):
    await bob.ask("/paint a fish")
    page = await seen(admin)
    [person] = set(re.findall(r'name="whose" value="(web:[\w-]{16})"', page))
    await send(admin, "/admin/quota", whose=person, daily="1")
    assert (await bob.ask("/paint a fish"))["text"].startswith("You have used 1 of your 1 pictures a day")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"whose": "total", "daily": "many"}, "daily is a whole number from 0 to 1000000, or none"),
        ({"whose": "nobody", "daily": "1"}, "I cannot read nobody; say for example /quota server"),
        ({"daily": "1"}, "Say whose limit: server, total, a person"),
    ],
)
async def test_what_cannot_be_read_is_answered_as_the_command_does(admin, form, sentence):
    _, page = await send(admin, "/admin/quota", **form)
    role, text = told(page)
    assert (role, text.startswith(sentence)) == ("alert", True)
    assert "Nothing was changed here yet." in page


async def test_every_setting_has_a_name_of_its_own_that_says_nothing_of_typing(admin):
    page = await seen(admin)
    assert all(f'name="{key}"' in page for key in SERVERS if key != "styles")
    assert not [option.summary for option in COMMAND.options if option.summary in page]
    assert "<label>Fit for children" in page


async def test_settings_that_changed_are_set_and_audited_alone(admin):
    await send(admin, "/admin/settings", blocked="skull, blood")
    _, page = await send(admin, "/admin/settings", blocked="skull,blood", styles="ink")
    assert told(page) == ("status", "Now: styles=ink\nBefore: styles=not set")
    assert re.search(r'name="styles" value="ink" checked', page)
    assert 'name="blocked" value="skull,blood"' in page
    assert (await admin.ask("/paint a skull"))["refused"]
    _, page = await send(admin, "/admin/settings", blocked="", styles="ink")
    assert told(page)[1] == "Now: blocked=not set\nBefore: blocked=skull,blood"


async def test_several_styles_are_allowed_together(admin):
    form = [("csrf", admin.csrf), ("styles", "ink"), ("styles", "oil")]
    async with admin.http.post("/admin/settings", data=form) as response:
        assert told(await response.text())[1].startswith("Now: styles=ink,oil")


async def test_settings_that_stay_as_they_are_leave_no_trace(admin):
    _, page = await send(admin, "/admin/settings")
    assert told(page) == ("status", "Nothing was changed.")
    assert "Nothing was changed here yet." in page


async def test_use_is_drawn_and_told_in_words_and_in_a_table(admin):
    await admin.ask(LINE + " count=3")
    page = await seen(admin)
    assert "The last 14 days: 3 pictures, at most 3 a day." in page
    assert len(re.findall('<rect class="column"', page)) == 14
    assert '<tr><th scope="row">Jan 15</th><td>3</td></tr>' in page


async def test_the_audit_has_pages(admin):
    for number in range(21):
        await send(admin, "/admin/quota", whose="total", daily=str(number))
    first, second = await seen(admin), await seen(admin, "/admin?page=2")
    assert 'href="/admin?page=2#audit"' in first
    assert 'href="/admin?page=1#audit"' in second
    assert [page.count(">quota</td>") for page in (first, second)] == [20, 1]


@pytest.mark.parametrize("path", ["/admin/quota", "/admin/settings"])
async def test_where_a_form_went_is_the_page_for_whoever_loads_it_again(admin, path):
    assert 'id="quotas"' in await seen(admin, path)


async def test_the_page_is_in_the_readers_language(admin):
    page = await seen(admin, **{"Accept-Language": "zh-CN"})
    assert "每日图画数" in page
    assert "1月15日" in page


async def test_the_page_has_no_script_or_style_of_its_own(admin):
    page = await seen(admin)
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)


async def test_the_way_to_the_page_is_shown_to_admins_alone(admin, bob):
    assert 'href="/admin"' in await seen(admin, "/gallery")
    assert 'href="/admin"' not in await seen(bob, "/gallery")
