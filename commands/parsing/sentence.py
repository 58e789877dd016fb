"""Plain sentences: "two blue fish in ink" or 「水墨 蓝色 鱼」 -> what they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from commands.chat import UserError
from commands.parsing.color_nouns import thing, tint
from commands.parsing.function_words import (
    PREPOSITIONS,
    WHOLES,
    Little,
    little_word,
    nothing_counted,
    number_of,
    relation_after,
)
from commands.parsing.lexicon import HAN, KINDS, Lexicon, pieces
from commands.parsing.sanitize import echo
from commands.parsing.shapes import Mention, number_after

_HAN_FIRST, _HAN_LAST = HAN[0], HAN[-1]
_POLITE = ("please", "吧", "请", "請")
_HUES = "色红蓝绿黄紫橙灰白黑褐棕青靛"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a sentence names, in the order it was said. names: by kind, each once; shapes: as often as said"""

    names: Mapping[str, list[str]]
    shapes: Sequence[Mention]


@dataclass(frozen=True, slots=True)
class Token:
    """A phrase that names something, or a little word. word: as it was said; number, relation: see `Little`

    names: the canonical one by each kind; number_after: the number in "bird:2"; place_after: the relation in
    「山上」, told of what was said before
    """

    names: Mapping[str, str] = field(default_factory=dict)
    word: str = ""
    number: int = 0
    relation: str = ""
    number_after: int | None = None
    place_after: str = ""


def read_sentence(text: str, lexicon: Lexicon, taken: Collection[str] = ()) -> Sentence:
    """What is named. Raises UserError for a word that names nothing and for a number that counts nothing.

    taken: the kinds that were given by key; a word that may be two things is rather one that is open.
    """
    tokens = list(_with_things(list(_tokens(text, lexicon, tinted="color" not in taken))))
    chosen = _chosen(tokens, taken)
    names = {
        kind: list(dict.fromkeys(tokens[at].names[kind] for at in sorted(chosen) if chosen[at] == kind))
        for kind in KINDS
    }
    return Sentence(names, _mentions(tokens, chosen, first="shape" not in taken))


def _with_things(tokens: Sequence[Token]) -> Iterator[Token]:
    """A word for a color that stands as a thing is a color and a shape. Raises UserError without a shape."""
    for at, token in enumerate(tokens):
        counted = _counted_by(tokens, at)
        if counted is None or set(token.names) != {"color"} or not _ends_there(tokens, at):
            yield token
        elif shape := thing(token.word):
            yield from (token, Token({"shape": shape}))
        elif _may_be_a_thing(token.word):
            raise _only_a_color(counted.word, token)
        else:
            yield token


def _counted_by(tokens: Sequence[Token], at: int) -> Token | None:
    """The number that is said of a phrase, with nothing but colors, styles and 「个」 between."""
    before = at - 1
    while before >= 0 and _may_stand_between(tokens[before]):
        before -= 1
    if before < 0 or not tokens[before].number:
        return None
    # "Two foxes, one red and one blue": what was named before is told apart.
    told_apart = tokens[before].word == "one" and any("shape" in each.names for each in tokens[:before])
    return None if told_apart else tokens[before]


def _may_stand_between(token: Token) -> bool:
    if token.names:
        return set(token.names) <= {"color", "style"}
    return not (token.number or token.relation or token.word.isascii())


def _may_be_a_thing(word: str) -> bool:
    """Whether a word for a color may be another thing: "peacock" and 橄榄 may, "dark green" and 红色 not."""
    if _HAN_FIRST <= word[0] <= _HAN_LAST:
        return len(word) > 1 and word[-1] not in _HUES
    return word.isalpha()


def _only_a_color(number: str, token: Token) -> UserError:
    space = "" if _HAN_FIRST <= token.word[0] <= _HAN_LAST else " "
    return UserError(
        "I cannot paint {word}; as a color, say {example}.",
        word=echo(f"{number}{space}{token.word}"),
        example=f"color={token.word}",
    )


def _chosen(tokens: Sequence[Token], taken: Collection[str]) -> dict[int, str]:
    """For each phrase, by its place among the tokens, the kind that it is taken for."""
    phrases = [at for at, token in enumerate(tokens) if token.names]
    chosen: dict[int, str] = {at: "shape" for at in phrases if _is_thing(tokens, at)}
    for at in sorted((at for at in phrases if at not in chosen), key=lambda at: len(tokens[at].names)):
        names, busy = tokens[at].names, {*taken, *chosen.values()}
        chosen[at] = next((kind for kind in names if kind not in busy), list(names)[-1])
    return chosen


def _is_thing(tokens: Sequence[Token], at: int) -> bool:
    """Whether a phrase is a shape whatever else it may be: "a rose and a fox", but not "a rose fox"."""
    return bool("shape" in tokens[at].names and at and tokens[at - 1].number) and _ends_there(tokens, at)


def _ends_there(tokens: Sequence[Token], at: int) -> bool:
    """Whether what is named ends with this phrase, so that it is no word about the next one."""
    after = [each for each in tokens[at + 1 :] if each.word not in _POLITE]
    if not after or after[0].number or after[0].relation or after[0].word in PREPOSITIONS:
        return True
    return not after[0].names and len(after) > 1 and bool(after[1].number)


def _mentions(tokens: Sequence[Token], chosen: Mapping[int, str], *, first: bool) -> list[Mention]:
    """The shapes with their numbers and relations. first: whether no other shape was named before"""
    mentions: list[Mention] = []
    counting, relation = Token(), ""
    for at, token in enumerate(tokens):
        if token.number:
            _check_counted(counting)
            counting = token
        if token.word in WHOLES and counting.number == 1:
            counting = Token()
        relation = token.relation or relation
        if chosen.get(at) == "shape":
            number = token.number_after or counting.number or None
            mentions.append(Mention(token.names["shape"], number, token.place_after or relation))
            counting, relation = Token(), ""
    _check_counted(counting)
    # 「山上的鸟」: what stands there is said last, and is what the picture is of.
    if first and len(mentions) > 1 and tokens[min(at for at in chosen if chosen[at] == "shape")].place_after:
        mentions[:2] = mentions[1::-1]
    return mentions


def _check_counted(token: Token) -> None:
    if token.number > 1:
        raise nothing_counted(token.word)


def _tokens(text: str, lexicon: Lexicon, *, tinted: bool) -> Iterator[Token]:
    """The longest phrase that is known, again and again, and the little words between.

    tinted: whether a color in the name of a shape counts as one that was said
    """
    place = 0
    while (piece := next(pieces(text, place), None)) is not None:
        match = lexicon.longest(KINDS, text, piece.start())
        little = little_word(text, *piece.span())
        if match and match.end >= (little.end if little else 0):
            number, place = number_after(text, match.end) if "shape" in match.names else (None, match.end)
            told = _place_after(text, place, lexicon)
            place = told.end if told else place
            if tinted and (said := tint(match.phrase)):
                yield Token({"color": said}, said)
            yield Token(
                match.names, match.phrase, number_after=number, place_after=told.relation if told else ""
            )
        elif little:
            place = little.end
            yield Token(word=little.word, number=number_of(little, text), relation=little.relation)
        else:
            raise lexicon.unknown_word(_unknown(text, piece.start(), piece.end(), lexicon))


def _place_after(text: str, place: int, lexicon: Lexicon) -> Little | None:
    """The Chinese relation after a phrase, unless a longer known word begins there: 「鱼 下雨」."""
    told = relation_after(text, place)
    match = lexicon.longest(KINDS, text, place) if told else None
    return None if match and told and match.end >= told.end else told


def _unknown(text: str, start: int, end: int, lexicon: Lexicon) -> str:
    """The unknown word at `start`; in Chinese, up to where the next known word begins."""
    while end < len(text) and all(_HAN_FIRST <= text[place] <= _HAN_LAST for place in (start, end)):
        if little_word(text, end, end + 1) or lexicon.longest(KINDS, text, end):
            break
        end += 1
    return text[start:end]
