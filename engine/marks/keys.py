"""The key with which a server signs its pictures: a file of its own that only its owner may read.

It holds the private key, its certificates (the one that signs first, its root last), and the roots of earlier
keys, whose pictures stay known. A root is made with each key and its private half forgotten: nobody can issue
another certificate under it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import KeyUnusable

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

LASTS = timedelta(days=20 * 365)
OWNER_ONLY = 0o600
EARLIER = "Roots of earlier keys:"
_UNUSED = (
    *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("encipher_only", "decipher_only"),
)
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """All as PEM.

    private: the key; chain: its certificates, that of the key first, the root last; earlier: earlier roots
    """

    private: str = field(repr=False)
    chain: tuple[str, ...]
    earlier: tuple[str, ...] = ()

    @property
    def known(self) -> str:
        """Return the roots under which this server signs or signed."""
        return "".join((self.chain[-1], *self.earlier))

    def to_pem(self) -> str:
        """Return the text of its file."""
        return "".join((self.private, *self.chain, f"{EARLIER}\n", *self.earlier))


def make_key(now: datetime) -> SigningKey:
    """Make a key and its certificates. now: with a time zone. Needs the extra "provenance"."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    root, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    mark = f"{x509.random_serial_number():x}"[:8]

    def named(common: str) -> x509.Name:
        pairs = ((NameOID.ORGANIZATION_NAME, "Easel"), (NameOID.COMMON_NAME, common))
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])

    issuer = named(f"Easel root {mark}")
    chain = (
        _certificate(named(f"Easel server {mark}"), leaf, issuer, root, now, is_root=False),
        _certificate(issuer, root, issuer, root, now, is_root=True),
    )
    return SigningKey(_private_pem(leaf), chain)


def rotated(key: SigningKey, now: datetime) -> SigningKey:
    """Return a new key that knows the pictures of the old one."""
    return knowing(make_key(now), key)


def knowing(key: SigningKey, old: SigningKey) -> SigningKey:
    """Return a key that knows the pictures of an old one, too."""
    known = dict.fromkeys((*key.earlier, old.chain[-1], *old.earlier))
    return replace(key, earlier=tuple(each for each in known if each != key.chain[-1]))


def parse_key(text: str, name: str) -> SigningKey:
    """Read the text of a key's file. Raises KeyUnusable, which calls it by this name."""
    current, _, before = text.partition(EARLIER)
    blocks = [(match[1], match[0].rstrip() + "\n") for match in _BLOCK.finditer(current)]
    private = [pem for kind, pem in blocks if kind.endswith("PRIVATE KEY")]
    chain = tuple(pem for kind, pem in blocks if kind == "CERTIFICATE")
    if len(private) != 1 or not chain:
        raise KeyUnusable(f"{name} must hold one private key and its certificates as PEM.")
    earlier = tuple(match[0].rstrip() + "\n" for match in _BLOCK.finditer(before))
    return SigningKey(private[0], chain, earlier)


def read_key(path: Path) -> SigningKey | None:
    """Read a key's file; None when there is none. Raises KeyUnusable, or OSError."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise KeyUnusable(f"{path} must hold one private key and its certificates as PEM.") from error
    if mode & 0o077:
        raise KeyUnusable(f"Others may read the key in {path}; run chmod 600 {path}, or easel keys rotate.")
    return parse_key(text, str(path))


def write_key(path: Path, key: SigningKey) -> None:
    """Write a key's file, the whole or none, which only its owner may read. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
        file.write(key.to_pem())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def key_fingerprint(certificate: str) -> str:
    """Return the SHA-256 of a certificate in PEM, as browsers show it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    found = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA256())
    return ":".join(f"{byte:02X}" for byte in found)


def check_key(key: SigningKey, name: str) -> None:
    """Raise KeyUnusable when a key and its certificate do not belong together, or cannot sign pictures."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        private = serialization.load_pem_private_key(key.private.encode(), None)
        found = x509.load_pem_x509_certificate(key.chain[0].encode())
    except (ValueError, TypeError) as error:
        raise KeyUnusable(f"The key or certificate in {name} cannot be read ({error}).") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise KeyUnusable(f"The key in {name} must be one of the curve P-256.")
    if found.public_key() != private.public_key():
        raise KeyUnusable(f"The first certificate in {name} must belong to its key.")


def _certificate(
    subject: x509.Name,
    key: EllipticCurvePrivateKey,
    issuer: x509.Name,
    signing: EllipticCurvePrivateKey,
    now: datetime,
    *,
    is_root: bool,
) -> str:
    """Return a certificate as C2PA wants it (specification 2.2, section 14.5)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import ExtendedKeyUsageOID

    unused = dict.fromkeys(_UNUSED, False)
    issued = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        # Clocks differ, and a picture is signed in the second in which the key is made.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(is_root, None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not is_root, key_cert_sign=is_root, crl_sign=is_root, **unused),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
    )
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        issued = issued.add_extension(usage, critical=False)
    certificate = issued.sign(signing, hashes.SHA256())
    return str(certificate.public_bytes(serialization.Encoding.PEM), "ascii")


def _private_pem(key: EllipticCurvePrivateKey) -> str:
    from cryptography.hazmat.primitives import serialization

    kind = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return str(key.private_bytes(serialization.Encoding.PEM, *kind), "ascii")
