"""The Slack adapter, on Bolt's AsyncApp. It translates and decides nothing.

`slack_link` is the way there and back, `slack_text` reads and escapes, `slack_people` knows who asks,
`slack_presses` takes buttons and forms, `slack_reactions` reactions, `slack_posting` writes, and
`slack_memory` remembers what was announced.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import VARIABLES, Secret
from bot.platforms.slack.connection import (
    CALL_SECONDS,
    HttpLink,
    Self,
    SlackConnection,
    SocketLink,
    introduce,
    make_client,
)
from bot.platforms.slack.interactions import Presses
from bot.platforms.slack.messages import RESPONSE_SECONDS, MessageWriter, Post, ReplyTarget, is_absent
from bot.platforms.slack.reactions import Reactions
from bot.platforms.slack.state import Announcements, Recent, UnderWay, is_set
from bot.platforms.slack.text import read_command, read_line
from bot.platforms.slack.users import People
from bot.ports import Service, TokenRejected
from bot.records import Delivery
from commands.chat import Answer, Ask, Picture
from commands.i18n import N_

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds of the three that Slack waits, after which who asks is told why they hear nothing."""
OUTSIDE = N_(
    "I cannot write in this channel; type /invite @{name} to let me in. This picture comes to you directly."
)
LOST = N_("Something went wrong while I answered you. Please try again.")
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
        """With an app token Slack is reached by Socket Mode, else it reaches http_host:http_port."""
        self._bot_token, self._app_token, self._signing_secret = bot_token, app_token, signing_secret
        self._base = api_base
        self._host, self._port = http_host, http_port
        self._clock, self._sleep, self._patience = clock, sleep, patience
        self._seen, self._under_way, self._announcements = Recent(), UnderWay(), Announcements()
        self._tasks: set[asyncio.Task[None]] = set()
        self._link: SlackConnection | None = None
        self._session: aiohttp.ClientSession
        self._house: Service
        self._people: People
        self._poster: MessageWriter
        self._presses: Presses
        self._reactions: Reactions
        self._self: Self

    @property
    def address(self) -> str:
        """Where signed requests arrive; empty in Socket Mode."""
        return self._link.address if self._link else ""

    async def start(self, house: Service) -> None:
        """See `Platform.start`."""
        self._house = house
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        try:
            client = make_client(self._bot_token, self._base, self._session)
            self._self = await introduce(client)
            self._people = People(client, self._self.team, self._clock)
            self._poster = MessageWriter(client, self._session, self._clock, self._sleep)
            self._presses = Presses(house, self._people, self._poster, self._clock, self._take)
            self._reactions = Reactions(house, self._people, self._poster, self._self)
            self._link = await self._open(client)
        except BaseException:
            await self._session.close()
            raise

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
            return await SocketLink.open(app, self._app_token)
        if self._signing_secret:
            return await HttpLink.open(app, self._signing_secret, self._host, self._port)
        raise TokenRejected(
            f"{VARIABLES['slack_bot']} alone is not enough; set {VARIABLES['slack_app']} too (Socket Mode),"
            f" or {VARIABLES['slack_signing']} when Slack sends its events to an address of yours."
        )

    def _listen(self, app: AsyncApp) -> None:
        app.command(re.compile("^/"))(self._on_command)
        self._presses.listen(app)
        app.event("app_mention")(self._on_mention)
        app.event("message")(self._on_message)
        app.event("reaction_added")(self._on_reaction)
        app.event("reaction_removed")(self._on_reaction)

    async def stop(self) -> None:
        """See `Platform.stop`."""
        if self._link:
            await self._link.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        """See `Platform.preview`. The announcement has to do: a layout would be scanned by Slack for longer
        than the painting takes, and it shows no WebP."""

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        """See `Platform.wait`."""
        announced = await self._announcements.find(delivery.job) or Post.from_id(delivery.announced)
        if announced is not None:
            await self._poster.revise(announced, answer)

    async def post(self, delivery: Delivery, answer: Answer) -> str:
        """See `Platform.post`."""
        place = ReplyTarget.from_reply(delivery.reply)
        post = await self._announcements.find(delivery.job) or Post.from_id(delivery.announced)
        if answer.refused and post is None:
            post = await self._poster.say_privately(place, answer)
        else:
            post = await self._replace(delivery.job, place, answer, post)
        self._announcements.end(delivery.job)
        return str(post)

    async def revise(self, delivery: Delivery, post: str, answer: Answer) -> str:
        """See `Platform.revise`."""
        if said := Post.from_id(post):
            await self._poster.revise(said, answer)
        return post

    async def _replace(self, job: str, place: ReplyTarget, answer: Answer, post: Post | None) -> Post:
        """The answer in place of a post. Slack shows twice what it is sent twice, so pictures only ever take
        the place of words that the house remembers: that can be done again after a crash."""
        if post is not None and await self._poster.revise(post, answer):
            return post
        # Whoever was about to announce it comes too late.
        self._announcements.move(job, None)
        post = await self._stand_in(place, answer.text)
        self._announcements.move(job, post)
        await self._house.announced(job, str(post))
        await self._poster.revise(post, answer)
        return post

    async def _stand_in(self, place: ReplyTarget, words: str) -> Post:
        try:
            return await self._poster.show(place, Answer(words))
        except SlackApiError as error:
            if not is_absent(error):
                raise
        return await self._poster.show(place.direct(), Answer(words))

    async def _on_command(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        until = self._clock() + RESPONSE_SECONDS
        url = body.get("response_url", "")
        place = ReplyTarget(body["channel_id"], body["user_id"], response_url=url, until=until)
        command, words = read_command(body["command"].removeprefix("/"), body.get("text", ""), self._person)
        if (command, words) == ("paint", ""):
            self._spawn(self._presses.open_form(body["trigger_id"], place))
        else:
            await self._take(body["trigger_id"], place, command, words)
        await ack()

    async def _on_mention(self, body: Mapping[str, Any]) -> None:
        await self._take_line(body)

    async def _on_message(self, body: Mapping[str, Any]) -> None:
        if body["event"].get("channel_type") == "im":
            await self._take_line(body)

    async def _take_line(self, body: Mapping[str, Any]) -> None:
        event = body["event"]
        # Edits, deletions, joins and what bots say are no requests.
        if event.get("subtype") or event.get("bot_id") or "user" not in event:
            return
        place = ReplyTarget(event["channel"], event["user"], event.get("thread_ts", ""))
        text = event.get("text", "").replace(f"<@{self._self.user}>", " ")
        await self._take(body["event_id"], place, *read_line(text, self._person), again=True)

    async def _on_reaction(self, body: Mapping[str, Any]) -> None:
        if self._seen.add(f"slack:{body['event_id']}"):
            self._spawn(self._reactions.take(body["event_id"], body["event"]))

    def _person(self, user: str) -> str:
        return f"slack:{self._self.team}-{user}"

    @property
    def _server(self) -> str:
        return f"slack:{self._self.team}"

    async def _take(
        self, event: str, place: ReplyTarget, command: str, words: str, again: bool = False
    ) -> None:
        """Return once the house has it or, but for what Slack tells again, once the person knows that it has
        not. Of what is raised here Slack hears nothing, and says that it failed."""
        taken, new = self._under_way.begin(event)
        if new:
            self._spawn(self._answer(event, place, command, words))
        if not await is_set(taken, None if again else self._patience):
            late = self._house.translate(self._people.language(place.user))(LATE)
            await self._poster.say_privately(place, Answer(late))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Slack waits for three seconds only, so nothing is answered while it waits."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, event: str, place: ReplyTarget, command: str, words: str) -> None:
        key = f"slack:{event}"
        # Slack sends an event again when it did not see that it was acknowledged.
        if not self._seen.add(key):
            self._under_way.end(event)
            return
        locale = "en"
        try:
            person = await self._people.find(place.user)
            locale = person.locale
            ask = Ask(
                key=key,
                person=self._person(place.user),
                server=self._server,
                channel=f"slack:{place.channel}",
                command=command,
                words=words,
                is_admin=person.is_admin,
                locale=locale,
                reply=place.to_reply(),
            )
            answer = await self._house.handle(ask)
            self._under_way.end(event)
            await self._say(answer, place, locale)
        except Exception:
            log.exception("ask %s could not be answered", key)
            await self._apologise(key, place, locale)
        finally:
            self._under_way.end(event)

    async def _say(self, answer: Answer, place: ReplyTarget, locale: str) -> None:
        if answer.job is not None:
            await self._announce(answer.job, answer, place, locale)
        elif answer.private or answer.refused:
            await self._poster.say_privately(place, answer)
        else:
            await self._poster.show(place, answer)

    async def _announce(self, job: str, answer: Answer, place: ReplyTarget, locale: str) -> None:
        """Say that it is being painted. The picture comes in any case, so a failure here is only logged."""
        announced = self._announcements.open(job)
        if announced is None:
            return
        post = None
        try:
            post = await self._poster.show(place, answer)
            await self._house.announced(job, str(post))
        except Exception as error:
            if is_absent(error):
                outside = self._house.translate(locale)(OUTSIDE, name=self._self.name)
                await self._poster.say_privately(place, Answer(outside))
            else:
                log.exception("job %s could not be announced", job)
        finally:
            announced.set_result(post)

    async def _apologise(self, key: str, place: ReplyTarget, locale: str) -> None:
        try:
            await self._poster.say_privately(place, Answer(self._house.translate(locale)(LOST)))
        except Exception:
            log.exception("ask %s: nothing could be said", key)
