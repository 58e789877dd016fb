"""Facts about `easel verify`."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli.main import easel
from bot.pictures.keys import signing_key
from engine.conditions import Conditions
from engine.marks.code import word_of
from engine.marks.invisible import embed
from engine.marks.signature import Signer
from engine.painting.encoding import finish

FISH = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7, 256)
PAINTING = embed(np.full((256, 256, 3), 120, np.uint8), word_of(0))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with a key and without a database."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verdict(file):
    result = CliRunner().invoke(easel, ["verify", str(file), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_signed_picture_is_told_with_its_conditions(folder):
    key = signing_key(folder / "data/easel.key", 1_700_000_000.0)
    file = folder / "fish.png"
    file.write_bytes(finish(PAINTING, FISH, signer=Signer(key)))
    conditions = json.loads(json.dumps(FISH.to_dict()))
    assert verdict(file) == {
        "made_by_easel": True,
        "intact": True,
        "by": "signature",
        "conditions": conditions,
    }


def test_an_unsigned_picture_is_told_by_its_mark(folder):
    file = folder / "fish.webp"
    file.write_bytes(finish(PAINTING, FISH, media_type="image/webp"))
    found = verdict(file)
    assert (found["made_by_easel"], found["intact"], found["by"]) == (True, False, "mark")


def test_another_picture_is_told_to_be_none_of_ours(folder):
    file = folder / "other.png"
    file.write_bytes(finish(np.zeros((128, 128, 3), np.uint8), FISH))
    assert verdict(file) == {"made_by_easel": False, "intact": False, "by": None, "conditions": None}
    said = CliRunner().invoke(easel, ["verify", str(file)]).output
    assert "That proves nothing" in said


def test_no_database_is_made(folder):
    file = folder / "other.png"
    file.write_bytes(finish(np.zeros((128, 128, 3), np.uint8), FISH))
    verdict(file)
    assert not (folder / "data").exists()


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_what_cannot_be_read_is_one_sentence_and_status_2(folder, content):
    file = folder / "file.png"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(easel, ["verify", str(file)])
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
