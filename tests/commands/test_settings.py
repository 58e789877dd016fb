"""Facts about commands/settings.py: what people and admins set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.settings import COMMAND, MOST_WORDS, PERSONAL, SERVERS
from tests.support.fake_services import FakeServices, FakeSettings, ask

ADMIN = {"is_admin": True}


@pytest.fixture
def services():
    return FakeServices()


async def said(services, words, **changes):
    """Return the answer, which is private."""
    answer = await COMMAND.run(ask("settings", words, **changes), services)
    assert answer.private
    return answer.text


async def test_alone_it_says_what_a_person_has_set(services):
    services.settings = FakeSettings({"fake:ann": {"style": "ink"}})
    assert await said(services, "") == (
        "style=ink; color=not set; size=not set; ar=not set; language=not set"
    )


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("style=ink", {"style": "ink"}),
        ("style=ink:3+oil", {"style": "ink:0.75+oil:0.25"}),
        ("STYLE = sumi-e color=blue, gold", {"style": "ink", "color": "blue,gold"}),
        ("size=1000 ar=3x2", {"size": "1000", "ar": "3:2"}),
        ("language=zh", {"language": "zh"}),
    ],
)
async def test_a_person_sets_their_usual_wishes(services, words, kept):
    await said(services, words)
    assert services.settings.kept["fake:ann"] == kept


async def test_a_change_says_what_was_before_and_is_now(services):
    await said(services, "size=512")
    assert await said(services, "size=1024") == "Now: size=1024\nBefore: size=512"
    assert await said(services, "size=none") == "Now: size=not set\nBefore: size=1024"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("server channels=here", {"channels": "fake:hall"}),
        ("server channels=here,fake:barn", {"channels": "fake:hall,fake:barn"}),
        ("server styles=ink, watercolor", {"styles": "ink,watercolor"}),
        ("server blocked=Skull, old bones，骷髅", {"blocked": "skull,old bones,骷髅"}),
        ("server blocked=Skull,/Sku+ll{1,3}\\D/", {"blocked": r"skull,/Sku+ll{1,3}\D/"}),
        ("服务器 language=zh", {"language": "zh"}),
        ("server channels=#fake:barn", {"channels": "fake:barn"}),
        ("server child_safe=on keep_days=90", {"child_safe": "on", "keep_days": "90"}),
        ("server child_safe=开", {"child_safe": "on"}),
    ],
)
async def test_an_admin_sets_the_rules_of_a_server(services, words, kept):
    await said(services, words, **ADMIN)
    assert services.settings.kept["fake:studio"] == kept


async def test_everybody_sees_a_servers_rules_and_admins_alone_change_them(services):
    assert (await said(services, "server")).startswith("channels=not set; styles=not set")
    with pytest.raises(UserError, match="Only an admin of this server may change its settings"):
        await said(services, "server styles=ink")
    assert services.settings.kept == {}


async def test_in_a_thread_here_is_its_channel(services):
    await said(services, "server channels=here", **ADMIN, channel="fake:thread", parent="fake:hall")
    assert services.settings.kept["fake:studio"] == {"channels": "fake:hall"}


async def test_under_the_child_safe_lock_admins_alone_read_the_blocked_words(services):
    await said(services, "server child_safe=on blocked=skull,/bones?/", **ADMIN)
    assert "blocked=skull,/bones?/" in await said(services, "server", **ADMIN)
    assert "blocked=not shown, 2 in all" in await said(services, "server")
    await said(services, "server child_safe=none", **ADMIN)
    assert "blocked=skull,/bones?/" in await said(services, "server")


async def test_no_member_takes_the_child_safe_lock_off(services):
    await said(services, "server child_safe=on", **ADMIN)
    with pytest.raises(UserError, match="Only an admin of this server may change its settings"):
        await said(services, "server child_safe=none", is_moderator=True)
    assert services.settings.kept["fake:studio"] == {"child_safe": "on"}


async def test_the_child_safe_lock_is_taken_off_in_the_language_it_was_put_on(services):
    assert "child_safe=on" in await said(services, "server child_safe=开", **ADMIN)
    assert "Now: child_safe=not set" in await said(services, "server child_safe=关", **ADMIN)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("style=inc", "I know no style inc"),
        ("size=9999", "size is the longer side in pixels"),
        ("ar=9:1", "ar is width to height"),
        ("language=xx", "I speak these languages: en, de, es, fr, ja, ko, pt, zh, zh_Hant"),
        ("style=", "style has no value; say for example /settings style=ink size=1024"),
        (
            "blocked=skull",
            "blocked is a setting of a server, for admins; say for example /settings",
        ),
        ("everything", "I cannot read everything"),
        ("server blocked=skull,/(/", r"I cannot read the pattern \?; say"),
        ("server size=512", "There is no setting size; there are channels"),
        (
            "child_safe=on",
            "child_safe is a setting of a server, for admins; say for example",
        ),
        ("server child_safe=yes", "child_safe is on, or none"),
        ("server keep_days=0", "keep_days is a whole number from 1 to 36500"),
        ("server channels=other:1", "I cannot read other 1; say for example channels=here"),
        (f"server blocked={','.join(str(n) for n in range(MOST_WORDS + 1))}", "At most 100 words"),
    ],
)
async def test_a_mistake_is_told_and_nothing_is_set(services, words, sentence):
    with pytest.raises(UserError, match=sentence):
        await said(services, words, **ADMIN)
    assert services.settings.kept == {}


@given(st.text(max_size=60))
async def test_whatever_is_typed_is_a_setting_or_a_mistake(words):
    services = FakeServices()
    try:
        await said(services, words, **ADMIN)
    except UserError:
        assert services.settings.kept == {}


def test_every_setting_is_an_option():
    options = {option.name for option in COMMAND.options} - {"whose"}
    assert options == {*PERSONAL, *SERVERS}
