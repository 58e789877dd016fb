"""Write Easel's messages in Slack: private sentences, public lines, pictures, files and buttons."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from aiolimiter import AsyncLimiter
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.slack.blocks import message_of
from commands.chat import Answer, Attachment, Picture, Post
from engine.painting.encoding import suffix_of

log = logging.getLogger(__name__)
Result = TypeVar("Result")

RESPONSE_SECONDS = 29 * 60.0
"""Slack takes answers at a response_url for 30 minutes."""
PAUSES = (0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0)
"""Seconds between attempts to use an uploaded file, which Slack scans first."""
GAP = 1.0
"""Seconds between two messages in a channel, in the long run."""
AT_ONCE = 10
"""Messages that may come at once in a quiet channel."""
MOST_CHANNELS = 1000
"""Channels whose pace is remembered, unless more are busy."""
ABSENT = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})
"""Errors that say that Easel may not write in a channel."""
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


@dataclass(frozen=True, slots=True)
class SlackReplyTarget:
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
        """Return it as strings, for `Ask.reply`."""
        kept = {"channel": self.channel, "user": self.user, "thread": self.thread}
        return {**kept, "response_url": self.response_url, "until": str(self.until)}

    @classmethod
    def from_reply(cls, reply: Mapping[str, str]) -> SlackReplyTarget:
        """Read the result of `to_reply`."""
        channel, user, thread = reply["channel"], reply["user"], reply["thread"]
        return cls(channel, user, thread, reply["response_url"], float(reply["until"]))

    @property
    def is_direct(self) -> bool:
        """Whether only this person and Easel are there."""
        return self.channel.startswith("D")

    def direct(self) -> SlackReplyTarget:
        """Return the person's direct messages: Slack opens them when a user is given as the channel."""
        return SlackReplyTarget(channel=self.user, user=self.user)


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A message by its channel and its timestamp, which is its id in Slack."""

    channel: str
    ts: str

    def __str__(self) -> str:
        return f"slack:{self.channel}:{self.ts}"

    @classmethod
    def from_id(cls, post: str) -> SlackMessage | None:
        """Read the result of `str`; None when it is empty."""
        _, _, place = post.partition(":")
        channel, _, ts = place.partition(":")
        return cls(channel, ts) if ts else None


def is_absent(error: Exception) -> bool:
    """Return whether Slack refused because Easel may not write in that channel."""
    return isinstance(error, SlackApiError) and error.response.get("error") in ABSENT


class ChannelPace:
    """Make messages wait for their turn, in each channel by itself."""

    def __init__(self) -> None:
        self._limiters: dict[str, AsyncLimiter] = {}

    async def wait(self, channel: str) -> None:
        """Return when the next message of a channel may be sent."""
        if channel not in self._limiters:
            if len(self._limiters) >= MOST_CHANNELS:
                self._forget_quiet_channels()
            self._limiters[channel] = AsyncLimiter(AT_ONCE, AT_ONCE * GAP)
        await self._limiters[channel].acquire()

    def _forget_quiet_channels(self) -> None:
        busy = {name: each for name, each in self._limiters.items() if not each.has_capacity(AT_ONCE)}
        self._limiters = busy


class SlackWriter:
    """Send, edit and replace messages.

    Its methods raise SlackApiError when Slack refuses, aiohttp.ClientError or OSError when the connection is
    lost.
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
        self._pace = ChannelPace()

    async def send_privately(self, target: SlackReplyTarget, answer: Answer | Post) -> SlackMessage:
        """Send what only this person sees; pictures and files come in their direct messages."""
        attachments = attachments_of(answer)
        if answer.pictures or attachments:
            message = await self.send(target if target.is_direct else target.direct(), answer)
            await self._share(message.channel, attachments)
            return message
        content = message_of(answer)
        if target.response_url and self._clock() < target.until and await self._respond(target, content):
            return SlackMessage(target.channel, "")
        if target.is_direct:
            return await self.send(target, answer)
        sent = await self._client.chat_postEphemeral(
            channel=target.channel, user=target.user, thread_ts=target.thread or None, **content
        )
        return SlackMessage(target.channel, str(sent["message_ts"]))

    async def _respond(self, target: SlackReplyTarget, content: Mapping[str, Any]) -> bool:
        """Answer at the response_url, which works where Easel is no member; return whether Slack took it."""
        handlers = self._client.retry_handlers
        hook = AsyncWebhookClient(target.response_url, session=self._session, retry_handlers=handlers)
        manner = {"response_type": "ephemeral", "replace_original": False, "mrkdwn": False}
        try:
            response = await hook.send_dict({**content, **manner})
        except (aiohttp.ClientError, OSError):
            log.warning("a response_url cannot be reached", exc_info=True)
            return False
        if response.status_code != 200:
            log.warning("Slack did not take a private answer (%s)", response.status_code)
        return response.status_code == 200

    async def open_form(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a form for whoever did what Slack gave this trigger for."""
        await self._client.views_open(trigger_id=trigger, view=view)

    async def send(self, target: SlackReplyTarget, shown: Answer | Post) -> SlackMessage:
        """Send a message that the channel sees."""
        content = message_of(shown, await self._upload(shown))
        return await self._once_scanned(lambda: self._post(target, content))

    async def replace(self, message: SlackMessage, shown: Answer | Post) -> bool:
        """Replace everything in a message; return whether it was still there."""
        content = message_of(shown, await self._upload(shown))
        return await self._once_scanned(lambda: self._update(message, content))

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
        """Share files that are no pictures in a channel: no message can show them."""
        for each in attachments:
            if not each.is_picture:
                await self._client.files_upload_v2(file_uploads=[_attached_file(each)], channel=channel)

    async def _upload(self, shown: Answer | Post) -> Sequence[str]:
        """Upload files and return their ids; nobody sees them before a message shows them."""
        paintings = enumerate(shown.pictures, 1)
        uploads = [_picture_file(number, each) for number, each in paintings if not each.hidden]
        uploads += [_attached_file(each) for each in attachments_of(shown) if each.is_picture]
        if not uploads:
            return ()
        uploaded = await self._client.files_upload_v2(file_uploads=uploads)
        return [str(file["id"]) for file in uploaded["files"]]

    async def _update(self, old: SlackMessage, content: Mapping[str, Any]) -> bool:
        try:
            await self._client.chat_update(channel=old.channel, ts=old.ts, **content)
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise
            return False
        return True

    async def _post(self, target: SlackReplyTarget, content: Mapping[str, Any]) -> SlackMessage:
        await self._pace.wait(target.channel)
        sent = await self._client.chat_postMessage(
            channel=target.channel,
            thread_ts=target.thread or None,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            **content,
        )
        return SlackMessage(str(sent["channel"]), str(sent["ts"]))


def attachments_of(shown: Answer | Post) -> Sequence[Attachment]:
    """Return the attached files of an answer; a post has none."""
    return shown.attachments if isinstance(shown, Answer) else ()


def _picture_file(number: int, picture: Picture) -> dict[str, object]:
    name = f"easel-{number}{suffix_of(picture.media_type)}"
    return {"file": picture.data, "filename": name, "title": picture.caption or name, "alt_txt": picture.alt}


def _attached_file(attachment: Attachment) -> dict[str, object]:
    described = {"alt_txt": attachment.alt} if attachment.alt else {}
    name = attachment.name
    return {"file": attachment.data, "filename": name, "title": name, **described}


def _is_scanning(error: SlackApiError) -> bool:
    """Return whether Slack refuses a message because it has not finished with a file in it."""
    answer = error.response
    return answer.get("error") == "invalid_blocks" and "slack_file" in str(answer.get("errors", ""))
