"""Facts about bot/platforms/refusals.py: which way is taken when a platform refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.platforms.discord.refusals import REFUSALS as OF_DISCORD
from bot.platforms.discord.refusals import method_of
from bot.platforms.refusals import PAUSES, STEPS, Courier, lighter
from bot.platforms.slack.refusals import REFUSALS as OF_SLACK
from bot.platforms.table import inserted
from bot.ports import Refused, Remedy
from commands.chat import Answer, Post
from engine.painting.encoding import PNG, WEBP, finish
from tests.support.fakes import FISH, PICTURE

LIMITS = Path(__file__).parents[3] / "docs/platform-limits.md"
NOISE = finish(np.random.default_rng(7).integers(0, 256, (512, 512, 3), dtype=np.uint8), FISH)


class Ways:
    """Ways that are refused as often as told, and then taken. gone: names of those that were gone"""

    def __init__(self, **refusals):
        self.refusals = {name: list(each) for name, each in refusals.items()}
        self.gone, self.slept, self.shown = [], [], []

    def __getitem__(self, name):
        async def way(shown):
            self.gone.append(name)
            self.shown.append(shown)
            if self.refusals[name]:
                raise Refused(name, self.refusals[name].pop(0))
            return name

        return way

    async def sleep(self, seconds):
        self.slept.append(seconds)

    async def deliver(self, shown=None, **options):
        courier = Courier(lambda error: None, self.sleep, **options)
        return await courier.deliver(shown, *(self[name] for name in self.refusals))


async def test_the_first_way_is_taken_and_no_other():
    ways = Ways(best=[], next=[])
    assert (await ways.deliver(), ways.gone) == ("best", ["best"])


@pytest.mark.parametrize("remedy", [Remedy.ELSEWHERE, Remedy.GONE, Remedy.GIVE_UP, Remedy.SMALLER])
async def test_a_refusal_leads_elsewhere(remedy):
    ways = Ways(best=[remedy], next=[])
    assert (await ways.deliver(), ways.gone, ways.slept) == ("next", ["best", "next"], [])


async def test_what_may_help_is_tried_again_with_growing_pauses_first():
    ways = Ways(best=[Remedy.AGAIN] * 2, next=[])
    assert (await ways.deliver(), ways.gone, ways.slept) == ("best", ["best"] * 3, list(PAUSES))
    assert list(PAUSES) == sorted(PAUSES)


async def test_what_does_not_help_leads_elsewhere_after_a_few_attempts():
    ways = Ways(best=[Remedy.AGAIN] * 9, next=[])
    assert (await ways.deliver(), ways.gone) == ("next", ["best"] * 3 + ["next"])


async def test_who_has_no_time_tries_nothing_again():
    ways = Ways(best=[Remedy.AGAIN], next=[])
    assert (await ways.deliver(is_patient=False), ways.slept) == ("next", [])


@pytest.mark.parametrize(
    ("refusals", "remedy"),
    [
        ([[Remedy.ELSEWHERE], [Remedy.GONE]], Remedy.GONE),
        ([[Remedy.AGAIN] * 9, [Remedy.ELSEWHERE]], Remedy.AGAIN),
        ([[Remedy.ELSEWHERE], [Remedy.AGAIN] * 9], Remedy.AGAIN),
    ],
)
async def test_where_all_ways_are_refused_it_is_said_whether_waiting_may_help(refusals, remedy):
    ways = Ways(**{f"way-{number}": each for number, each in enumerate(refusals)})
    with pytest.raises(Refused) as refused:
        await ways.deliver()
    assert refused.value.remedy is remedy


async def test_a_fault_of_ones_own_is_no_refusal():
    async def way(shown):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Courier(lambda error: None).deliver(None, way)


async def test_what_may_be_left_is_logged_and_left(caplog):
    ways = Ways(only=[Remedy.ELSEWHERE])
    assert await Courier(lambda error: None).attempt(ways["only"]) is None
    assert "only, and Easel goes on without" in caplog.text


@pytest.mark.parametrize("media_type", [PNG, WEBP])
async def test_what_is_too_large_is_made_smaller_and_stays_small_on_the_next_way(media_type):
    large = Post("fish", pictures=(replace(PICTURE, data=NOISE + bytes(9 * 2**20)),) * 2)
    ways = Ways(best=[Remedy.SMALLER] * 3, next=[])
    assert await ways.deliver(large, media_type=media_type) == "next"
    sizes = [sum(len(each.data) for each in shown.pictures) for shown in ways.shown]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] <= STEPS[0] < sizes[0]
    assert {each.media_type for each in ways.shown[-1].pictures} == {media_type}


@pytest.mark.parametrize("shown", [None, Answer("no picture"), Post("fish", pictures=(PICTURE,))])
def test_what_is_small_gets_no_smaller(shown):
    assert lighter(shown, WEBP) is None


@pytest.mark.parametrize(
    ("method", "error", "status", "remedy"),
    [
        ("chat.postMessage", "is_archived", 200, Remedy.ELSEWHERE),
        ("chat.postMessage", "ratelimited", 429, Remedy.AGAIN),
        ("chat.postMessage", "made_up_tomorrow", 200, Remedy.ELSEWHERE),
        ("chat.postMessage", "made_up_tomorrow", 503, Remedy.AGAIN),
        ("chat.madeUp", "is_archived", 200, Remedy.ELSEWHERE),
        ("auth.test", "invalid_auth", 200, Remedy.GIVE_UP),
    ],
)
def test_a_refusal_of_slack_has_its_remedy(method, error, status, remedy):
    assert OF_SLACK.refusal(method, error, status, error).remedy is remedy


@pytest.mark.parametrize(
    ("method", "error", "status", "remedy"),
    [
        ("Create Message", "50013", 403, Remedy.ELSEWHERE),
        ("Create Message", "0", 413, Remedy.SMALLER),
        ("Create Message", "0", 429, Remedy.AGAIN),
        ("Create Message", "0", 502, Remedy.AGAIN),
        ("Create Message", "999999", 400, Remedy.ELSEWHERE),
        ("Edit Message", "10008", 404, Remedy.GONE),
        ("Create DM", "0", 401, Remedy.GIVE_UP),
        ("Edit Original Interaction Response", "50027", 401, Remedy.ELSEWHERE),
    ],
)
def test_a_refusal_of_discord_has_its_remedy(method, error, status, remedy):
    assert OF_DISCORD.refusal(method, error, status, error).remedy is remedy


@pytest.mark.parametrize(
    ("call", "method"),
    [
        ("POST /api/v10/channels/1/messages", "Create Message"),
        ("PATCH /api/v10/channels/1/messages/2", "Edit Message"),
        ("PATCH /api/v10/channels/1", "Modify Channel"),
        ("POST /api/v10/webhooks/1/token", "Create Followup Message"),
        ("PATCH /api/v10/webhooks/1/token/messages/@original", "Edit Original Interaction Response"),
        ("POST /api/v10/interactions/1/token/callback", "Create Interaction Response"),
        ("GET /api/v10/elsewhere", "GET /api/v10/elsewhere"),
    ],
)
def test_a_call_of_discord_is_known_by_its_route(call, method):
    assert method_of(*call.split()) == method


def test_the_document_lists_what_the_files_list():
    written = LIMITS.read_text()
    assert inserted(written) == written
