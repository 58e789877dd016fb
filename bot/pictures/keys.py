"""The key that signs pictures: made at the first start, read at every other."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from bot.config import ConfigError
from engine.errors import KeyUnusable
from engine.marks.keys import SigningKey, check_key, make_key, read_key, write_key
from engine.marks.signature import is_available

log = logging.getLogger(__name__)
MISSING = "Pictures are not signed: install Easel with its extra, pip install -e '.[provenance]'."


def signing_key(path: Path, now: float) -> SigningKey | None:
    """Return the key in a file, which is made if it is not there; None without the extra "provenance".

    now: UTC epoch seconds. Raises ConfigError.
    """
    if not is_available():
        log.warning(MISSING)
        return None
    try:
        key = read_key(path)
        if key is None:
            key = make_key(datetime.fromtimestamp(now, UTC))
            write_key(path, key)
            log.info("made the key that signs pictures, %s", path)
        check_key(key, str(path))
    except (KeyUnusable, OSError) as error:
        raise ConfigError(f"The key that signs pictures cannot be used: {error}") from error
    return key
