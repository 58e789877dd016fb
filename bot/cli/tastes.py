"""`easel tastes`: what is believed of people's tastes, from the command line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click

from bot.cli.common import config_option, json_option, mistakes, read_config
from bot.config import Config, ConfigError
from bot.storage.database import Storage
from bot.storage.lock import sole_owner
from bot.tastes.features import TasteFeatures
from bot.tastes.store import TasteStore
from engine.vocabulary import load_vocabulary


@click.group()
def tastes() -> None:
    """Manage the tastes that Easel has learned."""


@tastes.command()
@config_option
@json_option
def rebuild(path: Path | None, as_json: bool) -> None:
    """Learn all tastes again from the log of taste events. Stop Easel first.

    Example: easel tastes rebuild
    """
    with mistakes():
        config = read_config(path)
        if not config.storage.database.is_file():
            raise ConfigError(
                f"{config.storage.database} is not there; give the settings of your Easel with --config."
            )
        # A running Easel would write its own beliefs over the new ones.
        with sole_owner(config.storage.database):
            people = asyncio.run(_rebuilt(config))
    click.echo(json.dumps({"people": people}) if as_json else f"Learned the tastes of {people} people again.")


async def _rebuilt(config: Config) -> int:
    storage = Storage(config.storage.database)
    try:
        return await TasteStore(storage, TasteFeatures(load_vocabulary())).rebuild()
    finally:
        await storage.close()
