"""Facts about commands/text/results.py: what people see of a request."""

from __future__ import annotations

from dataclasses import replace

from commands.i18n import translator
from commands.text.results import buttons_of, cancel_button, cancelled_post, failed_post, finished_post
from tests.support.fakes import PICTURE

SAY = translator("en")
PICTURES = (replace(PICTURE, number=7), replace(PICTURE, id="p2", number=8))
MOST_NAMED = 100
"""Most characters of a button's id on the strictest platform."""


def test_a_result_has_its_sentence_and_the_numbers_of_its_pictures():
    post = finished_post("job-1", "A fish.", PICTURES, (), (), SAY)
    assert post.text == "A fish.\nPicture 7, 8, painted by Easel (AI)"
    assert (post.sentence, post.pictures, post.failed) == ("A fish.", PICTURES, False)


def test_a_result_says_what_was_deleted_and_whether_by_who_asked():
    post = finished_post("job-1", "A fish.", PICTURES[:1], ((8, True), (9, False)), (10,), SAY)
    assert post.details == (
        "Picture 7, painted by Easel (AI)",
        "Picture 8 was deleted by who asked for it.",
        "Picture 9 was deleted by a moderator.",
        "Picture 10 hidden",
    )


def test_nothing_is_left_of_a_result_whose_pictures_are_gone():
    post = finished_post("job-1", "A fish.", (), ((7, True),), (), SAY)
    assert post.text == "A fish.\nPicture 7 was deleted by who asked for it."
    assert post.buttons == ()


def test_each_picture_has_its_buttons_in_one_order():
    post = finished_post("job-1", "A fish.", PICTURES, (), (), SAY)
    verbs = ("reroll", "vary", "upscale", "favourite", "delete", "edit")
    *own, details = post.buttons
    assert [(each.verb, each.picture) for each in own] == [
        (verb, picture) for picture in ("p1", "p2") for verb in verbs
    ]
    assert all(each.words == each.picture for each in own)
    assert (details.verb, details.words, details.picture, details.label) == ("info", "job-1", "", "Details")


def test_a_request_without_a_picture_says_why_and_that_nothing_was_charged():
    posts = [failed_post(SAY), cancelled_post(SAY), failed_post(translator("zh"))]
    assert [each.text for each in posts] == [
        "The painting failed, and nothing was charged. Please ask again.",
        "Cancelled; nothing was charged.",
        "没有画成，也没有计入额度。请再说一次。",
    ]
    assert all(each.failed and not each.pictures for each in posts)


def test_a_button_is_named_in_the_readers_language_and_fits_where_there_is_little_room():
    longest = replace(PICTURE, id="x" * 16)
    buttons = [*buttons_of(longest, translator("zh")), cancel_button("y" * 16, translator("zh"))]
    assert [each.label for each in buttons] == ["重画", "变奏", "放大", "收藏", "删除", "改一改…", "取消"]
    assert all(len(f"{each.verb}:{each.words}") <= MOST_NAMED for each in buttons)
    assert all(each.emoji for each in buttons)
