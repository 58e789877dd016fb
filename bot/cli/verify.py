"""`easel verify`: whether Easel painted a picture, and whether it was changed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from bot.cli.common import config_option, json_option, mistakes, read_config
from bot.config import Config
from bot.pictures.verification import PictureVerifier
from bot.storage.database import Storage
from commands.i18n import SOURCE, translator
from commands.services.verification import Verdict
from commands.text.verdicts import verdict_in_words
from engine.marks.keys import read_key


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@json_option
def verify_command(file: Path, path: Path | None, as_json: bool) -> None:
    """Tell whether Easel painted the picture in FILE, and whether it was changed.

    It looks for this server's signature, then for the invisible mark, then for a picture that looks the same.

    Example: easel verify fox.png --json
    """
    with mistakes():
        data = file.read_bytes()
        verdict = asyncio.run(_checked(data, read_config(path)))
    click.echo(json.dumps(_told(verdict)) if as_json else verdict_in_words(verdict, translator(SOURCE)))


async def _checked(data: bytes, config: Config) -> Verdict:
    key = read_key(config.storage.key)
    if not config.storage.database.is_file():
        return await PictureVerifier(None, key).check(data)
    storage = Storage(config.storage.database)
    try:
        return await PictureVerifier(storage, key).check(data)
    finally:
        await storage.close()


def _told(verdict: Verdict) -> dict[str, Any]:
    conditions = verdict.conditions and verdict.conditions.to_dict()
    told = {"made_by_easel": verdict.made_by_easel, "intact": verdict.intact, "by": verdict.by or None}
    return {**told, "conditions": conditions}
