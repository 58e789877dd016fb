"""Test /taste."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from commands.chat import UserError
from commands.services.tastes import CONTROL, TASTE, Lift, Liking, Portrait, Rate, Why
from commands.taste import ACTIONS, COMMAND
from commands.text.taste_card import HEIGHT, STRIP
from tests.support.fake_services import RECORD, FakePictures, FakeServices, ask
from tests.support.fakes import PICTURE

INK = Liking("style", "ink", 2.41, 1.3, 4.4)
SEEN = Portrait(
    (INK, Liking("category", "sea life", 1.6, 0.9, 2.7), Liking("scene", "flock", 0.5, 0.2, 0.9)), (), 12
)


class Hung(FakePictures):
    """Return finished pictures."""

    async def load(self, records, locale):
        return [PICTURE for _ in records]


@pytest.fixture
def services():
    services = FakeServices()
    services.tastes.views.seen = SEEN
    return services


async def say(words, services, **changes):
    return await COMMAND.run(ask("taste", words, **changes), services)


@pytest.mark.parametrize("words", ["", "show", "Show", "查看"])
async def test_what_is_liked_is_said_with_its_interval_and_what_it_is_learned_from(services, words):
    answer = await say(words, services)
    assert answer.private
    assert "Styles: ink ×2.4 (1.3–4.4)" in answer.text
    assert "Motifs: sea life ×1.6 (0.9–2.7)" in answer.text
    assert "Less liked: flock ×0.5 (0.2–0.9)" in answer.text
    assert "12 things" in answer.text


async def test_what_is_liked_is_drawn_with_an_alternative_text_and_paintings(services):
    services.pictures = Hung()
    services.tastes.views.seen = replace(SEEN, nearest=("7", "gone"))
    [card] = (await say("show", services)).attachments
    assert (card.name, card.media_type) == ("easel-taste.png", "image/png")
    assert card.alt.startswith("A chart: Styles: ink ×2.4 (1.3–4.4); ")
    assert card.height == HEIGHT + STRIP
    services.tastes.views.seen = SEEN
    [card] = (await say("server", services)).attachments
    assert card.height == HEIGHT
    assert card.alt.startswith("A chart: Styles: ink")


async def test_an_export_is_a_file_of_everything_that_is_kept(services):
    services.tastes.views.exported = {"events": [{"verb": "favourite"}], "person": "颖"}
    [file] = (await say("export", services)).attachments
    assert (file.name, file.media_type, file.is_picture) == ("easel-taste.json", "application/json", False)
    assert json.loads(file.data) == services.tastes.views.exported


async def test_who_told_nothing_yet_hears_how_to_begin():
    answer = await say("show", FakeServices())
    assert answer.text.startswith("I do not know your taste yet")


async def test_everything_is_said_in_chinese_to_who_reads_chinese(services):
    services.locale = "zh"
    answer = await say("show", services, locale="zh")
    assert "风格：水墨" in answer.text or "风格: 水墨" in answer.text
    assert "海洋生物" in answer.text


async def test_taste_is_turned_off_and_on_by_a_setting_of_the_person(services):
    assert "from now on I record nothing" in (await say("off", services)).text
    assert services.settings.kept["fake:ann"] == {"taste": "off"}
    assert (await say("show", services)).text.startswith("Your taste is off")
    assert (await say("on", services)).text.startswith("Your taste is on")
    assert services.settings.kept["fake:ann"] == {}


async def test_a_reset_is_done_once_it_is_confirmed(services):
    answer = await say("reset", services)
    assert services.tastes.forgotten == []
    [button] = answer.buttons
    assert (button.verb, button.words) == ("taste", "reset yes")
    assert (await say(button.words, services)).text == "Your taste is forgotten."
    assert services.tastes.forgotten == ["fake:ann"]


async def test_the_taste_of_a_server_is_for_everybody_to_see(services):
    assert "Styles: ink ×2.4" in (await say("server", services)).text
    services.tastes.views.seen = Portrait((), (), 0)
    assert (await say("server", services)).text == "I do not know this server's taste yet."


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (Why(TASTE, ("style", "color"), (INK,), ()), "Your taste chose: style, colors."),
        (Why(CONTROL, ("shape",), (INK,), ()), "Chance chose on purpose: shape. One picture in four"),
        (Why("chance", (), (INK,), ()), "Your taste had no say in this picture"),
        (Why(TASTE, ("scene",), (INK,), (("favourite", 5), ("upscale", 9))), "5 (favourite), 9 (upscaled)"),
        (Why(TASTE, ("scene",), (INK,), ()), "How much I think you like it: ink ×2.4"),
    ],
)
async def test_why_says_who_chose_and_from_what(services, why, sentence):
    services.tastes.views.reason = why
    assert sentence in (await say("why 7", services)).text


async def test_why_is_for_who_asked_for_the_picture(services):
    services.pictures = FakePictures((replace(RECORD, person="fake:bob"),))
    with pytest.raises(UserError, match="Only the person who asked for a picture"):
        await say("why 7", services)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("why", "Say which picture by its number, for example /taste why 7."),
        ("why 7 8", "Say which picture"),
        ("why 99", "There is no picture 99"),
        ("dance", "There is no /taste dance; there are show, why,"),
        ("<b>", r"There is no /taste b; there are"),
        ("lift", "Only an admin of this server may see that."),
    ],
)
async def test_a_mistake_is_one_sentence_with_a_way_out(services, words, sentence):
    with pytest.raises(UserError, match=sentence):
        await say(words, services)


async def test_admins_see_what_taste_is_worth(services):
    assert "taste chose 0 pictures" in (await say("lift", services, is_admin=True)).text
    services.tastes.views.worth = Lift(Rate(40, 20), Rate(10, 3), 1.62, 0.71, 3.7)
    text = (await say("lift", services, is_admin=True)).text
    assert "20 of 40" in text
    assert "3 of 10" in text
    assert "1.62 times as many (95 % interval: 0.71 to 3.70)" in text


@pytest.mark.parametrize("action", list(ACTIONS))
async def test_each_action_has_a_chinese_word(action):
    assert any(not word.isascii() for word in ACTIONS[action][1])


@pytest.mark.parametrize(
    ("words", "kept", "said"),
    [
        ("use work", {"taste_profile": "work"}, "Your taste for work is in use"),
        ("使用 娱乐", {"taste_profile": "play"}, "Your taste for play is in use"),
        ("use Usual", {}, "Your usual taste is in use."),
    ],
)
async def test_one_of_several_tastes_is_used(services, words, kept, said):
    assert (await say(words, services)).text.startswith(said)
    assert services.settings.kept["fake:ann"] == kept


@pytest.mark.parametrize("words", ["use", "use sleep"])
async def test_which_tastes_there_are_is_said_to_who_names_none(services, words):
    with pytest.raises(UserError, match="/taste use work, play or usual"):
        await say(words, services)


@pytest.mark.parametrize(
    ("told", "said"), [(1, "Learned from one thing you"), (2, "Learned from 2 things you")]
)
async def test_what_was_learned_is_counted_in_words_that_fit(services, told, said):
    services.tastes.views.seen = replace(SEEN, learned_from=told)
    assert said in (await say("show", services)).text


async def test_the_taste_that_is_shown_is_named_unless_it_is_the_usual_one(services):
    assert "in use" not in (await say("show", services)).text
    for told in (0, 12):
        services.tastes.views.seen = replace(SEEN, profile="work", learned_from=told)
        assert (await say("show", services)).text.startswith("Your taste for work is in use")
