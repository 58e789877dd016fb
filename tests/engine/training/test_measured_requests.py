"""Facts about engine/training/measured_requests.py and the committed requests."""

import pytest

from engine.composing.picture import pictured
from engine.training.measured_requests import MeasuredRequest, measured_requests

REQUESTS = measured_requests()


def test_there_are_sixty_subjects_half_with_a_color_and_a_quarter_with_a_second_figure() -> None:
    assert len({each.subject for each in REQUESTS}) == 60
    assert sum(bool(each.color) for each in REQUESTS) == 30
    assert sum(bool(each.other) for each in REQUESTS) == 15


def test_each_subject_has_classes_of_imagenet() -> None:
    assert all(each.classes and each.classes <= set(range(1000)) for each in REQUESTS)
    assert next(each.classes for each in REQUESTS if each.subject == "bear") == {294, 295, 296, 297}


@pytest.mark.parametrize("request_", REQUESTS[::6], ids=lambda each: each.subject)
def test_figures_cover_15_to_40_percent(request_: MeasuredRequest) -> None:
    cover = pictured(request_.conditions("oil")).rich.asked().mean()
    assert 0.15 <= cover <= 0.4


def test_conditions_have_what_the_request_names_and_nothing_more() -> None:
    asked = MeasuredRequest("fox", frozenset({277}), "", "rabbit", "behind", "portrait", 7).conditions("ink")
    assert (asked.main_style, asked.colors, asked.shape, asked.scene) == ("ink", (), "fox", "portrait")
    assert [(each.shape, each.relation) for each in asked.others] == [("rabbit", "behind")]
    assert asked.seed == 7
