"""Write the log, one line an event, without secrets.

Easel's own messages have no tokens, but tracebacks and errors of libraries can.
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
"""Least characters of a token that is removed; a shorter one could be an ordinary word."""
QUIET = ("slack_bolt", "slack_sdk")
"""Libraries that log whole requests, with people's words, at INFO."""
_KEYS = re.compile(
    r"(?P<kept>xox[a-z]-|xapp-|/webhooks/\d+/|/interactions/\d+/|hooks\.slack\.com/\w+/"
    r"|[?&](?:ticket|token|sig|key)=|\b(?:Bearer|Bot) )[^\s\"'<>&?,;)\]}]+"
)
"""Keys by their form: Slack's, those of an answer or a socket, and those in a header."""


class Discreet(logging.Formatter):
    """A formatter that leaves out tokens, also in tracebacks."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__(FORMAT)
        values = {each.reveal() for each in secrets}
        long = sorted((each for each in values if len(each) >= SHORTEST), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, long)) or r"(?!)")

    def format(self, record: logging.LogRecord) -> str:
        return _KEYS.sub(rf"\g<kept>{HIDDEN}", self._secrets.sub(HIDDEN, super().format(record)))


def is_news(record: logging.LogRecord) -> bool:
    """Return whether to log a line; those about malformed HTTP contain what was sent."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def write_log(tokens: Tokens, stream: TextIO | None = None) -> logging.Handler:
    """Log everything from INFO on to `stream`, else to standard error; return the handler."""
    found = (getattr(tokens, each.name) for each in fields(tokens))
    handler = logging.StreamHandler(stream)
    handler.addFilter(is_news)
    handler.setFormatter(Discreet(each for each in found if each is not None))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler
