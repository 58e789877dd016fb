"""Styles: each is one file, `engine/data/styles/<style>.toml`, read into one `Style`.

A file's tables and keys are the fields of the classes below; a key that is left out has its default.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from engine.vocabulary import Vocabulary, load_vocabulary, style_tables

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")

GROUPS = ("drawing", "print", "painting", "digital")
MEDIA = ("paint", "washes", "forms", "ink", "sketch", "linocut", "poster", "keyed", "pixel")
"""Paint all over; washes on white paper; large even forms; brushed ink; hatched pencil; carved blocks; flat
separations; even colors under key lines; squares."""
REDUCE_COLORS, REDUCE_FILL, REDUCE_GRID = REDUCTIONS = ("colors", "fill", "grid")

SHARE = MappingProxyType({"least": 0, "most": 1})
NONE_OR_MORE = MappingProxyType({"least": 0})
ONE_OR_MORE = MappingProxyType({"least": 1})
ABOVE_ZERO = MappingProxyType({"above": 0})


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the art of a style mostly shows.

    scenes, palettes: repeated as often as they should come up; shapes: words, or categories of words
    Only palettes may be empty: the style's art has any colors.
    """

    scenes: tuple[str, ...]
    shapes: tuple[str, ...]
    palettes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Composing:
    """How a composition becomes the style's layout.

    backdrop_detail, figure_detail: texels along the picture's shorter side to which each is reduced
    backdrop_tones, figure_tones: colors of each; light: share of the backdrop's low-frequency light kept
    strength: share of the painter's change that is kept; even: the same where the layout is even
    chroma, contrast: of the composition's colors and lightness, times
    palette: colors to which natural ones are drawn; palette_share: how far
    line_color, line_width: of key lines, in px at 512; paper: share of it that shows through
    """

    backdrop_detail: int = field(default=160, metadata=ONE_OR_MORE)
    figure_detail: int = field(default=220, metadata=ONE_OR_MORE)
    backdrop_tones: int = field(default=24, metadata={"least": 2})
    figure_tones: int = field(default=20, metadata={"least": 2})
    light: float = field(default=0.5, metadata=SHARE)
    strength: float = field(default=1.0, metadata=SHARE)
    even: float = field(default=1.0, metadata=SHARE)
    chroma: float = field(default=1.0, metadata=NONE_OR_MORE)
    contrast: float = field(default=1.0, metadata=NONE_OR_MORE)
    palette: tuple[str, ...] = ()
    palette_share: float = field(default=0.5, metadata=SHARE)
    line_color: str = ""
    line_width: float = field(default=1.6, metadata=NONE_OR_MORE)
    paper: float = field(default=0.0, metadata=SHARE)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a style is trained; by default as a painting of many colors.

    short_side: range in px to which a picture's shorter side is scaled before a crop is cut
    least_side: pictures with fewer px on the shorter side are left out
    reduce: how a layout is made from a picture: by colors, by filling a bare line drawing, or on a pixel grid
    texel: range in px of the texels of a layout; with larger ones, the painter invents more
    clusters: range of the number of colors in the layout
    shading: range of the share of the picture's low-frequency light that the layout keeps
    tint: the art is gray or of one ink, so picture and layout are dyed together in any hue
    layout_weight: weight of keeping the low frequencies of a made-up layout
    """

    short_side: tuple[int, int] = field(default=(160, 320), metadata=ONE_OR_MORE)
    least_side: int = field(default=0, metadata=NONE_OR_MORE)
    reduce: str = field(default=REDUCE_COLORS, metadata={"among": REDUCTIONS})
    texel: tuple[float, float] = field(default=(1.9, 5.2), metadata=ONE_OR_MORE)
    clusters: tuple[int, int] = field(default=(6, 24), metadata={"least": 2})
    shading: tuple[float, float] = field(default=(0.0, 0.6), metadata=SHARE)
    tint: bool = False
    layout_weight: float = field(default=0.8, metadata=ABOVE_ZERO)


@dataclass(frozen=True, slots=True)
class Style:
    """Everything about one style but its words, which the vocabulary has.

    order: its place in lists; chance draws by it, so a new style is the last
    group: one of GROUPS; medium: one of MEDIA
    letters: whether words can be lettered into its pictures
    """

    name: str
    subjects: Subjects
    order: int = field(default=1, metadata=ONE_OR_MORE)
    group: str = field(default="painting", metadata={"among": GROUPS})
    medium: str = field(default="paint", metadata={"among": MEDIA})
    letters: bool = False
    composing: Composing = Composing()
    training: Recipe = Recipe()


def style_named(name: str) -> Style:
    """Return a style by its canonical name; raise KeyError for any other text."""
    return load_styles()[name]


@functools.cache
def load_styles() -> Mapping[str, Style]:
    """Return the shipped styles by name, in their order; read them once per process.

    Raises ValueError that names file, key and value.
    """
    vocabulary = load_vocabulary()
    styles = {name: read_style(name, table, vocabulary) for name, table in style_tables().items()}
    return MappingProxyType(styles)


def read_style(name: str, table: Mapping[str, Any], vocabulary: Vocabulary) -> Style:
    """Check one parsed file. Raises ValueError that names file, key and value."""
    where = f"{name}.toml: "
    subjects = _subjects(table.get("subjects"), vocabulary, f"{where}subjects")
    rest = {key: value for key, value in table.items() if key not in ("words", "subjects")}
    return _record(Style(name, subjects), rest, where)


def _subjects(table: Any, vocabulary: Vocabulary, where: str) -> Subjects:
    if not isinstance(table, dict) or not {"scenes", "shapes"} <= set(table) <= {
        "scenes",
        "shapes",
        "palettes",
    }:
        raise ValueError(f"{where} = {table!r}: expected scenes, shapes and perhaps palettes")
    scenes, colors, shapes = (_names(vocabulary, kind) for kind in ("scene", "color", "shape"))
    for category in {word.category for word in vocabulary.words("shape")}:
        shapes[category] = tuple(word.name for word in vocabulary.words("shape") if word.category == category)
    return Subjects(
        _words(table["scenes"], scenes, f"{where}.scenes"),
        _words(table["shapes"], shapes, f"{where}.shapes"),
        tuple(_words(palette, colors, f"{where}.palettes") for palette in table.get("palettes", ())),
    )


def _names(vocabulary: Vocabulary, kind: str) -> dict[str, tuple[str, ...]]:
    return {word.name: (word.name,) for word in vocabulary.words(kind)}


def _words(given: Any, known: Mapping[str, Sequence[str]], where: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise ValueError(f"{where} = {given!r}: expected a list of words")
    for word in given:
        if word not in known:
            raise ValueError(f"{where} = {word!r}: no such word")
    return tuple(name for word in given for name in known[word])


def _record(default: Record, table: Any, where: str) -> Record:
    """Return the default with the values of a table; each must be of the default's type."""
    rules = {each.name: each.metadata for each in fields(default) if each.name not in ("name", "subjects")}
    if not isinstance(table, dict):
        raise ValueError(f"{where.rstrip('.')} = {table!r}: expected a table")
    for key in table:
        if key not in rules:
            raise ValueError(f"{where}{key} = {table[key]!r}: no such key")
    values = {
        key: _value(getattr(default, key), value, rules[key], f"{where}{key}") for key, value in table.items()
    }
    return replace(default, **values)


def _value(default: Any, value: Any, rules: Mapping[str, Any], where: str) -> Any:
    if isinstance(default, Composing | Recipe):
        return _record(default, value, f"{where}.")
    if default == ():
        return _colors(value, where)
    if isinstance(default, tuple):
        if not isinstance(value, list) or len(value) != len(default) or sorted(value) != value:
            raise ValueError(f"{where} = {value!r}: expected {len(default)} numbers in order")
        return tuple(_value(*pair, rules, where) for pair in zip(default, value, strict=True))
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default):
        raise ValueError(f"{where} = {value!r}: expected {type(default).__name__}")
    for rule, bound in rules.items():
        if not _RULES[rule](value, bound):
            raise ValueError(f"{where} = {value!r}: expected {rule} {bound}")
    return value


def _colors(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(_HEX.fullmatch(str(each)) for each in value):
        raise ValueError(f"{where} = {value!r}: expected a list of colors as '#rrggbb'")
    return tuple(value)


_HEX = re.compile("#[0-9a-f]{6}")
_RULES: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "least": operator.ge,
        "most": operator.le,
        "above": operator.gt,
        "among": lambda value, all_: value in all_,
    }
)
