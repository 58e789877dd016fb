"""The numbers of a chart fit into it, and its columns are as high as what they show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.charts import BOTTOM, HEIGHT, LINES, TOP, WIDTH, chart

VALUES = st.lists(st.integers(0, 10**9), max_size=40)


@given(VALUES)
def test_every_column_stands_on_the_ground_inside_the_chart_and_right_of_the_one_before(values):
    drawn = chart([("", value) for value in values])
    assert [each.value for each in drawn.columns] == values
    for column in drawn.columns:
        assert drawn.left <= column.x <= column.middle <= column.x + column.width <= WIDTH
        assert column.y >= TOP - 0.1
        assert column.y + column.height == pytest.approx(drawn.ground)
    assert all(a.x + a.width < b.x for a, b in zip(drawn.columns, drawn.columns[1:], strict=False))


@given(VALUES)
def test_heights_are_in_proportion(values):
    columns = chart([("", value) for value in values]).columns
    tallest = max(columns, key=lambda each: each.value, default=None)
    for column in columns:
        share = column.value / tallest.value if tallest.value else 0
        assert column.height == pytest.approx(tallest.height * share, abs=0.2)


@given(st.integers(0, 10**9))
def test_lines_are_round_few_and_reach_above_the_highest(most):
    lines = chart([("", most)]).lines
    assert lines[0] == (0, HEIGHT - BOTTOM)
    assert 2 <= len(lines) <= LINES + 1
    assert lines[-1][0] >= most
    assert str(lines[1][0]).strip("0") in ("1", "2", "5")


def test_every_third_column_has_a_name_and_the_last_one_does():
    assert [each.named for each in chart([(name, 1) for name in "abcd"]).columns] == [
        True,
        False,
        False,
        True,
    ]


def test_a_chart_of_nothing_has_lines_and_no_columns():
    assert (chart([]).columns, [value for value, _ in chart([]).lines]) == ((), [0, 1])
