"""Let platforms fail while people ask: python -m tests.stress.faults --times 50

Each fault happens so many times on the twins of Discord and Slack, each time to a request of its own. Easel
is whole, with its real database, files and adapters, and paints flat pictures. Every request must end as one
message with its picture. Prints what was lost and doubled by fault; ends with status 1 when anything was.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import click

from bot.app import running
from bot.config import (
    BotConfig,
    Config,
    DiscordConfig,
    QuotaConfig,
    Secret,
    SlackConfig,
    StorageConfig,
    Tokens,
    WebConfig,
)
from tests.stress import ledger
from tests.stress.crashes import on_discord, on_slack
from tests.stress.crowd import line
from tests.support.discord import discord_app
from tests.support.discord.gateway import TOKEN
from tests.support.discord.server import DiscordServer, discord_server
from tests.support.fakes import FakePaintingClient
from tests.support.slack import slack_app
from tests.support.slack.server import APP_TOKEN, BOT_TOKEN, SlackServer, slack_server

LIMITED = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
LIMITS = {"Via": "1.1 google", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "0.01"}
BROKEN = {"message": "Internal Server Error", "code": 0}
END_SECONDS = 120
Fault = Callable[[Any, int], Awaitable[None]]


async def ask_discord(server: DiscordServer, seed: int, times: int = 1) -> None:
    """Send a slash command, perhaps several times."""
    words = {**discord_app.WORDS, "seed": seed}
    told = discord_app.command(options=words, member=discord_app.member(seed))
    made = await server.interact(told)
    for _ in range(times - 1):
        await server.happen("INTERACTION_CREATE", {**told, "id": str(made.id), "token": made.token})


async def ask_slack(server: SlackServer, seed: int, times: int = 1) -> None:
    """Send a mention, perhaps several times."""
    said = slack_app.event("app_mention", text=f"<@UEASEL> /paint {line(seed)}", user=f"U{seed}")
    for _ in range(times):
        await server.send("events_api", said)


async def limited_discord(server: DiscordServer, seed: int) -> None:
    server.scripted.setdefault("edit_original", []).append((429, LIMITS, LIMITED))
    await ask_discord(server, seed)


async def broken_discord(server: DiscordServer, seed: int) -> None:
    server.scripted.setdefault("edit_original", []).append((500, {}, BROKEN))
    await ask_discord(server, seed)


async def lost_discord(server: DiscordServer, seed: int) -> None:
    server.lost.append("edit_original")
    await ask_discord(server, seed)


async def torn_discord(server: DiscordServer, seed: int) -> None:
    server.torn.append("edit_original")
    await ask_discord(server, seed)


async def twice_discord(server: DiscordServer, seed: int) -> None:
    await ask_discord(server, seed, times=2)


async def resumed_discord(server: DiscordServer, seed: int) -> None:
    """Drop the socket, and send the event meanwhile."""
    sockets = len(server.sockets)
    await server.sockets[-1].close(code=4000)
    await ask_discord(server, seed)
    await server.until(lambda: len(server.sockets) > sockets and server.live, END_SECONDS)


async def invalid_discord(server: DiscordServer, seed: int) -> None:
    """End the session while a request is under way."""
    sockets = len(server.sockets)
    await ask_discord(server, seed)
    server.forgetful = True
    await server.sockets[-1].close(code=4000)
    await server.until(lambda: len(server.sockets) > sockets and server.live, END_SECONDS)


async def late_discord(server: DiscordServer, seed: int) -> None:
    """Press a picture's button before the database records its post."""
    await ask_discord(server, seed)
    posts = await server.painted(1)
    await server.interact(discord_app.press(posts[-1], "reroll", member=discord_app.member(seed)))


async def limited_slack(server: SlackServer, seed: int) -> None:
    limited = (429, {"Retry-After": "0"}, {"ok": False, "error": "ratelimited"})
    server.scripted.setdefault("chat.update", []).append(limited)
    await ask_slack(server, seed)


async def broken_slack(server: SlackServer, seed: int) -> None:
    broken = (500, {}, {"ok": False, "error": "internal_error"})
    server.scripted.setdefault("chat.update", []).append(broken)
    await ask_slack(server, seed)


async def lost_slack(server: SlackServer, seed: int) -> None:
    server.lost.append("chat.update")
    await ask_slack(server, seed)


async def torn_slack(server: SlackServer, seed: int) -> None:
    server.torn += 1
    await ask_slack(server, seed)


async def twice_slack(server: SlackServer, seed: int) -> None:
    await ask_slack(server, seed, times=2)


async def dropped_slack(server: SlackServer, seed: int) -> None:
    """Ask for a new connection, and send the event on the old one."""
    sockets = len(server.sockets)
    await ask_slack(server, seed)
    await server.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})
    await server.until(lambda: len(server.sockets) > sockets, END_SECONDS)


FAULTS: dict[str, tuple[str, Fault]] = {
    "discord 429": ("discord", limited_discord),
    "discord 500": ("discord", broken_discord),
    "discord receipt lost": ("discord", lost_discord),
    "discord half-written upload": ("discord", torn_discord),
    "discord duplicate event": ("discord", twice_discord),
    "discord out of order": ("discord", late_discord),
    "discord RESUME": ("discord", resumed_discord),
    "discord invalid session": ("discord", invalid_discord),
    "slack 429": ("slack", limited_slack),
    "slack 500": ("slack", broken_slack),
    "slack receipt lost": ("slack", lost_slack),
    "slack half-written upload": ("slack", torn_slack),
    "slack duplicate event": ("slack", twice_slack),
    "slack new connection": ("slack", dropped_slack),
}


def config_of(folder: Path, discord: DiscordServer, slack: SlackServer) -> Config:
    return Config(
        bot=BotConfig(shutdown_grace=END_SECONDS),
        web=WebConfig(port=0),
        discord=DiscordConfig(f"{discord.address}/api", discord.gateway),
        slack=SlackConfig(f"{slack.address}/api/", http_port=0),
        storage=StorageConfig(folder / "easel.db", folder / "pictures"),
        quotas=QuotaConfig(None, None, None, None),
    )


def posts_of(server: DiscordServer | SlackServer) -> list[set[str]]:
    """Return the pictures of each message that has any."""
    found = on_discord(server) if isinstance(server, DiscordServer) else on_slack(server)
    return [each for each in found if each]


async def suffer(name: str, times: int) -> dict[str, int]:
    """Cause one fault so many times in a new Easel; return what came of it."""
    platform, fault = FAULTS[name]
    tokens = Tokens(discord=Secret(TOKEN), slack_bot=Secret(BOT_TOKEN), slack_app=Secret(APP_TOKEN))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with discord_server() as discord, slack_server() as slack:
            server = discord if platform == "discord" else slack
            config = config_of(folder, discord, slack)
            async with running(config, tokens, FakePaintingClient()):
                for seed in range(1, times + 1):
                    await fault(server, seed)
                wanted = times * (2 if fault is late_discord else 1)
                await server.until(lambda: len(posts_of(server)) >= wanted, END_SECONDS)
            posts = posts_of(server)
        books = ledger.read(folder / "easel.db", folder / "pictures")
        unseen, doubled = books.shown(platform, posts)
        lost = len(books.lost(())) + max(0, times - len(books.jobs)) + len(unseen)
        return {"requests": len(books.jobs), "lost": lost, "doubled": len(doubled) + len(books.drifted())}


@click.command()
@click.option("--times", default=50, show_default=True, help="How often each fault happens.")
@click.option("--only", multiple=True, type=click.Choice(sorted(FAULTS)), help="These faults alone.")
def main(times: int, only: tuple[str, ...]) -> None:
    found = {}
    for name in only or FAULTS:
        found[name] = asyncio.run(suffer(name, times))
        click.echo(f"{name}: {json.dumps(found[name])}")
    if any(each["lost"] or each["doubled"] for each in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
