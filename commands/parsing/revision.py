"""One step of a change, applied to a wish: what comes in, what goes, and how things shall be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from commands.parsing import values
from commands.parsing.adjusting import faded, less_styled, restyled, scaled, shaded, toward
from commands.parsing.figures import Subject, gathered
from commands.parsing.meaning import Meaning
from commands.parsing.reading import Mention, Reading
from engine.conditions import (
    MAX_COLORS,
    MAX_COUNT,
    MAX_FIGURES,
    MAX_NUMBER,
    MAX_SHAPES,
    NAMED_SCENES,
    SCALES,
    Asked,
    Conditions,
    Other,
)
from engine.vocabulary import load_vocabulary

_INVERSE = {"over": "under", "under": "over", "behind": "before", "before": "behind", "on": "under", "in": ""}
"""How the main thing stands to what is added over, under or behind it."""
_WEARERS = ("people", "animals", "birds", "fantasy")
_OPPOSITES = {
    "dark": "pale",
    "pale": "dark",
    "bright": "muted",
    "neon": "muted",
    "warm": "cold",
    "cold": "warm",
}


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a step and what was read in them."""

    words: Sequence[Meaning]
    reading: Reading

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The things, each with its number and color."""
        return gathered(self.reading.mentions).subjects

    @property
    def says_something(self) -> bool:
        """Whether anything is named that a picture may have."""
        return self.reading.says_something or bool(self.reading.without)

    def mention(self, name: str) -> Mention:
        """Where a thing was named first."""
        return next(each for each in self.reading.mentions if each.name == name)

    def loose(self, *kinds: str) -> Meaning | None:
        """The last word of such a kind that no thing and no color took."""
        left = self.reading.left_out
        return next((w for w in reversed(self.words) if w.kind in kinds and w.token.said in left), None)

    def take(self, word: Meaning) -> str:
        """The value of a word that is left out no more."""
        self.reading.left_out.remove(word.token.said)
        return word.value

    @property
    def relation(self) -> str:
        """The relation that was said last: of "a bird over it", and of "under a tree"."""
        found = [word for word in self.words if word.kind in ("relation", "after")]
        return found[-1].value if found else ""

    @property
    def begins_with_relation(self) -> bool:
        """Whether it only goes on: "under a tree"."""
        return bool(self.words) and self.words[0].kind == "relation"


def wish_of(old: Conditions) -> Asked:
    """The wish that gives this picture again."""
    return Asked(
        style=old.style,
        colors=old.colors,
        shape=old.shape,
        scene=old.scene,
        seed=old.seed,
        size=old.size,
        aspect=old.aspect,
        chaos=old.chaos,
        number=old.number,
        others=old.others,
        color=old.color,
        place=old.place,
        time=old.time,
        weather=old.weather,
        without=old.without,
        scale=old.scale,
        text=old.text,
    )


def overlaid(wish: Asked, said: Asked) -> Asked:
    """A wish, replaced by what was said."""
    figures = wish if said.shape is None else said
    return Asked(
        style=said.style or wish.style,
        colors=wish.colors if said.colors is None else said.colors,
        shape=figures.shape,
        number=figures.number,
        others=figures.others,
        color=figures.color,
        place=said.place or wish.place,
        time=said.time or wish.time,
        weather=said.weather or wish.weather,
        without=said.without or wish.without,
        scale=said.scale or figures.scale,
        text=said.text or wish.text,
        scene=said.scene or wish.scene,
        seed=wish.seed if said.seed is None else said.seed,
        size=said.size or wish.size,
        aspect=said.aspect or wish.aspect,
        chaos=wish.chaos if said.chaos is None else said.chaos,
        count=said.count,
    )


def figures_of(wish: Asked) -> list[Other]:
    """The figures of a wish, the main one first."""
    return [Other(wish.shape, wish.number, color=wish.color), *wish.others] if wish.shape else []


def _with_figures(wish: Asked, figures: Sequence[Other], said: Said) -> Asked:
    """A wish with these figures, as many as there is room for, in a scene that shows as many."""
    kept, room = list(figures[:MAX_SHAPES]), MAX_FIGURES
    said.reading.left_out += [each.shape for each in figures[MAX_SHAPES:]]
    for at, each in enumerate(kept):
        kept[at] = replace(each, number=max(1, min(each.number, MAX_NUMBER, room - (len(kept) - at - 1))))
        room -= kept[at].number
    if not kept:
        return replace(wish, shape="", number=1, others=(), color="", scale="")
    names = {each.shape for each in kept}
    several = len(kept) > 1 or kept[0].number > 1
    return replace(
        wish,
        shape=kept[0].shape,
        number=kept[0].number,
        color=kept[0].color,
        others=tuple(kept[1:]),
        scale=wish.scale if kept[0].shape == wish.shape else "",
        scene=wish.scene if not several or wish.scene in NAMED_SCENES else None,
        without=tuple(each for each in wish.without if each not in names),
    )


def made(wish: Asked, said: Said, *, is_it: bool = True) -> Asked | None:
    """A wish as it shall be. is_it: whether "it" is meant, so that a new thing takes the main one's place"""
    figures, names = figures_of(wish), [each.shape for each in figures_of(wish)]
    subjects = said.subjects
    new = [each for each in subjects if each.name not in names]
    if new and not is_it:
        return None
    if new and all(said.mention(each.name).ground for each in new):
        return added(wish, said)
    if new:
        wish = _exchanged(wish, said, new, [each.name for each in subjects if each.name in names])
    else:
        wish = _with_figures(wish, [_redone(each, said) for each in figures], said) if subjects else wish
    wish = _arranged(wish, said)
    wish = _sized(wish, said)
    return _surrounded(_colored(wish, said), said)


def _redone(figure: Other, said: Said) -> Other:
    """A figure with the number that was said; its color is for `_colored`."""
    found = next((each for each in said.subjects if each.name == figure.shape), None)
    if found is None or not said.mention(figure.shape).number:
        return figure
    return replace(figure, number=found.number)


def _exchanged(wish: Asked, said: Said, new: Sequence[Subject], gone: Sequence[str]) -> Asked:
    """New things in place of those that were named beside them, else of the main one."""
    figures = figures_of(wish)
    targets = list(gone) or [each.shape for each in figures[:1]]
    at = next((i for i, each in enumerate(figures) if each.shape in targets), 0)
    first = Other(new[0].name, new[0].number, figures[at].relation if figures else "", new[0].color)
    rest = [Other(each.name, each.number, each.relation, each.color) for each in new[1:]]
    kept = [each for each in figures if each.shape not in targets and each.shape != first.shape]
    kept.insert(at, first)
    colors = _recolored(
        wish.colors, [figures[at].color] if figures else [], [first.color] if first.color else []
    )
    return _with_figures(replace(wish, colors=colors, place=wish.place), [*kept, *rest], said)


def _recolored(
    colors: tuple[str, ...] | None, old: Sequence[str], new: Sequence[str]
) -> tuple[str, ...] | None:
    """The colors of a picture in which things of their own color changed it."""
    kept = tuple(each for each in colors or () if each not in old)
    return tuple(dict.fromkeys((*new, *kept)))[:MAX_COLORS] if new or old else colors


def _arranged(wish: Asked, said: Said) -> Asked:
    """Style, scene, count, and a number that no thing took."""
    reading = said.reading
    style = values.style_mix([], reading.styles[: values.MAX_STYLES]) if reading.styles else wish.style
    scene = reading.scene if reading.scene and reading.scene not in reading.styles else wish.scene
    wish = replace(wish, style=style, scene=scene, count=min(reading.count or wish.count, MAX_COUNT))
    number = said.loose("number")
    if number is None or not wish.shape or not number.value.isdecimal():
        return wish
    main, *others = figures_of(wish)
    return _with_figures(wish, [replace(main, number=int(said.take(number))), *others], said)


def _sized(wish: Asked, said: Said) -> Asked:
    """The main figure as large as was said: "make it tiny", "the huge fish"."""
    word = said.loose("size")
    if word is not None and wish.shape:
        return replace(wish, scale=said.take(word))
    mention = next((each for each in said.reading.mentions if each.name == wish.shape and each.scale), None)
    return replace(wish, scale=mention.scale) if mention else wish


def _colored(wish: Asked, said: Said) -> Asked:
    """The picture in the colors that were said, or one of its things."""
    reading, shift = said.reading, said.loose("shift")
    if reading.natural:
        bare = [replace(each, color="") for each in figures_of(wish)]
        return replace(_with_figures(wish, bare, said) if bare else wish, colors=())
    if shift is not None:
        return shaded(wish, said.take(shift))
    own = {each.name: each.color for each in said.subjects if each.color}
    named = [each.name for each in said.subjects if each.name in [f.shape for f in figures_of(wish)]]
    if not own and named and len(named) in (1, len(reading.colors)) and reading.colors:
        # "The fish green and the moon white": in the order in which they are said.
        ordered = [word.value for word in said.words if word.kind == "thing" and word.value in named]
        own = dict(zip(ordered, reading.colors, strict=False))
        reading.colors = reading.colors[len(named) :]
    if own:
        wish = _tinted(wish, own, said)
    if not reading.colors:
        return wish
    colors = tuple(dict.fromkeys(reading.colors))[:MAX_COLORS]
    lone = len(figures_of(wish)) == 1 and wish.color and len(colors) == 1 and not own
    bare = [replace(each, color=colors[0] if lone else "") for each in figures_of(wish)]
    return replace(_with_figures(wish, bare, said) if bare and not own else wish, colors=colors)


def _tinted(wish: Asked, own: Mapping[str, str], said: Said) -> Asked:
    """Some things in colors of their own."""
    figures = figures_of(wish)
    old = [each.color for each in figures if each.shape in own and each.color]
    done = [replace(each, color=own.get(each.shape, each.color)) for each in figures]
    new = [each.color for each in done if each.shape in own]
    colors = _recolored(wish.colors, old, new) if len(figures) == 1 or old else wish.colors
    return replace(_with_figures(wish, done, said), colors=colors)


def _surrounded(wish: Asked, said: Said) -> Asked:
    reading = said.reading
    told = {"place": reading.place, "time": reading.time, "weather": reading.weather}
    wish = replace(wish, **{key: value for key, value in told.items() if value})  # type: ignore[arg-type]
    named = {*told.values(), *(wish.colors or ())}
    without = [each for each in wish.without if each not in named]
    return _without(replace(wish, without=tuple(without)), reading.without, said)


def added(wish: Asked, said: Said) -> Asked | None:
    """More things, colors or styles."""
    figures = figures_of(wish)
    names = [each.shape for each in figures]
    subjects = said.subjects
    new = [each for each in subjects if each.name not in names or said.mention(each.name).number]
    relation = said.relation
    if subjects and relation in ("", "on", "with") and _wears(wish.shape or "", subjects[0]):
        relation = "wearing"
    elif relation and subjects and not said.mention(subjects[0].name).ground:
        relation = _INVERSE.get(relation, relation)
    for subject in new or subjects[:1]:
        figures = _plus(figures, subject, relation)
        relation = ""
    wish = _with_figures(wish, figures, said) if subjects else wish
    for style in said.reading.styles:
        wish = restyled(wish, style)
    if said.reading.colors and not subjects:
        colors = (*(wish.colors or ()), *said.reading.colors)
        wish = replace(wish, colors=tuple(dict.fromkeys(colors))[:MAX_COLORS])
    return _surrounded(wish, said)


def _wears(shape: str, subject: Subject) -> bool:
    """Whether somebody is there to put on what is added."""
    kinds = {word.name: word.category for word in load_vocabulary().words("shape")}
    return kinds.get(subject.name) == "clothing" and kinds.get(shape) in _WEARERS and subject.number == 1


def _plus(figures: list[Other], subject: Subject, relation: str) -> list[Other]:
    if not any(each.shape == subject.name for each in figures):
        # The first thing of a picture stands to nothing.
        related = (relation or subject.relation) if figures else ""
        return [*figures, Other(subject.name, subject.number, related, subject.color)]
    return [
        replace(each, number=each.number + subject.number) if each.shape == subject.name else each
        for each in figures
    ]


def removed(wish: Asked, said: Said) -> Asked | None:
    """Without what was named; what else was named shall be."""
    reading = said.reading
    named = [each.name for each in reading.mentions]
    gone = [*named, *reading.colors, *reading.styles, reading.place, reading.time, reading.weather]
    counted = [each for each in said.subjects if said.mention(each.name).number]
    figures = figures_of(wish)
    for each in counted:
        fewer = next((f.number - each.number for f in figures if f.shape == each.name), 0)
        if fewer > 0:
            gone.remove(each.name)
            figures = [replace(f, number=fewer) if f.shape == each.name else f for f in figures]
    if figures != figures_of(wish):
        wish = _with_figures(wish, figures, said)
    return _without(wish, [each for each in gone if each], said)


def _without(wish: Asked, names: Sequence[str], said: Said) -> Asked:
    """Keep names out, also what stood there by its parts: without a palm tree no tree is meant."""
    if not names:
        return wish
    figures = figures_of(wish)
    kept = [each for each in figures if each.shape not in names]
    if kept != figures:
        kept[:1] = [replace(each, relation="") for each in kept[:1]]
        wish = _with_figures(wish, kept, said)
    style = [(name, share) for name, share in wish.style or () if name not in names]
    return replace(
        wish,
        style=values.mix(dict(style)) if style else wish.style,
        colors=None if wish.colors is None else tuple(each for each in wish.colors if each not in names),
        place="" if wish.place in names else wish.place,
        time="" if wish.time in names else wish.time,
        weather="" if wish.weather in names else wish.weather,
        without=tuple(
            dict.fromkeys((*wish.without, *(each for each in names if each not in dict(wish.style or ()))))
        ),
    )


def swapped(wish: Asked, said: Said) -> Asked | None:
    """One thing in place of another."""
    names = [each.shape for each in figures_of(wish)]
    new = [each for each in said.subjects if each.name not in names]
    gone = [each.name for each in said.subjects if each.name in names]
    if new:
        return _exchanged(wish, said, new, gone)
    return None if gone else made(wish, said)


def grown(wish: Asked, said: Said, *, more: bool = True) -> Asked | None:
    """More or less of a style, a color, a shade, a size or a thing."""
    reading = said.reading
    before, names = wish, [each.shape for each in figures_of(wish)]
    if not more and any(each.name not in names for each in said.subjects):
        return None
    styles = [*reading.styles, *([reading.scene] if reading.scene == "abstract" else [])]
    for style in styles:
        wish = restyled(wish, style) if more else less_styled(wish, style)
    for color in reading.colors if len(reading.colors) < MAX_COLORS else ():
        wish = toward(wish, color) if more else faded(wish, color)
    if len(reading.colors) == MAX_COLORS:
        wish = replace(wish, colors=tuple(reading.colors) if more else ())
    if (shift := said.loose("shift")) is not None:
        value = said.take(shift)
        wish = shaded(wish, value if more else _OPPOSITES.get(value, value))
    if (size := said.loose("size")) is not None:
        up = said.take(size) in SCALES[2:]
        wish = scaled(wish, 1 if up == more else -1)
    wish = _more_figures(wish, said, more)
    if reading.place or reading.time or reading.weather:
        named = [each for each in (reading.place, reading.time, reading.weather) if each]
        wish = _surrounded(wish, said) if more else _without(wish, named, said)
    return None if wish is before and not said.says_something else wish


def _more_figures(wish: Asked, said: Said, more: bool) -> Asked:
    figures = figures_of(wish)
    for subject in said.subjects:
        mention = said.mention(subject.name)
        old = next((each.number for each in figures if each.shape == subject.name), 0)
        if mention.scale and old:
            wish = scaled(wish, 1 if (mention.scale in SCALES[2:]) == more else -1)
        elif more:
            step = subject.number if mention.number or not old else max(old, 2)
            figures = _plus(figures, replace(subject, number=step), "")
        elif old:
            left = old - subject.number if mention.number else old // 2
            figures = [replace(f, number=max(1, left)) if f.shape == subject.name else f for f in figures]
    return _with_figures(wish, figures, said) if figures != figures_of(wish) else wish
