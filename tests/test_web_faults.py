"""What a page is told when the memory cannot be read, over real sockets with the whole of Easel."""

from __future__ import annotations

import pytest

from bot.archive import Archive
from bot.gallery import Gallery
from bot.storage import StorageError


@pytest.fixture
def forgetful(monkeypatch):
    """A memory that is there and cannot be read."""

    async def failing(*_):
        raise StorageError("disk I/O error")

    for room, name in [(Gallery, "history"), (Gallery, "picture"), (Archive, "search"), (Archive, "find")]:
        monkeypatch.setattr(room, name, failing)


@pytest.mark.parametrize("path", ["/history", "/pictures/p1.png", "/gallery", "/picture/p1"])
async def test_what_cannot_be_looked_up_is_said_in_one_sentence(ann, forgetful, path):
    said = await ann.read(path)
    assert said == (503, "I cannot look anything up just now. Please try again later.")


async def test_it_is_said_in_the_readers_language(ann, forgetful):
    await ann.write("/language", {"language": "zh"})
    assert await ann.read("/gallery") == (503, "我现在查不到任何记录。请过一会儿再试。")
