"""Facts about bot/platforms/discord/text.py."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.text import (
    MOST_WORDS,
    ServerNames,
    escape_markdown,
    language_of_text,
    mentions,
    plain_text,
    read_message,
    shorten,
    words_of,
)
from commands.chat import TALK, Answer
from commands.parsing.line import parse
from commands.registry import COMMANDS
from engine.vocabulary import load_vocabulary
from tests.support.discord.discord_app import command, member
from tests.support.discord.gateway import CHANNEL, GUILD, MANAGE_SERVER, ROLE, ROOM

pytestmark = pytest.mark.platform("discord")

ME = 901
MARKUP = st.text(alphabet="ab \n\\*_~`|<>@[]()#-+:/.")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("a fish for <@2> and <@!3>", "a fish for   and"),
        ("<@&4> <#200> fish", "fish"),
        ("a <:fish:77> and <a:crane:78>", "a   and"),
        ("at <t:1800000000:R> fish", "at   fish"),
        ("see <id:customize> fish", "see   fish"),
        ("</taste:5> show", "/taste show"),
        ("1 < 2 > 0 <script>", "1 < 2 > 0 <script>"),
        ("  水墨 鱼 ", "水墨 鱼"),
    ],
)
def test_discords_own_signs_are_no_words(sent, meant):
    assert plain_text(sent) == meant


def test_people_stay_where_they_are_meant():
    assert plain_text("<@2> daily=3", named=True) == "discord:2 daily=3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"<@{ME}> a blue fish in ink", (TALK, "a blue fish in ink")),
        (f"<@!{ME}> style=ink", (TALK, "style=ink")),
        (f"a fish <@{ME}>", (TALK, "a fish")),
        (f"<@{ME}> paint a fish", (TALK, "paint a fish")),
        (f"<@{ME}> /paint a fish", ("paint", "a fish")),
        (f"<@{ME}> delete the moon", (TALK, "delete the moon")),
        (f"<@{ME}> delete 7", ("delete", "7")),
        (f"<@{ME}> vary", ("vary", "")),
        (f"<@{ME}> Help paint", ("help", "paint")),
        (f"<@{ME}> /taste show", ("taste", "show")),
        (f"<@{ME}> </taste:5> show", ("taste", "show")),
        (f"<@{ME}> 画水墨鱼", (TALK, "画水墨鱼")),
        (f"<@{ME}> ／口味", ("taste", "")),
        (f"<@{ME}> quota <@2> daily=3", ("quota", "discord:2 daily=3")),
        (f"<@{ME}> quota <@&3> <#4> daily=3", ("quota", "&discord:3 #discord:4 daily=3")),
        (f"<@{ME}> <@2> a fish in <#4>", (TALK, "a fish in")),
        (f"<@{ME}>", ("help", "")),
        ("/", ("help", "")),
        ("", ("help", "")),
    ],
)
def test_a_message_is_a_command_or_a_talk(text, said):
    assert read_message(text, ME) == said


@given(st.text())
def test_whatever_is_sent_can_be_read(text):
    command, _ = read_message(text, ME)
    assert command in (*COMMANDS, TALK)


@pytest.mark.parametrize(
    ("text", "spoken_to"),
    [(f"<@{ME}> fish", True), (f"fish <@!{ME}>", True), ("@Easel fish", False), (f"<@&{ME}>", False)],
)
def test_easel_is_spoken_to_by_its_name(text, spoken_to):
    assert mentions(text, ME) is spoken_to


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *(("水墨鱼", "zh"), ("a fish 鱼", "zh"), ("もっと青く", "ja"), ("더 파랗게", "ko")),
        *(("a fish", "fr"), ("", "fr")),
    ],
)
def test_a_message_is_answered_in_the_language_of_its_signs_else_in_the_servers(text, language):
    assert language_of_text(text, "fr") == language


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*bold* _slanted_ ~~struck~~ ||hidden||", r"\*bold\* \_slanted\_ \~\~struck\~\~ \|\|hidden\|\|"),
        ("`code` C:\\", r"\`code\` C:\\"),
        ("@everyone <@1> <#2> </help:3> <t:4>", r"\@everyone \<\@1\> \<#2\> \</help:3\> \<t:4\>"),
        ("[here](https://example.org)", r"\[here\](https:/\/example.org)"),
        ("# big\n  - one\n-# small\n> said", "\\# big\n  \\- one\n\\-# small\n\\> said"),
        ("1. one\n 12. twelve, 3.5", "1\\. one\n 12\\. twelve, 3.5"),
        ("ukiyo-e, C#, 2 + 2", "ukiyo-e, C#, 2 + 2"),
    ],
)
def test_what_is_said_is_shown_as_it_stands(text, said):
    assert escape_markdown(text) == said


@given(st.text() | MARKUP)
def test_nothing_that_is_said_is_active_in_discord(text):
    shown = re.sub(r"\\(\W|_)", "x", escape_markdown(text))
    assert not re.search(r"[\\*_~`|<>@\[\]]|://|^[^\S\n]*[-#+]", shown, re.MULTILINE)


@given(MARKUP.filter(lambda text: len(text) < MOST_WORDS / 2))
def test_discord_shows_what_was_meant(text):
    assert re.sub(r"\\(\W|_)", r"\1", escape_markdown(text)) == text


@given(st.text(min_size=1).map(lambda text: text * (1 + 2 * MOST_WORDS // len(text))))
def test_what_is_said_fits_into_a_message(text):
    assert len(escape_markdown(text)) <= MOST_WORDS


@pytest.mark.parametrize(
    ("text", "shown"), [("abc", "abc"), ("abcd", "ab…"), ("ab  ef", "ab…"), ("a\\\\\\b", "a…")]
)
def test_what_is_too_long_ends_in_an_ellipsis(text, shown):
    assert shorten(text, 3) == shown


@pytest.mark.parametrize(
    ("command", "given", "words"),
    [
        ("paint", {"style": "ink", "color": "blue", "seed": 7}, "style=ink color=blue seed=7"),
        ("paint", {"words": "a blue fish", "count": 2}, "a blue fish count=2"),
        ("paint", {"shape": "polar bear", "size": None}, 'shape="polar bear"'),
        ("paint", {"style": 'i"n“k”'}, "style=ink"),
        ("paint", {"words": "<@2> @everyone *fish*"}, "@everyone *fish*"),
        ("quota", {"subject": "<@2>", "daily": "none"}, "discord:2 daily=none"),
        ("quota", {"subject": "server", "per_minute": 3}, "server per_minute=3"),
        ("quota", {"subject": "<@&3>", "daily": "1"}, "&discord:3 daily=1"),
        ("quota", {"role": "<@&3>", "daily": "1"}, "role=&discord:3 daily=1"),
        ("quota", {"action": "reset", "channel": "<#4>"}, "reset channel=#discord:4"),
        (
            "settings",
            {"whose": "server", "channels": "<#4>, <#5>"},
            'server channels="#discord:4, #discord:5"',
        ),
        ("settings", {"whose": "server", "blocked": "<#4> x"}, "server blocked=x"),
        ("help", {"command": "paint"}, "paint"),
        ("taste", {}, ""),
    ],
)
def test_the_options_of_a_slash_command_are_the_words_of_a_line(command, given, words):
    assert words_of(COMMANDS[command].options, given) == words


@given(st.sampled_from(load_vocabulary().words("shape")), st.sampled_from(load_vocabulary().words("style")))
def test_every_word_that_is_offered_is_read_back(shape, style):
    given = {"shape": shape.name.replace("-", " "), "style": style.name}
    asked = parse(words_of(COMMANDS["paint"].options, given), load_vocabulary())
    assert (asked.shape, asked.style) == (shape.name, ((style.name, 1.0),))


SOMEBODY, ELSEWHERE = 123456789012345678, 223456789012345678
SINCE = {"archive_timestamp": "2027-01-15T12:00:00+00:00"}
THREAD = {
    **{"id": "201", "type": 11, "parent_id": str(CHANNEL), "guild_id": str(GUILD), "owner_id": "1"},
    **{"message_count": 1, "member_count": 1, "rate_limit_per_user": 0},
    "thread_metadata": {
        "archived": False,
        "auto_archive_duration": 60,
        "locked": False,
        **SINCE,
    },
}


async def test_roles_and_channels_that_are_picked_become_their_ids_and_have_names(platform, server, service):
    picked = {"role": {"id": str(ROLE), "name": "keepers"}, "channel": ROOM}
    said = command("quota", {**picked, "daily": "3"}, member=member(permissions=MANAGE_SERVER))
    await server.interact(said)
    await server.written()
    [ask] = service.asks
    assert ask.words == f"role=&discord:{ROLE} channel=#discord:{CHANNEL} daily=3"
    assert (ask.names[f"discord:{CHANNEL}"], ask.names.get("discord:404"), len(ask.names)) == ("art", None, 4)


@pytest.mark.parametrize(
    ("name", "said"),
    [("friends", "friends"), ("@everyone <@1>", "everyone 1"), ("**b** [x](https://y.z)", "b x https y z")],
)
def test_a_name_that_a_server_gave_is_harmless_when_it_is_said(name, said):
    guild = SimpleNamespace(get_role=lambda _: SimpleNamespace(name=name), roles=(), channels=())
    assert ServerNames(guild)["discord:7"] == said
    assert "discord:x" not in ServerNames(guild)


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (Answer(f"discord:{SOMEBODY}: 7", private=True), f"<@{SOMEBODY}>: 7"),
        (Answer(f"channels=discord:{ELSEWHERE}", private=True), f"channels=<#{ELSEWHERE}>"),
        (Answer(f"discord:{SOMEBODY}: 7"), f"discord:{SOMEBODY}: 7"),
        (Answer(f"discord:{SOMEBODY}", private=True, refused=True), f"discord:{SOMEBODY}"),
    ],
)
async def test_whom_an_admin_reads_of_is_shown_by_name_and_not_called(
    platform, server, service, answer, shown
):
    service.answer = answer
    await server.happen("CHANNEL_CREATE", {**ROOM, "id": str(ELSEWHERE), "guild_id": str(GUILD)})
    await server.interact(command())
    [said] = await server.written()
    assert said["content"] == shown
    assert not said["pinged"]


async def test_a_thread_says_to_which_channel_it_belongs(platform, server, service):
    thread = {**ROOM, **THREAD}
    await server.interact(command(channel=thread))
    await server.written()
    [ask] = service.asks
    assert (ask.channel, ask.parent) == ("discord:201", f"discord:{CHANNEL}")
