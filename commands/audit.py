"""/audit: who changed what for others in a server."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from commands.chat import Answer, Ask, Button, Translate, UserError
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import readable
from commands.parsing.values import whole_number
from commands.services.context import Act, Services
from commands.text.audit import act_words

PAGE_SIZE = 10
MOST_PAGES = 100_000


async def _run(ask: Ask, services: Services) -> Answer:
    """Show the latest changes. Raises UserError for everybody but admins."""
    if not ask.is_admin:
        raise UserError("Only an admin of this server may see that.")
    said = re.sub(r"\s*=\s*", "=", readable(ask.words)).removeprefix("page=")
    page = whole_number("page", said, 1, MOST_PAGES) if said else 1
    acts = await services.audit.latest(ask.server, PAGE_SIZE * (page - 1), PAGE_SIZE + 1)
    if not acts:
        return Answer(services.translate("Nothing was changed here yet."), private=True)
    older = (Button("audit", f"page={page + 1}", services.translate("Older"), "▶️"),)
    text = "\n".join(_line(each, ask, services.translate) for each in acts[:PAGE_SIZE])
    return Answer(text, private=True, buttons=older if len(acts) > PAGE_SIZE else ())


def _line(act: Act, ask: Ask, translate: Translate) -> str:
    at, told = datetime.fromtimestamp(act.at, UTC), act_words(act, ask, translate)
    return translate(
        "{day} {time} UTC, {person}, {what}, {whose}: {before} → {now}",
        day=f"{at:%Y-%m-%d}",
        time=f"{at:%H:%M}",
        person=act.person,
        what=told.what,
        whose=told.whose,
        before=told.before,
        now=told.now,
    )


COMMAND = Command(
    "audit",
    N_("See who changed what in this server; for admins."),
    _run,
    (Option("page", "number", N_("The page, the newest changes first"), 1, MOST_PAGES),),
    aliases=("审计",),
    examples=("/audit", "/audit page=2"),
    admin_only=True,
)
