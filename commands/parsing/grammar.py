"""Words of one line -> the things they name, with number, color and relation, and what surrounds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commands.parsing.meaning import PRENOMINAL, Meaning
from commands.parsing.reading import Mention, Reading
from commands.parsing.shades import shifted
from commands.parsing.tables import ASIAN, NAME, NEAR, Sense, Tables

SEVERAL, MANY, CROWD = 3, 7, 12
"""How many there are of what was only said to be more than one."""
_PICTURES = frozenset(
    f"{word}{ending}"
    for word in ("picture", "image", "painting", "photo", "drawing", "pic")
    for ending in ("", "s")
)
_ONE = frozenset(["a", "an", "un", "una", "une", "ein", "eine", "einen", "einem", "einer", "um", "uma"])
_GENITIVES = frozenset(["的", "の", "의", "之", "の絵", "な"])
_LITTLE = ("little", "articles", "joins", "content")
_MATERIALS = frozenset(["iron", "brick", "bamboo", "log", "rock", "shell", "feather", "candy", "chocolate"])
"""Things that others are made of: an iron gate is no flat-iron."""
_MADE_OF = frozenset(["made of", "made from", "made out of", "built of"])
_PEOPLE_MADE = frozenset(
    ["statue", "sculpture", "toy", "doll", "figurine", "plush", "costume", "mask", "tattoo", "puppet"]
)
"""What people make of a thing: a toy dog is painted as a dog."""


def read(words: Sequence[Meaning], tables: Tables) -> Reading:
    """Read the words of one line."""
    return _Sentence(words, tables).read()


class _Sentence:
    def __init__(self, words: Sequence[Meaning], tables: Tables) -> None:
        self.words, self.tables = words, tables
        self.reading = Reading()
        self.number: tuple[int, str] | None = None
        self.colors: list[str] = []
        self.shifts: list[tuple[str, str]] = []
        self.size = ("", "")
        self.relation = ""
        self.negated = False
        self.open: Mention | None = None
        self.fresh = False
        self.activity: tuple[str, str] | None = None
        self.predicate = self.described = self.one = self.made_of = False

    def read(self) -> Reading:
        for at, word in enumerate(self.words):
            if word.token.apart:
                self._flush(hard=True)
            self._note(word)
            getattr(self, f"_{word.kind or 'unknown'}", self._unknown)(word, at)
        self._flush(hard=True)
        self._settle()
        return self.reading

    # What a word does.

    def _unknown(self, word: Meaning, at: int) -> None:
        self._leave(word.token.said)
        self.fresh = False
        if word.token.language in ASIAN:
            self.predicate = bool(self.reading.mentions)
            self.described = bool(self.colors)
        parts = self.tables.parts_of_speech(word.token.said.casefold()) if word.token.language == "en" else ""
        self.reading.missing |= not self.negated and parts[:1] in ("", "n")
        if parts == "n":
            self.relation = ""

    def _little(self, word: Meaning, at: int) -> None:
        said = word.token.said.casefold()
        if self.number and said in _PICTURES:
            self.reading.count, self.number = self.number[0], None
        if said not in _GENITIVES:
            self.fresh = False
        elif self.described:
            # 「青い目の猫」: the eyes are blue, not the cat.
            self.colors, self.described = [], False
        if said in _ONE and self.number is None:
            self.number = (1, word.token.said)
        self.one = self.one or word.token.has("articles")
        if said in ("of", "de", "du", "von", "do", "da", "des", "del"):
            self._of(at)

    def _of(self, at: int) -> None:
        """ "A basket of apples" shows apples in a basket; "a slice of melon", "a mosaic of one" the melon."""
        last = self.reading.mentions[-1] if self.reading.mentions else None
        if last is None or last is not self.open:
            return
        content = next((each.value for each in self.words[at - 1].token.senses if each.kind == "content"), "")
        following = self.words[at + 1] if at + 1 < len(self.words) else None
        if following is None:
            return
        alone = content == "alone" or (last.how != NAME and last.name not in self.tables.people)
        if content == "in":
            last.relation, last.ground = "in", True
        elif alone and any(each.kind == "thing" for each in self.words[at + 1 : at + 4]):
            self.reading.mentions.remove(last)
            self._leave(last.said)
            self.number = (last.number, last.said) if last.number else self.number
            self.colors, self.relation = [*last.colors, *self.colors], last.relation
        self.open = None

    def _articles(self, word: Meaning, at: int) -> None:
        self.fresh, self.one = False, True

    def _joins(self, word: Meaning, at: int) -> None:
        following = self.words[at + 1] if at + 1 < len(self.words) else None
        if following is None or following.kind not in ("color", "shift"):
            self._flush(hard=False)
            self.open = None
        self.fresh = False

    def _content(self, word: Meaning, at: int) -> None:
        self._unknown(word, at)

    def _number(self, word: Meaning, at: int) -> None:
        if self.number and self.number[0] > 1:
            self._leave(self.number[1])
        if word.token.language in ("ja", "ko") and self._counts_last(word):
            return
        value = int(word.value) if word.value.isdecimal() else {"several": SEVERAL, "many": MANY}[word.value]
        if value == 0:
            self.negated = True
            return
        self.number = (min(value, CROWD), word.token.said)
        self.fresh = False

    def _counts_last(self, word: Meaning) -> bool:
        """「고양이 두 마리」: the number stands after what it counts."""
        last, said = self.open, word.token.said
        if last is None or last.number or said.endswith(("の", "의")) or not word.value.isdecimal():
            return False
        last.number = min(int(word.value), CROWD)
        return True

    def _groups(self, word: Meaning, at: int) -> None:
        self.number = (MANY, word.token.said)
        self.reading.scene = self.reading.scene or "flock"
        self.fresh = False

    def _negations(self, word: Meaning, at: int) -> None:
        self._flush(hard=True)
        self.negated = True

    def _negations_after(self, word: Meaning, at: int) -> None:
        """What was named right before is to be kept out: 「木のない」."""
        reading, before = self.reading, self.words[at - 1].token if at else None
        kind = before.sense("category") if before and self.words[at - 1].kind == "little" else None
        if kind:
            reading.without.append(kind.value)
        elif reading.mentions and self.open is reading.mentions[-1]:
            gone = reading.mentions.pop()
            reading.without.append(gone.category or gone.name)
            self.open = None
        elif reading.place:
            reading.without.append(reading.place)
            reading.place = ""
        else:
            self._leave(word.token.said)

    def _relation(self, word: Meaning, at: int) -> None:
        if self.colors and not self.negated:
            self._flush(hard=False)
        self.relation, self.open, self.fresh = word.value, None, False
        self.made_of = word.token.said.casefold() in _MADE_OF

    def _after(self, word: Meaning, at: int) -> None:
        last = self.reading.mentions[-1] if self.reading.mentions else None
        if last is None or last is not self.open:
            return
        last.relation, last.ground, self.open, self.fresh = word.value, True, None, False

    def _size(self, word: Meaning, at: int) -> None:
        said = word.token.said
        if word.token.language not in PRENOMINAL and self.open is not None and not word.token.apart:
            self.open.scale, self.open.sized = word.value, said
        else:
            self._leave(self.size[1])
            self.size = (word.value, said)

    def _shift(self, word: Meaning, at: int) -> None:
        target = self._last_colors(word)
        if target:
            target[-1] = shifted(target[-1], word.value)
        else:
            self.shifts.append((word.value, word.token.said))

    def _last_colors(self, word: Meaning) -> list[str] | None:
        """The colors that a shift after them is about: "azul claro"."""
        if word.token.language in PRENOMINAL or word.token.apart:
            return None
        if self.open is not None and self.open.colors:
            return self.open.colors
        return self.colors or None

    def _color(self, word: Meaning, at: int) -> None:
        name = word.value
        for shift, _ in self.shifts:
            name = shifted(name, shift)
        self.shifts = []
        if self.negated:
            self.reading.without += [] if self._leads(at) else [name]
        elif word.token.language not in PRENOMINAL and self.open is not None and not word.token.apart:
            self.open.colors.append(name)
        else:
            self.colors.append(name)

    def _leads(self, at: int) -> bool:
        """Whether a thing comes right after."""
        return at + 1 < len(self.words) and self.words[at + 1].kind == "thing"

    def _mixture(self, word: Meaning, at: int) -> None:
        told = {"rainbow": ["red", "yellow", "green", "blue", "purple"], "mono": ["black", "white"]}
        if word.value == "natural":
            self.reading.natural = True
        else:
            self.reading.colors += told[word.value]

    def _style(self, word: Meaning, at: int) -> None:
        self._add_style(word)

    def _artist(self, word: Meaning, at: int) -> None:
        self._add_style(word)

    def _add_style(self, word: Meaning) -> None:
        if self.negated:
            self._leave(word.token.said)
            return
        if word.value not in self.reading.styles:
            self.reading.styles.append(word.value)
        said = word.token.said
        if word.kind == "artist" or (word.sense and word.sense.how == NEAR):
            self.reading.read_as[said] = (word.value, "style")
        self.relation = ""
        self.fresh = False

    def _scene(self, word: Meaning, at: int) -> None:
        if self.reading.scene in ("", word.value):
            self.reading.scene = word.value
        else:
            self._leave(word.token.said)
        self.relation = ""

    def _place(self, word: Meaning, at: int) -> None:
        if self.negated:
            self.reading.without.append(word.value)
            return
        near = at > 0 and self.words[at - 1].kind == "place" and not word.token.apart
        if self.reading.place in ("", word.value) or near:
            self.reading.place = word.value
        else:
            self._leave(word.token.said)
        self._spend()

    def _time(self, word: Meaning, at: int) -> None:
        self._surround("time", word)

    def _weather(self, word: Meaning, at: int) -> None:
        if word.token.said.startswith("눈") and self.colors:
            # Eyes, not snow.
            self.colors = []
            self._leave(word.token.said)
            return
        self._surround("weather", word)

    def _surround(self, field_name: str, word: Meaning) -> None:
        if self.negated:
            self.reading.without.append(word.value)
        elif getattr(self.reading, field_name) in ("", word.value):
            setattr(self.reading, field_name, word.value)
        else:
            self._leave(word.token.said)
        self._spend()

    def _spend(self) -> None:
        """A place takes the relation, the article and the colors before it."""
        self.reading.colors += self.colors
        self._leave_number()
        self.colors, self.relation, self.open, self.fresh = [], "", None, False
        self._leave_size()

    def _leave_number(self) -> None:
        if self.number and self.number[0] > 1:
            self._leave(self.number[1])
        self.number = None

    def _leave_size(self) -> None:
        self._leave(self.size[1])
        self.size = ("", "")

    def _activity(self, word: Meaning, at: int) -> None:
        if self.activity:
            self._leave(word.token.said)
        else:
            self.activity = (word.value, word.token.said)
        self.fresh = False

    def _quality(self, word: Meaning, at: int) -> None:
        self._leave(word.token.said)
        self.reading.silent.add(word.token.said)

    def _thing(self, word: Meaning, at: int) -> None:
        sense = word.sense or Sense("thing")
        if self.negated:
            self._keep_out(word, at)
            return
        if self.made_of:
            self._leave(word.token.said)
            self.relation, self.made_of = "", False
            return
        if self._is_verb(word, at):
            self._leave(word.token.said)
            self.relation, self.open, self.fresh = "with" if _begins(self.words[at + 1]) else "", None, False
            return
        kind = word.token.sense("category")
        category = kind.value if kind else ""
        mention = Mention(
            sense.value, word.token.said, sense.how, plural=word.token.plural, category=category
        )
        if self.predicate and (word.token.language != "zh" or self.words[at - 1].token.said in _GENITIVES):
            # 「与龙战斗的骑士」: what a clause is about comes after it.
            for each in self.reading.mentions:
                each.ground = True
        self.predicate = False
        last = self.open if self.fresh else None
        if last is not None and not last.ground and not self._takes_place(mention, last, word):
            return
        self._dress(mention)
        self.reading.mentions.append(mention)
        self.open, self.fresh = mention, True

    def _category(self, word: Meaning, at: int) -> None:
        """A word for all of a kind is painted as none of them, but "no animals" keeps them all out."""
        if self.negated:
            self._keep_out(word, at)
        else:
            self.reading.kinds.append(word.value)
            self._unknown(word, at)

    def _keep_out(self, word: Meaning, at: int) -> None:
        kind = word.token.sense("category")
        self.reading.without.append(kind.value if kind else word.value)
        self.colors, self.number, self.relation = [], None, ""
        self.negated = at + 1 < len(self.words) and self.words[at + 1].kind == "joins"

    def _is_verb(self, word: Meaning, at: int) -> bool:
        """ "A cat watches a bird": no clock; and "birds fly over a lake": no insect."""
        first, said = self.open, word.token.said.casefold()
        if word.token.language != "en" or first is None or not (self.fresh and self.words[at + 1 :]):
            return False
        following = self.words[at + 1]
        stems = (said, said[:-1], said[:-2], said[:-3] + "y") if word.token.plural else (said,)
        if not any("v" in self.tables.parts_of_speech(each) for each in stems):
            return False
        if word.token.plural and _begins(following):
            return True
        agrees = first.one if word.token.plural else first.plural
        return agrees and following.kind in ("relation", "little", "place")

    def _takes_place(self, mention: Mention, first: Mention, word: Meaning) -> bool:
        """Whether a thing right after another takes its place: "robot dog" is a dog, "pez payaso" a fish."""
        if word.token.language not in PRENOMINAL:
            self._leave(mention.said)
            return False
        said, material = mention.said.casefold(), first.said.casefold() in _MATERIALS
        if said in _PEOPLE_MADE or (mention.how != NAME and first.how == NAME and not material):
            self._leave(mention.said)
            first.plural = first.plural or mention.plural
            return False
        self.reading.mentions.remove(first)
        self._leave(first.said)
        mention.number, mention.colors, mention.relation = first.number, first.colors, first.relation
        mention.scale, mention.sized = first.scale, first.sized
        return True

    def _dress(self, mention: Mention) -> None:
        """Give a thing the number, the colors, the size and the relation that were said before it."""
        if self.number:
            mention.number, self.number = self.number[0], None
        mention.colors += self.colors
        mention.one, self.one = self.one and not mention.plural, False
        if self.size[0]:
            (mention.scale, mention.sized), self.size = self.size, ("", "")
        if self.relation:
            mention.relation, self.relation = self.relation, ""
            mention.ground = not self.reading.mentions
        self.colors = []

    # Where a phrase ends.

    def _flush(self, *, hard: bool) -> None:
        """Colors that no thing took are the picture's."""
        self.reading.colors += self.colors
        self.colors = []
        for _, said in self.shifts:
            self._leave(said)
        self.shifts = []
        if hard:
            self._leave_size()
            self.predicate = self.described = False
            self._leave_number()
            self.negated, self.open, self.fresh, self.relation, self.one = False, None, False, "", False

    def _leave(self, said: str) -> None:
        if said and said not in self.reading.left_out:
            self.reading.left_out.append(said)

    def _note(self, word: Meaning) -> None:
        """What must be said of how a word was read."""
        token, sense = word.token, word.sense
        if token.read:
            self.reading.read_as[token.said] = (token.read, "word")
        if sense and sense.kind == "thing" and sense.how != NAME and not self.negated and not token.read:
            self.reading.read_as[token.said] = (sense.value, "thing")
        if sense and sense.kind == "place" and sense.how != NAME and not self.negated:
            self.reading.read_as[token.said] = (sense.value, "place")

    def _do(self, reading: Reading) -> None:
        """What somebody does is seen where it is done, if no other place and no other thing is said."""
        if self.activity is None:
            return
        place, said = self.activity
        if not reading.place and not any(each.relation for each in reading.mentions):
            reading.place = place
        elif reading.place != place:
            self._leave(said)

    def _settle(self) -> None:
        """Order the things, the one that the picture is of first."""
        reading = self.reading
        main = next((each for each in reading.mentions if not each.ground), None)
        if main is not None:
            reading.mentions.remove(main)
            reading.mentions.insert(0, main)
        if reading.mentions:
            reading.mentions[0].relation = ""
        for other in reading.mentions[1:]:
            self._leave(other.sized)
        self._do(reading)
        named = {each.said for each in reading.mentions}
        for said in [
            said for said, (_, kind) in reading.read_as.items() if kind == "thing" and said not in named
        ]:
            del reading.read_as[said]


def _begins(word: Meaning) -> bool:
    """Whether a phrase about a thing begins here."""
    return word.token.has("articles") or word.kind in ("number", "thing")


def content_words(words: Sequence[Meaning]) -> Iterator[str]:
    """The words that say something about the picture."""
    for word in words:
        if word.kind not in (*_LITTLE, "relation", "after", "negations", "negations_after"):
            yield word.token.said
