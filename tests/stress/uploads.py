"""Measure the largest request to Discord: python -m tests.stress.uploads

Four pictures of 2,048 px in the noisiest style are painted with the shipped weights and posted to a fake
Discord, which refuses more than 25 MiB. Prints bytes as JSON; ends with status 1 when the request is larger
or a picture is missing.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from bot.platforms.discord.messages import DiscordReplyTarget
from commands.chat import Picture, Post
from engine.conditions import Conditions
from engine.workers.client import PainterSettings, PaintingClient
from tests.support.discord.discord_app import ANN, adapter
from tests.support.discord.gateway import CHANNEL
from tests.support.discord.server import MOST_REQUEST, discord_server
from tests.support.fakes import RecordingService, delivery_of

SIZE, COUNT = 2048, 4
ASKED = Conditions(style=(("pointillism", 1.0),), colors=(), shape="tree", scene="pattern", seed=3, size=SIZE)


async def painted() -> tuple[Picture, ...]:
    client = PaintingClient(PainterSettings("auto", 1, 1, 600.0))
    await client.start()
    try:
        made = [await client.paint("job", ASKED.with_seed(ASKED.seed + place)) for place in range(COUNT)]
    finally:
        await client.close()
    return tuple(
        Picture(f"p{place}", each.data, each.media_type, each.width, each.height, each.alt, each.conditions)
        for place, each in enumerate(made)
    )


async def posted(pictures: tuple[Picture, ...]) -> dict[str, Any]:
    target = DiscordReplyTarget(CHANNEL, ANN, 55)
    delivery = delivery_of("discord:1", "discord:100", f"discord:{CHANNEL}", target.to_reply())
    async with discord_server() as server, adapter(server, RecordingService()) as platform:
        await platform.post(delivery, Post("trees", pictures=pictures))
        [message] = server.messages.values()
        files = message["attachments"]
        return {
            "painted_bytes": sum(len(each.data) for each in pictures),
            "request_bytes": server.largest,
            "pictures": len(files),
            "types": sorted({each["content_type"] for each in files}),
        }


def main() -> None:
    figures = asyncio.run(posted(asyncio.run(painted())))
    print(json.dumps(figures))  # noqa: T201  # what it is for
    sys.exit(figures["request_bytes"] > MOST_REQUEST or figures["pictures"] < COUNT)


if __name__ == "__main__":
    main()
