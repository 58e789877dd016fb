"""The signature in a picture's file: a manifest of C2PA (specification 2.2), made and read offline.

It says "signed by this server" and no more: the certificates are the server's own, and nobody vouches for
them. The library comes with the extra "provenance".
"""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.marks.frame import is_sound
from engine.marks.keys import SigningKey
from engine.marks.metadata import PRODUCER, SOURCE_TYPE, easel_version

ASSERTION = "org.easel.picture"
_OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}
# A thumbnail would add up to 460 kB, and to check what was just signed as long again as to sign it.
_SIGNING = {
    "verify": {**_OFFLINE, "verify_after_sign": False},
    "builder": {"thumbnail": {"enabled": False}},
}


def is_available() -> bool:
    """Return whether the extra "provenance" is installed."""
    return all(importlib.util.find_spec(name) for name in ("c2pa", "cryptography"))


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature says.

    is_own: made with a key of this server, and the file not changed where the signature says so
    is_intact: not a byte was changed since
    facts: what was signed about the picture
    """

    is_own: bool
    is_intact: bool
    facts: Mapping[str, str] = field(default_factory=dict)


class Signer:
    """Signs pictures, in one process; it imports the library."""

    def __init__(self, key: SigningKey) -> None:
        """Raises ModuleNotFoundError without the extra, c2pa.C2paError for a key that it does not take."""
        import c2pa

        chain = "".join(key.chain).encode()
        signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", chain, key.private.encode(), None))
        self._context = c2pa.Context.from_dict(_SIGNING, signer=signer)

    def sign(self, data: bytes, media_type: str, facts: Mapping[str, str]) -> bytes:
        """Return the file with a manifest. facts: what to sign about the picture"""
        import c2pa

        signed = io.BytesIO()
        builder = c2pa.Builder(json.dumps(_manifest(facts)), self._context)
        builder.sign(media_type, io.BytesIO(data), signed)
        return signed.getvalue()


def read_signature(data: bytes, key: SigningKey | None) -> Signature | None:
    """Read the manifest of a file; None when it has none that can be read.

    key: whose certificates count as this server's own. Raises ModuleNotFoundError without the extra.
    """
    import c2pa

    trusted = {"trust_anchors": key.known} if key else {}
    settings = {"verify": {**_OFFLINE, "verify_trust": True}, "trust": trusted}
    try:
        with c2pa.Reader(io.BytesIO(data), context=c2pa.Context.from_dict(settings)) as reader:
            told = json.loads(reader.json())
    except c2pa.C2paError:
        # There is no manifest, or what was changed hides it.
        return None
    state = told.get("validation_state")
    manifest = told.get("manifests", {}).get(told.get("active_manifest"), {})
    return Signature(state == "Trusted", state in ("Trusted", "Valid") and is_sound(data), _facts(manifest))


def _manifest(facts: Mapping[str, str]) -> dict[str, Any]:
    created = {"action": "c2pa.created", "digitalSourceType": SOURCE_TYPE}
    return {
        "claim_generator_info": [{"name": PRODUCER, "version": easel_version()}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            {"label": ASSERTION, "data": dict(facts)},
        ],
    }


def _facts(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    for each in manifest.get("assertions", ()):
        if each.get("label") == ASSERTION and isinstance(each.get("data"), dict):
            return {str(key): str(value) for key, value in each["data"].items()}
    return {}
