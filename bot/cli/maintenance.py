"""The commands that maintain an Easel: backup, restore, doctor."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.common import PATH, config_option, json_option, mistakes, read_config
from bot.config import read_tokens
from bot.operations.backup import Copied, back_up, bring_back
from bot.operations.doctor import Tools, examine, free_bytes, load_shipped_painter

folder_argument = click.argument("folder", metavar="DIR", type=PATH)


@click.command()
@folder_argument
@config_option
@click.option("--with-key", is_flag=True, help="Copy the key that signs pictures, too; keep it secret.")
@json_option
def backup(folder: Path, path: Path | None, with_key: bool, as_json: bool) -> None:
    """Copy database and pictures into the new folder DIR. Easel may run meanwhile.

    Example: easel backup /var/backups/easel-monday
    """
    with mistakes():
        copied = back_up(read_config(path).storage, folder, with_key=with_key)
    _tell(copied, folder, as_json)


@click.command()
@folder_argument
@config_option
@json_option
def restore(folder: Path, path: Path | None, as_json: bool) -> None:
    """Copy the backup in DIR to where the settings say. It overwrites nothing. Stop Easel first.

    Example: easel restore /var/backups/easel-monday
    """
    with mistakes():
        copied = bring_back(folder, read_config(path).storage)
    _tell(copied, folder, as_json)


def _tell(copied: Copied, folder: Path, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(copied)))
        return
    gone = f"; {copied.missing} have no file any more" if copied.missing else ""
    click.echo(f"{folder}: the database and {copied.pictures} pictures{gone}.")


@click.command()
@config_option
@json_option
@click.pass_context
def doctor(context: click.Context, path: Path | None, as_json: bool) -> None:
    """Check config, tokens, rights, disk and weights.

    Each finding says what to do. Exit status 1 if something is wrong.

    Example: easel doctor --config /etc/easel/config.toml
    """
    with mistakes():
        findings = list(
            examine(read_config(path), read_tokens(os.environ), Tools(free_bytes, load_shipped_painter))
        )
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings], ensure_ascii=False))
    else:
        for each in findings:
            click.echo(f"{'fix ' if each.todo else 'ok  '}  {each.about}: {each.said}. {each.todo}".rstrip())
    context.exit(1 if any(each.todo for each in findings) else 0)
