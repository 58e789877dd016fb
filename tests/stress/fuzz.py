"""Bytes that atheris makes, guided by what they reach in our code, through the parser, every command and the
web server. A fault of any kind ends it with the bytes that led there.

    pip install -e '.[fuzz]'
    python -m tests.stress.fuzz --minutes 10
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import atheris
import click

with atheris.instrument_imports(include=["bot", "commands", "engine.vocabulary", "engine.conditions"]):
    from bot.app import running
    from bot.config import BotConfig, Config, Secret, StorageConfig, Tokens, WebConfig
    from bot.operations.logs import is_news
    from bot.platforms.discord.text import read_message
    from bot.platforms.slack.text import read_line
    from bot.platforms.web.requests import FORM
    from bot.platforms.web.session import COOKIE, CSRF_HEADER
    from commands.chat import UserError
    from commands.parsing.line import parse
    from commands.registry import COMMANDS, find, split_line
    from engine.vocabulary import load_vocabulary

from tests.support.fake_services import FakeServices
from tests.support.fake_services import ask as asking
from tests.support.fakes import FakeClock, FakePaintingClient
from tests.support.hostile_input import HOSTILE
from tests.support.web_client import ADMIN_TOKEN, WebClient, visitor

VOCABULARY = load_vocabulary()
PATHS = [
    "/",
    "/gallery",
    "/picture/",
    "/pictures/",
    "/shapes/",
    "/static/",
    "/history",
    "/vocabulary",
    "/admin",
]
WRITES = ["/ask", "/like", "/language", "/admin", "/admin/quota", "/admin/settings", "/sign-out"]
BODIES = [
    '{"key": "fuzz-key-□", "line": "□"}',
    '{"picture": "□", "on": true}',
    '{"language": "□", "token": "□"}',
]
FORMS = ["subject=□&daily=□&per_minute=7", "blocked=□&styles=□", "channels=□&language=□"]
HEADERS = ["Cookie", "Origin", CSRF_HEADER, "Accept-Language", "Content-Type", "If-None-Match", "Range"]
LONGEST = 2000


class Faults(logging.Handler):
    """Record errors in the log, which no input may cause."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if is_news(record):
            self.records.append(record)

    def check(self) -> None:
        """Raise what was logged."""
        for record in self.records:
            raise RuntimeError(logging.Formatter().format(record))


def read(given: atheris.FuzzedDataProvider) -> None:
    """Read the words of a person, without a server."""
    line = given.ConsumeUnicode(LONGEST)
    for reader in (
        split_line,
        find,
        lambda text: parse(text, VOCABULARY),
        lambda text: read_message(text, 1),
    ):
        _refusing(reader, line)
    read_line(line, lambda user: f"slack:T1-{user}")


def _refusing(reader: Callable[[str], object], line: str) -> None:
    """Accept a refusal as an answer."""
    try:
        reader(line)
    except UserError as error:
        error.sentence.format(**error.values)


async def command(given: atheris.FuzzedDataProvider) -> None:
    """Run any command with any words, by anybody."""
    name = given.PickValueInList(sorted(COMMANDS))
    rights = {"is_admin": given.ConsumeBool(), "locale": given.PickValueInList(["en", "zh-CN", ""])}
    try:
        await COMMANDS[name].run(asking(name, given.ConsumeUnicode(LONGEST), **rights), FakeServices())
    except UserError:
        return


class Server:
    """An Easel with a web server, and a visitor."""

    def __init__(self, client: WebClient) -> None:
        self._client, self._url = client, client.http._base_url
        [cookie] = client.http.cookie_jar
        self._cookie = f"{COOKIE}={cookie.value}"

    async def request(self, given: atheris.FuzzedDataProvider) -> None:
        """Send one request as bytes; the answer must not be a fault."""
        write = given.ConsumeBool()
        headers = {"Host": "127.0.0.1", "Cookie": self._cookie, CSRF_HEADER: self._client.csrf}
        if given.ConsumeBool():
            headers[given.PickValueInList(HEADERS)] = given.ConsumeUnicodeNoSurrogates(200)
        body = b""
        if write:
            path = given.PickValueInList(WRITES)
            body, kind = _body(given)
            headers |= {"Content-Length": str(len(body)), "Content-Type": kind}
        else:
            path = given.PickValueInList(PATHS) + given.ConsumeUnicodeNoSurrogates(200)
        head = [f"{'POST' if write else 'GET'} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        sent = "\r\n".join([*head, "Connection: close", "", ""]).encode() + body
        status = await self._answered(sent)
        if status >= 500:
            raise RuntimeError(f"{status} for {sent!r}")

    async def _answered(self, sent: bytes) -> int:
        reader, writer = await asyncio.open_connection(self._url.host, self._url.port)
        try:
            writer.write(sent)
            first = await asyncio.wait_for(reader.readline(), 30)
            await reader.read()
        except ConnectionError:
            return 0
        finally:
            writer.close()
        return int(first.split()[1]) if first else 0


def _body(given: atheris.FuzzedDataProvider) -> tuple[bytes, str]:
    """Return a body and a content type, not always the right one."""
    kind = given.PickValueInList([FORM, "application/json"])
    if given.ConsumeBool():
        return given.ConsumeBytes(LONGEST), kind
    frame, text = given.PickValueInList([*BODIES, *FORMS]), given.ConsumeUnicode(LONGEST)
    return frame.replace("□", text).encode(errors="surrogatepass"), kind


async def opened(stack: AsyncExitStack, folder: Path) -> Server:
    """Run an Easel whose paintings never finish, so that only answers are tested."""
    painting_client = FakePaintingClient()
    painting_client.gate.clear()
    storage = StorageConfig(folder / "easel.db", folder / "pictures")
    config = Config(bot=BotConfig(0), web=WebConfig(port=0, per_minute=None), storage=storage)
    tokens = Tokens(web_admin=Secret(ADMIN_TOKEN))
    easel = await stack.enter_async_context(running(config, tokens, painting_client, FakeClock()))
    client = await stack.enter_async_context(visitor(easel))
    # An admin reaches what others are refused.
    await client.write("/admin", {"token": ADMIN_TOKEN})
    return Server(client)


def target(
    run: Callable[[Coroutine[Any, Any, None]], None], server: Server, faults: Faults
) -> Callable[[bytes], None]:
    """Test the bytes of atheris; the first one chooses among the three targets."""

    def one(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        way = given.ConsumeIntInRange(0, 2)
        if way == 0:
            read(given)
        else:
            run(command(given) if way == 1 else server.request(given))
        faults.check()

    return one


@click.command()
@click.option("--minutes", type=float, default=10.0, show_default=True)
def main(minutes: float) -> None:
    """Run until libFuzzer ends the process, with status 0 if it found no fault."""
    folder = Path(tempfile.mkdtemp(prefix="easel-fuzz-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, line in enumerate(HOSTILE):
        data = bytes([number % 3, number % 7]) + line.encode(errors="surrogatepass")[:LONGEST]
        (corpus / f"{number:04d}").write_bytes(data)
    faults = Faults()
    logging.getLogger().addHandler(faults)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # Never closed: libFuzzer ends the process.
    stack = AsyncExitStack()
    server = loop.run_until_complete(opened(stack, folder))
    options = [
        f"-max_total_time={minutes * 60:.0f}",
        "-max_len=4096",
        f"-artifact_prefix={folder}/",
        "-timeout=60",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], target(loop.run_until_complete, server, faults))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
