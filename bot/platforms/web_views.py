"""What the pages are told: pictures, history, words and the vocabulary as JSON."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from bot.platforms.base import Entry
from commands.chat import Picture
from commands.context import Translate
from commands.parsing import KEYS, line_of
from commands.registry import COMMANDS
from commands.words import N_
from engine.silhouettes import silhouette
from engine.vocabulary import KINDS, Vocabulary

ICON_SIDE = 64
SUFFIX = {"image/png": "png", "image/webp": "webp"}

PAGE_WORDS: Mapping[str, str] = {
    "you": N_("You"),
    "sketching": N_("Sketching…"),
    "painting": N_("Painting…"),
    "favourite": N_("Favourite"),
    "favourited": N_("Favourited"),
    "download": N_("Download"),
    "again": N_("Paint again"),
    "failed": N_("The painting failed, and nothing was charged. Please ask again."),
    "offline": N_("The connection is gone; trying again…"),
    "online": N_("Connected again."),
    "refused": N_("This page has expired. Reload it and try again."),
    "ready": N_("Your painting is ready: {alt}"),
    "adminYes": N_("You are the admin of this server now."),
    "adminNo": N_("That is not the admin token."),
}
"""Words the page says on its own, by the name its script knows them under."""


def picture_view(picture: Picture) -> dict[str, Any]:
    """A finished picture."""
    return {
        "id": picture.id,
        "src": f"/pictures/{picture.id}.{SUFFIX[picture.media_type]}",
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
        "line": line_of(picture.conditions),
    }


def preview_view(picture: Picture) -> dict[str, Any]:
    """A layout, small enough to travel inside the event."""
    data = base64.b64encode(picture.data).decode()
    src = f"data:{picture.media_type};base64,{data}"
    return {"src": src, "width": picture.width, "height": picture.height, "alt": picture.alt}


def entry_view(entry: Entry) -> dict[str, Any]:
    """A past request with what became of it."""
    return {
        "job": entry.job,
        "line": entry.line,
        "state": entry.state,
        "pictures": [
            picture_view(picture) | {"liked": picture.id in entry.liked} for picture in entry.pictures
        ],
    }


def words_view(translate: Translate) -> dict[str, Any]:
    """The page's own words, and what can be typed."""
    # The page fills in {alt} itself.
    said = {name: translate(sentence, alt="{alt}") for name, sentence in PAGE_WORDS.items()}
    commands = [
        {
            "name": command.name,
            "summary": translate(command.summary),
            "options": [
                {"name": option.name, "kind": option.kind, "summary": translate(option.summary)}
                for option in command.options
                if option.name != "words"
            ],
        }
        for command in COMMANDS.values()
    ]
    return {"said": said, "commands": commands, "keys": sorted(KEYS)}


def vocabulary_view(vocabulary: Vocabulary, language: str) -> dict[str, Any]:
    """Every word by kind, with its label and everything it is called."""
    return {
        kind: [
            {
                "name": word.name,
                "label": vocabulary.label(kind, word.name, language),
                "terms": word.terms,
                "category": word.category,
                "value": word.value if kind == "color" else "",
            }
            for word in vocabulary.words(kind)
        ]
        for kind in KINDS
    }


@lru_cache(maxsize=1024)
def icon(shape: str) -> bytes:
    """A shape's silhouette as a small black PNG with alpha. Raises KeyError for an unknown shape."""
    alpha = (silhouette(shape, ICON_SIDE, ICON_SIDE) * 255).round().astype(np.uint8)
    image = Image.new("LA", (ICON_SIDE, ICON_SIDE))
    image.putalpha(Image.fromarray(alpha))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
