"""Pictures as Discord takes them: with their alternative texts, and no larger than it says."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace

import discord
import numpy as np
from PIL import Image

from bot.platforms.discord_text import MOST_ALT, cut
from commands.chat import Attachment, Picture
from engine.finish import PNG, WEBP, finish

MOST_BYTES = 10 * 1024 * 1024
"""Of one file, in servers that nobody boosts; paintings of 2048 px come near it as PNG."""
SCALES = (1.0, 0.7, 0.5, 0.35, 0.25)
"""Sides of what is still too large as WebP, as shares of the painting's."""
_SUFFIXES = {PNG: "png", WEBP: "webp"}


async def files_of(
    pictures: Sequence[Picture], most: int = MOST_BYTES, others: Sequence[Attachment] = ()
) -> list[discord.File]:
    """Attachments, which can be sent once.

    most: bytes of each picture; what is larger becomes WebP, then smaller
    """
    fitting = [
        picture if len(picture.data) <= most else await asyncio.to_thread(_fitted, picture, most)
        for picture in pictures
    ]
    paintings = [_file(number, picture) for number, picture in enumerate(fitting, 1)]
    return [*paintings, *map(_other_file, others)]


def _other_file(other: Attachment) -> discord.File:
    alt = cut(other.alt, MOST_ALT) if other.alt else None
    return discord.File(io.BytesIO(other.data), other.name, description=alt)


def _fitted(picture: Picture, most: int) -> Picture:
    """As WebP, as large as fits; at the smallest scale in any case."""
    painting = Image.open(io.BytesIO(picture.data)).convert("RGB")
    small = picture
    for scale in SCALES:
        size = (round(painting.width * scale), round(painting.height * scale))
        pixels = np.asarray(painting.resize(size, Image.Resampling.LANCZOS))
        data = finish(pixels, picture.conditions, media_type=WEBP)
        small = replace(picture, data=data, media_type=WEBP, width=size[0], height=size[1])
        if len(data) <= most:
            break
    return small


def _file(number: int, picture: Picture) -> discord.File:
    name = f"easel-{picture.id or number}.{_SUFFIXES[picture.media_type]}"
    alt = cut(picture.alt, MOST_ALT)
    return discord.File(io.BytesIO(picture.data), name, spoiler=picture.hidden, description=alt)
