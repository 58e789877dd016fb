"""Facts about engine/composing/weather.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.weather import at_hour, in_weather
from engine.conditions import TIMES, WEATHERS

DAY = np.full((64, 64, 3), [0.6, -0.03, 0.04], np.float32)
DAY[:32] = [0.85, -0.01, -0.03]


def test_night_is_darker_and_bluer_and_day_is_left_alone() -> None:
    night = at_hour(DAY, 32, "day", "night")
    assert night[..., 0].mean() < 0.6 * DAY[..., 0].mean()
    assert night[..., 2].mean() < DAY[..., 2].mean()
    assert at_hour(DAY, 32, "day", "day") is DAY
    assert at_hour(DAY, 32, "day", "") is DAY


@pytest.mark.parametrize("time", ["dawn", "sunset"])
def test_the_light_at_the_horizon_is_warm(time: str) -> None:
    lab = at_hour(DAY, 32, "day", time)
    assert lab[28, :, 2].mean() > lab[2, :, 2].mean() + 0.02


@pytest.mark.parametrize("weather", [weather for weather in WEATHERS if weather != "clear"])
def test_every_weather_changes_a_clear_day(weather: str) -> None:
    lab = in_weather(DAY, 32, "clear", weather, np.random.default_rng(0))
    assert np.abs(lab - DAY).mean() > 0.01
    assert np.isfinite(lab).all()
    assert in_weather(DAY, 32, weather, weather, np.random.default_rng(0)) is DAY


def test_snow_lies_on_the_ground_and_fog_hides_the_horizon() -> None:
    random = np.random.default_rng(0)
    snow, fog = (in_weather(DAY, 32, "clear", weather, random) for weather in ("snow", "fog"))
    assert snow[48:, :, 0].mean() > DAY[48:, :, 0].mean() + 0.1
    assert abs(fog[30, :, 0].mean() - fog[34, :, 0].mean()) < 0.15


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("horizon", [None, 20])
def test_a_picture_without_a_horizon_has_hours_too(time: str, horizon: int | None) -> None:
    assert at_hour(DAY, horizon, "night", time).shape == DAY.shape
