"""Facts about bot/platforms/discord/replies.py, with a fake Discord and in simcord's time."""

from __future__ import annotations

import asyncio

import pytest

from bot.platforms.discord.adapter import PATIENCE
from bot.platforms.discord.messages import DiscordReplyTarget
from bot.platforms.discord.replies import CLOSED, FirstReplies
from commands.chat import Answer
from tests.support.discord.discord_app import (
    ANN,
    BOB,
    SlowService,
    adapter,
    command,
    direct_command,
    direct_message,
    member,
    message,
    person,
    simulated,
)
from tests.support.discord.gateway import BOT_USER, CHANNEL, GUILD, MANAGE_SERVER, OWNER, ROLE
from tests.support.discord.payloads import PRIVATE
from tests.support.discord.server import HELD, MESSAGE, direct_channel
from tests.support.fakes import CARD, FILE, HERE, PICTURE

pytestmark = pytest.mark.platform("discord")


async def test_a_key_is_new_once():
    answers = FirstReplies()
    assert [answers.begin("a"), answers.begin("a"), answers.begin("b")] == [True, False, True]


async def test_a_result_waits_for_the_first_answer_and_finds_its_message():
    answers = FirstReplies()
    answers.begin("a")
    waiting = asyncio.ensure_future(answers.find("a"))
    await asyncio.sleep(0)
    assert not waiting.done()
    answers.end("a", 77)
    assert await waiting == 77
    assert await answers.find("a") == 77


async def test_an_answer_that_could_not_be_said_has_no_message():
    answers = FirstReplies()
    answers.begin("a")
    answers.end("a", None)
    assert await answers.find("a") is None


async def test_nothing_is_known_of_answers_of_before_a_restart():
    assert await FirstReplies().find("a") is None


async def test_the_oldest_are_forgotten_first():
    answers = FirstReplies(most=2)
    for key in "abc":
        answers.begin(key)
        answers.end(key, ord(key))
    assert [await answers.find(key) for key in "abc"] == [None, ord("b"), ord("c")]


async def test_nobody_waits_for_an_answer_that_was_forgotten():
    answers = FirstReplies(most=1)
    answers.begin("a")
    waiting = asyncio.ensure_future(answers.find("a"))
    await asyncio.sleep(0)
    answers.begin("b")
    async with asyncio.timeout(5):
        assert await waiting is None
    answers.end("a", 77)
    assert await answers.find("a") is None


async def test_a_preview_that_is_given_up_leaves_the_answer_to_others():
    answers = FirstReplies()
    answers.begin("a")
    preview = asyncio.ensure_future(answers.find("a"))
    await asyncio.sleep(0)
    preview.cancel()
    await asyncio.wait([preview])
    answers.end("a", 77)
    assert await answers.find("a") == 77


EASEL = f"<@{BOT_USER}>"
PAINTING = Answer("Painting fish", job="job-1")
REFUSED = Answer("I know no style inc.", refused=True)
DISCORD_SECONDS = 3
"""How long Discord waits for a first answer."""


@pytest.fixture
async def impatient(server, service):
    """An adapter that holds every answer."""
    async with adapter(server, service, patience=0) as platform:
        yield platform


async def test_an_ask_says_who_asks_where_and_how_to_answer_later(platform, server, service):
    admin = member(permissions=MANAGE_SERVER, roles=[str(ROLE)])
    said = command("quota", {"subject": f"<@{BOB}>", "daily": "3"}, member=admin, locale="zh-CN")
    asked = await server.interact(said)
    await server.written()
    [ask] = service.asks
    assert (ask.key, ask.person) == (f"discord:{asked.id}", "discord:1")
    assert (ask.server, ask.channel) == (f"discord:{GUILD}", f"discord:{CHANNEL}")
    assert (ask.command, ask.words) == ("quota", "discord:2 daily=3")
    assert (ask.locale, ask.is_admin, ask.roles) == ("zh-CN", True, {f"discord:{ROLE}"})
    assert (ask.has_roles, ask.names[f"discord:{ROLE}"], ask.parent) == (True, "keepers", "")
    assert DiscordReplyTarget.from_reply(ask.reply).token == asked.token


async def test_what_takes_long_is_held_and_answered_in_its_place(server, service):
    service.gate.clear()
    service.answer = Answer("Painting fish", job="job-1")
    async with adapter(server, service, patience=0):
        asked = await server.interact(command())
        await server.until(lambda: asked.kind)
        assert asked.kind == HELD
        service.gate.set()
        await server.written()
    assert [each["content"] for each in server.messages.values()] == ["Painting fish"]


async def test_what_is_quick_is_not_held(platform, server, service):
    asked = await server.interact(command())
    await server.written()
    assert asked.kind == MESSAGE


async def test_a_slash_command_in_direct_messages_is_nobodys_server(platform, server, service):
    await server.interact(direct_command())
    await server.written()
    [ask] = service.asks
    assert (ask.person, ask.server, ask.channel) == (
        "discord:1",
        "discord:dm-1",
        f"discord:{direct_channel(ANN)}",
    )
    assert (ask.is_admin, ask.roles) == (False, frozenset())


async def test_a_slash_command_works_where_easel_is_no_member(platform, server, service):
    await server.interact(command(guild_id="999", member=member(permissions=MANAGE_SERVER)))
    await server.written()
    [ask] = service.asks
    assert (ask.server, ask.is_admin) == ("discord:999", True)


async def test_a_mention_says_who_asks_where_and_how_to_answer_later(platform, server, service):
    said = message(server, f"{EASEL} quota <@{BOB}> daily=3", member=member(roles=[str(ROLE)]))
    await server.happen("MESSAGE_CREATE", said)
    await server.written()
    [ask] = service.asks
    assert (ask.key, ask.person, ask.server) == (f"discord:{said['id']}", "discord:1", f"discord:{GUILD}")
    assert (ask.channel, ask.command, ask.words) == (f"discord:{CHANNEL}", "quota", "discord:2 daily=3")
    assert DiscordReplyTarget.from_reply(ask.reply) == DiscordReplyTarget(CHANNEL, ANN, int(said["id"]))


@pytest.mark.parametrize(
    ("author", "roles", "leads"),
    [(ANN, [], False), (ANN, [ROLE], True), (OWNER, [], True)],
    ids=["a member", "with a role", "the owner"],
)
async def test_people_who_may_manage_the_server_lead_in_mentions_too(
    platform, server, service, author, roles, leads
):
    who = {"author": person(author), "member": member(author, roles=[str(each) for each in roles])}
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} help", **who))
    await server.written()
    assert [ask.is_admin for ask in service.asks] == [leads]


@pytest.mark.parametrize(("text", "locale"), [("help", "en-US"), ("帮助", "zh")])
async def test_a_mention_is_in_its_own_language_or_the_servers(platform, server, service, text, locale):
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} {text}"))
    await server.written()
    assert [ask.locale for ask in service.asks] == [locale]


@pytest.mark.parametrize("answer", [HERE, REFUSED], ids=["private", "refused"])
async def test_what_is_private_is_seen_by_its_author_only(platform, server, service, answer):
    service.answer = answer
    await server.interact(command())
    [said] = await server.written()
    assert said["flags"] & PRIVATE


@pytest.mark.parametrize("answer", [HERE, REFUSED], ids=["private", "refused"])
async def test_what_is_private_stays_so_when_it_was_held(impatient, server, service, answer):
    service.gate.clear()
    service.answer = answer
    asked = await server.interact(command())
    await server.until(lambda: asked.kind == HELD)
    service.gate.set()
    await server.until(lambda: server.called("delete_original"))
    [said] = server.messages.values()
    assert (said["content"], said["flags"]) == (answer.text, PRIVATE)


async def test_pictures_come_with_a_first_answer(platform, server, service):
    service.answer = Answer("Here it is.", (PICTURE,))
    await server.interact(command())
    [said] = await server.painted()
    assert said["attachments"][0]["data"] == PICTURE.data
    assert said["attachments"][0]["description"] == PICTURE.alt


@pytest.mark.parametrize("asked", [command(), None], ids=["command", "mention"])
async def test_what_is_attached_to_an_answer_comes_with_it(platform, server, service, asked):
    service.answer = Answer("Your taste.", private=True, attachments=(CARD, FILE))
    if asked:
        await server.interact(asked)
    else:
        await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} taste"))
    [said] = await server.written()
    assert [(each["filename"], each["data"]) for each in said["attachments"]] == [
        (CARD.name, CARD.data),
        (FILE.name, FILE.data),
    ]
    assert said["attachments"][0]["description"] == CARD.alt


async def test_a_private_answer_to_a_mention_goes_to_direct_messages(platform, server, service):
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} taste"))
    [said] = await server.written()
    assert said["channel_id"] == str(direct_channel(ANN))


async def test_somebody_who_takes_no_direct_messages_is_told_of_slash_commands(platform, server, service):
    server.shy.add(ANN)
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} taste"))
    [said] = await server.written()
    assert (said["channel_id"], said["content"]) == (str(CHANNEL), CLOSED)


async def test_a_private_answer_in_direct_messages_stays_there(platform, server, service):
    said = direct_message(server, "taste")
    await server.happen("MESSAGE_CREATE", said)
    [reply] = await server.written()
    assert reply["message_reference"]["message_id"] == int(said["id"])


async def test_a_mistake_in_a_mention_is_answered_where_it_was_made(platform, server, service):
    service.answer = REFUSED
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} style=inc"))
    [said] = await server.written()
    assert (said["channel_id"], said["content"]) == (str(CHANNEL), REFUSED.text)
    assert not said["pinged"]


async def test_a_mention_may_wait(impatient, server, service):
    service.gate.clear()
    await server.happen("MESSAGE_CREATE", direct_message(server, "taste"))
    asked = await server.interact(command())
    await server.until(lambda: asked.kind == HELD)
    assert not server.called("send")
    service.gate.set()
    await server.until(lambda: server.called("send") and server.called("delete_original"))
    assert len(server.called("send")) == 1


async def test_what_is_said_is_escaped_and_calls_nobody(platform, server, service):
    service.answer = Answer("@everyone <@2> *fish*; see /help")
    await server.interact(command())
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} a fish"))
    for said in await server.written(2):
        assert said["content"] == r"\@everyone \<\@2\> \*fish\*; see /help"
        assert not said["pinged"]


async def asking(env):
    """What became of a slash command that somebody typed."""
    channel = env.create_guild().create_text_channel("art")
    ann = env.guild.add_member(env.create_user("ann"))
    return await ann.slash(channel, "paint", style="ink", seed=7)


async def test_a_quick_answer_is_the_only_one():
    async with simulated(SlowService(PAINTING)) as env:
        result = await asking(env)
        assert (result.acknowledged, result.deferred) == (True, False)
        assert (result.response.content, result.followups) == ("Painting fish", [])


async def test_a_slow_answer_is_acknowledged_while_discord_waits():
    async with simulated(SlowService(PAINTING, seconds=60)) as env:
        result = await asking(env)
        await env.advance_time(PATIENCE - 0.1)
        assert not result.acknowledged
        await env.advance_time(DISCORD_SECONDS - PATIENCE)
        assert (result.acknowledged, result.deferred, result.ephemeral) == (True, True, False)
        await env.advance_time(60)
        assert (result.response.content, result.followups) == ("Painting fish", [])


@pytest.mark.parametrize("seconds", [PATIENCE - 0.01, PATIENCE, PATIENCE + 0.01])
async def test_an_answer_at_the_last_moment_is_given_once(seconds):
    async with simulated(SlowService(PAINTING, seconds=seconds)) as env:
        result = await asking(env)
        await env.advance_time(DISCORD_SECONDS)
        assert (result.response.content, result.followups) == ("Painting fish", [])


async def test_a_slow_refusal_is_private_and_leaves_nothing_behind():
    async with simulated(SlowService(REFUSED, seconds=60)) as env:
        result = await asking(env)
        await env.advance_time(61)
        [said] = result.followups
        assert (said.content, said.ephemeral) == (REFUSED.text, True)
        assert result.response is None
