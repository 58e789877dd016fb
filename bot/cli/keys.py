"""`easel keys`: the key with which this server signs its pictures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.common import Mistake, config_option, json_option, mistakes, read_config
from bot.pictures.keys import MISSING
from engine.marks import keys as files
from engine.marks.keys import SigningKey
from engine.marks.signature import is_available

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def keys() -> None:
    """Manage the key that signs pictures. A running Easel takes a new one at its next start."""
    if not is_available():
        raise Mistake(MISSING)


@keys.command()
@config_option
@json_option
def show(path: Path | None, as_json: bool) -> None:
    """Print the key's fingerprint, never the key.

    Example: easel keys show
    """
    with mistakes():
        place = read_config(path).storage.key
        _tell(_known(place), place, as_json)


@keys.command()
@config_option
@json_option
def rotate(path: Path | None, as_json: bool) -> None:
    """Make a new key. Pictures that the old one signed stay known.

    Example: easel keys rotate
    """
    with mistakes():
        place = read_config(path).storage.key
        key = files.rotated(_known(place), datetime.now(UTC))
        files.write_key(place, key)
        _tell(key, place, as_json)


@keys.command("import")
@file_argument
@config_option
@json_option
def import_(file: Path, path: Path | None, as_json: bool) -> None:
    """Sign with the key and certificates in FILE, as PEM. Pictures of the old key stay known.

    Example: easel keys import /root/easel-key.pem
    """
    with mistakes():
        place = read_config(path).storage.key
        key = files.parse_key(file.read_text("utf-8", "replace"), str(file))
        files.check_key(key, str(file))
        old = files.read_key(place)
        key = key if old is None else files.knowing(key, old)
        files.write_key(place, key)
        _tell(key, place, as_json)


@keys.command()
@file_argument
@config_option
def export(file: Path, path: Path | None) -> None:
    """Copy the key into the new FILE, which only you may read. Whoever has it signs in this server's name.

    Example: easel keys export /root/easel-key.pem
    """
    with mistakes():
        place = read_config(path).storage.key
        if file.exists():
            raise Mistake(f"{file} is there already; name another file.")
        files.write_key(file, _known(place))
    click.echo(f"{file}: a copy of {place}.")


def _known(place: Path) -> SigningKey:
    key = files.read_key(place)
    if key is None:
        raise Mistake(f"There is no key in {place}; the first easel serve makes one.")
    return key


def _tell(key: SigningKey, place: Path, as_json: bool) -> None:
    shown: dict[str, Any] = {
        "file": str(place),
        "fingerprint": files.key_fingerprint(key.chain[0]),
        "earlier": len(key.earlier),
    }
    click.echo(
        json.dumps(shown)
        if as_json
        else f"{place}: {shown['fingerprint']}, and {shown['earlier']} earlier keys."
    )
