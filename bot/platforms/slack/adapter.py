"""Connect Easel to Slack, on Bolt's AsyncApp. It translates and decides nothing."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.background import BackgroundTasks
from bot.config import VARIABLES, Secret
from bot.platforms.connecting import SteadyConnection
from bot.platforms.refusals import Courier
from bot.platforms.slack.blocks import message_of
from bot.platforms.slack.connection import (
    CALL_SECONDS,
    HttpConnection,
    SlackConnection,
    SlackIdentity,
    SocketConnection,
    identify,
    make_web_client,
)
from bot.platforms.slack.interactions import SlackInteractions
from bot.platforms.slack.messages import (
    RESPONSE_SECONDS,
    SlackMessage,
    SlackReplyTarget,
    SlackWriter,
)
from bot.platforms.slack.reactions import CLOSED, SlackReactions
from bot.platforms.slack.refusals import slack_refusal
from bot.platforms.slack.state import Announcements, PendingEvents, RecentKeys
from bot.platforms.slack.text import read_command, read_line
from bot.platforms.slack.users import SlackUsers
from bot.ports import Refused, Remedy, Service, TokenRejected
from bot.records import Delivery
from commands.chat import Answer, Ask, Picture, Post
from commands.i18n import N_
from commands.text.refusals import LOST
from engine.painting.encoding import PNG

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds of the three that Slack waits, after which people are told why there is no answer yet."""
OUTSIDE = N_(
    "I cannot write in this channel, so this picture comes to you directly. Where I am no member,"
    " /invite @{name} lets me in."
)
SPOKEN = frozenset({"", "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages that people write; the others are edits, deletions, joins and the like."""
LATE = N_("I am busy and have not saved your request yet; if I do not answer soon, please ask again.")


class SlackPlatform:
    """Implements `bot.ports.Platform` for one workspace."""

    name = "slack"

    def __init__(
        self,
        bot_token: Secret,
        app_token: Secret | None,
        signing_secret: Secret | None,
        api_base: str | None,
        http_host: str,
        http_port: int,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        patience: float = PATIENCE,
    ) -> None:
        """With an app token Easel opens a web socket, else it listens at http_host:http_port."""
        self._bot_token, self._app_token, self._signing_secret = bot_token, app_token, signing_secret
        self._api_base, self._host, self._port = api_base, http_host, http_port
        self._clock, self._sleep, self._patience = clock, sleep, patience
        self._seen, self._pending, self._announcements = RecentKeys(), PendingEvents(), Announcements()
        self._background = BackgroundTasks()
        self._steady = SteadyConnection("slack", self._connect, sleep)
        self._courier = Courier(slack_refusal, sleep, PNG)
        self._connection: SlackConnection | None = None
        self._session: aiohttp.ClientSession
        self._service: Service
        self._users: SlackUsers
        self._writer: SlackWriter
        self._interactions: SlackInteractions
        self._reactions: SlackReactions
        self._me: SlackIdentity

    @property
    def address(self) -> str:
        """Where signed requests arrive; empty in Socket Mode."""
        return self._connection.address if self._connection else ""

    @property
    def connected(self) -> bool:
        """See `Platform.connected`."""
        return self._steady.connected.is_set()

    async def start(self, service: Service) -> None:
        """See `Platform.start`."""
        if not (self._app_token or self._signing_secret):
            raise TokenRejected(
                f"{VARIABLES['slack_bot']} alone is not enough; set {VARIABLES['slack_app']} too (Socket"
                f" Mode), or {VARIABLES['slack_signing']} when Slack sends its events to an address of yours."
            )
        self._service = service
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        try:
            await self._steady.open()
        except BaseException:
            await self._session.close()
            raise

    async def _connect(self) -> None:
        """Connect, and return when the connection is lost for long: Bolt itself makes it anew before that.
        Raises TokenRejected or Unreachable."""
        client = make_web_client(self._bot_token, self._api_base, self._session)
        self._me = await identify(client)
        self._users = SlackUsers(client, self._me.team, self._clock)
        self._writer = SlackWriter(client, self._session, self._clock, self._sleep, self._courier)
        common = self._service, self._users, self._writer
        self._interactions = SlackInteractions(*common, self._clock, self._take)
        self._reactions = SlackReactions(*common, self._me)
        self._connection = await self._open(client)
        self._steady.on_connected()
        try:
            await self._service.keep_servers(self.name, [self._me.server])
            await self._connection.lost()
        finally:
            await self._connection.close()
            self._connection = None

    async def _open(self, client: AsyncWebClient) -> SlackConnection:
        # Without a secret Bolt would look for one in the environment; Socket Mode signs nothing.
        secret = self._signing_secret.reveal() if self._signing_secret else ""
        # Bolt would answer a check of the certificate before it looks at the signature.
        app = AsyncApp(
            client=client,
            signing_secret=secret,
            name="easel",
            ssl_check_enabled=False,
            process_before_response=True,
        )
        self._listen(app)
        if self._app_token:
            return await SocketConnection.open(app, self._app_token)
        assert self._signing_secret is not None  # noqa: S101  # else `start` refused
        return await HttpConnection.open(app, self._signing_secret, self._host, self._port)

    def _listen(self, app: AsyncApp) -> None:
        app.command(re.compile("^/"))(self._on_command)
        self._interactions.listen(app)
        app.event("app_mention")(self._on_mention)
        app.event("message")(self._on_message)
        app.event("reaction_added")(self._on_reaction)
        app.event("reaction_removed")(self._on_reaction)
        app.event("app_uninstalled")(self._on_uninstalled)

    async def stop(self) -> None:
        """See `Platform.stop`."""
        await self._steady.close()
        await self._background.close()
        await self._session.close()

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        """See `Platform.preview`. There is none: Slack would scan a layout for longer than the painting
        takes, and it shows no WebP."""

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        """See `Platform.wait`."""
        self._steady.check()
        announced = await self._announced(delivery)
        if announced is not None:
            await self._writer.replace(announced, answer)

    async def post(self, delivery: Delivery, post: Post) -> str:
        """See `Platform.post`. It waits for the connection."""
        await self._steady.connected.wait()
        target = SlackReplyTarget.from_reply(delivery.reply)
        message = await self._announced(delivery)
        if post.failed:
            message = await self._say_failed(target, post, message)
        else:
            message = await self._show(delivery.job, target, post, message)
        self._announcements.end(delivery.job)
        return str(message)

    async def tell(self, channel: str, post: Post) -> None:
        """See `Platform.tell`."""
        await self._writer.send(SlackReplyTarget(channel.partition(":")[2], ""), post)

    async def revise(self, delivery: Delivery, old: str, post: Post) -> str:
        """See `Platform.revise`."""
        self._steady.check()
        message = SlackMessage.from_id(old)
        target = SlackReplyTarget.from_reply(delivery.reply)
        return str(await self._writer.revise(message, target, post)) if message else old

    async def _announced(self, delivery: Delivery) -> SlackMessage | None:
        return await self._announcements.find(delivery.job) or SlackMessage.from_id(delivery.announced)

    async def _say_failed(
        self, target: SlackReplyTarget, post: Post, message: SlackMessage | None
    ) -> SlackMessage:
        """Say in place of the announcement, else privately, that there is no picture."""
        if message is not None:
            try:
                return await self._writer.replace(message, post)
            except Refused as refusal:
                log.warning("%s, so Easel goes elsewhere", refusal)
        return await self._writer.send_privately(target, post)

    async def _show(
        self, job: str, target: SlackReplyTarget, post: Post, message: SlackMessage | None
    ) -> SlackMessage:
        """Replace the announcement by the post, else send it anew, else directly; return its message.

        Slack shows twice what it is sent twice. So pictures only ever replace words whose message is in the
        database: that can be repeated after a crash.
        """
        content = await self._writer.prepare(post)

        def anew(place: SlackReplyTarget) -> Callable[[None], Awaitable[SlackMessage]]:
            words: list[SlackMessage] = []

            async def show(_: None) -> SlackMessage:
                if not words:
                    # From here on an announcement comes too late.
                    self._announcements.move(job, None)
                    words.append(await self._writer.post(place, message_of(Answer(post.text))))
                    self._announcements.move(job, words[0])
                    await self._service.announced(job, str(words[0]))
                return await self._writer.update(words[0], content)

            return show

        async def replace(_: None) -> SlackMessage:
            assert message is not None  # noqa: S101  # else it is no way
            return await self._writer.update(message, content)

        elsewhere = [] if target.is_direct else [anew(target.direct())]
        return await self._writer.deliver(*([replace] if message else []), anew(target), *elsewhere)

    async def _on_command(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        until = self._clock() + RESPONSE_SECONDS
        url = body.get("response_url", "")
        target = SlackReplyTarget(body["channel_id"], body["user_id"], response_url=url, until=until)
        word, text = body["command"].removeprefix("/"), body.get("text", "")
        command, words = read_command(word, text, self._me.person)
        if (command, words) == ("paint", ""):
            await self._background.spawn(self._interactions.open_form(body["trigger_id"], target))
        else:
            await self._take(body["trigger_id"], target, command, words)
        await ack()

    async def _on_mention(self, body: Mapping[str, Any]) -> None:
        await self._take_line(body)

    async def _on_message(self, body: Mapping[str, Any]) -> None:
        if body["event"].get("channel_type") == "im":
            await self._take_line(body)

    async def _take_line(self, body: Mapping[str, Any]) -> None:
        event = body["event"]
        if event.get("subtype", "") not in SPOKEN or event.get("bot_id") or "user" not in event:
            return
        target = SlackReplyTarget(event["channel"], event["user"], event.get("thread_ts", ""))
        text = event.get("text", "").replace(f"<@{self._me.user}>", " ")
        command, words = read_line(text, self._me.person)
        await self._take(body["event_id"], target, command, words, resent=True)

    async def _on_reaction(self, body: Mapping[str, Any]) -> None:
        if self._seen.add(f"slack:{body['event_id']}"):
            await self._background.spawn(self._reactions.handle(body["event_id"], body["event"]))

    async def _on_uninstalled(self) -> None:
        await self._service.keep_servers(self.name, ())

    async def _take(
        self,
        event: str,
        target: SlackReplyTarget,
        command: str,
        words: str,
        resent: bool = False,
        is_form: bool = False,
    ) -> Answer | None:
        """Answer a line in the background, and return when its event may be acknowledged.

        That is when the service has the line, or when the person was told that it has not. Slack waits for
        three seconds only; when this raises, Slack shows that the command failed.

        resent: Slack sends the event again until it is acknowledged
        is_form: a refusal is returned, to be said in the form
        """
        taken, new = self._pending.begin(event)
        if new:
            await self._background.spawn(self._answer(event, target, command, words, is_form))
        await asyncio.wait({taken}, timeout=None if resent else self._patience)
        if taken.done():
            return taken.result()
        self._pending.end(event)
        late = self._service.translate(self._users.language(target.user))(LATE)
        await self._writer.send_privately(target, Answer(late))
        return None

    async def _answer(
        self, event: str, target: SlackReplyTarget, command: str, words: str, is_form: bool
    ) -> None:
        key = f"slack:{event}"
        # Slack sends an event again when it missed the acknowledgement.
        if not self._seen.add(key):
            self._pending.end(event)
            return
        locale = "en"
        try:
            user = await self._users.find(target.user)
            locale = user.locale
            ask = Ask(
                key=key,
                person=self._me.person(target.user),
                server=self._me.server,
                channel=target.place,
                parent=target.parent,
                command=command,
                words=words,
                is_admin=user.is_admin,
                locale=locale,
                reply=target.to_reply(),
            )
            answer = await self._service.handle(ask)
            in_form = is_form and answer.refused
            if not (self._pending.end(event, answer if in_form else None) and in_form):
                await self._send(answer, target, locale)
        except Refused as refusal:
            log.warning("ask %s could not be answered: %s", key, refusal)
        except Exception:
            log.exception("ask %s could not be answered", key)
            await self._apologise(key, target, locale)
        finally:
            self._pending.end(event)

    async def _send(self, answer: Answer, target: SlackReplyTarget, locale: str) -> None:
        if answer.job is not None:
            await self._announce(answer.job, answer, target, locale)
        elif answer.private or answer.refused:
            await self._send_privately(answer, target, locale)
        else:
            await self._writer.send(target, answer)

    async def _send_privately(self, answer: Answer, target: SlackReplyTarget, locale: str) -> None:
        try:
            await self._writer.send_privately(target, answer)
        except Refused as refusal:
            if not (answer.pictures or answer.attachments):
                raise
            log.warning("%s takes no direct messages: %s", target.user, refusal)
            await self._writer.send_privately(target, Answer(self._service.translate(locale)(CLOSED)))

    async def _announce(self, job: str, answer: Answer, target: SlackReplyTarget, locale: str) -> None:
        """Say that a job is being painted. A failure is only logged: the picture comes in any case."""
        announced = self._announcements.open(job)
        if announced is None:
            return
        message = None
        try:
            message = await self._writer.send(target, answer)
            await self._service.announced(job, str(message))
        except Refused as refusal:
            log.warning("job %s is announced to its owner alone: %s", job, refusal)
            if refusal.remedy is not Remedy.AGAIN:
                outside = self._service.translate(locale)(OUTSIDE, name=self._me.name)
                await self._writer.send_privately(target, Answer(outside))
        finally:
            announced.set_result(message)

    async def _apologise(self, key: str, target: SlackReplyTarget, locale: str) -> None:
        try:
            await self._writer.send_privately(target, Answer(self._service.translate(locale)(LOST)))
        except Refused as refusal:
            log.warning("ask %s: nothing could be answered: %s", key, refusal)
        except Exception:
            log.exception("ask %s: nothing could be answered", key)
