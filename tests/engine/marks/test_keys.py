"""Facts about engine/marks/keys.py."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest
from cryptography import x509

from engine.errors import KeyUnusable
from engine.marks.keys import (
    SigningKey,
    check_key,
    key_fingerprint,
    make_key,
    parse_key,
    read_key,
    rotated,
    write_key,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_key(NOW)


def test_the_certificate_that_signs_may_do_that_and_nothing_else(key):
    leaf, root = (x509.load_pem_x509_certificate(each.encode()) for each in key.chain)
    leaf.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [x509.oid.ExtendedKeyUsageOID.EMAIL_PROTECTION]


def test_a_key_is_read_back_as_it_was_written(key, tmp_path):
    path = tmp_path / "data" / "easel.key"
    write_key(path, key)
    assert read_key(path) == key
    assert not list(path.parent.glob("*.partial"))


def test_only_its_owner_may_read_the_file(key, tmp_path):
    write_key(tmp_path / "easel.key", key)
    assert stat.S_IMODE((tmp_path / "easel.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_may_read_is_refused(key, tmp_path, mode):
    path = tmp_path / "easel.key"
    write_key(path, key)
    path.chmod(mode)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        read_key(path)


def test_no_file_is_no_key(tmp_path):
    assert read_key(tmp_path / "easel.key") is None


@pytest.mark.parametrize(
    "text", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_a_key_and_its_certificate_is_refused_by_name(text):
    with pytest.raises(KeyUnusable, match=r"easel\.key must hold one private key"):
        parse_key(text, "easel.key")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "easel.key"
    path.touch(0o600)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(KeyUnusable):
        read_key(path)


def test_a_new_key_still_knows_the_certificates_of_all_before(key):
    second = rotated(key, NOW)
    third = rotated(second, NOW)
    assert third.earlier == (second.chain[-1], key.chain[-1])
    assert all(each.chain[-1] in third.known for each in (key, second, third))
    assert parse_key(third.to_pem(), "") == third


def test_the_private_key_hides_in_the_printed_form(key):
    assert "PRIVATE" not in repr(key)


def test_a_sound_key_passes_and_a_mixed_one_does_not(key):
    check_key(key, "easel.key")
    with pytest.raises(KeyUnusable, match="must belong to its key"):
        check_key(SigningKey(key.private, make_key(NOW).chain), "easel.key")


def test_damaged_text_is_named(key):
    with pytest.raises(KeyUnusable, match="cannot be read"):
        check_key(SigningKey(key.private.replace("M", "N", 3), key.chain), "easel.key")


def test_a_fingerprint_names_a_certificate(key):
    first, second = (key_fingerprint(each) for each in key.chain)
    assert first != second
    assert len(first) == 95
