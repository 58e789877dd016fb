"""Connect Easel to Discord, on discord.py. It translates and decides nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.background import BackgroundTasks
from bot.config import Secret
from bot.platforms.discord.commands import SlashCommands, message_command
from bot.platforms.discord.components import modal_of, pressed_item, said_in_modal
from bot.platforms.discord.connection import GatewayConnection, InvalidRequestGuard, make_discord_client
from bot.platforms.discord.messages import DiscordReplyTarget, DiscordWriter, post_id
from bot.platforms.discord.reactions import DiscordReactions
from bot.platforms.discord.refusals import discord_refusal
from bot.platforms.discord.replies import (
    DiscordReply,
    FirstReplies,
    InteractionReply,
    MessageReply,
    ask_of_interaction,
    ask_of_message,
    target_of_interaction,
)
from bot.platforms.discord.text import discord_id, escape_markdown, mentions, text_of
from bot.platforms.refusals import Courier
from bot.ports import Refused, Service
from bot.records import Delivery
from commands.chat import Answer, Ask, Picture, Post, UserError
from commands.i18n import N_
from commands.parsing.written import line_of
from commands.text.refusals import LOST
from commands.text.results import EDIT

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that an answer may take before it is deferred: Discord itself gives up after three."""
INFO = N_("Picture info")
REPORT = N_("Report picture")
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
        self._api_base, self._gateway_address = api_base, gateway
        self._clock, self._patience = clock, patience
        self._answers, self._background = FirstReplies(), BackgroundTasks()
        self._guard, self._courier = InvalidRequestGuard(clock), Courier(discord_refusal, sleep)
        self._gateway = GatewayConnection(token, self._prepare, self._publish, sleep, self._guard.pause)
        self._service: Service
        self._client: discord.Client
        self._commands: SlashCommands
        self._writer: DiscordWriter
        self._reactions: DiscordReactions

    async def start(self, service: Service) -> None:
        """See `Platform.start`. When Discord cannot be reached this returns nevertheless, and Easel connects
        later: people of other platforms need not wait for it."""
        self._service = service
        await self._background.open()
        try:
            await self._gateway.open()
        except BaseException:
            await self.stop()
            raise

    def _prepare(self) -> discord.Client:
        # The trace runs inside a request of the client, which is therefore closed from elsewhere.
        trace = self._guard.trace(lambda: self._background.spawn(client.close()))
        self._client = client = make_discord_client(self._api_base, self._gateway_address, trace)
        self._commands = SlashCommands(client, self._service, self._on_command, self._on_failed_command)
        for name, run in ((INFO, self._on_info), (REPORT, self._on_report)):
            self._commands.add_command(message_command(name, run))
        self._writer = DiscordWriter(client, self._clock, self._courier)
        client.add_dynamic_items(pressed_item(self._on_press))
        reactions = (self.on_raw_reaction_add, self.on_raw_reaction_remove)
        self._reactions = DiscordReactions(client, self._service, self._writer, self._courier)
        places = (self.on_ready, self.on_guild_join, self.on_guild_remove)
        for handler in (self.on_connect, self.on_message, self.on_interaction, *reactions, *places):
            client.event(handler)
        return client

    async def _publish(self) -> None:
        try:
            await self._commands.publish()
        except (discord.HTTPException, discord.app_commands.AppCommandError) as error:
            log.error("Discord refused the slash commands and keeps those it has: %s", error)

    @property
    def connected(self) -> bool:
        """See `Platform.connected`."""
        return self._gateway.connected.is_set()

    async def stop(self) -> None:
        """See `Platform.stop`."""
        await self._background.close()
        await self._gateway.close()

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        """See `Platform.preview`. It waits for the first answer, and edits it."""
        self._gateway.check()
        target = DiscordReplyTarget.from_reply(delivery.reply)
        if answer := await self._answers.find(target.key):
            await self._writer.add_pictures(target, answer, layouts)

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        """See `Platform.wait`. It waits for the first answer, and edits it."""
        self._gateway.check()
        target = DiscordReplyTarget.from_reply(delivery.reply)
        await self._writer.change_words(target, await self._answers.find(target.key), text_of(answer))

    async def post(self, delivery: Delivery, post: Post) -> str:
        """See `Platform.post`. It waits for the connection, and for the first answer, which it replaces."""
        await self._gateway.connected.wait()
        target = DiscordReplyTarget.from_reply(delivery.reply)
        first = await self._answers.find(target.key) or delivery.announced
        return await self._writer.replace_answer(target, first, self._text(post, delivery.locale), post)

    async def tell(self, channel: str, post: Post) -> None:
        """See `Platform.tell`."""
        await self._gateway.connected.wait()
        number = int(channel.rpartition(":")[2])
        await self._writer.send_to_channel(number, escape_markdown(post.text), post)

    async def revise(self, delivery: Delivery, old: str, post: Post) -> str:
        """See `Platform.revise`."""
        self._gateway.check()
        return await self._writer.replace_post(old, self._text(post, delivery.locale), post)

    def _text(self, post: Post, locale: str) -> str:
        """Return the words of a post, and how to keep its pictures as favourites."""
        if not post.pictures:
            return escape_markdown(post.text)
        return f"{escape_markdown(post.text)}\n-# {self._service.translate(locale)(HINT)}"

    async def on_connect(self) -> None:
        """Handle the gateway's first event."""
        self._gateway.on_connected()

    async def on_ready(self) -> None:
        """Note the servers: some may have removed Easel while it was away."""
        present = [discord_id(guild.id) for guild in self._client.guilds]
        await self._service.keep_servers(self.name, present)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server took Easel."""
        await self.on_ready()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server removed Easel."""
        await self.on_ready()

    async def on_message(self, message: discord.Message) -> None:
        """Answer mentions and direct messages; Discord sends no other message's words."""
        me = self._client.user
        if me is None or message.author.bot or message.is_system():
            return
        # A reply that notifies Easel mentions it without a word.
        notified = message.reference is not None and any(each.id == me.id for each in message.mentions)
        if message.guild is not None and not (notified or mentions(message.content, me.id)):
            return
        ask, target = ask_of_message(message, me.id)
        reply = MessageReply(
            message, self._writer, self._courier, target, self._service.translate(ask.locale)
        )
        await self._background.spawn(self._converse(ask, reply))

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Handle an emoji that stands for a command."""
        await self._background.spawn(self._reactions.handle(payload, on=True))

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Undo a reaction that was taken back, where that is possible."""
        await self._background.spawn(self._reactions.handle(payload, on=False))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Read a form that was sent; discord.py only knows forms that it opened since its start."""
        sent = interaction.type is discord.InteractionType.modal_submit
        said = said_in_modal(interaction.data or {}) if sent else None
        if said is not None:
            await self._on_command(interaction, *said)

    async def _on_info(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await self._on_command(interaction, "info", post_id(message.channel.id, message.id))

    async def _on_report(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await self._on_command(interaction, "report", post_id(message.channel.id, message.id))

    async def _on_press(self, interaction: discord.Interaction, verb: str, words: str) -> None:
        if verb == EDIT:
            await self._background.spawn(self._open_form(interaction, words))
        else:
            await self._on_command(interaction, verb, words)

    async def _open_form(self, interaction: discord.Interaction, picture: str) -> None:
        """Open a form with a picture's line. A fault is only logged: Discord waits three seconds."""
        translate = self._service.translate(interaction.locale.value)
        try:
            shown = await self._service.picture(picture)
            form = modal_of(picture, line_of(shown.conditions) if shown else "", translate)
            await self._courier.deliver(None, lambda _: interaction.response.send_modal(form))
        except UserError as error:
            refusal = translate(error.sentence, **error.values)
            await self._refuse(f"discord:{interaction.id}", self._reply(interaction), refusal)
        except Refused as refused:
            log.warning("a form could not be shown: %s", refused)
            await self._refuse(f"discord:{interaction.id}", self._reply(interaction), translate(LOST))
        except Exception:
            log.exception("a form could not be shown")

    async def _on_command(self, interaction: discord.Interaction, command: str, words: str) -> None:
        target = target_of_interaction(interaction, self._clock)
        ask = ask_of_interaction(interaction, target, command, words)
        await self._background.spawn(self._converse(ask, self._reply(interaction)))

    def _reply(self, interaction: discord.Interaction) -> InteractionReply:
        target = target_of_interaction(interaction, self._clock)
        translate = self._service.translate(interaction.locale.value)
        return InteractionReply(interaction, self._writer, self._courier, target, translate)

    async def _on_failed_command(self, interaction: discord.Interaction, error: Exception) -> None:
        key = f"discord:{interaction.id}"
        log.error("ask %s could not be read", key, exc_info=error)
        await self._apologise(key, self._reply(interaction), interaction.locale.value)

    async def _converse(self, ask: Ask, reply: DiscordReply) -> None:
        if not self._answers.begin(ask.key):
            return
        answer: Answer | None = None
        post: str | None = None
        try:
            answer = await self._answer(ask, reply)
            post = await reply.send(answer)
            if answer.job is not None:
                await self._service.announced(answer.job, post)
        except Refused as refusal:
            # An accepted job is painted and posted in any case.
            log.warning("ask %s could not be answered: %s", ask.key, refusal)
        except Exception:
            log.exception("ask %s could not be answered", ask.key)
            if answer is None or answer.job is None:
                await self._apologise(ask.key, reply, ask.locale)
        finally:
            self._answers.end(ask.key, post)

    async def _answer(self, ask: Ask, reply: DiscordReply) -> Answer:
        """Return the answer; defer the reply when it takes long."""
        async with asyncio.TaskGroup() as group:
            handling = group.create_task(self._service.handle(ask))
            await asyncio.wait({handling}, timeout=self._patience)
            if not handling.done():
                await reply.defer()
        return handling.result()

    async def _apologise(self, key: str, reply: DiscordReply, locale: str) -> None:
        await self._refuse(key, reply, self._service.translate(locale)(LOST))

    async def _refuse(self, key: str, reply: DiscordReply, text: str) -> None:
        try:
            await reply.send(Answer(text, private=True, refused=True))
        except Refused as refusal:
            log.warning("ask %s: nothing could be answered: %s", key, refusal)
        except Exception:
            log.exception("ask %s: nothing could be answered", key)
