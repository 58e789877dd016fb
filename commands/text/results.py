"""Write what people see of a request: while it waits, when it is finished, and when it failed."""

from __future__ import annotations

from collections.abc import Sequence

from commands.chat import Answer, Button, Picture, Post, Translate
from commands.i18n import N_

EDIT = "edit"
"""A verb without a command: it opens a form that asks what shall be different, and has the picture's line."""
NEXT = (
    ("reroll", "🎲", N_("Reroll")),
    ("vary", "✨", N_("Vary")),
    ("upscale", "⬆️", N_("Upscale")),
    ("favourite", "❤️", N_("Favourite")),
    ("delete", "🗑️", N_("Delete")),
    (EDIT, "✏️", N_("Change…")),
)

DETAILS = "info"
"""The verb that shows the line of options with its seed."""
ASK_CHANGE, ASK_LINE = N_("What shall be different?"), N_("Or its whole line")
"""What the form asks for."""
LOOK = ("send", "✉️", N_("Send it to me"))
FAILED_TEXT = N_("The painting failed, and nothing was charged. Please ask again.")
UNDELIVERED_TEXT = N_(
    "Your picture is painted, but I could neither post it nor send it to you. Nothing was charged, and it"
    " waits in your /gallery."
)
CANCELLED_TEXT = N_("Cancelled; nothing was charged.")


def waiting(says: str, job: str, ahead: int, due: float | None, translate: Translate) -> Answer:
    """Return what a request shows until it is painted. ahead: jobs before it; due: see `Answer`"""
    said = [translate("Painting: {sentence}", sentence=says)]
    if ahead:
        said.append(translate("Jobs ahead of yours: {ahead}.", ahead=ahead))
    return Answer("\n".join(said), job=job, buttons=(cancel_button(job, translate),), due=due)


def finished_post(
    job: str,
    says: str,
    pictures: Sequence[Picture],
    deleted: Sequence[tuple[int, bool]],
    withheld: Sequence[int],
    translate: Translate,
) -> Post:
    """Return the post of a painted request.

    says: what was painted and what became of the person's words
    deleted: numbers of deleted pictures, and whether their owner deleted them
    withheld: numbers of hidden pictures that this server shows to nobody
    """
    details = []
    if pictures:
        numbers = ", ".join(str(each.number) for each in pictures)
        details.append(translate("Picture {numbers}, painted by Easel (AI)", numbers=numbers))
    details += [_deleted(number, by_owner, translate) for number, by_owner in deleted]
    details += [translate("Picture {numbers} hidden", numbers=number) for number in withheld]
    buttons = [each for picture in pictures for each in buttons_of(picture, translate)]
    if pictures:
        one = pictures[0].id if len(pictures) == 1 else ""
        buttons.append(Button(DETAILS, one or job, translate("Details"), "🔎", one))
    return Post(says, tuple(details), tuple(pictures), tuple(buttons))


def failed_post(translate: Translate) -> Post:
    """Return the post of a request that could not be painted."""
    return Post(translate(FAILED_TEXT), failed=True)


def undelivered_post(translate: Translate) -> Post:
    """Return the post of a request whose pictures could be posted nowhere."""
    return Post(translate(UNDELIVERED_TEXT), failed=True)


def cancelled_post(translate: Translate) -> Post:
    """Return the post of a request that somebody cancelled."""
    return Post(translate(CANCELLED_TEXT), failed=True)


def buttons_of(picture: Picture, translate: Translate) -> tuple[Button, ...]:
    """Return a picture's buttons; a hidden one can also be sent to whoever wants to see it."""
    verbs = (*NEXT, LOOK) if picture.hidden else NEXT
    return tuple(Button(verb, picture.id, translate(label), sign, picture.id) for verb, sign, label in verbs)


def cancel_button(job: str, translate: Translate) -> Button:
    """Return the button that cancels a job which waits or is being painted."""
    return Button("cancel", job, translate("Cancel"), "✖️")


def _deleted(number: int, by_owner: bool, translate: Translate) -> str:
    if by_owner:
        return translate("Picture {number} was deleted by who asked for it.", number=number)
    return translate("Picture {number} was deleted by a moderator.", number=number)
