"""Facts about engine/marks/signature.py, by the library's own reader."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import c2pa
import numpy as np
import pytest

from engine.conditions import Conditions
from engine.marks.keys import make_key, rotated
from engine.marks.metadata import SEED_KEY, SOURCE_TYPE
from engine.marks.signature import Signer, is_available, read_signature
from engine.painting.encoding import SUFFIXES, finish

NOW = datetime.now(UTC) - timedelta(hours=1)
FISH = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7, 256)
KEY = make_key(NOW)
PIXELS = np.random.default_rng(0).integers(0, 255, (32, 48, 3)).astype(np.uint8).repeat(4, 0).repeat(4, 1)
TYPES = list(SUFFIXES.values())


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(KEY)


@pytest.mark.parametrize("media_type", TYPES)
def test_the_librarys_own_reader_finds_the_manifest_valid(signer, media_type):
    signed = finish(PIXELS, FISH, media_type=media_type, signer=signer)
    with c2pa.Reader(media_type, io.BytesIO(signed)) as reader:
        assert reader.get_validation_state() == "Valid"
        failures = (reader.get_validation_results() or {})["activeManifest"]["failure"]
        assertions = (reader.get_active_manifest() or {})["assertions"]
    # Nobody vouches for a server's own certificate.
    assert [each["code"] for each in failures] == ["signingCredential.untrusted"]
    [actions] = [each["data"]["actions"] for each in assertions if each["label"].startswith("c2pa.actions")]
    assert [each["digitalSourceType"] for each in actions] == [SOURCE_TYPE]


@pytest.mark.parametrize("media_type", TYPES)
def test_an_own_picture_is_known_with_its_facts(signer, media_type):
    found = read_signature(finish(PIXELS, FISH, media_type=media_type, signer=signer), KEY)
    assert found is not None
    assert (found.is_own, found.is_intact) == (True, True)
    assert found.facts[SEED_KEY] == "7"


@pytest.mark.parametrize("media_type", TYPES)
def test_a_changed_byte_is_seen(signer, media_type):
    signed = bytearray(finish(PIXELS, FISH, media_type=media_type, signer=signer))
    for place in np.random.default_rng(1).integers(0, len(signed), 25):
        changed = signed.copy()
        changed[place] ^= 1 << int(place) % 8
        found = read_signature(bytes(changed), KEY)
        assert found is None or not found.is_intact, f"byte {place}"


def test_a_signature_costs_little_room(signer):
    assert len(finish(PIXELS, FISH, signer=signer)) - len(finish(PIXELS, FISH)) < 5000


def test_another_servers_picture_is_intact_and_not_our_own(signer):
    found = read_signature(finish(PIXELS, FISH, signer=signer), make_key(NOW))
    assert found is not None
    assert (found.is_own, found.is_intact) == (False, True)


def test_without_a_key_no_signature_is_our_own(signer):
    found = read_signature(finish(PIXELS, FISH, signer=signer), None)
    assert found is not None
    assert not found.is_own


def test_pictures_of_an_earlier_key_stay_our_own(signer):
    found = read_signature(finish(PIXELS, FISH, signer=signer), rotated(KEY, NOW))
    assert found is not None
    assert found.is_own


@pytest.mark.parametrize("data", [finish(PIXELS, FISH), b"no picture", b""])
def test_a_file_without_a_manifest_has_no_signature(data):
    assert read_signature(data, KEY) is None


def test_the_extra_is_there():
    assert is_available()
