"""Describe a picture in words: "two birds over mountain and tree", 「两只鸟在山上方」."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.conditions import Conditions, Other
from engine.styles import load_styles
from engine.vocabulary import Vocabulary, load_vocabulary

LONGEST_ALT = 1000
_NUMBERS = tuple(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
_CHINESE_NUMBERS = ("两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_PLURALS: Mapping[str, str] = MappingProxyType(
    {
        "mouse": "mice",
        "leaf": "leaves",
        "man": "men",
        "woman": "women",
        "snowman": "snowmen",
        "tooth": "teeth",
    }
)
"""Irregular plurals of the last word of a label."""
_UNCHANGED = frozenset(
    {
        *("fish", "jellyfish", "starfish", "deer", "shrimp", "children", "dice", "grapes", "stairs", "hands"),
        *(
            "lungs",
            "footprints",
            "headphones",
            "glasses",
            "masks",
            "coins",
            "scissors",
            "binoculars",
            "scales",
        ),
    }
)
_ENDINGS = ("s", "x", "z", "ch", "sh")
_RELATIONS: Mapping[str, str] = MappingProxyType({"": "and", "before": "in front of"})
_CHINESE_RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        **{"over": "上方", "under": "下方", "beside": "旁边", "before": "前面", "behind": "后面"},
        **{"on": "上", "in": "里", "between": "之间"},
    }
)
_CHINESE_VERBS: Mapping[str, str] = MappingProxyType(
    {"with": "带着", "holding": "拿着", "wearing": "穿着", "riding": "骑着"}
)
_MEASURES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("animals", "birds", "insects", "sea life"), "只"),
        "plants": "棵",
        "buildings": "座",
        "vehicles": "辆",
        "boats": "艘",
        "aircraft": "架",
    }
)


def are_several(conditions: Conditions) -> bool:
    """Return whether there is more than one figure."""
    return conditions.number > 1 or bool(conditions.others)


def figures_in_words(conditions: Conditions, locale: str, words: Vocabulary) -> str:
    """Name the figures of a picture, a single one by its label. locale: a BCP 47 tag"""
    main = Other(conditions.shape, conditions.number)
    if locale.lower().startswith("zh"):
        if _is_list(conditions):
            *before, last = (_chinese(each, words) for each in (main, *conditions.others))
            return f"{'、'.join(before)}和{last}"
        parts = [_chinese(main, words), *(_chinese_beside(each, words) for each in conditions.others)]
        return parts[0] + "，".join(parts[1:])
    if _is_list(conditions):
        *before, last = (_english(each, words) for each in (main, *conditions.others))
        return f"{', '.join(before)} and {last}"
    parts = [_english(main, words)]
    for other in conditions.others:
        parts += [_RELATIONS.get(other.relation, other.relation), _english(other, words)]
    return " ".join(parts)


def _is_list(conditions: Conditions) -> bool:
    """Return whether there are other figures, and none has a relation."""
    return bool(conditions.others) and not any(each.relation for each in conditions.others)


def _english(figures: Other, words: Vocabulary) -> str:
    label = words.label("shape", figures.shape, "en")
    return label if figures.number == 1 else f"{_NUMBERS[figures.number - 2]} {plural(label)}"


def plural(label: str) -> str:
    """Put an English label into the plural: "mouse" -> "mice", "palm tree" -> "palm trees"."""
    before, space, last = label.rpartition(" ")
    if last in _UNCHANGED:
        return label
    if last in _PLURALS:
        return f"{before}{space}{_PLURALS[last]}"
    if last.endswith("y") and last[-2] not in "aeiou":
        return f"{label[:-1]}ies"
    return f"{label}es" if label.endswith(_ENDINGS) else f"{label}s"


def _chinese(figures: Other, words: Vocabulary) -> str:
    label = words.label("shape", figures.shape, "zh")
    if figures.number == 1:
        return label
    known = {word.name: word.category for word in words.words("shape")}
    measure = _MEASURES.get(known.get(figures.shape, ""), "个")
    return f"{_CHINESE_NUMBERS[figures.number - 2]}{measure}{label}"


def _chinese_beside(other: Other, words: Vocabulary) -> str:
    label = _chinese(other, words)
    if verb := _CHINESE_VERBS.get(other.relation):
        return f"{verb}{label}"
    return f"在{label}{_CHINESE_RELATIONS[other.relation]}" if other.relation else f"和{label}"


_SENTENCES = MappingProxyType(
    {
        "en": "Generated picture: {what} in the style {style}, arranged as {scene}{around}{text}.",
        "zh": "生成的图画：{what}，{style}风格，{scene}构图{around}{text}。",
    }
)
_SURROUNDINGS = MappingProxyType(
    {
        "en": {"place": ", place: {}", "time": ", time: {}", "weather": ", weather: {}"},
        "zh": {"place": "，地点：{}", "time": "，时间：{}", "weather": "，天气：{}"},
    }
)


_TEXTS = MappingProxyType({"en": ", with the words \u201c{}\u201d", "zh": "，题字\u201c{}\u201d"})
_JOINS = MappingProxyType({"en": (", ", " and "), "zh": ("、", "和")})


def describe(conditions: Conditions, locale: str = "en", vocabulary: Vocabulary | None = None) -> str:
    """Return the alt text in the reader's language, at most 1000 characters."""
    words = vocabulary or load_vocabulary()
    language = "zh" if locale.lower().startswith("zh") else "en"
    if conditions.source:
        return _of_source(conditions, locale, words)[:LONGEST_ALT]
    values = {
        "what": _what(conditions, locale, words),
        "style": _joined([words.label("style", name, locale) for name, _ in conditions.style], language),
        "scene": words.label("scene", conditions.scene, locale),
        "around": "".join(
            form.format(words.label(kind, getattr(conditions, kind), locale))
            for kind, form in _SURROUNDINGS[language].items()
            if getattr(conditions, kind)
        ),
        "text": _TEXTS[language].format(said) if (said := text_on(conditions)) else "",
    }
    return _SENTENCES[language].format(**values)[:LONGEST_ALT]


_OF_SOURCE = MappingProxyType(
    {
        "en": (
            "Generated picture: somebody's own picture{more}, in the style {style}.",
            " with {}",
            " in {}",
        ),
        "zh": ("生成的图画：自己的图片{more}，{style}风格。", "，加上{}", "，{}"),
    }
)
"""The sentence, and what is said of figures and of colors."""


def _of_source(conditions: Conditions, locale: str, words: Vocabulary) -> str:
    """Describe a painting of somebody's own picture, of which nothing is known but what was added."""
    language = "zh" if locale.lower().startswith("zh") else "en"
    sentence, figures, tones = _OF_SOURCE[language]
    more = figures.format(figures_in_words(conditions, locale, words)) if conditions.shape else ""
    if conditions.colors:
        named = [words.label("color", name, locale) for name in conditions.colors]
        more += tones.format(_joined(named, language))
    if said := text_on(conditions):
        more += _TEXTS[language].format(said)
    style = _joined([words.label("style", name, locale) for name, _ in conditions.style], language)
    return sentence.format(more=more, style=style)


def text_on(conditions: Conditions) -> str:
    """Return the words that are lettered into a picture; empty where its style letters none."""
    style = load_styles().get(conditions.main_style) if conditions.text else None
    return conditions.text if style and style.letters else ""


def _what(conditions: Conditions, locale: str, words: Vocabulary) -> str:
    """Name the figures with their colors, or the place if there are no figures."""
    is_chinese = locale.lower().startswith("zh")
    colors = [words.label("color", name, locale) for name in conditions.colors]
    tones = _joined(colors, "zh" if is_chinese else "en")
    if not conditions.shape:
        figures = words.label("place", conditions.place, locale) if conditions.place else ""
        figures = figures or words.label("scene", conditions.scene, locale)
    else:
        figures = figures_in_words(conditions, locale, words)
    if not tones:
        return figures
    if are_several(conditions):
        return f"{figures}，{tones}" if is_chinese else f"{figures} in {tones},"
    return f"{tones}的{figures}" if is_chinese else f"{tones} {figures}"


def _joined(names: list[str], language: str) -> str:
    comma, last = _JOINS[language]
    return "".join(names) if len(names) < 2 else comma.join(names[:-1]) + last + names[-1]
