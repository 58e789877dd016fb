"""Whether a line changes a picture, and how. docs/words.md has the rule; data/changes.toml has the words.

A line is read clause by clause. Each clause begins or ends with a phrase that says what happens ("make it",
"add", "without"), has a word that is a change by itself ("bluer"), or only goes on ("in watercolor").
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from commands.chat import Phrase, UserError
from commands.i18n import N_
from commands.parsing import emoji, grammar, manners, meaning, revision
from commands.parsing.adjusting import by_word
from commands.parsing.lexicon import Lexicon
from commands.parsing.line import ReadAs, Understood, parse
from commands.parsing.options import split_options
from commands.parsing.phrases import Found, flat, load_changes
from commands.parsing.revision import Said
from commands.parsing.sanitize import MAX_LINE, echo, readable
from commands.parsing.tables import ASIAN, LATIN, key
from commands.parsing.tokens import HAN, HANGUL, KANA, Reader
from engine.conditions import MAX_COUNT, MAX_SIZE, Asked, Conditions
from engine.vocabulary import Vocabulary

EXAMPLE = Phrase(N_("make it night"))
_STRONG = ("make", "add", "remove", "swap", "more", "less")
Step = Callable[[Asked, Said], Asked | None]
_STEPS: Mapping[str, Step] = {
    "make": revision.made,
    "set": functools.partial(revision.made, is_it=False),
    "add": revision.added,
    "also": revision.added,
    "remove": revision.removed,
    "swap": revision.swapped,
    "more": revision.grown,
    "less": functools.partial(revision.grown, more=False),
}


def changed(
    line: str,
    old: Conditions,
    vocabulary: Vocabulary,
    locale: str = "en",
    *,
    anyway: bool = False,
    anew: bool = False,
) -> Understood | None:
    """Return the whole new wish where a line changes a picture, None where it asks for a new one.

    anyway: whether the line is meant as a change, so that "a fox" means that it shall be one
    anew: whether another seed is wanted in any case
    Raises UserError for a change that cannot be read, and for one that changes nothing.
    """
    lexicon = Lexicon(vocabulary, locale)
    text = readable(emoji.spelled(line[: MAX_LINE + 1], lexicon.tables))
    if len(line) > MAX_LINE or not text.strip():
        return None
    tidy = manners.tidied(text, frozenset(word.name for word in vocabulary.words("style")))
    _, plain = split_options(tidy.text)
    if not plain.strip() and not anyway:
        return None
    own = {**dict(zip(("width", "height"), tidy.size or (), strict=False)), **tidy.given}
    options = " ".join([tidy.text[len(plain) :], *(f"{name}={value}" for name, value in own.items())])
    told = (
        _Line(lexicon, old, plain).read(anyway=anyway, options=bool(own))
        if plain.strip()
        else _nothing_but(old)
    )
    if told is None:
        return None
    said = parse(options, vocabulary, locale) if options.strip() else Asked(count=told.asked.count)
    asked = revision.overlaid(told.asked, said)
    if anew and asked.seed == old.seed:
        asked = replace(asked, seed=None)
    if asked == revision.wish_of(old):
        raise UserError("It is like that already; say for example {example}.", example=EXAMPLE)
    return replace(told, asked=asked)


def is_change(line: str, vocabulary: Vocabulary, locale: str = "en") -> bool:
    """Return whether a line would change a picture if there were one."""
    try:
        return changed(line, _PLAIN, vocabulary, locale, anew=True) is not None
    except UserError:
        return True


_PLAIN = Conditions((("oil", 1.0),), (), "", "landscape", 0)
"""A picture that has nothing anybody names."""


def _nothing_but(old: Conditions) -> Understood:
    return Understood(revision.wish_of(old))


class _Line:
    def __init__(self, lexicon: Lexicon, old: Conditions, text: str) -> None:
        self.lexicon, self.text = lexicon, text
        self.reader = Reader(lexicon.tables, lexicon.vocabulary, lexicon.locale)
        self.language = self._language()
        self.reader = replace(self.reader, locale=self.language)
        self.talk = load_changes()[self.language]
        self.first = revision.wish_of(old)
        self.known = {each.shape for each in revision.figures_of(self.first)}
        self.said: list[Said] = []
        self.strong: list[str] = []
        self.how = ""

    def _language(self) -> str:
        if re.search(f"[{HANGUL}]", self.text):
            return "ko"
        if re.search(f"[{HAN}{KANA}]", self.text):
            return self.reader.asian(self.text)
        words = [key(each) for each in re.findall(r"[^\W\d_]+", self.text)]
        talks = load_changes()
        scores = {
            each: self.reader.score(words, each) + sum(flat(word) in talks[each].singles for word in words)
            for each in (self.reader.home, *LATIN)
            if each not in ASIAN
        }
        return max(scores, key=lambda each: scores[each])

    def read(self, *, anyway: bool, options: bool) -> Understood | None:
        """The wish after every clause; None for a new request.

        options: whether some stand beside the words
        """
        start = self.talk.start(self.text)
        if options and start and "make" in start.how and self.talk.is_nothing(start.rest):
            return self._understood(self.first)
        wish, before, last = self.first, self.first, ""
        marked = False
        for clause in self.talk.clauses(self.text):
            if self.talk.is_nothing(clause):
                continue
            done, is_marked = self._applied(wish, clause)
            if done is None and last and self.how == "remove" and self._is_rather(clause):
                done, is_marked = self._done(wish, self._read(clause), revision.made), True
            if done is None and last:
                done, is_marked = self._applied(before, f"{last}, {clause}")
                clause = f"{last}, {clause}"
                if done is None:
                    if not marked or self._names_something_new(clause):
                        return self._anyway(anyway)
                    self.said.append(self._read(clause.removeprefix(f"{last}, ")))
                    continue
            elif done is None:
                if self._read(clause).says_something or self._read(clause).reading.mentions:
                    return self._anyway(anyway)
                continue
            else:
                before = wish
            wish, last, marked = done, clause, marked or is_marked
        return self._understood(wish) if last else self._anyway(anyway)

    def _is_rather(self, clause: str) -> bool:
        """Whether what follows on what goes shall be there: "no people, just a forest"."""
        return len(list(self.talk.leads(clause))) > 1 or bool(self._read(clause).reading.place)

    def _names_something_new(self, clause: str) -> bool:
        return any(each.name not in self.known for each in self._read(clause).reading.mentions)

    def _anyway(self, anyway: bool) -> Understood | None:
        """What is meant as a change but is none by the rule: the whole line is how it shall be."""
        self.said = []
        said = self._read(self.text)
        done = self._done(self.first, said, revision.made) if anyway else None
        if done is not None:
            return self._understood(done)
        if (self.strong or anyway) and not self._names_something_new(self.text) and not said.reading.place:
            words = echo(self.strong[-1] if self.strong else self.text)
            raise UserError(
                "I do not know how to change {words}; say for example {example}.",
                words=words,
                example=EXAMPLE,
            )
        return None

    def _understood(self, wish: Asked) -> Understood:
        readings = [each.reading for each in self.said]
        left = [word for each in readings for word in each.left_out]
        read_as = {said: how for each in readings for said, how in each.read_as.items()}
        return Understood(
            wish,
            read_as=tuple(ReadAs(said, read, kind) for said, (read, kind) in read_as.items()),
            left_out=tuple(dict.fromkeys(left)),
            silent=frozenset(word for each in readings for word in each.silent),
        )

    def _read(self, text: str) -> Said:
        tokens = self.reader.tokens(text)
        words = meaning.words(tokens, self.lexicon.tables)
        return Said(words, grammar.read(words, self.lexicon.tables))

    def _applied(self, wish: Asked, clause: str) -> tuple[Asked | None, bool]:
        """The wish after a clause, and whether a phrase of a change stands in it; None for no change."""
        for text in self.talk.variants(clause):
            for done in self._marked(wish, text):
                if done is not None:
                    return done, True
        for text in self.talk.variants(clause):
            if (done := self._fragment(wish, text)) is not None:
                return done, False
        return None, False

    def _marked(self, wish: Asked, text: str) -> Iterator[Asked | None]:
        """Every way to read a clause as a change, the surest first."""
        start, end = self.talk.start(text), self.talk.end(text)
        if word := self.talk.word(text):
            yield self._by_word(wish, word)
        for found in self.talk.within(text):
            yield self._grown(wish, found)
        if start and "also" in start.how:
            yield from self._marked(wish, start.after)
        for edge in (start, end):
            for how in edge.how if edge else ():
                yield self._step(wish, edge, how)
        for found in self.talk.between(text):
            yield self._exchanged(wish, found) if "swap" in found.how else self._turned(wish, found)

    def _step(self, wish: Asked, found: Found | None, how: str) -> Asked | None:
        if found is None or how == "begins":
            return None
        if how == "again":
            return self._again(wish, found.rest)
        if how == "remove" and self.language == "zh" and "的" in found.after[:-1]:
            # 「没有帽子的猫」 is a cat.
            return None
        said = self._read(found.rest)
        if how == "make" and self.language == "en" and not self._may_be(said):
            return None
        if how == "also" and not said.reading.mentions:
            return None
        return self._done(wish, said, _STEPS[how], how)

    def _may_be(self, said: Said) -> bool:
        """Whether a new thing is named as one: "make it a fox", but not "make it fly"."""
        new = [each for each in said.reading.mentions if each.name not in self.known]
        return all(each.number or each.plural or each.ground for each in new) or any(
            word.token.has("articles") for word in said.words
        )

    def _exchanged(self, wish: Asked, found: Found) -> Asked | None:
        """One thing in place of another that is in the picture: "a fox instead of the fish"."""
        said = self._read(f"{found.before}, {found.after}")
        known = {each.name in self.known for each in said.reading.mentions}
        return self._done(wish, said, revision.swapped) if known == {True, False} else None

    def _turned(self, wish: Asked, found: Found) -> Asked | None:
        """How a thing of the picture shall be: "the fish should be green"."""
        told, before = self._read(found.after), self._read(found.before)
        # 「背景换成森林」: only the picture itself is named.
        whole = found.before and not (before.says_something or before.reading.left_out)
        takes = told.says_something or told.loose("shift", "size", "number")
        if not takes or not (whole or self._is_target(found.before)):
            return None
        return self._done(wish, self._read(found.rest), revision.made)

    def _done(self, wish: Asked, said: Said, step: Step, how: str = "") -> Asked | None:
        """The wish after a step, if anything was said that it can take."""
        takes = said.says_something or said.loose("shift", "size", "number")
        if not takes:
            self.strong += (
                said.reading.left_out[:1] and [", ".join(said.reading.left_out)] if how in _STRONG else []
            )
            return None
        done = step(wish, said)
        if done is not None:
            self.said.append(said)
            self.how = how
        return done

    def _is_target(self, text: str) -> bool:
        """Whether nothing but things of the picture are named, uncounted."""
        reading = self._read(text).reading
        mentions = reading.mentions
        plain = not (reading.colors or reading.styles or reading.place or reading.time or reading.without)
        return bool(mentions) and plain and all(m.name in self.known and not m.number for m in mentions)

    def _grown(self, wish: Asked, found: Found) -> Asked | None:
        """More or less of something: "more abstract", "two more trees", "the fish more blue"."""
        if not found.after:
            return self._several(wish, found)
        if (several := self._several(wish, found)) is not None:
            return several
        before = self._opened(found.before)
        reading = self._read(before).reading
        if before and reading.says_something and not self._is_target(before):
            return None
        return self._done(wish, self._read(f"{before} {found.after}"), _STEPS[found.how[0]], found.how[0])

    def _several(self, wish: Asked, found: Found) -> Asked | None:
        """More pictures: "four more in blue"."""
        number = self._read(found.before).loose("number")
        if number is None or "more" not in found.how or self._read(found.after).reading.mentions:
            return None
        return self._again(wish, found.rest)

    def _opened(self, before: str) -> str:
        """What stands before a word of change, without the phrase that opens the change."""
        shorter = before
        for shorter in self.talk.leads(before):
            start = self.talk.start(shorter)
            if start and {"make", "set", "add"} & {*start.how}:
                return start.after
        return shorter

    def _by_word(self, wish: Asked, found: Found) -> Asked | None:
        """A word that is a change by itself, of the picture or of a thing in it."""
        rest = f"{self._opened(found.before)} {found.after}".strip()
        said = self._read(rest)
        mentions = said.reading.mentions
        if any(each.name not in self.known for each in mentions) or said.reading.without:
            return None
        counted = any(each.number for each in mentions)
        if counted and self.language == "de":
            # "Ein blauer Fisch" is a blue fish.
            return None
        kind, value = found.how[0].split()
        words = {*re.findall(r"\w+", flat(rest))}
        if kind == "scale" and (
            words & self.talk.pictures or (self.language in ASIAN and self._has_picture(rest))
        ):
            kind = "picture"
        if kind == "picture" and value == "up" and wish.size == MAX_SIZE:
            raise UserError("That picture is as large as I can paint: {size} pixels.", size=MAX_SIZE)
        target = [each.name for each in mentions]
        if kind == "scale" and target and wish.shape not in target:
            self.strong.append(f"{found.before} {found.after}".strip())
            return None
        self.said.append(said)
        if kind == "color" and target and target != [wish.shape]:
            return revision.made(wish, _colored(said, value))
        if not mentions and said.says_something:
            wish = revision.made(wish, said, is_it=False) or wish
        return by_word(wish, kind, value)

    def _has_picture(self, text: str) -> bool:
        return any(each in text for each in self.talk.pictures)

    def _again(self, wish: Asked, rest: str) -> Asked | None:
        """The same with another seed, as many times as was said, with what else was said."""
        anew = replace(wish, seed=None)
        if self.talk.is_nothing(rest):
            return anew
        said = self._read(rest)
        number = said.loose("number")
        if number is not None:
            value = said.take(number)
            anew = replace(anew, count=max(1, min(int(value) if value.isdecimal() else MAX_COUNT, MAX_COUNT)))
            if not said.says_something:
                self.said.append(said)
                return anew
        if not said.says_something:
            only_picture = {*re.findall(r"\w+", flat(rest))} <= self.talk.pictures | self.talk.anything
            return anew if only_picture or self._has_picture(rest) else None
        return (
            None
            if any(m.name not in self.known for m in said.reading.mentions)
            else self._done(anew, said, revision.made)
        )

    def _fragment(self, wish: Asked, text: str) -> Asked | None:
        """What only goes on ("in watercolor"), or only says how ("blue")."""
        said = self._read(text)
        reading = said.reading
        start, end = self.talk.start(text), self.talk.end(text)
        begins = bool(start and "begins" in start.how) or said.begins_with_relation
        ends = bool(end and "begins" in end.how)
        if begins and all(each.ground for each in reading.mentions):
            return self._done(wish, said, revision.made)
        if reading.mentions or reading.without or reading.count:
            return None
        if ends:
            return self._done(wish, said, revision.made)
        return self._done(wish, said, revision.made) if self._only_says_how(said, text) else None

    def _only_says_how(self, said: Said, text: str) -> bool:
        reading = said.reading
        loose = {word.token.said for kind in ("shift", "size") if (word := said.loose(kind))}
        unknown = {*reading.left_out} - reading.silent - loose
        if reading.place or reading.scene or unknown:
            return False
        words = {*re.findall(r"\w+", flat(text))}
        if self.language in ASIAN:
            # A style such as 「水墨画」 has the word for a picture in it.
            styled = "".join(
                word.token.said
                for word in said.words
                if word.kind not in ("style", "color", "time", "weather")
            )
            return not any(each in styled for each in self.talk.anything)
        named = {
            part for word in said.words if word.kind == "style" for part in flat(word.token.said).split()
        }
        return not (words - named) & self.talk.anything


def _colored(said: Said, color: str) -> Said:
    said.reading.colors = [color]
    return said
