"""Say what is known of a picture's origin."""

from __future__ import annotations

from commands.chat import Translate
from commands.i18n import N_
from commands.parsing.written import line_of
from commands.services.verification import HASH, MARK, SIGNATURE, Verdict

SAID = {
    (SIGNATURE, True): N_("Easel (AI) painted this picture. The file is unchanged: this server signed it."),
    (SIGNATURE, False): N_("Easel (AI) painted this picture, as its signature says. The file was changed."),
    (MARK, False): N_(
        "Easel (AI) painted this picture, as its invisible mark says."
        " It has no signature to tell whether it was changed."
    ),
    (HASH, False): N_("This picture looks like one that Easel (AI) painted. The file was changed."),
}
"""By what told it, and whether the file is intact."""
UNKNOWN = N_("I see no sign that Easel painted this picture. That proves nothing, as signs can be lost.")


def verdict_in_words(verdict: Verdict, translate: Translate) -> str:
    """Return a verdict in a sentence, then the picture's number and what it was asked to be."""
    if not verdict.made_by_easel:
        return translate(UNKNOWN)
    lines = [translate(SAID[verdict.by, verdict.intact])]
    if verdict.number is not None:
        lines.append(translate("Picture {numbers}", numbers=verdict.number))
    if verdict.conditions is not None:
        lines.append(line_of(verdict.conditions))
    return "\n".join(lines)
