"""Write Easel's messages in Slack: private sentences, public lines, pictures, files and buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from aiolimiter import AsyncLimiter
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.refusals import Courier
from bot.platforms.slack.blocks import message_of
from bot.platforms.slack.refusals import REFUSALS
from bot.ports import Refused, Remedy
from commands.chat import Answer, Attachment, Picture, Post
from engine.painting.encoding import suffix_of

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
    def parent(self) -> str:
        """The service's id of the channel that a thread is in; empty outside of threads."""
        return f"slack:{self.channel}" if self.thread else ""

    @property
    def place(self) -> str:
        """The service's id of the channel or the thread, which is that of its first message."""
        return str(SlackMessage(self.channel, self.thread)) if self.thread else f"slack:{self.channel}"

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
    """Send, edit and replace messages. Its methods raise Refused."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        courier: Courier,
    ) -> None:
        """clock: UTC epoch seconds; sleep: waits for seconds"""
        self._client, self._session, self._clock, self._sleep = client, session, clock, sleep
        self._courier = courier
        self._pace = ChannelPace()

    async def send_privately(self, target: SlackReplyTarget, answer: Answer | Post) -> SlackMessage:
        """Send what only this person sees; pictures and files come in their direct messages."""
        if not (answer.pictures or attachments_of(answer)):
            return await self._courier.deliver(answer, *self._private_ways(target))

        async def directly(shown: Answer | Post) -> SlackMessage:
            content = message_of(shown, await self._upload(shown))
            message = await self.post(target if target.is_direct else target.direct(), content)
            await self._share(message.channel, attachments_of(shown))
            return message

        return await self._courier.deliver(answer, directly)

    def _private_ways(
        self, target: SlackReplyTarget
    ) -> Sequence[Callable[[Answer | Post], Awaitable[SlackMessage]]]:
        """Return the ways to say words to one person."""

        async def respond(shown: Answer | Post) -> SlackMessage:
            await self._respond(target, message_of(shown))
            return SlackMessage(target.channel, "")

        async def whisper(shown: Answer | Post) -> SlackMessage:
            sent = await self._client.chat_postEphemeral(
                channel=target.channel,
                user=target.user,
                thread_ts=target.thread or None,
                **message_of(shown),
            )
            return SlackMessage(target.channel, str(sent["message_ts"]))

        async def say(shown: Answer | Post) -> SlackMessage:
            return await self._post(target if target.is_direct else target.direct(), message_of(shown))

        responds = target.response_url and self._clock() < target.until
        return [*([respond] if responds else []), *([] if target.is_direct else [whisper]), say]

    async def _respond(self, target: SlackReplyTarget, content: Mapping[str, Any]) -> None:
        """Answer at the response_url, which works where Easel is no member."""
        handlers = self._client.retry_handlers
        hook = AsyncWebhookClient(target.response_url, session=self._session, retry_handlers=handlers)
        manner = {"response_type": "ephemeral", "replace_original": False, "mrkdwn": False}
        response = await hook.send_dict({**content, **manner})
        if response.status_code != 200:
            raise REFUSALS.refusal(
                "response_url", str(response.status_code), response.status_code, response.body[:100]
            )

    async def open_form(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a form for whoever did what Slack gave this trigger for."""
        await self._courier.deliver(None, lambda _: self._client.views_open(trigger_id=trigger, view=view))

    async def prepare(self, shown: Answer | Post) -> Mapping[str, Any]:
        """Upload the pictures, once for all ways to show them, and return the content of a message."""

        async def upload(shown: Answer | Post) -> Mapping[str, Any]:
            return message_of(shown, await self._upload(shown))

        return await self._courier.deliver(shown, upload)

    async def send(self, target: SlackReplyTarget, shown: Answer | Post) -> SlackMessage:
        """Send a message that the channel sees."""
        content = await self.prepare(shown)
        return await self._courier.deliver(None, lambda _: self.post(target, content))

    async def replace(self, message: SlackMessage, shown: Answer | Post) -> SlackMessage:
        """Replace everything in a message, and return it."""
        content = await self.prepare(shown)
        return await self._courier.deliver(None, lambda _: self.update(message, content))

    async def revise(self, message: SlackMessage, target: SlackReplyTarget, post: Post) -> SlackMessage:
        """Replace everything in a message, and return it.

        One that cannot be changed is deleted, and its remaining pictures are sent in a new one.
        """
        content = await self.prepare(post)
        words = message_of(Answer(post.text))

        async def renew(_: None) -> SlackMessage:
            place = replace(target, channel=message.channel)
            new = await self.update(await self._post(place, words), content) if post.pictures else message
            await self._client.chat_delete(channel=message.channel, ts=message.ts)
            return new

        try:
            return await self._courier.deliver(None, lambda _: self.update(message, content), renew)
        except Refused as refusal:
            if refusal.remedy is not Remedy.GONE:
                raise
            return message

    async def deliver(self, *ways: Callable[[None], Awaitable[SlackMessage]]) -> SlackMessage:
        """Go the first way that Slack takes."""
        return await self._courier.deliver(None, *ways)

    async def post(self, target: SlackReplyTarget, content: Mapping[str, Any]) -> SlackMessage:
        """Send prepared content to a channel. Raises what slack_sdk does."""
        return await self._once_scanned(lambda: self._post(target, content))

    async def update(self, old: SlackMessage, content: Mapping[str, Any]) -> SlackMessage:
        """Replace a message by prepared content. Raises what slack_sdk does."""

        async def update() -> SlackMessage:
            await self._client.chat_update(channel=old.channel, ts=old.ts, **content)
            return old

        return await self._once_scanned(update)

    async def _once_scanned(self, write: Callable[[], Awaitable[SlackMessage]]) -> SlackMessage:
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
