"""Facts about bot/platforms/discord/messages.py: how results are written, whatever Discord answers."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.platforms.discord.messages import (
    MOST_BYTES,
    MOST_TOGETHER,
    TOKEN_SECONDS,
    DiscordReplyTarget,
    files_of,
)
from bot.platforms.discord.text import MOST_ALT
from bot.platforms.refusals import STEPS
from bot.ports import Refused, Remedy
from bot.records import Delivery
from commands.chat import Answer, Post
from engine.painting.encoding import SCALES, finish
from tests.support.discord.discord_app import ANN, LINE, command, discord_app, message
from tests.support.discord.gateway import APPLICATION, BOT_USER, CHANNEL, GUILD
from tests.support.discord.payloads import MOST_CONTENT
from tests.support.discord.server import MOST_REQUEST, direct_channel
from tests.support.fakes import (
    FAILED,
    FISH,
    NOON,
    PAINTED,
    PICTURE,
    FakePaintingClient,
    RecordingService,
    delivery_of,
)

pytestmark = pytest.mark.platform("discord")

EASEL = f"<@{BOT_USER}>"
LIMITED = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
LIMITS = {"Via": "1.1 google", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "0.01"}
UNKNOWN = (404, {}, {"code": 10062, "message": "Unknown interaction"})
TOO_LARGE = (413, {}, {"code": 40005, "message": "Request entity too large"})
BROKEN = (400, {}, {"code": 50035, "message": "Invalid Form Body"})
MESSAGE = DiscordReplyTarget(CHANNEL, ANN, 55)
WAITING = Answer("Painting fish\nJobs ahead of yours: 2.", job="job-1")


def delivery(place: DiscordReplyTarget) -> Delivery:
    """A job that somebody asked for at this place, as the database gives it back."""
    return delivery_of("discord:1", f"discord:{GUILD}", f"discord:{place.channel}", place.to_reply())


def place_of(asked) -> DiscordReplyTarget:
    """Where somebody typed a slash command."""
    return DiscordReplyTarget(asked.channel, ANN, asked.id, APPLICATION, asked.token, NOON)


@pytest.fixture
def service():
    return RecordingService(Answer("Painting fish", job="job-1"))


@pytest.fixture
async def asked(platform, server):
    """A slash command that was answered."""
    asked = await server.interact(command())
    await server.written()
    return asked


async def test_a_job_of_before_a_restart_is_posted_once_after_it(tmp_path, server):
    waiting, working = FakePaintingClient(), FakePaintingClient()
    waiting.gate.clear()
    async with discord_app(tmp_path, server, waiting):
        await server.interact(command())
        await server.written()
    async with discord_app(tmp_path, server, working):
        await server.painted()
    assert len(server.messages) == 1


async def test_a_mention_of_before_a_restart_is_posted_where_it_was_answered(tmp_path, server):
    waiting, working = FakePaintingClient(), FakePaintingClient()
    waiting.gate.clear()
    async with discord_app(tmp_path, server, waiting):
        await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} {LINE}"))
        await server.written()
    async with discord_app(tmp_path, server, working):
        [post] = await server.painted()
    assert post["message_reference"]
    assert len(server.messages) == 1


async def test_a_result_whose_mark_was_lost_is_seen_once(tmp_path, server):
    async with discord_app(tmp_path, server, FakePaintingClient()):
        await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} {LINE}"))
        await server.painted()
    with closing(sqlite3.connect(tmp_path / "easel.db")) as memory, memory:
        memory.execute("UPDATE jobs SET state = 'painted', post = NULL")
    shown = len(server.called("edit"))
    async with discord_app(tmp_path, server, FakePaintingClient()):
        await server.until(lambda: len(server.called("edit")) > shown)
    assert len(server.messages) == 1


async def test_an_answer_that_does_not_arrive_costs_nothing_but_itself(app, server, caplog):
    server.scripted["respond"] = [UNKNOWN]
    await server.interact(command())
    [post] = await server.painted()
    assert post["pinged"] == {"1"}
    assert len(server.messages) == 1
    assert "Create Interaction Response was refused (404 Not Found (error code: 10062)" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_call_that_is_limited_waits_and_the_picture_is_posted_once(app, server, everywhere):
    limited = {**LIMITED, "global": everywhere}
    server.scripted["edit_original"] = [(429, LIMITS, limited)] * 2
    await server.interact(command())
    await server.painted()
    assert len(server.messages) == 1
    assert not server.scripted["edit_original"]


@pytest.mark.parametrize(
    "place", [MESSAGE, DiscordReplyTarget(CHANNEL, ANN, 55, APPLICATION, "token-55", NOON + 0.5, 9)]
)
def test_a_place_comes_back_from_the_database_as_it_was(place):
    assert DiscordReplyTarget.from_reply(place.to_reply()) == place


async def test_a_post_is_named_by_its_channel_and_message(platform, server, asked):
    post = await platform.post(delivery(place_of(asked)), PAINTED)
    [(channel, message)] = server.messages
    assert post == f"discord:{channel}:{message}"


async def test_a_result_that_nobody_announced_is_a_message_for_its_owner(platform, server):
    post = await platform.post(delivery(MESSAGE), PAINTED)
    [said] = server.messages.values()
    assert post == f"discord:{CHANNEL}:{said['id']}"
    assert said["content"].startswith("<@1> style=ink shape=fish")
    assert said["pinged"] == {"1"}
    [form] = server.called("send")
    assert form["allowed_mentions"] == {"parse": [], "users": [ANN]}


async def test_what_discord_lets_nobody_change_any_more_comes_as_a_message(platform, server, clock, asked):
    clock.advance(TOKEN_SECONDS)
    await platform.post(delivery(place_of(asked)), PAINTED)
    announced, said = server.messages.values()
    assert announced["content"] == "Painting fish"
    assert (said["channel_id"], said["pinged"]) == (str(CHANNEL), {"1"})


async def test_where_a_token_ended_early_the_answer_is_replaced_as_a_message(platform, server, asked, caplog):
    server.ended.add(asked.token)
    await platform.post(delivery(place_of(asked)), PAINTED)
    await server.painted()
    assert len(server.messages) == 1
    assert "Invalid Webhook Token), so Easel goes elsewhere" in caplog.text


async def test_an_answer_that_was_deleted_is_not_missed(platform, server, asked):
    server.messages.clear()
    await platform.post(delivery(place_of(asked)), PAINTED)
    [said] = await server.painted()
    assert said["pinged"] == {"1"}


async def test_a_reply_that_was_deleted_is_not_missed(platform, server):
    said = message(server, f"{EASEL} {LINE}")
    await server.happen("MESSAGE_CREATE", said)
    await server.written()
    server.messages.clear()
    await platform.post(delivery(DiscordReplyTarget(CHANNEL, ANN, int(said["id"]))), PAINTED)
    [post] = await server.painted()
    assert post["pinged"] == {"1"}


async def test_where_easel_may_not_write_the_picture_goes_to_its_owner(platform, server):
    server.closed.add(CHANNEL)
    post = await platform.post(delivery(MESSAGE), PAINTED)
    [said] = server.messages.values()
    assert post == f"discord:{direct_channel(ANN)}:{said['id']}"


async def test_a_picture_that_nobody_can_be_given_may_be_tried_again(platform, server):
    server.closed.add(CHANNEL)
    server.shy.add(ANN)
    with pytest.raises(Refused, match="50007") as refused:
        await platform.post(delivery(MESSAGE), PAINTED)
    assert refused.value.remedy is Remedy.ELSEWHERE
    server.shy.clear()
    await platform.post(delivery(MESSAGE), PAINTED)
    assert len(server.messages) == 1


async def test_a_post_that_discord_refuses_in_one_way_goes_another(platform, server, asked):
    server.scripted["edit_original"] = [BROKEN]
    await platform.post(delivery(place_of(asked)), PAINTED)
    [said] = server.messages.values()
    assert len(said["attachments"]) == 1


async def test_a_message_whose_receipt_was_lost_is_not_sent_twice(platform, server):
    server.lost.append("send")
    await platform.post(delivery(MESSAGE), PAINTED)
    assert len(server.called("send")) == 2
    assert len(server.messages) == 1


async def test_a_message_that_is_limited_waits_and_is_sent_once(platform, server):
    server.scripted["send"] = [(429, LIMITS, LIMITED)]
    await platform.post(delivery(MESSAGE), PAINTED)
    assert len(server.called("send")) == 2
    assert len(server.messages) == 1


async def test_the_outcome_takes_the_place_of_the_layout(platform, server, asked):
    place = place_of(asked)
    await platform.preview(delivery(place), [PICTURE])
    await platform.post(delivery(place), FAILED)
    [said] = server.messages.values()
    assert (said["content"], said["attachments"]) == (FAILED.text, [])


async def test_whatever_has_to_be_said_fits_into_one_message(platform, server):
    pictures = tuple(replace(PICTURE, id=f"p{n}", alt=f"{n} " + "*fish* " * 140) for n in range(4))
    long = Answer("ink " * 600, pictures, job="job-1", buttons=PAINTED.buttons)
    await platform.post(delivery(MESSAGE), long)
    [said] = server.messages.values()
    assert 1700 < len(said["content"]) <= MOST_CONTENT
    assert [len(each["description"]) for each in said["attachments"]] == [len(pictures[0].alt)] * 4


async def test_a_layout_that_nobody_waits_for_is_not_shown(platform, server):
    await platform.preview(delivery(MESSAGE), [PICTURE])
    assert not server.messages


async def test_a_layout_comes_under_the_words_that_stand_there(platform, server, asked):
    await platform.preview(delivery(place_of(asked)), [PICTURE])
    [said] = server.messages.values()
    assert (said["content"], len(said["attachments"])) == ("Painting fish", 1)


async def test_a_wait_changes_the_words_and_leaves_what_is_under_them(platform, server, asked):
    await platform.preview(delivery(place_of(asked)), [PICTURE])
    await platform.wait(delivery(place_of(asked)), replace(WAITING, due=NOON + 8.4))
    [said] = server.messages.values()
    assert said["content"] == "Painting fish\nJobs ahead of yours: 2.\n-# ⏳ <t:1800014408:R>"
    assert len(said["attachments"]) == 1


async def test_a_wait_for_which_there_is_no_post_any_more_is_refused(platform, server, asked):
    server.messages.clear()
    with pytest.raises(Refused, match="Unknown Message"):
        await platform.wait(delivery(place_of(asked)), WAITING)
    assert not server.messages


async def test_an_interactions_own_limit_is_kept_and_a_message_keeps_the_usual_one(
    platform, server, clock, asked
):
    place = replace(place_of(asked), most=len(PICTURE.data) - 1)
    await platform.post(delivery(place), PAINTED)
    [said] = server.messages.values()
    [file] = said["attachments"]
    assert (len(file["data"]) <= place.most, file["content_type"]) == (True, "image/webp")
    clock.advance(TOKEN_SECONDS)
    await platform.post(delivery(place), PAINTED)
    assert [each["content_type"] for each in list(server.messages.values())[-1]["attachments"]] == [
        "image/png"
    ]


NOISE = finish(np.random.default_rng(7).integers(0, 256, (512, 512, 3), dtype=np.uint8), FISH)
"""A picture that no encoding makes small: 0.8 MB as PNG."""


async def sent(picture, most):
    """(data, format, size) of a picture as it is sent."""
    [file] = await files_of(Post("", pictures=(picture,)), most)
    data = file.fp.read()
    image = Image.open(io.BytesIO(data))
    return data, image.format, image.size


@pytest.mark.parametrize(
    ("most", "kind", "side"),
    [
        (len(NOISE), "PNG", 512),
        (len(NOISE) - 1, "WEBP", 512),
        (150_000, "WEBP", 358),
        (40_000, "WEBP", 179),
    ],
)
async def test_what_is_too_large_becomes_webp_and_then_smaller(most, kind, side):
    data, found, size = await sent(replace(PICTURE, data=NOISE), most)
    assert (found, size) == (kind, (side, side))
    assert len(data) <= most
    assert b"trainedAlgorithmicMedia" in data


async def test_what_never_fits_is_sent_as_small_as_it_gets():
    _, _, size = await sent(replace(PICTURE, data=NOISE), 1)
    assert size == (round(512 * SCALES[-1]),) * 2


async def test_of_several_only_the_large_ones_change():
    large = replace(PICTURE, data=PICTURE.data + bytes(MOST_BYTES))
    kept, changed = await files_of(Post("", pictures=(PICTURE, large)))
    assert (kept.filename, changed.filename) == ("easel-p1.png", "easel-p1.webp")
    assert kept.fp.read() == PICTURE.data
    assert changed.description == PICTURE.alt


@given(st.text(max_size=3000))
def test_an_alternative_text_fits(alt):
    [file] = asyncio.run(files_of(Post("", pictures=(replace(PICTURE, alt=alt),))))
    assert len(file.description or "") <= MOST_ALT


async def test_files_have_names_of_their_own_and_hidden_ones_say_so():
    hidden = replace(PICTURE, id="p2", hidden=True)
    plain = replace(PICTURE, id="", media_type="image/webp")
    files = await files_of(Post("", pictures=(PICTURE, plain, hidden)))
    assert [each.filename for each in files] == ["easel-p1.png", "easel-2.webp", "SPOILER_easel-p2.png"]


async def test_four_that_are_too_large_together_are_sent_smaller_in_one_message(platform, server):
    large = tuple(replace(PICTURE, id=f"p{n}", data=NOISE + bytes(8 * 2**20)) for n in range(4))
    await platform.post(delivery(MESSAGE), replace(PAINTED, pictures=large))
    [said] = server.messages.values()
    assert len(said["attachments"]) == 4
    assert sum(len(each["data"]) for each in said["attachments"]) <= MOST_TOGETHER
    assert server.largest <= MOST_REQUEST


async def test_what_discord_finds_too_large_is_made_smaller_and_comes(platform, server, asked):
    large = replace(PICTURE, data=NOISE + bytes(9 * 2**20))
    server.scripted["edit_original"] = [TOO_LARGE, TOO_LARGE]
    await platform.post(delivery(place_of(asked)), replace(PAINTED, pictures=(large,)))
    [said] = server.messages.values()
    [file] = said["attachments"]
    assert len(file["data"]) <= STEPS[0]


async def test_what_discord_finds_too_large_at_any_size_is_given_up(platform, server, asked):
    for route in ("edit_original", "edit", "send", "direct send"):
        server.denied[route] = (413, 40005)
    with pytest.raises(Refused, match="413") as refused:
        await platform.post(delivery(place_of(asked)), PAINTED)
    assert refused.value.remedy is Remedy.SMALLER


async def test_a_thread_that_was_archived_is_opened_for_a_change(platform, server):
    post = await platform.post(delivery(MESSAGE), PAINTED)
    server.archived.add(CHANNEL)
    assert await platform.revise(delivery(MESSAGE), post, replace(PAINTED, pictures=(), buttons=())) == post
    [said] = server.messages.values()
    assert said["attachments"] == []


async def test_a_change_in_a_locked_thread_is_refused(platform, server):
    post = await platform.post(delivery(MESSAGE), PAINTED)
    server.archived.add(CHANNEL)
    server.locked.add(CHANNEL)
    with pytest.raises(Refused, match="Thread is archived"):
        await platform.revise(delivery(MESSAGE), post, replace(PAINTED, pictures=(), buttons=()))


async def test_a_mention_where_easel_may_not_write_is_answered_directly_and_once(app, server, caplog):
    server.closed.add(CHANNEL)
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} style=inc"))
    [said] = await server.written()
    assert (said["channel_id"], "ink" in said["content"]) == (str(direct_channel(ANN)), True)
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_channel_is_told_what_nobody_asked_for_there_and_nobody_is_mentioned(platform, server):
    await platform.tell(f"discord:{CHANNEL}", PAINTED)
    [told] = await server.painted()
    assert told["channel_id"] == str(CHANNEL)
    assert "<@" not in told["content"]


async def test_which_servers_have_easel_is_noted_at_the_start_and_when_one_removes_it(
    platform, server, service
):
    async with asyncio.timeout(10):
        while (await service.servers.get()) != ("discord", (f"discord:{GUILD}",)):
            pass
        await server.happen("GUILD_DELETE", {"id": str(GUILD)})
        while (await service.servers.get()) != ("discord", ()):
            pass
