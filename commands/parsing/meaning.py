"""Which of its meanings a word has where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands.parsing.tables import ASIAN, NAME, Sense, Tables
from commands.parsing.tokens import Token

PRENOMINAL = ("en", "de", *ASIAN)
"""Languages in which a color stands before its thing."""
_INTO = ("in", "with")
_BOUND = ("relation", "joins", "negations", "negations_after")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A token and its sense, None for an unknown word."""

    token: Token
    sense: Sense | None

    @property
    def kind(self) -> str:
        """Its kind, empty for an unknown word."""
        return self.sense.kind if self.sense else ""

    @property
    def value(self) -> str:
        """What it means of its kind."""
        return self.sense.value if self.sense else ""


def words(tokens: Sequence[Token], tables: Tables) -> list[Meaning]:
    """Return every token with its meaning."""
    found: list[Meaning] = []
    for at, token in enumerate(tokens):
        found.append(Meaning(token, _Choice(tokens, found, at, tables).sense()))
    return found


@dataclass(frozen=True, slots=True)
class _Choice:
    tokens: Sequence[Token]
    before: Sequence[Meaning]
    at: int
    tables: Tables

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def next(self) -> Token | None:
        """The next token of the same phrase; Asian particles between do not part."""
        for token in self.tokens[self.at + 1 :]:
            if token.apart and token.language not in ASIAN:
                return None
            if token.language in ASIAN and token.said in (
                "色",
                "色の",
                "的",
                "の",
                "な",
                "顏色的",
                "颜色的",
                "색",
            ):
                continue
            return token
        return None

    @property
    def last(self) -> Meaning | None:
        if self.token.apart or not self.before:
            return None
        return self.before[-1]

    def last_is(self, *kinds: str) -> bool:
        return self.last is not None and self.last.kind in kinds

    @property
    def leads(self) -> bool:
        """Whether a thing or what may be one comes right after, in this phrase."""
        token = self.next
        while token is not None and token.has("color", "shift") and not token.has("thing"):
            following = self.tokens.index(token) + 1
            token = self.tokens[following] if following < len(self.tokens) else None
        if token is None or (token.apart and token.language not in ASIAN):
            return False
        return token.has("thing", "place", "size", "style") or not token.senses

    @property
    def counted(self) -> bool:
        """Whether an article or a number stands right before."""
        return self.last_is("number", "several", "many", "groups", "articles") or self._article_before()

    def _article_before(self) -> bool:
        return self.last is not None and self.last.token.has("articles") and self.last.kind != "relation"

    def sense(self) -> Sense | None:
        senses = self.token.senses
        kinds = {each.kind for each in senses}
        if not senses:
            return None
        chosen = self._special(kinds) if len(kinds) > 1 else senses[0].kind
        return self.token.sense(chosen) or senses[0]

    def _special(self, kinds: set[str]) -> str:
        """The kind of a word that may be of several."""
        if "quality" in kinds and not self._is_thing_here(kinds):
            return "quality"
        if "left" in kinds and "artist" not in kinds:
            return "left"
        if "negations" in kinds and "relation" in kinds:
            return "relation"
        for kind in ("relation", "after"):
            if kind in kinds and not ("thing" in kinds and self.counted):
                return kind
        if "artist" in kinds:
            return self._artist(kinds)
        if "activity" in kinds:
            return "activity" if self.last_is("thing", "little") or "thing" not in kinds else "thing"
        if "shift" in kinds:
            return self._shift(kinds)
        if "mixture" in kinds:
            return (
                "mixture"
                if self.next and self.next.has("thing", "little") and self.leads
                else self._rest(kinds)
            )
        if "size" in kinds:
            return "size" if self.leads else self._rest(kinds - {"size"})
        return self._rest(kinds)

    def _is_thing_here(self, kinds: set[str]) -> bool:
        return "thing" in kinds and self.counted and not self.leads

    def _artist(self, kinds: set[str]) -> str:
        name = self.token.said[:1].isupper() or self.token.language in ASIAN or " " in self.token.said
        told = self.last is not None and self.last.token.said.casefold() in (
            "by",
            "like",
            "of",
            "à",
            "la",
            "de",
            "von",
            "wie",
            "como",
            "comme",
            "estilo",
            "style",
            "stil",
        )
        before = bool(
            self.next and (self.next.has("style") or self.next.said.casefold() in ("style", "s", "painting"))
        )
        alone = kinds <= {"artist", "little"}
        return "artist" if name or told or before or alone else self._rest(kinds - {"artist"})

    def _shift(self, kinds: set[str]) -> str:
        near = self.next
        if near is not None and near.has("color", "shift") and not near.apart:
            return "shift"
        if self.token.language not in PRENOMINAL and self.last_is("color", "shift"):
            return "shift"
        rest = kinds - {"shift"}
        return self._rest(rest) if rest else "shift"

    def _rest(self, kinds: set[str]) -> str:
        if "thing" in kinds and self.token.plural:
            return "thing"
        if "color" in kinds and len(kinds) > 1:
            return self._color(kinds)
        if "style" in kinds and "thing" in kinds:
            return (
                "thing" if self.counted and not self.leads and not self.last_is("relation") else self._style()
            )
        for kind in ("weather", "time", "scene"):
            if kind in kinds and "thing" in kinds:
                return kind
        if "place" in kinds and "thing" in kinds:
            return self._place()
        for kind in (
            "joins",
            "little",
            "articles",
            "number",
            "groups",
            "scene",
            "style",
            "color",
            "place",
            "content",
        ):
            if kind in kinds and not (kind == "content" and "thing" in kinds):
                return kind
        return next(iter(kinds & {"thing"}), next(iter(sorted(kinds))))

    def _style(self) -> str:
        others = any(each.has("thing", "place") for i, each in enumerate(self.tokens) if i != self.at)
        return "style" if others or self.last_is("relation") or not self.counted else "thing"

    def _place(self) -> str:
        thing = self.token.sense("thing")
        if thing is None or thing.how != NAME:
            return "place"
        if self.last_is("relation") or (
            len(self.before) > 1 and self.before[-2].kind == "relation" and self.counted
        ):
            told = self.before[-1] if self.last_is("relation") else self.before[-2]
            return "thing" if told.value in ("over", "under", "behind", "between", "before") else "place"
        return "place"

    def _color(self, kinds: set[str]) -> str:
        other = self._rest(kinds - {"color"})
        if self.token.language in PRENOMINAL:
            if other == "style":
                return "style" if self.last_is("relation") and not self.leads else "color"
            if other == "place":
                return "color" if self.next is not None and self.next.has("thing") else "place"
            if self.leads or self._listed():
                return "color"
        elif self.last_is("thing", "color", "shift") and not self.token.apart:
            return "color"
        if self.last is not None and self.last.kind == "relation" and self.last.value in _INTO:
            return "color"
        if self.counted or other in ("place", "scene"):
            return other
        others = any(
            each.has("thing") and not each.has("color") for i, each in enumerate(self.tokens) if i != self.at
        )
        return "color" if others else other

    def _listed(self) -> bool:
        """Whether another color follows after "and", and then a thing: "orange and white cat"."""
        following = self.tokens[self.at + 1 : self.at + 4]
        return (
            len(following) > 1
            and following[0].has("joins")
            and following[1].has("color")
            and not following[1].has("thing")
        )
