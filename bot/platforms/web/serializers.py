"""Write pictures, history, words and the vocabulary as JSON for the pages."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from bot.records import Entry
from commands.chat import Answer, Attachment, Picture, Post, Translate
from commands.i18n import N_
from commands.parsing.labels import label
from commands.parsing.options import KEYS
from commands.parsing.written import line_of
from commands.registry import COMMANDS
from commands.text.results import EDIT, LOOK, NEXT
from engine.color.oklab import srgb_from_oklab
from engine.composing.subjects import cutout, load_subjects
from engine.painting.encoding import encode_drawing, suffix_of
from engine.vocabulary import KINDS, Vocabulary

ICON_SIDE = 64

PAGE_WORDS: Mapping[str, str] = {
    "you": N_("You"),
    "sketching": N_("Sketching…"),
    "painting": N_("Painting…"),
    "favourite": N_("Favourite"),
    "favourited": N_("Favourited"),
    "download": N_("Download"),
    "again": N_("Paint again"),
    "number": N_("Picture {numbers}, painted by Easel (AI)"),
    "reroll": N_("Reroll"),
    "vary": N_("Vary"),
    "upscale": N_("Upscale"),
    "remove": N_("Delete"),
    "sure": N_("Delete this picture for good?"),
    "removed": N_("It was deleted."),
    "hide": N_("Hide"),
    "unhide": N_("No longer hide"),
    "look": N_("Hidden: look at it"),
    "details": N_("Details"),
    "cancel": N_("Cancel"),
    "cancelled": N_("Cancelled; nothing was charged."),
    "failed": N_("The painting failed, and nothing was charged. Please ask again."),
    "offline": N_("The connection is gone; trying again…"),
    "online": N_("Connected again."),
    "unsent": N_("Not sent yet; it goes out when the connection is back."),
    "burst": N_("That was a lot at once; the rest goes out in a moment."),
    "unheard": N_("There is no connection just now. Please try again."),
    "wrong": N_("Something went wrong while I answered you. Please try again."),
    "refused": N_("This page has expired. Reload it and try again."),
    "ready": N_("Your painting is ready: {alt}"),
    "adminNo": N_("That is not the admin token."),
}
"""Words of the page itself, by their names in its script."""
EVERYWHERE = ("unheard", "wrong", "refused", "adminNo")
"""Words that every page needs."""


def source_of(picture: str, media_type: str) -> str:
    """Return the address of a picture's file."""
    return f"/pictures/{picture}{suffix_of(media_type)}"


def picture_view(picture: Picture) -> dict[str, Any]:
    """Return a finished picture."""
    return {
        "id": picture.id,
        "src": source_of(picture.id, picture.media_type),
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
        "caption": picture.caption,
        "line": line_of(picture.conditions),
        "number": picture.number,
        "hidden": picture.hidden,
    }


def buttons_view(answer: Answer | Post) -> list[dict[str, str]]:
    """Return the buttons that the page does not draw at a picture itself, each with its line."""
    shown = {picture.id for picture in answer.pictures}
    drawn = {verb for verb, _, _ in (*NEXT, LOOK)}
    rest = [
        each
        for each in answer.buttons
        if each.verb != EDIT and (each.picture not in shown or each.verb not in drawn)
    ]
    return [{"label": each.label, "line": f"/{each.verb} {each.words}"} for each in rest]


def preview_view(picture: Picture) -> dict[str, Any]:
    """Return a layout, which is small enough to be part of its event."""
    return _inside(picture)


def attachment_view(other: Attachment) -> dict[str, Any]:
    """Return an attached file as a part of its answer."""
    return {"name": other.name, "is_picture": other.is_picture, **_inside(other)}


def _inside(shown: Picture | Attachment) -> dict[str, Any]:
    src = f"data:{shown.media_type};base64,{base64.b64encode(shown.data).decode()}"
    return {"src": src, "width": shown.width, "height": shown.height, "alt": shown.alt}


def entry_view(entry: Entry) -> dict[str, Any]:
    """Return a past request and its outcome."""
    return {
        "job": entry.job,
        "said": entry.said,
        "says": entry.says,
        "state": entry.state,
        "pictures": [
            picture_view(picture) | {"liked": picture.id in entry.liked} for picture in entry.pictures
        ],
    }


def labels_view(translate: Translate, names: Iterable[str] = EVERYWHERE) -> dict[str, str]:
    """Return words of the page itself."""
    # The page fills in {alt} and {numbers} itself.
    return {name: translate(PAGE_WORDS[name], alt="{alt}", numbers="{numbers}") for name in names}


def words_view(translate: Translate) -> dict[str, Any]:
    """Return the words of the chat's page, and the commands that can be typed."""
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
    return {"said": labels_view(translate, PAGE_WORDS), "commands": commands, "keys": sorted(KEYS)}


def vocabulary_view(vocabulary: Vocabulary, language: str) -> dict[str, Any]:
    """Return every word by kind, with its label and all its terms."""
    return {
        kind: [
            {
                "name": word.name,
                "label": label(vocabulary, kind, word.name, language),
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
    """Return a shape's cut-out as a small square PNG with alpha. Raises KeyError for an unknown shape."""
    figure = cutout(load_subjects()[shape][0].file)
    alpha = (figure.alpha * 255).round().astype(np.uint8)
    image = Image.fromarray(np.dstack([srgb_from_oklab(figure.lab), alpha]), "RGBA")
    image.thumbnail((ICON_SIDE, ICON_SIDE))
    square = Image.new("RGBA", (ICON_SIDE, ICON_SIDE))
    square.paste(image, ((ICON_SIDE - image.width) // 2, ICON_SIDE - image.height))
    return encode_drawing(square)
