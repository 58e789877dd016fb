"""The log: one line an event, and nothing in it that opens a door.

What Easel itself writes names no token. This is for tracebacks, and for errors of libraries, which name the
addresses they called.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import fields
from typing import TextIO

from aiohttp.http_exceptions import HttpProcessingError

from bot.config import Secret, Tokens

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN = "…"
SHORTEST = 6
"""Characters; a shorter token would take ordinary words out of the log."""
QUIET = ("slack_bolt", "slack_sdk")
"""Libraries that write whole requests at the level INFO, with what people said."""
_KEYS = re.compile(
    r"(?P<kept>xox[a-z]-|xapp-|/webhooks/\d+/|/interactions/\d+/|hooks\.slack\.com/\w+/"
    r"|[?&](?:ticket|token|sig|key)=|\b(?:Bearer|Bot) )[^\s\"'<>&?,;)\]}]+"
)
"""Keys by their form: of Slack, of one answer in Discord or Slack, of a socket, and in a header."""


class Discreet(logging.Formatter):
    """A formatter that leaves out tokens wherever they stand, also in a traceback."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__(FORMAT)
        values = {each.reveal() for each in secrets}
        long = sorted((each for each in values if len(each) >= SHORTEST), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, long)) or r"(?!)")

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        return _KEYS.sub(rf"\g<kept>{HIDDEN}", self._secrets.sub(HIDDEN, super().format(record)))


def is_news(record: logging.LogRecord) -> bool:
    """Whether a line is worth writing: what is no HTTP is not, and would hold what was sent."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def write_log(tokens: Tokens, stream: TextIO | None = None) -> logging.Handler:
    """Have everything from INFO on written to `stream`, else to standard error; the handler that does it."""
    found = (getattr(tokens, each.name) for each in fields(tokens))
    handler = logging.StreamHandler(stream)
    handler.addFilter(is_news)
    handler.setFormatter(Discreet(each for each in found if each is not None))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler
