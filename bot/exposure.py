"""Whether others reach the web chat, and what it then must have. Nothing is asked of the network."""

from __future__ import annotations

import ipaddress

from bot.config import VARIABLES, Config, ConfigError, Tokens

REMEDY = f"Set {VARIABLES['web_admin']}, or web.host to 127.0.0.1."


def refuse_open_house(config: Config, tokens: Tokens) -> None:
    """Raises ConfigError when others reach a web chat that has no admin."""
    if is_open(config, tokens):
        raise ConfigError(
            f'web.host = "{config.web.host}" lets others reach the web chat, and it has no admin. {REMEDY}'
        )


def is_open(config: Config, tokens: Tokens) -> bool:
    """Whether others reach the web chat, and nobody could set limits there."""
    return tokens.web_admin is None and not is_loopback(config.web.host)


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone; a name other than localhost may be anything."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
