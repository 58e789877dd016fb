"""What Easel writes in Slack: private sentences, public lines, and messages with pictures and buttons."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.slack.blocks import message_of
from commands.chat import Answer, Attachment, Picture
from commands.parsing.line import line_of
from engine.painting.encoding import suffix_of

log = logging.getLogger(__name__)
Result = TypeVar("Result")

RESPONSE_SECONDS = 29 * 60.0
"""Slack takes answers at a response_url for 30 minutes."""
PAUSES = (0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0)
"""Seconds between looks whether Slack has finished with an uploaded file: it scans them first."""
ABSENT = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})
"""Errors that say that Easel may not write in a channel."""
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where somebody asked, and how to answer them.

    channel, user: Slack's ids; thread: the timestamp of its first message, empty outside of threads
    response_url: where a slash command may be answered privately, until `until` (UTC epoch seconds)
    """

    channel: str
    user: str
    thread: str = ""
    response_url: str = ""
    until: float = 0.0

    def to_reply(self) -> Mapping[str, str]:
        """As strings, for `Ask.reply`."""
        kept = {"channel": self.channel, "user": self.user, "thread": self.thread}
        return {**kept, "response_url": self.response_url, "until": str(self.until)}

    @classmethod
    def from_reply(cls, reply: Mapping[str, str]) -> ReplyTarget:
        """What `to_reply` gave."""
        channel, user, thread = reply["channel"], reply["user"], reply["thread"]
        return cls(channel, user, thread, reply["response_url"], float(reply["until"]))

    @property
    def is_direct(self) -> bool:
        """Only this person and Easel are there."""
        return self.channel.startswith("D")

    def direct(self) -> ReplyTarget:
        """The person's direct messages with Easel: Slack opens them when a user is given as the channel."""
        return ReplyTarget(channel=self.user, user=self.user)


@dataclass(frozen=True, slots=True)
class Post:
    """A message: Slack knows it by its channel and its timestamp."""

    channel: str
    ts: str

    def __str__(self) -> str:
        return f"slack:{self.channel}:{self.ts}"

    @classmethod
    def from_id(cls, post: str) -> Post | None:
        """What `str` gave; None for no post."""
        _, _, place = post.partition(":")
        channel, _, ts = place.partition(":")
        return cls(channel, ts) if ts else None


def is_absent(error: Exception) -> bool:
    """Whether Easel may not write in that channel."""
    return isinstance(error, SlackApiError) and error.response.get("error") in ABSENT


class MessageWriter:
    """Writes.

    Its methods raise SlackApiError for what Slack refuses, aiohttp.ClientError or OSError for what is lost.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        """clock: UTC epoch seconds; sleep: waits for seconds"""
        self._client, self._session, self._clock, self._sleep = client, session, clock, sleep
        self._pace = Pace(clock, sleep)

    async def say_privately(self, place: ReplyTarget, answer: Answer) -> Post:
        """Something that only this person sees; pictures and files come in their direct messages."""
        if answer.pictures or answer.attachments:
            post = await self.show(place if place.is_direct else place.direct(), answer)
            await self._share(post.channel, answer.attachments)
            return post
        message = message_of(answer)
        if place.response_url and self._clock() < place.until and await self._respond(place, message):
            return Post(place.channel, "")
        if place.is_direct:
            return await self.show(place, answer)
        sent = await self._client.chat_postEphemeral(
            channel=place.channel, user=place.user, thread_ts=place.thread or None, **message
        )
        return Post(place.channel, str(sent["message_ts"]))

    async def _respond(self, place: ReplyTarget, message: Mapping[str, Any]) -> bool:
        """Whether Slack took an answer at the response_url, which works where Easel is no member."""
        handlers = self._client.retry_handlers
        hook = AsyncWebhookClient(place.response_url, session=self._session, retry_handlers=handlers)
        manner = {"response_type": "ephemeral", "replace_original": False, "mrkdwn": False}
        try:
            response = await hook.send_dict({**message, **manner})
        except (aiohttp.ClientError, OSError):
            log.warning("a response_url cannot be reached", exc_info=True)
            return False
        if response.status_code != 200:
            log.warning("Slack did not take a private answer (%s)", response.status_code)
        return response.status_code == 200

    async def open(self, trigger: str, view: dict[str, Any]) -> None:
        """Show a form to whoever did what Slack gave this trigger for."""
        await self._client.views_open(trigger_id=trigger, view=view)

    async def show(self, place: ReplyTarget, answer: Answer) -> Post:
        """A message that the channel sees."""
        message = message_of(answer, await self._upload(answer))
        return await self._once_scanned(lambda: self._write(place, message))

    async def revise(self, post: Post, answer: Answer) -> bool:
        """An answer in place of a message; whether that was still there."""
        message = message_of(answer, await self._upload(answer))
        return await self._once_scanned(lambda: self._update(post, message))

    async def _once_scanned(self, write: Callable[[], Awaitable[Result]]) -> Result:
        for pause in PAUSES:
            try:
                return await write()
            except SlackApiError as error:
                if not _is_scanning(error):
                    raise
            await self._sleep(pause)
        return await write()

    async def _share(self, channel: str, attachments: Sequence[Attachment]) -> None:
        """Put what is no picture into a channel: no message can show it."""
        for other in attachments:
            if not other.is_picture:
                await self._client.files_upload_v2(file_uploads=[_other_file(other)], channel=channel)

    async def _upload(self, answer: Answer) -> Sequence[str]:
        """Ids of the files, which nobody sees before they stand in a message."""
        paintings = enumerate(answer.pictures, 1)
        uploads = [_file(number, each) for number, each in paintings if not each.hidden]
        uploads += [_other_file(each) for each in answer.attachments if each.is_picture]
        if not uploads:
            return ()
        uploaded = await self._client.files_upload_v2(file_uploads=uploads)
        return [str(file["id"]) for file in uploaded["files"]]

    async def _update(self, old: Post, message: Mapping[str, Any]) -> bool:
        try:
            await self._client.chat_update(channel=old.channel, ts=old.ts, **message)
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise
            return False
        return True

    async def _write(self, place: ReplyTarget, message: Mapping[str, Any]) -> Post:
        await self._pace.turn(place.channel)
        sent = await self._client.chat_postMessage(
            channel=place.channel,
            thread_ts=place.thread or None,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            **message,
        )
        return Post(str(sent["channel"]), str(sent["ts"]))


def _file(number: int, picture: Picture) -> dict[str, object]:
    name = f"easel-{number}{suffix_of(picture.media_type)}"
    title = line_of(picture.conditions)
    return {"file": picture.data, "filename": name, "title": title, "alt_txt": picture.alt}


def _other_file(other: Attachment) -> dict[str, object]:
    described = {"alt_txt": other.alt} if other.alt else {}
    return {"file": other.data, "filename": other.name, "title": other.name, **described}


def _is_scanning(error: SlackApiError) -> bool:
    """Whether Slack refuses a message because it has not finished with a file in it."""
    answer = error.response
    return answer.get("error") == "invalid_blocks" and "slack_file" in str(answer.get("errors", ""))


GAP = 1.0
"""Seconds between two messages in a channel, in the long run."""
AT_ONCE = 10
"""Messages that may come at once in a channel where nothing was said for a while."""
MOST_KEPT = 1000


class Pace:
    """Makes messages wait for their turn, each channel's for its own."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]]) -> None:
        """clock: UTC epoch seconds; sleep: waits for seconds"""
        self._clock, self._sleep = clock, sleep
        self._even: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Return when the next message of a channel may be sent."""
        now = self._clock()
        if len(self._even) >= MOST_KEPT:
            self._even = {name: even for name, even in self._even.items() if even > now}
        # When all messages so far would have been sent at an even pace: the generic cell rate algorithm.
        even = max(self._even.get(channel, now), now)
        # A clock that was set back makes nobody wait for longer than a row of messages does.
        even = even if even - now < 60 else now
        self._even[channel] = even + GAP
        wait = even - now - (AT_ONCE - 1) * GAP
        if wait > 0:
            await self._sleep(wait)
