"""Facts about bot/platforms/slack/messages.py: how results are written, whatever Slack answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.platforms.slack import messages
from bot.platforms.slack.messages import AT_ONCE, GAP, PAUSES, RESPONSE_SECONDS, ChannelPace, SlackReplyTarget
from bot.ports import Refused, Remedy
from bot.records import Delivery
from commands.chat import Answer
from tests.support.fakes import CARD, FAILED, FILE, NOON, PAINTED, PICTURE, delivery_of
from tests.support.slack.server import kinds
from tests.support.slack.slack_app import adapter, command, event, press
from tests.support.virtual_time import passing_at_once

pytestmark = pytest.mark.platform("slack")


@pytest.fixture
async def pace():
    """A pace in a loop whose time passes at once."""
    with passing_at_once(asyncio.get_running_loop()):
        yield ChannelPace()


async def sent_at(pace, channel, count):
    """When so many messages could be sent, in seconds from now."""
    loop = asyncio.get_running_loop()
    start, at = loop.time(), []
    for _ in range(count):
        await pace.wait(channel)
        at.append(round(loop.time() - start, 3))
    return at


async def test_a_few_messages_come_at_once_and_then_one_a_second(pace):
    assert await sent_at(pace, "C1", AT_ONCE + 3) == [0.0] * AT_ONCE + [GAP, 2 * GAP, 3 * GAP]


async def test_messages_that_wait_together_come_one_a_second(pace):
    await sent_at(pace, "C1", AT_ONCE)
    several = await asyncio.gather(*(sent_at(pace, "C1", 1) for _ in range(3)))
    assert several == [[GAP], [2 * GAP], [3 * GAP]]


async def test_a_channel_waits_for_no_other(pace):
    await sent_at(pace, "C1", AT_ONCE)
    assert await sent_at(pace, "C2", 1) == [0.0]


async def test_after_a_rest_a_few_may_come_at_once_again(pace):
    await sent_at(pace, "C1", AT_ONCE)
    await asyncio.sleep(AT_ONCE * GAP)
    assert await sent_at(pace, "C1", AT_ONCE) == [0.0] * AT_ONCE


async def test_quiet_channels_are_forgotten_and_busy_ones_are_not(pace, monkeypatch):
    monkeypatch.setattr(messages, "MOST_CHANNELS", 2)
    await sent_at(pace, "C1", 1)
    await asyncio.sleep(GAP)
    await sent_at(pace, "C2", AT_ONCE)
    await pace.wait("C3")
    assert set(pace._limiters) == {"C2", "C3"}


async def test_every_message_waits_for_its_turn_in_its_channel(platform, server, monkeypatch):
    waited = []

    async def wait(self, channel):
        waited.append(channel)

    monkeypatch.setattr(ChannelPace, "wait", wait)
    for channel in ("C1", "D2", "C1"):
        target = SlackReplyTarget(channel, "U1")
        await platform.post(delivery_of("slack:T1-U1", "slack:T1", "slack:C1", target.to_reply()), PAINTED)
    assert (waited, len(server.messages)) == (["C1", "D2", "C1"], 3)


def delivery(place: SlackReplyTarget) -> Delivery:
    """A job that somebody asked for at this place, as the database gives it back."""
    return delivery_of("slack:T1-U1", "slack:T1", f"slack:{place.channel}", place.to_reply())


async def test_a_post_is_named_by_its_channel_and_timestamp(platform, server):
    post = await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    [(channel, ts)] = server.messages
    assert post == f"slack:{channel}:{ts}"


async def test_a_result_takes_the_place_of_words_that_the_service_remembers(platform, server, service):
    post = await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    [said] = server.called("chat.postMessage")
    assert (said["text"], said["blocks"]) == (PAINTED.text, [])
    assert service.announcements == {"job-1": post}


async def test_a_result_whose_mark_was_lost_is_seen_once(server, service):
    waiting = delivery(SlackReplyTarget("C1", "U1"))
    for _ in range(2):
        # Each time an adapter that knows nothing of the one before, as after a crash.
        async with adapter(server, service) as platform:
            await platform.post(replace(waiting, announced=service.announcements.get("job-1", "")), PAINTED)
    [message] = server.messages.values()
    assert kinds(message).count("image") == 1


async def test_a_result_that_slack_refused_takes_the_place_of_the_same_words(platform, server):
    server.scripted["chat.update"] = [(500, {}, {"ok": False, "error": "internal_error"})]
    await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    [message] = server.messages.values()
    assert "image" in kinds(message)


async def test_a_file_that_is_being_scanned_is_waited_for(platform, server, clock):
    server.scans = 2
    await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    assert len(server.messages) == 1
    assert clock.now == NOON + sum(PAUSES[:2])


async def test_a_scan_without_end_is_given_up(platform, server, clock):
    server.scans = 1000
    with pytest.raises(Refused, match="invalid_blocks") as refused:
        await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    assert refused.value.remedy is Remedy.AGAIN
    assert clock.now >= NOON + sum(PAUSES)


async def test_an_announcement_that_was_deleted_is_not_missed(platform, server, service):
    service.answer = Answer("Painting fish", job="job-1")
    await server.sent("slash_commands", command())
    await server.until(lambda: server.messages)
    server.messages.clear()
    await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    [message] = server.messages.values()
    assert message["blocks"]


async def test_a_wait_changes_the_announcement(platform, server, service):
    service.answer = Answer("Painting fish", job="job-1")
    await server.sent("slash_commands", command())
    await server.until(lambda: server.messages)
    await platform.wait(
        delivery(SlackReplyTarget("C1", "U1")), Answer("Painting fish\nJobs ahead of yours: 2.")
    )
    [message] = server.messages.values()
    assert message["text"] == "Painting fish\nJobs ahead of yours: 2."


async def test_a_wait_that_was_never_announced_is_let_be(platform, server):
    await platform.wait(delivery(SlackReplyTarget("C1", "U1")), Answer("Painting fish"))
    assert not server.messages


async def test_a_result_that_came_first_is_not_announced_again(platform, server, service):
    await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    service.answer = Answer("Painting fish", job="job-1")
    await server.sent("slash_commands", command())
    service.answer = Answer("Here I am.", private=True)
    await server.sent("slash_commands", command("", "help"))
    await server.whispered()
    assert len(server.messages) == 1


async def test_a_failure_that_nobody_announced_is_private(platform, server):
    await platform.post(delivery(SlackReplyTarget("C1", "U1")), FAILED)
    assert [each["text"] for each in server.whispers] == ["The painting failed."]
    assert not server.messages


async def test_a_failure_in_direct_messages_is_an_ordinary_message(platform, server):
    await platform.post(delivery(SlackReplyTarget("D1", "U1")), FAILED)
    assert [each["channel"] for each in server.messages.values()] == ["D1"]


async def test_a_response_url_is_used_while_slack_takes_it(platform, server, clock):
    place = SlackReplyTarget(
        "C1", "U1", response_url=f"{server.address}/respond", until=NOON + RESPONSE_SECONDS
    )
    await platform.post(delivery(place), FAILED)
    clock.advance(RESPONSE_SECONDS)
    await platform.post(delivery(place), FAILED)
    assert ["response_type" in whisper for whisper in server.whispers] == [True, False]


async def test_a_response_url_that_is_gone_is_done_without(platform, server):
    place = SlackReplyTarget("C1", "U1", response_url=f"{server.address}/gone", until=NOON + RESPONSE_SECONDS)
    await platform.post(delivery(place), FAILED)
    assert [whisper["user"] for whisper in server.whispers] == ["U1"]


async def test_a_post_that_slack_cannot_take_just_now_is_tried_again(platform, server):
    server.scripted["chat.postMessage"] = [(200, {}, {"ok": False, "error": "fatal_error"})]
    await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    assert len(server.messages) == 1


def test_a_place_comes_back_from_the_database_as_it_was():
    place = SlackReplyTarget("C1", "U1", "1700000000.000009", "https://hooks.example/1", 1_800_000_000.5)
    assert SlackReplyTarget.from_reply(place.to_reply()) == place


async def test_what_a_channel_sees_takes_none_of_the_five_posts_of_a_response_url(
    app, server, painting_client
):
    painting_client.gate.clear()
    url = f"{server.address}/respond"
    await server.sent("slash_commands", command(response_url=url))
    await server.until(lambda: server.messages)
    painting_client.gate.set()
    [message] = await server.painted()
    await server.sent("interactive", press(message, "reroll", response_url=url))
    await server.painted(2)
    assert not server.whispers


async def test_what_is_attached_comes_in_direct_messages(platform, server, service):
    service.answer = Answer("Your taste.", private=True, attachments=(CARD, FILE))
    await server.sent("slash_commands", command("show", "taste"))
    await server.until(
        lambda: len(server.files) == 2 and all(each["complete"] for each in server.files.values())
    )
    [(channel, _)] = server.messages
    assert channel == "DU1"
    assert [each["data"] for each in server.files.values()] == [CARD.data, FILE.data]
    told = [each.get("channel_id") for each in server.called("files.completeUploadExternal")]
    assert told == [None, channel]


RESTRICTED = [
    *("restricted_action_read_only_channel", "restricted_action_thread_locked", "team_access_not_granted"),
    *("restricted_action_non_threadable_channel", "no_permission", "channel_not_found", "made_up_tomorrow"),
]


@pytest.mark.parametrize("error", RESTRICTED)
async def test_where_slack_lets_easel_write_no_more_the_picture_comes_directly(app, server, error, caplog):
    server.denied["chat.postMessage"] = error
    await server.sent("slash_commands", command(response_url=f"{server.address}/respond"))
    [whisper] = await server.whispered()
    [message] = await server.painted()
    assert "this picture comes to you directly" in whisper["text"]
    assert message["channel"] == "DU1"
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_channel_that_goes_before_the_result_ends_the_job_and_uploads_once(
    app, server, painting_client, caplog
):
    painting_client.gate.clear()
    await server.sent("slash_commands", command())
    await server.until(lambda: server.messages)
    server.denied |= {"chat.update": "channel_not_found", "chat.postMessage": "channel_not_found"}
    painting_client.gate.set()
    message = (await server.painted())[-1]
    assert (message["channel"], len(server.files)) == ("DU1", 1)
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_picture_that_slack_finds_too_large_is_made_smaller(platform, server):
    server.scripted["files.getUploadURLExternal"] = [
        (200, {}, {"ok": False, "error": "file_upload_size_restricted"})
    ]
    large = replace(PICTURE, data=PICTURE.data + bytes(9 * 2**20))
    await platform.post(delivery(SlackReplyTarget("C1", "U1")), replace(PAINTED, pictures=(large,)))
    [file] = server.files.values()
    assert len(file["data"]) < 8 * 2**20
    assert file["data"].startswith(b"\x89PNG")


@pytest.mark.parametrize(("left", "channels"), [(1, ["C1"]), (0, [])])
async def test_a_message_too_old_to_be_changed_is_deleted_and_what_is_left_sent_anew(
    platform, server, left, channels
):
    post = await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    server.scripted["chat.update"] = [(200, {}, {"ok": False, "error": "edit_window_closed"})]
    anew = replace(PAINTED, pictures=PAINTED.pictures[:left], buttons=())
    moved = await platform.revise(delivery(SlackReplyTarget("C1", "U1")), post, anew)
    assert [each["channel"] for each in server.messages.values()] == channels
    assert (moved == post) is not left


async def test_a_message_that_may_be_neither_changed_nor_deleted_is_told(platform, server):
    post = await platform.post(delivery(SlackReplyTarget("C1", "U1")), PAINTED)
    server.denied |= {"chat.update": "is_inactive", "chat.delete": "cant_delete_message"}
    with pytest.raises(Refused, match="cant_delete_message"):
        await platform.revise(delivery(SlackReplyTarget("C1", "U1")), post, replace(PAINTED, pictures=()))


async def test_a_channel_is_told_what_nobody_asked_for_there(platform, server):
    await platform.tell("slack:C1", PAINTED)
    [told] = await server.painted()
    assert told["channel"] == "C1"


async def test_a_channel_that_easel_is_not_in_refuses_to_be_told(platform):
    with pytest.raises(Refused):
        await platform.tell("slack:C9", PAINTED)


async def test_the_workspace_is_noted_at_the_start_and_when_it_removes_easel(platform, server, service):
    name, here = await service.servers.get()
    assert (name, len(here)) == ("slack", 1)
    await server.send("events_api", event("app_uninstalled"))
    async with asyncio.timeout(10):
        assert await service.servers.get() == ("slack", ())
