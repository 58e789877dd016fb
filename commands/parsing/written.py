"""The line of options that paints a picture again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commands.parsing import shapes
from commands.parsing.options import NATURAL
from engine.conditions import DEFAULT_SIZE, Asked, Conditions


def line_of(conditions: Conditions) -> str:
    """The line that paints exactly this picture again."""
    return _line(_options(conditions))


def line_of_request(pictures: Sequence[Conditions]) -> str:
    """The line that asks for these pictures again: what they share, the first seed, and how many."""
    first, *others = (_options(each) for each in pictures)
    shared = {
        key: value
        for key, value in first.items()
        if key == "seed" or all(each[key] == value for each in others)
    }
    if "shape" in shared and "scene" not in shared:
        shared["shape"] = shapes.value_of(pictures[0], counted=_may_be_counted(pictures))
    return _line(shared | ({"count": str(len(pictures))} if others else {}))


def _may_be_counted(pictures: Sequence[Conditions]) -> bool:
    """Whether a number that is said would leave these scenes to chance as they are."""
    said = Asked(number=pictures[0].number, others=pictures[0].others, counted=True)
    return all(each.scene in said.open_scenes for each in pictures)


def _options(conditions: Conditions) -> dict[str, str]:
    """Every key with its value; an empty one stands for what is understood without being said."""
    style = "+".join(name if share == 1 else f"{name}:{share:g}" for name, share in conditions.style)
    return {
        "style": style,
        "color": ",".join(conditions.colors) or NATURAL,
        "shape": shapes.value_of(conditions),
        "scene": conditions.scene,
        "place": conditions.place,
        "time": conditions.time,
        "weather": conditions.weather,
        "scale": conditions.scale,
        "text": conditions.text,
        "without": ",".join(conditions.without),
        "seed": str(conditions.seed),
        "size": "" if conditions.size == DEFAULT_SIZE else str(conditions.size),
        "ar": "" if conditions.aspect == (1, 1) else "{}:{}".format(*conditions.aspect),
        "chaos": str(conditions.chaos or ""),
    }


def _line(options: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in options.items() if value)
