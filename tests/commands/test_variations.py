"""Test commands/variations.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.chat import UserError
from commands.parsing.said import says_of
from commands.variations import BLEND, REROLL, UPSCALE, VARY
from engine.conditions import MAX_SIZE, Other
from tests.support.fake_services import FISH, RECORD, SEED, FakePictures, FakeQuotas, FakeServices, ask

SEEN = replace(FISH, seed=41)
FOX = replace(
    FISH, style=(("oil", 0.6), ("ink", 0.4)), colors=("red", "gold"), shape="fox", scene="flock", size=512
)
PICTURES = FakePictures(
    (replace(RECORD, conditions=SEEN), replace(RECORD, id="p12", number=12, conditions=FOX))
)
COMMANDS = [REROLL, VARY, UPSCALE, BLEND]
each_command = pytest.mark.parametrize("command", COMMANDS, ids=[each.name for each in COMMANDS])


@pytest.fixture
def services():
    return FakeServices(pictures=PICTURES)


async def painted(command, words, services):
    """Return the conditions that a line asks for."""
    answer = await command.run(ask(command.name, words), services)
    [(_, says, pictures)] = services.jobs.accepted
    assert answer.text == f"Painting: {says}"
    assert says == says_of(pictures, services.vocabulary)
    assert answer.job == "job-1"
    return pictures


async def painted_last(command, words, services):
    services.jobs.accepted.clear()
    return await painted(command, words, services)


async def test_reroll_keeps_the_wish_and_takes_a_fresh_seed(services):
    assert await painted(REROLL, "7", services) == (replace(SEEN, seed=SEED),)


async def test_what_is_said_beside_a_picture_changes_it(services):
    [picture] = await painted(REROLL, "7 color=red size=512 in oil", services)
    assert picture == replace(SEEN, seed=SEED, style=(("oil", 1.0),), colors=("red",), size=512)


async def test_the_shapes_of_a_picture_stay_together_until_another_is_said(services):
    birds = replace(SEEN, shape="bird", number=2, others=(Other("mountain", 1, "over"),))
    services.pictures = FakePictures((replace(RECORD, conditions=birds),))
    assert await painted(REROLL, "7", services) == (replace(birds, seed=SEED),)
    [other] = await painted_last(REROLL, "7 three foxes", services)
    assert other == replace(SEEN, seed=SEED, shape="fox", number=3)


async def test_a_reroll_may_be_of_several(services):
    pictures = await painted(REROLL, "7 count=3", services)
    assert pictures == tuple(replace(SEEN, seed=SEED + k) for k in range(3))


async def test_a_variation_keeps_composition_and_subject_and_changes_hand_and_accent(services):
    [picture] = await painted(VARY, "7", services)
    same = ("seed", "shape", "scene", "chaos", "aspect", "size")
    assert all(getattr(picture, name) == getattr(SEEN, name) for name in same)
    assert picture.style[0] == ("ink", 0.7)
    assert len(picture.style) == 2
    assert picture.colors[0] == "blue"
    assert len(picture.colors) == 2


async def test_variations_differ_from_each_other(services):
    pictures = await painted(VARY, "12 count=4", services)
    assert len(set(pictures)) == 4
    assert {picture.seed for picture in pictures} == {FOX.seed}


@pytest.mark.parametrize(
    ("words", "size"), [("7", 512), ("12", 1024), ("12 size=2048", 2048), ("7 size=1000", 1000)]
)
async def test_upscale_paints_the_same_picture_larger(services, words, size):
    [picture] = await painted(UPSCALE, words, services)
    assert picture == replace(SEEN if words.startswith("7") else FOX, size=size)


@pytest.mark.parametrize(
    ("command", "words", "most", "size"),
    [
        *((command, "12", 320, 320) for command in (REROLL, VARY)),
        (BLEND, "7 12", 320, 320),
        (UPSCALE, "12", 768, 768),
        (REROLL, "12", 768, 512),
        *((REROLL, "12 size=400", 320, 400), (UPSCALE, "12", 512, 1024), (UPSCALE, "12", 320, 1024)),
    ],
)
async def test_without_a_size_a_new_picture_is_as_large_as_one_may_have_it(
    command, words, most, size, services
):
    services.quotas = FakeQuotas(cap=most)
    assert {each.size for each in await painted(command, words, services)} == {size}


async def test_a_picture_of_the_largest_size_is_not_upscaled(services):
    services.pictures = FakePictures((replace(RECORD, conditions=replace(FISH, size=MAX_SIZE)),))
    with pytest.raises(UserError, match="That picture is as large as I can paint: 2048 pixels"):
        await UPSCALE.run(ask("upscale", "7"), services)


async def test_a_blend_shows_the_first_arranged_as_the_second_in_the_hands_and_colors_of_both(services):
    [picture] = await painted(BLEND, "7 12", services)
    assert (picture.shape, picture.scene, picture.size, picture.seed) == ("fish", "flock", 512, SEED)
    assert picture.style == (("ink", 0.7), ("oil", 0.3))
    assert picture.colors == ("blue", "red", "gold")


@each_command
async def test_what_was_done_with_a_picture_is_told_once(command, services):
    words = "7 12" if command is BLEND else "7"
    await command.run(ask(command.name, words), services)
    services.jobs.fresh = False
    await command.run(ask(command.name, words), services)
    pictures = ["p7", "p12"] if command is BLEND else ["p7"]
    assert services.tastes.reactions == [("fake:ann", command.name, True, (each,)) for each in pictures]


@pytest.mark.parametrize("command", [REROLL, VARY, UPSCALE], ids=["reroll", "vary", "upscale"])
@pytest.mark.parametrize("words", ["", "  ", "count=1", "\u202e"])
async def test_without_a_number_the_last_picture_there_is_meant(command, words, services):
    [picture] = await painted(command, words, services)
    assert picture.shape == "fox"


@pytest.mark.parametrize("command", [REROLL, VARY, UPSCALE], ids=["reroll", "vary", "upscale"])
async def test_where_there_is_no_picture_yet_it_is_said(command, services):
    services.pictures = FakePictures(())
    with pytest.raises(UserError, match="There is no picture here yet; ask me for one first"):
        await command.run(ask(command.name, ""), services)


async def test_a_reroll_may_be_changed_in_own_words(services):
    [picture] = await painted(REROLL, "7 add two trees", services)
    assert picture == replace(SEEN, seed=SEED, others=(Other("tree", 2),))


async def test_a_blend_takes_two(services):
    with pytest.raises(UserError, match="for example /blend 7 12"):
        await BLEND.run(ask("blend", "7"), services)


async def test_a_post_of_several_pictures_does_not_say_which_is_meant(services):
    with pytest.raises(UserError, match=r"Which of these do you mean: 7, 12\?"):
        await REROLL.run(ask("reroll", "fake:post:1"), services)


@each_command
async def test_a_mistake_beside_a_picture_is_told(command, services):
    words = "7 12 style=inc" if command is BLEND else "7 style=inc"
    with pytest.raises(UserError, match="I know no style inc"):
        await command.run(ask(command.name, words), services)
