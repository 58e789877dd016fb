"""The Discord adapter, on discord.py. It translates and decides nothing.

`discord_link` is the way there and back, `discord_commands` the slash commands, `discord_buttons` buttons and
forms, `discord_text` reads and escapes, `discord_talk` answers, `discord_posting` writes results,
`discord_reactions` takes reactions, and `discord_memory` remembers answers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import discord

from bot.config import Secret
from bot.platforms.discord.commands import Tree, message_command
from bot.platforms.discord.components import form_of, pressed_item, read_form, view_of
from bot.platforms.discord.connection import GatewayConnection, InvalidRequestGuard, make_client
from bot.platforms.discord.messages import MessageWriter, ReplyTarget, message_of, post_id
from bot.platforms.discord.reactions import Reactions
from bot.platforms.discord.replies import (
    FirstReplies,
    InteractionTalk,
    MessageTalk,
    Reply,
    ask_of_interaction,
    ask_of_message,
    place_of_interaction,
)
from bot.platforms.discord.text import escape, is_spoken_to, said
from bot.ports import Service
from bot.records import Delivery
from commands.chat import Answer, Ask, Picture, UserError
from commands.i18n import N_
from commands.parsing.line import line_of
from commands.text.results import EDIT

log = logging.getLogger(__name__)
Result = TypeVar("Result")

PATIENCE = 2.0
"""Seconds that an answer may take before it is held: Discord itself gives up after three."""
LOST = N_("Something went wrong while I answered you. Please try again.")
INFO = N_("Picture info")
HINT = N_("React with ⭐ or ❤️ to keep it as a favourite.")


class DiscordPlatform:
    """Implements `bot.ports.Platform` for every server and direct message of one application."""

    name = "discord"

    def __init__(
        self,
        token: Secret,
        api_base: str | None,
        gateway: str | None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        patience: float = PATIENCE,
    ) -> None:
        """api_base, gateway: other addresses than Discord's own; sleep: between attempts to connect"""
        self._api_base, self._gateway = api_base, gateway
        self._clock, self._patience = clock, patience
        self._answers = FirstReplies()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._bad = InvalidRequestGuard(clock)
        self._link = GatewayConnection(token, self._prepare, self._publish, sleep, self._bad.rest)
        self._house: Service
        self._client: discord.Client
        self._tree: Tree
        self._poster: MessageWriter
        self._reactions: Reactions

    async def start(self, house: Service) -> None:
        """See `Platform.start`. When Discord cannot be reached this returns nevertheless, and Easel joins it
        as soon as it is there: an outage of Discord keeps nobody else from painting."""
        self._house = house
        try:
            await self._link.open()
        except BaseException:
            await self._link.close()
            raise

    def _prepare(self) -> discord.Client:
        trace = self._bad.trace(lambda: self._spawn(client.close()))
        self._client = client = make_client(self._api_base, self._gateway, trace)
        self._tree = Tree(client, self._house, self._on_command, self._on_failed_command)
        self._tree.add_command(message_command(INFO, self._on_info))
        self._poster = MessageWriter(client, self._clock)
        client.add_dynamic_items(pressed_item(self._on_press))
        reactions = (self.on_raw_reaction_add, self.on_raw_reaction_remove)
        self._reactions = Reactions(client, self._house, self._poster)
        for handler in (self.on_connect, self.on_message, self.on_interaction, *reactions):
            client.event(handler)
        return client

    async def _publish(self) -> None:
        try:
            await self._tree.publish()
        except (discord.HTTPException, discord.app_commands.AppCommandError):
            log.exception("Discord did not take the slash commands; those it knows stay as they are")

    async def stop(self) -> None:
        """See `Platform.stop`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._link.close()

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        """See `Platform.preview`. It waits for the first answer, which it changes."""
        place = ReplyTarget.from_reply(delivery.reply)
        answer = await self._answers.find(place.key)
        if answer is not None:
            await self._poster.picture(place, answer, layouts)

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        """See `Platform.wait`. It waits for the first answer, which it changes."""
        place = ReplyTarget.from_reply(delivery.reply)
        await self._poster.words(place, await self._answers.find(place.key), said(answer))

    async def post(self, delivery: Delivery, answer: Answer) -> str:
        """See `Platform.post`. It waits for the connection, and for the first answer, which it replaces."""
        await self._link.connected.wait()
        place = ReplyTarget.from_reply(delivery.reply)
        first = await self._answers.find(place.key) or message_of(delivery.announced)
        words = self._written(answer, delivery.locale)
        return await self._poster.show(place, first, words, answer.pictures, view_of(answer))

    async def revise(self, delivery: Delivery, post: str, answer: Answer) -> str:
        """See `Platform.revise`."""
        words = self._written(answer, delivery.locale)
        return await self._poster.revise(post, words, answer.pictures, view_of(answer))

    def _written(self, answer: Answer, locale: str) -> str:
        """The line, what is on the pictures, and how they are favourited."""
        if not answer.pictures:
            return escape(answer.text)
        lines = [answer.text, *dict.fromkeys(each.alt for each in answer.pictures)]
        return "\n".join([escape("\n".join(lines)), f"-# {self._house.translate(locale)(HINT)}"])

    async def on_connect(self) -> None:
        """The gateway is ready."""
        self._link.greet()

    async def on_message(self, message: discord.Message) -> None:
        """Mentions and direct messages are lines; Discord sends the words of others empty."""
        me = self._client.user
        if me is None or message.author.bot or message.is_system():
            return
        if message.guild is not None and not is_spoken_to(message.content, me.id):
            return
        ask, place = ask_of_message(message, me.id)
        talk = MessageTalk(message, self._poster, place, self._house.translate(ask.locale))
        self._spawn(self._converse(ask, talk))

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """An emoji stands for a command."""
        self._spawn(self._reactions.take(payload, on=True))

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """What is taken back is undone, where it can be."""
        self._spawn(self._reactions.take(payload, on=False))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A form that was sent; discord.py itself knows those only that it opened since it started."""
        sent = interaction.type is discord.InteractionType.modal_submit
        line = read_form(interaction.data or {}) if sent else None
        if line is not None:
            await self._on_command(interaction, "paint", line)

    async def _on_info(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await self._on_command(interaction, "info", post_id(message.channel.id, message.id))

    async def _on_press(self, interaction: discord.Interaction, verb: str, words: str) -> None:
        if verb == EDIT:
            self._spawn(self._open_form(interaction, words))
        else:
            await self._on_command(interaction, verb, words)

    async def _open_form(self, interaction: discord.Interaction, picture: str) -> None:
        """A form with a picture's line. Discord waits three seconds for it, so a fault is only logged."""
        translate = self._house.translate(interaction.locale.value)
        try:
            shown = await self._house.picture(picture)
            line = line_of(shown.conditions) if shown else ""
            await interaction.response.send_modal(form_of(line, translate))
        except UserError as error:
            refusal = translate(error.sentence, **error.values)
            await self._say(f"discord:{interaction.id}", self._talk(interaction), refusal)
        except Exception:
            log.exception("a form could not be shown")

    async def _on_command(self, interaction: discord.Interaction, command: str, words: str) -> None:
        place = place_of_interaction(interaction, self._clock)
        ask = ask_of_interaction(interaction, place, command, words)
        self._spawn(self._converse(ask, self._talk(interaction)))

    def _talk(self, interaction: discord.Interaction) -> InteractionTalk:
        return InteractionTalk(interaction, self._house.translate(interaction.locale.value))

    async def _on_failed_command(self, interaction: discord.Interaction, error: Exception) -> None:
        key = f"discord:{interaction.id}"
        log.error("ask %s could not be read", key, exc_info=error)
        await self._apologise(key, self._talk(interaction), interaction.locale.value)

    def _spawn(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _converse(self, ask: Ask, talk: Reply) -> None:
        if not self._answers.begin(ask.key):
            return
        answer: Answer | None = None
        message: int | None = None
        try:
            answer = await self._handle(ask, talk)
            message = await talk.say(answer)
            await self._remember(ask, answer, message)
        except Exception:
            log.exception("ask %s could not be answered", ask.key)
            # What was accepted is painted and posted in any case.
            if answer is None or answer.job is None:
                await self._apologise(ask.key, talk, ask.locale)
        finally:
            self._answers.end(ask.key, message)

    async def _remember(self, ask: Ask, answer: Answer, message: int | None) -> None:
        if answer.job is not None and message is not None:
            await self._house.announced(
                answer.job, post_id(ReplyTarget.from_reply(ask.reply).channel, message)
            )

    async def _handle(self, ask: Ask, talk: Reply) -> Answer:
        handling = self._spawn(self._house.handle(ask))
        await asyncio.wait({handling}, timeout=self._patience)
        if not handling.done():
            try:
                await talk.hold()
            except Exception:
                # Whether it was accepted is still to be seen: nobody is told to ask again.
                log.exception("ask %s could not be held", ask.key)
        return await handling

    async def _apologise(self, key: str, talk: Reply, locale: str) -> None:
        await self._say(key, talk, self._house.translate(locale)(LOST))

    async def _say(self, key: str, talk: Reply, text: str) -> None:
        try:
            await talk.say(Answer(text, private=True, refused=True))
        except Exception:
            log.exception("ask %s: nothing could be said", key)
