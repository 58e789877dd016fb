"""What a finished request looks like: the pictures, their numbers, and what can be done next."""

from __future__ import annotations

from collections.abc import Sequence

from commands.chat import Answer, Button, Picture, Translate
from commands.i18n import N_

EDIT = "edit"
"""The verb that no command answers: it gives a person the picture's own line to change."""
NEXT = (
    ("reroll", "🎲", N_("Reroll")),
    ("vary", "✨", N_("Vary")),
    ("upscale", "⬆️", N_("Upscale")),
    ("favourite", "❤️", N_("Favourite")),
    ("delete", "🗑️", N_("Delete")),
    (EDIT, "✏️", N_("Edit")),
)

LOOK = ("send", "✉️", N_("Send it to me"))


def waiting(line: str, job: str, ahead: int, due: float | None, translate: Translate) -> Answer:
    """What is said of a request until it is painted. ahead: jobs before it; due: see `Answer`"""
    said = [translate("Painting {line}", line=line)]
    if ahead:
        said.append(translate("Jobs ahead of yours: {ahead}.", ahead=ahead))
    return Answer("\n".join(said), job=job, buttons=(cancel_button(job, translate),), due=due)


def result(
    line: str,
    pictures: Sequence[Picture],
    deleted: Sequence[tuple[int, bool]],
    job: str,
    translate: Translate,
    withheld: Sequence[int] = (),
) -> Answer:
    """What is posted of a request.

    deleted: numbers of pictures that are gone, and whether by their owner; withheld: of hidden ones
    """
    said = [line]
    if pictures:
        numbers = ", ".join(str(each.number) for each in pictures)
        said.append(translate("Picture {numbers}", numbers=numbers))
    said += [_deleted(number, by_owner, translate) for number, by_owner in deleted]
    said += [translate("Picture {numbers} hidden", numbers=number) for number in withheld]
    buttons = [each for picture in pictures for each in buttons_of(picture, translate)]
    return Answer("\n".join(said), tuple(pictures), job=job, buttons=tuple(buttons))


def buttons_of(picture: Picture, translate: Translate) -> tuple[Button, ...]:
    """What can be done with a picture; a hidden one can be looked at where nobody else sees it."""
    verbs = (*NEXT, LOOK) if picture.hidden else NEXT
    return tuple(Button(verb, picture.id, translate(label), sign, picture.id) for verb, sign, label in verbs)


def cancel_button(job: str, translate: Translate) -> Button:
    """Stops the job while it waits or is being painted."""
    return Button("cancel", job, translate("Cancel"), "✖️")


def _deleted(number: int, by_owner: bool, translate: Translate) -> str:
    if by_owner:
        return translate("Picture {number} was deleted by who asked for it.", number=number)
    return translate("Picture {number} was deleted by a moderator.", number=number)
