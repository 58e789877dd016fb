"""Facts about bot/pictures/verification.py, on pictures that are stored."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PIL import Image

from bot.pictures import verification
from bot.pictures.verification import PictureVerifier
from bot.storage.database import Storage
from commands.chat import UserError
from commands.services.verification import HASH, MARK, SIGNATURE, Verdict
from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.marks.code import word_of
from engine.marks.fingerprint import fingerprint
from engine.marks.invisible import embed
from engine.marks.keys import make_key
from engine.marks.metadata import Origin
from engine.marks.signature import Signer
from engine.painting.encoding import PNG, SUFFIXES, finish

FOX = Conditions((("oil", 1.0),), ("blue",), "fox", "landscape", 7, 256)
KEY = make_key(datetime.now(UTC) - timedelta(hours=1))
NUMBER, FOREIGN = 0x1_2345_6789, 0xF_0000_0001
PAINTING = compose(FOX).image
MARKED = embed(PAINTING, word_of(NUMBER))
KNOWN = (FOX, 1)


@pytest.fixture
async def storage(tmp_path):
    """A database that knows picture 1, which has the mark."""
    opened = Storage(tmp_path / "easel.db")

    def fill(database):
        job = {"id": "job", "key": "key", "line": "", "conditions": "[]", "state": "posted", "accepted_at": 0}
        place = {"person": "fake:ann", "server": "fake:studio", "channel": "fake:hall", "locale": "en"}
        database.table("jobs").insert({**job, **place, "reply": "{}"})
        made = {"id": "p1", "job": "job", "place": 0, "media_type": PNG, "width": 256, "height": 256}
        marks = {"mark": NUMBER, "fingerprint": fingerprint(MARKED).hex(), "made_at": 0, "number": 1}
        database.table("pictures").insert(
            {**made, **marks, "conditions": verification.json.dumps(FOX.to_dict())}
        )

    await opened.write(fill)
    yield opened
    await opened.close()


@pytest.fixture
def verifier(storage) -> PictureVerifier:
    return PictureVerifier(storage, KEY)


def signed(pixels: Pixels = MARKED, media_type: str = PNG, key=KEY) -> bytes:
    return finish(pixels, FOX, media_type=media_type, origin=Origin(NUMBER), signer=Signer(key))


def bare(pixels: Pixels, kind: str = "PNG", **choices: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **choices)
    return out.getvalue()


@pytest.mark.parametrize("media_type", SUFFIXES.values())
async def test_an_untouched_file_is_known_by_its_signature(verifier, media_type):
    found = await verifier.check(signed(media_type=media_type))
    assert found == Verdict(True, True, SIGNATURE, *KNOWN)


async def test_a_signed_file_is_known_without_a_database():
    assert await PictureVerifier(None, KEY).check(signed()) == Verdict(True, True, SIGNATURE, FOX)


async def test_a_changed_byte_leaves_the_mark_to_tell(verifier):
    data = bytearray(signed(media_type="image/webp"))
    data[-2000] ^= 1
    found = await verifier.check(bytes(data))
    assert (found.by, found.intact) == (MARK, False)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_file_without_metadata_is_known_by_its_mark(verifier, kind):
    assert await verifier.check(bare(MARKED, kind)) == Verdict(True, False, MARK, *KNOWN)


async def test_a_picture_without_its_mark_is_known_by_its_looks(verifier):
    found = await verifier.check(bare(PAINTING, "JPEG", quality=60))
    assert found == Verdict(True, False, HASH, *KNOWN)


async def test_another_servers_signature_is_not_ours_but_the_mark_tells(verifier):
    found = await verifier.check(signed(key=make_key(datetime.now(UTC))))
    assert (found.by, found.number) == (MARK, 1)


async def test_the_mark_of_a_picture_that_nobody_stored_tells_that_an_easel_painted_it(verifier):
    assert await verifier.check(bare(embed(PAINTING, word_of(FOREIGN)))) == Verdict(True, False, MARK)


async def test_a_picture_of_the_command_line_is_known_without_a_row(verifier):
    assert await verifier.check(bare(embed(PAINTING, word_of(0)))) == Verdict(True, False, MARK)


async def test_another_picture_is_not_ours(verifier):
    other = np.random.default_rng(0).integers(0, 255, (24, 32, 3)).astype(np.uint8).repeat(8, 0).repeat(8, 1)
    assert await verifier.check(bare(other)) == Verdict()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", bare(PAINTING)[:2000]])
async def test_what_is_no_picture_is_refused_in_a_sentence(verifier, data):
    with pytest.raises(UserError, match="send a PNG, WebP, JPEG or AVIF"):
        await verifier.check(data)


async def test_a_picture_that_is_too_large_is_refused(verifier, monkeypatch):
    monkeypatch.setattr(verification, "MOST_PIXELS", 10_000)
    with pytest.raises(UserError, match="too large"):
        await verifier.check(bare(PAINTING))
