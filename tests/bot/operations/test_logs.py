"""Test that no token appears in the log, whoever writes it."""

from __future__ import annotations

import io
import logging
import pickle
import traceback

import pytest
from aiohttp.http_exceptions import BadHttpMessage

from bot.config import Secret, Tokens
from bot.operations.logs import QUIET, Discreet, write_log

ADMIN = "opening day (2027)"
TOKENS = Tokens(
    discord=Secret("MTk4NjIy.Cl2FMQ.ZnCjm1XVW7"), slack_bot=Secret("xoxb-1-abc"), web_admin=Secret(ADMIN)
)
SECRETS = [each for each in (TOKENS.discord, TOKENS.slack_bot, TOKENS.web_admin) if each]


def written(message, *args, error=None, secrets=SECRETS):
    """Format a record as a line of the log."""
    told = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("aiohttp", logging.ERROR, "x.py", 1, message, args, told)
    return Discreet(secrets).format(record)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_token_is_left_out_of_words_and_of_what_fills_them(secret):
    assert secret.reveal() not in written(f"called with {secret.reveal()} twice: {secret.reveal()}")
    assert secret.reveal() not in written("called with %s", {"Authorization": f"Bot {secret.reveal()}"})


def test_a_token_is_left_out_of_a_traceback():
    try:
        try:
            raise ValueError(f"bad header {ADMIN}")
        except ValueError as error:
            raise OSError("the call failed") from error
    except OSError as error:
        line = written("the call failed", error=error)
    assert "Traceback" in line
    assert "ValueError: bad header …" in line
    assert ADMIN not in line


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("POST https://discord.com/api/v10/webhooks/12/aW50-x_1/messages", "/webhooks/12/…"),
        ("https://discord.com/api/v10/interactions/5/aW50ZXJ/callback failed", "/interactions/5/… failed"),
        ("https://hooks.slack.com/commands/T1/22/abc, again", "hooks.slack.com/commands/…, again"),
        ("wss://wss.slack.com/link/?ticket=abc-1&app_id=2", "?ticket=…&app_id=2"),
        ("token xoxp-12-abc is revoked", "token xoxp-… is revoked"),
        ("{'Authorization': 'Bearer abc.def'}", "{'Authorization': 'Bearer …'}"),
    ],
)
def test_keys_are_known_by_their_form(said, shown):
    line = written(said, secrets=[])
    assert shown in line
    assert not [each for each in ("aW50", "T1/22", "abc") if each in line]


@pytest.mark.parametrize(
    "said", ["a blue fish", "Easel stops", "/pictures/abc.png?download", "job 7: posted"]
)
def test_ordinary_words_stay(said):
    assert written(said, secrets=[Secret("a"), Secret("")]).endswith(f"ERROR aiohttp: {said}")


@pytest.fixture
def levels():
    """Restore the levels of all loggers."""
    before = {name: logging.getLogger(name).level for name in ("", *QUIET)}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.usefixtures("levels")
def test_the_log_of_easel_is_discreet_and_leaves_out_what_libraries_say_of_requests(monkeypatch):
    stream = io.StringIO()
    # pytest's own handlers come in after fixtures.
    monkeypatch.setattr(logging.root, "handlers", [])
    write_log(TOKENS, stream)
    logging.getLogger("bot.app").info("set up with %s", ADMIN)
    logging.getLogger("slack_bolt.AsyncRequestVerification").info("Invalid request (body: a private wish)")
    logging.getLogger("slack_bolt.AsyncApp").warning("Unhandled request")
    logging.getLogger("aiohttp.server").error("Error handling request", exc_info=BadHttpMessage("GET \0"))
    lines = stream.getvalue().splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "INFO bot.app: set up with …",
        "WARNING slack_bolt.AsyncApp: Unhandled request",
    ]


def test_a_traceback_with_all_variables_names_no_token():
    def fails(tokens):
        raise RuntimeError

    try:
        fails(TOKENS)
    except RuntimeError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = "".join(told.format())
    assert "tokens = Tokens(discord=Secret('…')" in text
    assert not [each for each in SECRETS if each.reveal() in text]


def test_a_token_travels_to_no_other_process_unseen():
    with pytest.raises(TypeError, match="stays in this process"):
        pickle.dumps(TOKENS)
