"""The conditions of a picture, and what a person asked for.

`Asked` is what a person said, with None for everything they left open. `Conditions` is complete:
the same conditions and weights give the same picture, byte for byte, on the same machine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from engine.vocabulary import former_shapes, subject_kinds

MIN_SIZE, MAX_SIZE, DEFAULT_SIZE = 256, 2048, 512
MAX_COUNT = 4
MAX_COLORS = 5
MAX_CHAOS = 100
MAX_KEEP, USUAL_KEEP = 100, 50
"""Most of a source's detail that can be kept, and what is kept where nobody says."""
MAX_TEXT = 24
"""Letters that are lettered into a picture."""
MAX_SEED = 2**32 - 1
MAX_ASPECT = 4
"""No side is more than four times the other."""
SCENES = ("portrait", "landscape", "still-life", "pattern", "flock", "mandala", "abstract")
NAMED_SCENES, PLACED_SCENES = ("portrait", "landscape", "still-life", "abstract"), ("portrait", "landscape")
"""Scenes that chance chooses for named things, whose number they keep, and for a place."""
EMPTY_SCENES = ("landscape", "abstract")
"""Scenes without a figure."""

MAX_SHAPES, MAX_NUMBER, MAX_FIGURES = 3, 12, 15
"""Most different shapes in a picture, figures of one shape, and figures in all."""
RELATIONS = (
    *("over", "under", "beside", "before", "behind"),
    *("on", "in", "between", "with", "holding", "wearing", "riding"),
)
"""Relations of the main figure to another one; "before" means in front of it."""
PLACES = (
    *("landscape", "forest", "mountains", "hills", "lake", "river", "sea", "beach", "desert", "field"),
    *("garden", "park", "city", "village", "street", "castle-grounds", "room", "table", "studio-ground"),
    *("sky", "underwater", "space", "night-sky"),
)
TIMES = ("dawn", "day", "sunset", "night")
WEATHERS = ("clear", "cloudy", "snow", "rain", "fog", "storm")
SCALES = ("tiny", "small", "large", "huge")
"""How large the main figure may be instead of the usual."""

StyleMix = tuple[tuple[str, float], ...]
"""Style names with weights that sum to 1, heaviest first, for example (("ink", 1.0),)."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another shape beside the main one.

    number: 1 to 12; relation: of the main figure to it, one of RELATIONS, or empty if the scene decides
    color: its own, as in `Conditions.colors`, or empty for the picture's
    """

    shape: str
    number: int = 1
    relation: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for; None for what they left open.

    count: pictures; number, color: see `Conditions`; counted: whether a number was said, be it one
    colors: empty for natural ones; shape: empty for a picture without a figure
    place, time, weather, scale, text: see `Conditions`
    without: names of shapes, colors, places and weathers that chance and taste must keep out; the name of a
        kind of shapes, such as "tree" or "person", stands for all of them
    """

    style: StyleMix | None = None
    colors: tuple[str, ...] | None = None
    shape: str | None = None
    scene: str | None = None
    seed: int | None = None
    size: int | None = None
    aspect: tuple[int, int] | None = None
    chaos: int | None = None
    count: int = 1
    number: int = 1
    others: tuple[Other, ...] = ()
    counted: bool = False
    color: str = ""
    place: str | None = None
    time: str | None = None
    weather: str | None = None
    without: tuple[str, ...] = ()
    scale: str | None = None
    text: str | None = None

    def in_natural_colors(self) -> Asked:
        """Return the same with natural colors, if a thing or a place was named and no color was."""
        named = bool(self.shape or self.place)
        return replace(self, colors=()) if named and self.colors is None else self

    @property
    def open_scenes(self) -> tuple[str, ...]:
        """Return the scenes that may be chosen; named things are never made a pattern."""
        if self.place:
            return PLACED_SCENES if self.shape != "" else EMPTY_SCENES[:1]
        if self.shape == "":
            return EMPTY_SCENES
        named = self.shape or self.counted or self.number > 1 or self.others
        return NAMED_SCENES if named else SCENES


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything that decides one picture.

    style: names of the vocabulary with weights that sum to 1
    colors: up to five of the vocabulary's colour words, CSS names or '#rrggbb', the ruling one first; none
        leaves everything in its natural colors
    shape, scene: names of the vocabulary; shape is the main one, empty for a picture without a figure
    seed: 0 to 2**32 - 1
    size: the longer side in px, 256..2048
    aspect: width and height as a ratio of small whole numbers
    chaos: 0 (as asked) to 100 (as wild as the composer goes)
    number: figures of the main shape, 1 to 12; a scene that shows many of one shape does as it likes with 1
    others: up to two further shapes; 15 figures at most in all
    color: of the main figure alone, empty for those of the picture
    place, time, weather: one of PLACES, TIMES and WEATHERS; empty where the scene decides
    without: names that the composer must not add
    scale: how large the main figure is, one of SCALES; empty as usual
    source: a copy of somebody's own picture, see `engine.composing.source`; empty for a new composition
    keep: how much of the source's detail stays, 0 to 100
    text: up to 24 letters to be lettered into the picture, where its style letters
    """

    style: StyleMix
    colors: tuple[str, ...]
    shape: str
    scene: str
    seed: int
    size: int = DEFAULT_SIZE
    aspect: tuple[int, int] = (1, 1)
    chaos: int = 0
    number: int = 1
    others: tuple[Other, ...] = ()
    color: str = ""
    place: str = ""
    time: str = ""
    weather: str = ""
    without: tuple[str, ...] = ()
    scale: str = ""
    source: str = ""
    keep: int = USUAL_KEEP
    text: str = ""

    def __post_init__(self) -> None:
        weights = [weight for _, weight in self.style]
        if not all(weight > 0 for weight in weights) or not abs(sum(weights) - 1) <= 1e-6:
            raise ValueError("style weights must be positive and sum to 1")
        if len(self.colors) > MAX_COLORS:
            raise ValueError(f"at most {MAX_COLORS} colors")
        if not 0 <= self.seed <= MAX_SEED:
            raise ValueError("seed must fit 32 bits")
        if not MIN_SIZE <= self.size <= MAX_SIZE:
            raise ValueError(f"size must be in {MIN_SIZE}..{MAX_SIZE}")
        if min(self.aspect) < 1 or max(self.aspect) > MAX_ASPECT * min(self.aspect):
            raise ValueError(f"aspect must be within 1:{MAX_ASPECT} and {MAX_ASPECT}:1")
        if not 0 <= self.chaos <= MAX_CHAOS:
            raise ValueError(f"chaos must be 0 to {MAX_CHAOS}")
        if not 0 <= self.keep <= MAX_KEEP:
            raise ValueError(f"keep must be 0 to {MAX_KEEP}")
        self._check_surroundings()
        self._check_figures()

    def _check_surroundings(self) -> None:
        if len(self.text) > MAX_TEXT:
            raise ValueError(f"text must have at most {MAX_TEXT} letters")
        known = {"place": PLACES, "time": TIMES, "weather": WEATHERS, "scale": SCALES}
        for key, names in known.items():
            if getattr(self, key) not in ("", *names):
                raise ValueError(f"{key} must be empty or one of {', '.join(names)}")

    def _check_figures(self) -> None:
        numbers = [self.number, *(other.number for other in self.others)]
        if not all(1 <= number <= MAX_NUMBER for number in numbers) or sum(numbers) > MAX_FIGURES:
            raise ValueError(
                f"numbers of figures must be 1 to {MAX_NUMBER}, and at most {MAX_FIGURES} in all"
            )
        shapes = [self.shape, *(other.shape for other in self.others)]
        if len(shapes) > MAX_SHAPES or len(set(shapes)) < len(shapes):
            raise ValueError(f"shapes must differ, and be at most {MAX_SHAPES}")
        if not all(other.relation in ("", *RELATIONS) for other in self.others):
            raise ValueError("a relation must be one of RELATIONS or empty")

    @property
    def width(self) -> int:
        """Pixels across."""
        return self._side(self.aspect[0])

    @property
    def height(self) -> int:
        """Pixels down."""
        return self._side(self.aspect[1])

    def _side(self, share: int) -> int:
        return round(self.size * share / max(self.aspect))

    @property
    def main_style(self) -> str:
        """The heaviest style of the mix."""
        return max(self.style, key=lambda part: part[1])[0]

    def with_seed(self, seed: int) -> Conditions:
        """Return the conditions with another seed."""
        return replace(self, seed=seed)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping without default values; `from_dict` reads it back."""
        return {key: value for key, value in asdict(self).items() if value != _USUAL.get(key, ...)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Conditions:
        """Read `to_dict` from JSON. Raises KeyError, TypeError or ValueError.

        Shapes that are no longer drawn become their substitutes.
        """
        style = tuple((str(name), float(weight)) for name, weight in data["style"])
        width, height = data["aspect"]
        lists = {"style": style, "colors": tuple(data["colors"]), "aspect": (int(width), int(height))}
        shape = _drawn_today(data["shape"])
        others = tuple(
            Other(**{**each, "shape": _drawn_today(each["shape"])}) for each in data.get("others", ())
        )
        kept = {"shape": shape, "without": tuple(data.get("without", ()))}
        kept["others"] = tuple({each.shape: each for each in others if each.shape != shape}.values())
        return cls(**{**data, **lists, **kept})


def _drawn_today(shape: str) -> str:
    return former_shapes().get(shape, shape)


_USUAL = {
    **{"number": 1, "others": (), "color": "", "place": "", "time": "", "weather": "", "without": ()},
    **{"scale": "", "source": "", "keep": USUAL_KEEP},
    "text": "",
}
"""Defaults that `Conditions.to_dict` leaves out."""


class Chooser(Protocol):
    """Choose what a person left open, by seed or by taste."""

    def style(self, asked: Asked, seed: int) -> StyleMix: ...
    def colors(self, asked: Asked, seed: int) -> tuple[str, ...]: ...
    def shape(self, asked: Asked, seed: int) -> str: ...
    def scene(self, asked: Asked, seed: int) -> str: ...


def complete(asked: Asked, chooser: Chooser, first_seed: int) -> tuple[Conditions, ...]:
    """Return the conditions of each picture; picture k has seed + k. first_seed: if no seed was asked for"""
    seed = first_seed if asked.seed is None else asked.seed
    asked = asked.in_natural_colors()
    return tuple(_complete_one(asked, chooser, (seed + k) & MAX_SEED) for k in range(asked.count))


_TRIES = 50
"""Seeds tried for a choice that is not kept out."""


def is_kept_out(name: str, without: Collection[str]) -> bool:
    """Whether a shape is kept out: by its name, or by its kind such as "tree" or "person"."""
    return name in without or (bool(without) and subject_kinds().get(name) in without)


def _not_kept_out(asked: Asked, seed: int, choose: Callable[[Asked, int], str]) -> str:
    """Return the first choice, from this seed on, that is not kept out."""
    choices = (choose(asked, (seed + at) & MAX_SEED) for at in range(_TRIES))
    return next((each for each in choices if not is_kept_out(each, asked.without)), "")


def _chosen_colors(asked: Asked, seed: int, chooser: Chooser) -> tuple[str, ...]:
    """Return the first colors, from this seed on, without those that are kept out."""
    choices = (chooser.colors(asked, (seed + at) & MAX_SEED) for at in range(_TRIES))
    kept = (tuple(each for each in colors if each not in asked.without) for colors in choices)
    return next((colors for colors in kept if colors), ()) if asked.without else chooser.colors(asked, seed)


def _complete_one(asked: Asked, chooser: Chooser, seed: int) -> Conditions:
    return Conditions(
        style=asked.style or chooser.style(asked, seed),
        colors=_chosen_colors(asked, seed, chooser) if asked.colors is None else asked.colors,
        shape=_not_kept_out(asked, seed, chooser.shape) if asked.shape is None else asked.shape,
        scene=asked.scene or chooser.scene(asked, seed),
        seed=seed,
        size=asked.size or DEFAULT_SIZE,
        aspect=asked.aspect or (1, 1),
        chaos=asked.chaos or 0,
        number=asked.number,
        others=asked.others,
        color=asked.color,
        place=asked.place or "",
        time=asked.time or "",
        weather=asked.weather or "",
        without=asked.without,
        scale=asked.scale or "",
        text=asked.text or "",
    )
