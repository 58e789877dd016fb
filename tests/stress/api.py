"""Run schemathesis with the web chat's OpenAPI description against a running Easel.

    pip install -e '.[fuzz]'
    python -m tests.stress.api --examples 200

Left out is /events alone, which does not end.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import click

from bot.app import running
from bot.config import BotConfig, Config, Secret, StorageConfig, Tokens, WebConfig
from bot.platforms.web.session import COOKIE, CSRF_HEADER
from tests.support.fakes import FakeClock, FakePaintingClient
from tests.support.web_client import ADMIN_TOKEN, visitor

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


async def asked(folder: Path, examples: int) -> int:
    """Run schemathesis and return its exit status."""
    storage = StorageConfig(folder / "easel.db", folder / "pictures")
    config = Config(bot=BotConfig(0), web=WebConfig(port=0, per_minute=None), storage=storage)
    tokens = Tokens(web_admin=Secret(ADMIN_TOKEN))
    async with running(config, tokens, FakePaintingClient(), FakeClock()) as easel, visitor(easel) as client:
        # An admin reaches what others are refused.
        await client.write("/admin", {"token": ADMIN_TOKEN})
        [cookie] = client.http.cookie_jar
        address = easel.platforms["web"].address
        headers = {"Cookie": f"{COOKIE}={cookie.value}", CSRF_HEADER: client.csrf}
        said = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
        how = [f"--max-examples={examples}", f"--checks={CHECKS}", "--exclude-path=/events", "--seed=1"]
        where = [f"{address}/static/openapi.json", f"--url={address}"]
        program = Path(sys.executable).with_name("schemathesis")
        process = await asyncio.create_subprocess_exec(program, "run", *where, *how, *said, cwd=folder)
        return await process.wait()


@click.command()
@click.option("--examples", type=click.IntRange(1), default=200, show_default=True, help="Per operation.")
def main(examples: int) -> None:
    """Exit with status 0 if neither schemathesis nor the log shows a fault."""
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="easel-api-") as folder:
        sys.exit(asyncio.run(asked(Path(folder), examples)))


if __name__ == "__main__":
    main()
