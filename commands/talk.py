"""A line without a slash: small talk, a change of the picture there, or a new request."""

from __future__ import annotations

from dataclasses import replace

from commands.change import paint_changed
from commands.chat import Answer, Ask, Button, UserError
from commands.checks import check_line
from commands.parsing.changes import changed, is_change
from commands.parsing.line import GREETED, GREETINGS, HELPS, SURPRISES, THANKS, greeting, whole
from commands.policy.content import ContentPolicy
from commands.registry import COMMANDS
from commands.requests import NO_PICTURE, WISH
from commands.services.context import Services


async def talk(ask: Ask, services: Services) -> Answer:
    """Answer what was said. Raises UserError for words that cannot be read and for limits."""
    said = whole(ask.words)
    if said in HELPS or not said:
        return await COMMANDS["help"].run(replace(ask, command="help", words=""), services)
    if said in GREETINGS:
        hello = greeting()
        ideas = [services.translate(each) for each in GREETED]
        buttons = tuple(Button("paint", each, each) for each in ideas)
        return Answer(services.translate(hello.sentence, **hello.values), buttons=buttons)
    if said in THANKS:
        return Answer(
            services.translate(
                "You are welcome! Tell me what to change about the picture, or what to paint next."
            )
        )
    allowed = ContentPolicy.of(await services.settings.of(ask.server))
    check_line(ask, allowed, services.vocabulary)
    return await (_paint(ask, services) if said in SURPRISES else _change_or_paint(ask, services))


async def _change_or_paint(ask: Ask, services: Services) -> Answer:
    # Who asked a moment ago speaks of what is being painted for them.
    waiting = None if ask.about else await services.jobs.pending(ask)
    record = None if waiting else await services.pictures.last(ask)
    old = waiting or (record.conditions if record else None)
    told = changed(ask.words, old, services.vocabulary, ask.locale) if old else None
    if old and told:
        return await paint_changed(ask, old, told, services, record.id if record else "")
    try:
        return await _paint(ask, services)
    except UserError as error:
        if old is None and is_change(ask.words, services.vocabulary, ask.locale):
            raise UserError(NO_PICTURE, example=WISH) from error
        raise


async def _paint(ask: Ask, services: Services) -> Answer:
    return await COMMANDS["paint"].run(replace(ask, command="paint"), services)
