"""Test /change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.change import COMMAND
from commands.chat import UserError
from tests.support.fake_services import FISH, RECORD, FakePictures, FakeQuotas, FakeServices, ask

FOX = replace(FISH, shape="fox")
PICTURES = FakePictures((RECORD, replace(RECORD, id="p12", number=12, conditions=FOX)))


async def painted(words, services=None):
    """Return the conditions of the one picture that was accepted."""
    services = services or FakeServices(pictures=PICTURES)
    await COMMAND.run(ask("change", words), services)
    [(_, _, [picture])] = services.jobs.accepted
    return picture


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("7 make it night", replace(FISH, time="night")),
        ("make it night", replace(FOX, time="night")),
        ("a cat", replace(FOX, shape="cat")),
        ("7 at night size=512", replace(FISH, time="night", size=512)),
    ],
)
async def test_the_named_picture_is_changed_or_the_last_one_there(words, expected):
    assert await painted(words) == expected


async def test_what_is_left_out_is_told():
    answer = await COMMAND.run(ask("change", "make it night in a cozy forest"), FakeServices())
    assert answer.text.endswith("I left out: cozy.")


async def test_without_a_size_it_is_as_large_as_one_may_have_it():
    big = FakePictures((replace(RECORD, conditions=replace(FISH, size=1024)),))
    services = FakeServices(pictures=big, quotas=FakeQuotas(cap=512))
    assert (await painted("bluer", services)).size == 512


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Say what shall be different, for example bluer, at night, two more trees."),
        ("7", "Say what shall be different"),
        ("8 bluer", "There is no picture 8 here"),
        ("7 flurbl", "I do not know how to change flurbl; say for example make it night."),
        ("7 style=inc", "I know no style inc"),
    ],
)
async def test_a_mistake_is_told_in_one_sentence(words, sentence):
    services = FakeServices(pictures=PICTURES)
    with pytest.raises(UserError, match=sentence):
        await COMMAND.run(ask("change", words), services)
    assert not services.jobs.accepted
