"""Where figures stand and how large: by framing, by perspective from their natural size, by what was said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from engine.color.palette import Tone
from engine.composing.subjects import Cutout, Variant, cutout

AIR = frozenset({"flies", "hovers"})
FLYING = frozenset({"bird", "insect", "aircraft"})
"""Kinds that fly in flocks."""
SKY = 0.8
"""Share of the height over which what flies or swims is scattered."""
WET = frozenset({"floats", "swims"})

AREA = {"portrait": 0.33, "landscape": 0.15, "still-life": 0.2, "abstract": 0.3}
"""Share of the picture that figures cover."""
FACTORS = {"tiny": 0.4, "small": 0.65, "": 1.0, "large": 1.4, "huge": 1.9}
"""Of the main figure's sides; the picture's edges bound it."""
WORN = frozenset({"holding", "wearing"})
"""Relations to what grows with the main figure."""
TALLEST, WIDEST = 0.8, 0.84
DAMPED = 0.5
"""How much of the relation of natural sizes is kept: a mouse beside an elephant must be seen."""
ASTRIDE = 0.4
"""Share of a rider's height that is behind what is ridden."""
SIDE_HEAD = 0.42
"""Share of an animal's height that its head takes at the end where it faces."""
BUILT = 5.0
"""Metres from which a figure stands further off, where the ground has room for it."""

SEATS = {
    "table": 0.22,
    "chair": 0.5,
    "armchair": 0.5,
    "couch": 0.45,
    "sofa": 0.45,
    "bench": 0.45,
    "bed": 0.45,
    "horse": 0.25,
    "donkey": 0.25,
    "camel": 0.25,
    "elephant": 0.12,
    "bicycle": 0.3,
    "motorcycle": 0.4,
    "boat": 0.55,
    "throne": 0.5,
    "stool": 0.02,
}
"""How far from the top of a thing somebody sits on it."""
OPEN = {"boat": 0.55, "basket": 0.35, "vase": 0.08, "cup": 0.12, "bucket": 0.1, "box": 0.2, "bathtub": 0.35}
"""How far from the top the rim of a thing that others are in."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One figure in its place; lengths in heights of the picture.

    x: middle; base: where its lower edge is; height, width: of its cut-out
    depth: 0 in front to 1 at the horizon; grounded: whether it touches ground or water there
    color: its own, None for those of the picture; main: whether it is of the main subject
    turned: whether it may be mirrored for the light; what is held or worn would miss it
    """

    subject: Variant
    cutout: Cutout = field(repr=False)
    x: float
    base: float
    height: float
    width: float
    mirrored: bool = False
    depth: float = 0.0
    grounded: bool = True
    color: Tone | None = None
    main: bool = True
    turned: bool = True

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.base - self.height

    def sized(self, factor: float) -> Stand:
        """The same, larger or smaller, on the same ground."""
        return replace(self, height=self.height * factor, width=self.width * factor)


def fill_of(cut: Cutout) -> float:
    """Share of its box that a cut-out fills."""
    return float(cut.alpha.mean())


def stand(subject: Variant, area: float, aspect: float) -> Stand:
    """A figure of about such a share of the picture, in the middle, on the lower edge."""
    cut = cutout(subject.file)
    ratio = cut.alpha.shape[1] / cut.alpha.shape[0]
    height = float(np.sqrt(area * aspect / (max(fill_of(cut), 0.15) * ratio)))
    height *= float(np.clip((subject.metres / 1.2) ** 0.06, 0.88, 1.15))
    height = min(height, TALLEST, WIDEST * aspect / ratio)
    return Stand(subject, cut, aspect / 2, 0.92, height, height * ratio)


@dataclass(frozen=True, slots=True)
class Casting:
    """One subject that is asked for.

    number: how many of it; relation: how the main one stands to it, empty where open
    color: its own, None where open; scale: how large it is, a key of FACTORS
    """

    subject: Variant
    number: int = 1
    relation: str = ""
    color: Tone | None = None
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """The picture to stand in.

    horizon: share of the height; adrift: whether there is no ground, as under water and in the sky
    """

    aspect: float
    horizon: float
    adrift: bool = False


def arrange(wishes: tuple[Casting, ...], scene: str, room: Room, random: np.random.Generator) -> list[Stand]:
    """Place every figure; those further off come first. The first wish is the main one."""
    area = AREA.get(scene, 0.19) * float(random.uniform(0.9, 1.15))
    main, *others = wishes
    total = sum(wish.number for wish in wishes)
    if scene == "flock" and main.subject.kind in FLYING | {"fish"}:
        room = replace(room, adrift=True)
    figures = _group(main, area if total == 1 else area * 1.5 * (main.number / total) ** 0.6, room, random)
    for other in others:
        figures = _related(figures, other, room, random)
    if main.scale:
        figures = _scaled(figures, wishes)
    figures = _fitted(figures, room)
    return sorted(figures, key=lambda each: (-each.depth, each.main))


def _scaled(figures: list[Stand], wishes: tuple[Casting, ...]) -> list[Stand]:
    """The main figures larger or smaller, where they stand, with what they hold and wear."""
    factor = FACTORS[wishes[0].scale]
    worn = {each.subject.key for each in wishes[1:] if each.relation in WORN}
    anchored = any(each.relation for each in wishes[1:])
    group = [each for each in figures if each.main]
    middle = sum(each.x for each in group) / len(group)
    spread = max(1.0, factor)
    floor = max(each.base for each in group)
    if not anchored and not group[0].grounded:
        # What is in the air keeps its middle.
        floor = sum(each.base - each.height / 2 for each in group) / len(group)
    return [
        replace(
            each.sized(factor),
            x=middle + (each.x - middle) * (factor if each.subject.key in worn else spread),
            base=floor + (each.base - floor) * factor,
        )
        if each.main or each.subject.key in worn
        else each
        for each in figures
    ]


def _group(wish: Casting, area: float, room: Room, random: np.random.Generator) -> list[Stand]:
    """So many figures of one subject: one in front, the others around it and further off."""
    each = area / wish.number**0.75
    first = _placed(replace(stand(wish.subject, each, room.aspect), color=wish.color), room, random)
    if wish.number > 2 and not first.grounded:
        return _scattered(first, wish.number, room, random)
    group = [first]
    spread = max(first.width * 0.95, 0.8 * room.aspect / max(wish.number, 1))
    for k in range(1, wish.number):
        side = (1 if k % 2 else -1) * ((k + 1) // 2)
        far = float(random.uniform(0.05, 0.5)) if first.grounded else float(random.uniform(0, 0.6))
        one = first.sized((1 - 0.45 * far) * float(random.uniform(0.9, 1.08)))
        base = first.base - far * max(0.0, first.base - room.horizon - 0.06) * 0.55
        if not first.grounded:
            base = first.base + float(random.uniform(-0.28, 0.3))
        x = room.aspect / 2 + side * spread * 0.55 + float(random.uniform(-0.05, 0.05)) * room.aspect
        group.append(replace(one, x=x, base=base, depth=far, mirrored=bool(random.random() < 0.35)))
    return group


def _scattered(first: Stand, number: int, room: Room, random: np.random.Generator) -> list[Stand]:
    """So many in the air or under water, over all of it, those behind smaller and none quite over another."""
    columns = max(2, round(np.sqrt(number * room.aspect / SKY)))
    rows = -(-number // columns)
    found = []
    for k in range(number):
        far = float(random.uniform(0, 0.7))
        row, column = divmod(k, columns)
        x = (
            (column + 0.5 + 0.35 * (row % 2) + float(random.uniform(-0.22, 0.22)))
            * room.aspect
            / (columns + 0.35)
        )
        middle = (row + 0.5 + float(random.uniform(-0.25, 0.25))) * SKY / rows + 0.06
        one = first.sized((1.15 - 0.6 * far) * min(1.0, 1.1 * room.aspect / columns / first.width))
        found.append(replace(one, x=x, base=middle + one.height / 2, depth=far, mirrored=bool(far > 0.6)))
    return found


def _placed(figure: Stand, room: Room, random: np.random.Generator) -> Stand:
    """One figure alone, where its kind belongs."""
    subject, height = figure.subject, figure.height
    x = room.aspect * (0.5 + float(random.uniform(-0.1, 0.1)))
    if subject.kind == "celestial":
        base = max(height + 0.06, room.horizon - 0.05)
        return replace(figure, x=x, base=min(base, 0.75), depth=0.6, grounded=False)
    if room.adrift or subject.stance in AIR:
        middle = 0.48 if room.adrift else min(0.42, room.horizon)
        base = max(height + 0.05, middle + height / 2 + float(random.uniform(-0.04, 0.04)))
        return replace(figure, x=x, base=min(base, 0.93), grounded=False)
    if subject.stance == "hangs":
        return replace(figure, x=x, base=height, grounded=False)
    low = float(random.uniform(0.88, 0.94))
    if subject.metres >= BUILT or subject.stance in WET:
        low = float(np.clip(room.horizon + 0.34, height + 0.05, 0.9))
    return replace(figure, x=x, base=max(low, height + 0.05))


def _related(figures: list[Stand], wish: Casting, room: Room, random: np.random.Generator) -> list[Stand]:
    """Place a further subject beside, on, under or behind what stands already."""
    main = figures[0]
    ratio = float(np.clip((wish.subject.metres / main.subject.metres) ** DAMPED, 0.4, 2.6))
    longer = max(main.height, main.width) * ratio
    cut = cutout(wish.subject.file)
    across = cut.alpha.shape[1] / cut.alpha.shape[0]
    height = min(longer / max(1.0, across), TALLEST, WIDEST * room.aspect / across)
    other = _placed(
        replace(
            main,
            subject=wish.subject,
            cutout=cut,
            height=height,
            width=height * across,
            color=wish.color,
            main=False,
        ),
        room,
        random,
    )
    place = _RELATED.get(wish.relation, _beside)
    moved, placed = place(figures, other, room, random)
    copies = [placed]
    for k in range(1, wish.number):
        step = placed.width * 1.05 * ((k + 1) // 2) * (1 if k % 2 else -1)
        copies.append(replace(placed, x=placed.x + step, base=placed.base - 0.02 * k))
    return [*moved, *copies]


Placed = tuple[list[Stand], Stand]


def _beside(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    """Left and right of the middle, the lesser one a little further off."""
    if len(figures) > 1 and not figures[1].main:
        return figures, replace(
            other, x=room.aspect - figures[0].x if figures[0].x > room.aspect / 2 else 0.85 * room.aspect
        )
    side = 1 if random.random() < 0.5 else -1
    whole = sum(each.width for each in figures) * 0.9 + other.width
    squeeze = min(1.0, 0.92 * room.aspect / whole)
    group = [each.sized(squeeze) for each in figures]
    width = group[0].width
    second = other.sized(squeeze)
    middle = room.aspect / 2 - side * (second.width * 0.5)
    moved = [replace(each, x=middle + (each.x - figures[0].x) * squeeze) for each in group]
    base = second.base
    if second.grounded and group[0].grounded:
        base = group[0].base - 0.03
    return moved, replace(second, x=middle + side * (width + second.width) * 0.5, base=base, depth=0.08)


def _on(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    seat = SEATS.get(other.subject.key, 0.03)
    other = replace(other, x=room.aspect / 2, base=0.94, grounded=True)
    main = figures[0]
    # What sits fits on what it sits on.
    squeeze = min(
        1.0, 1.05 * other.width / main.width, (other.base - other.height * (1 - seat) - 0.05) / main.height
    )
    if squeeze < 0.55:
        other = other.sized(min(1.6, 0.55 / squeeze, 0.8 / other.height, 0.9 * room.aspect / other.width))
        squeeze = min(1.0, 1.05 * other.width / main.width)
    top = other.base - other.height * (1 - seat)
    room_above = max(0.1, top - 0.04)
    squeeze = min(squeeze, room_above / main.height)
    if room_above / main.height < 0.6:
        other = other.sized(0.75)
        top = other.base - other.height * (1 - seat)
        squeeze = min(1.0, (top - 0.04) / main.height, 1.05 * other.width / main.width)
    moved = [
        replace(
            each.sized(squeeze), x=other.x + (each.x - main.x) * squeeze, base=top + 0.012, grounded=False
        )
        for each in figures
    ]
    return moved, replace(other, depth=0.02)


def _riding(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    """On its back, the legs on its far side: what is ridden is in front."""
    moved, other = _on(figures, other, room, random)
    sunk = [replace(each, base=each.base + ASTRIDE * each.height) for each in moved]
    return sunk, replace(other, depth=-0.02)


def _in(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    rim = OPEN.get(other.subject.key, 0.3)
    moved, other = _on(figures, other, room, random)
    rise = other.base - other.height * (1 - rim) + 0.25 * moved[0].height
    inside = [replace(each, base=min(rise, other.base - 0.02), grounded=False) for each in moved]
    return inside, replace(other, depth=-0.02)


def _over(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    main = figures[0]
    other = replace(other, x=room.aspect / 2, base=0.93)
    squeeze = min(1.0, (0.9 - other.height) / main.height) if other.height < 0.62 else 0.5
    if squeeze < 0.6:
        other = other.sized(0.7)
        squeeze = max(0.45, min(1.0, (0.9 - other.height) / main.height))
    moved = [
        replace(each.sized(squeeze), base=other.top - 0.02 + (each.base - main.base) * 0.4, grounded=False)
        for each in figures
    ]
    return moved, other


def _under(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    main = figures[0]
    if other.subject.kind in ("tree", "furniture", "building") and other.height >= 0.5:
        big = other.sized(min(1.5, 0.88 / other.height))
        small = [each.sized(min(1.0, 0.4 * big.height / main.height)) for each in figures]
        return small, replace(big, x=room.aspect / 2, base=small[0].base - 0.05, depth=0.15)
    squeeze = min(1.0, (0.86 - other.height) / main.height) if other.height < 0.5 else 0.6
    other = other.sized(min(1.0, (0.88 - squeeze * main.height) / other.height))
    moved = [each.sized(squeeze) for each in figures]
    return moved, replace(other, x=moved[0].x, base=moved[0].top - 0.02, grounded=False)


def _before(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    """The other one further off, shifted to a side so that both are seen."""
    side = 1 if random.random() < 0.5 else -1
    other = other.sized(min(1.35, 0.85 / other.height))
    moved = [replace(each.sized(0.85), x=each.x - side * 0.14 * room.aspect) for each in figures]
    base = max(moved[0].base - 0.1, other.height + 0.03)
    return moved, replace(other, x=room.aspect / 2 + side * 0.16 * room.aspect, base=base, depth=0.3)


def _behind(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    """The other one in front, low, so that what is behind it shows above and beside it."""
    side = 1 if random.random() < 0.5 else -1
    front = other.sized(min(1.0, 0.5 / other.height))
    moved = [
        replace(
            each,
            x=each.x - side * 0.1 * room.aspect,
            base=max(each.base - 0.12, each.height + 0.03),
            depth=0.2,
        )
        for each in figures
    ]
    return moved, replace(front, x=room.aspect / 2 + side * 0.16 * room.aspect, base=0.95, depth=-0.02)


def _holding(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    main = figures[0]
    size = 0.38 * main.height / max(other.height, other.width)
    side = -1 if main.subject.facing == "left" else 1
    held = other.sized(min(1.0, size))
    x, base = main.x + side * main.width * 0.3, main.base - main.height * 0.42 + held.height / 2
    return [replace(main, turned=False), *figures[1:]], replace(
        held, x=x, base=base, grounded=False, depth=-0.1
    )


def _wearing(figures: list[Stand], other: Stand, room: Room, random: np.random.Generator) -> Placed:
    main = figures[0]
    top, middle, width = _head(main)
    worn = other.sized(1.25 * min(width, SIDE_HEAD * main.height) / other.width)
    low = 0.05 if other.subject.key in ("crown", "hat", "top-hat", "cap") else 0.6
    base = top + worn.height * (0.25 + low)
    dressed = [replace(main, turned=False), *figures[1:]]
    return dressed, replace(worn, x=middle, base=base, grounded=False, depth=-0.1)


def _head(figure: Stand) -> tuple[float, float, float]:
    """Top, middle and width of a figure's head: at the end where it faces, if it is longer than high."""
    alpha = figure.cutout.alpha > 0.5
    height, width = alpha.shape
    part = slice(0, width)
    if width > height and figure.subject.facing in ("left", "right"):
        side = round(SIDE_HEAD * height)
        part = slice(0, side) if figure.subject.facing == "left" else slice(width - side, width)
    rows = np.nonzero(alpha[:, part].any(1))[0]
    first = int(rows[0]) if len(rows) else 0
    columns = np.nonzero(alpha[first : first + max(2, height // 6), part].any(0))[0] + part.start
    left, right = (columns[0], columns[-1]) if len(columns) else (part.start, part.stop - 1)
    scale = figure.width / width
    top = figure.top + first * figure.height / height
    return top, figure.x - figure.width / 2 + (left + right + 1) / 2 * scale, (right - left + 1) * scale


_RELATED = {
    "on": _on,
    "riding": _riding,
    "in": _in,
    "over": _over,
    "under": _under,
    "beside": _beside,
    "with": _beside,
    "between": _beside,
    "before": _before,
    "behind": _behind,
    "holding": _holding,
    "wearing": _wearing,
}


def _fitted(figures: list[Stand], room: Room) -> list[Stand]:
    """All of them inside the picture: made smaller together and moved where they would be cropped."""
    left = min(each.x - each.width / 2 for each in figures)
    right = max(each.x + each.width / 2 for each in figures)
    top, bottom = min(each.top for each in figures), max(each.base for each in figures)
    squeeze = min(1.0, 0.94 * room.aspect / (right - left), 0.94 / (bottom - top))
    middle, floor = (left + right) / 2, bottom
    out = [
        replace(
            each.sized(squeeze),
            x=middle + (each.x - middle) * squeeze,
            base=floor + (each.base - floor) * squeeze,
        )
        for each in figures
    ]
    left, right = (left - middle) * squeeze + middle, (right - middle) * squeeze + middle
    top = floor + (top - floor) * squeeze
    over = max(0.0, 0.03 * room.aspect - left) - max(0.0, right - 0.97 * room.aspect)
    down = max(0.0, 0.03 - top) - max(0.0, bottom - 0.97)
    return [replace(each, x=each.x + over, base=each.base + down) for each in out]
