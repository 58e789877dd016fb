"""Services for commands that keep everything in memory and record their calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commands.chat import Ask, Picture, Translate, UserError
from commands.checks import within_styles
from commands.i18n import translator
from commands.parsing.sanitize import echo
from commands.policy.content import AllowedChooser, ContentPolicy
from commands.services.context import Accepted, Act, Offer, Page, Record, Search
from commands.services.moderation import Block, Report
from commands.services.own_data import DataPart
from commands.services.quotas import (
    DEFAULT,
    DEFAULT_TOTAL,
    NAMES,
    OF_TOTAL,
    PERSON,
    TOTAL,
    EffectiveLimit,
    Limit,
    Limits,
    QuotaStatus,
    Rule,
    RuleSubject,
    Spent,
)
from commands.services.tastes import CHANCE, Choice, Lift, Portrait, Rate, Why
from commands.services.verification import Verdict
from engine.conditions import Asked, Conditions, complete
from engine.defaults import SeededDefaults
from engine.vocabulary import Vocabulary, load_vocabulary

FISH = Conditions(style=(("ink", 1.0),), colors=("blue",), shape="fish", scene="portrait", seed=7, size=256)
NOW = 1_800_000_000.0
SEED = 7


@dataclass
class FakeJobs:
    """Accept every job. refusal: raised instead; best_seed: the best one, 0 for the picture's own"""

    waiting: Conditions | None = None
    ahead: int = 0
    best_seed: int = 0
    fresh: bool = True
    refusal: Exception | None = None
    cancelled: list[str] = field(default_factory=list)
    accepted: list[tuple[Ask, str, tuple[Conditions, ...]]] = field(default_factory=list)

    async def accept(self, ask: Ask, says: str, pictures: Sequence[Conditions]) -> Accepted:
        if self.refusal:
            raise self.refusal
        self.accepted.append((ask, says, tuple(pictures)))
        return Accepted(f"job-{len(self.accepted)}", self.ahead, self.fresh, says)

    async def best(self, picture: Conditions) -> Conditions:
        return picture.with_seed(self.best_seed or picture.seed)

    async def pending(self, ask: Ask) -> Conditions | None:
        return self.waiting

    async def cancel(self, ask: Ask, job: str) -> str:
        self.cancelled.append(job)
        return "style=ink"


RECORD = Record("p7", 7, "job-7", "fake:ann", "fake:studio", FISH, "image/png", NOW, 256, 256, 2, liked=False)


@dataclass
class FakePictures:
    """Find pictures by number, and those of one post by its id.

    failure: raised by `delete`; shown: whether posts show what was changed
    """

    records: tuple[Record, ...] = (RECORD,)
    failure: Exception | None = None
    total: int = 1
    shown: bool = True
    searches: list[Search] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    hidden: list[tuple[int, bool]] = field(default_factory=list)

    async def find(self, ask: Ask, word: str) -> Sequence[Record]:
        found = [each for each in self.records if word == str(each.number) or ":" in word]
        if not found:
            raise UserError("There is no picture {word} here.", word=echo(word) or "?")
        return found

    async def last(self, ask: Ask) -> Record | None:
        return self.records[-1] if self.records else None

    async def search(self, ask: Ask, search: Search) -> Page:
        self.searches.append(search)
        return Page(self.records, self.total if self.records else 0)

    async def load(self, records: Sequence[Record], locale: str) -> Sequence[Picture]:
        return [
            Picture(each.id, b"", "image/png", 256, 256, "", FISH, each.number, bool(each.hidden_by))
            for each in records
        ]

    async def hide(self, ask: Ask, records: Sequence[Record], on: bool) -> bool:
        if self.failure:
            raise self.failure
        self.hidden += [(each.number, on) for each in records]
        return self.shown

    async def delete(self, ask: Ask, records: Sequence[Record]) -> bool:
        if self.failure:
            raise self.failure
        self.deleted += [each.number for each in records]
        return self.shown


@dataclass
class FakeQuotas:
    """Store rules; each person has used 3 pictures today.

    cap: of pixels, by the configuration
    """

    cap: int | None = None
    limits: dict[RuleSubject, dict[str, int | None]] = field(default_factory=dict)
    people: tuple[Spent, ...] = ()

    async def limits_of(self, ask: Ask) -> Mapping[str, EffectiveLimit]:
        return (await self.status(ask)).limits

    async def status(self, ask: Ask) -> QuotaStatus:
        return await self.view(ask, RuleSubject(PERSON, ask.person))

    async def view(self, ask: Ask, whose: RuleSubject) -> QuotaStatus:
        usual = Limit(100, 6, size=self.cap).by_name()
        names = OF_TOTAL if whose.kind == TOTAL else NAMES
        kind = DEFAULT_TOTAL if whose.kind == TOTAL else DEFAULT
        limits = {name: EffectiveLimit(usual[name], RuleSubject(kind, ask.server)) for name in names}
        limits |= {name: EffectiveLimit(amount, whose) for name, amount in self.limits.get(whose, {}).items()}
        used = {"daily": 3, "per_minute": 1, "concurrent": 0} if whose.kind in (PERSON, TOTAL) else {}
        return QuotaStatus(limits, used)

    async def rules(self, ask: Ask) -> Sequence[Rule]:
        return [Rule(*each) for each in self.limits.items()]

    async def change(
        self, ask: Ask, whose: RuleSubject, limits: Limits, without: Collection[str] = ()
    ) -> tuple[QuotaStatus, QuotaStatus]:
        before = await self.view(ask, whose)
        now = {**self.limits.pop(whose, {}), **limits}
        if left := {name: amount for name, amount in now.items() if name not in without}:
            self.limits[whose] = left
        return before, await self.view(ask, whose)

    async def spent(self, ask: Ask, most: int) -> tuple[Sequence[Spent], int]:
        return self.people[:most], sum(each.pictures for each in self.people)


@dataclass
class FakeSettings:
    """Store settings by scope."""

    kept: dict[str, dict[str, str]] = field(default_factory=dict)

    async def of(self, scope: str) -> Mapping[str, str]:
        return dict(self.kept.get(scope, {}))

    async def change(
        self, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        before = await self.of(scope)
        now = {**before, **changes}
        self.kept[scope] = {key: value for key, value in now.items() if value is not None}
        return before, self.kept[scope]


@dataclass
class FakeAudit:
    """Return acts, the newest first."""

    acts: Sequence[Act] = ()

    async def latest(self, server: str, skip: int, most: int) -> Sequence[Act]:
        return self.acts[skip : skip + most]


@dataclass
class FakeLinks:
    """Link accounts by the code "RIGHT-CODE". joined: all accounts of the person"""

    joined: tuple[str, ...] = ("fake:ann",)

    async def accounts(self, ask: Ask) -> Sequence[str]:
        return self.joined

    async def offer(self, ask: Ask) -> Offer:
        return Offer("ABCDE-23456", 10)

    async def join(self, ask: Ask, code: str) -> Sequence[str]:
        if code != "RIGHT-CODE":
            raise UserError("That code is wrong.")
        self.joined = ("other:ann", *self.joined)
        return self.joined

    async def part(self, ask: Ask) -> Sequence[str]:
        others = tuple(each for each in self.joined if each != ask.account)
        self.joined = (ask.account,)
        return others


@dataclass
class FakeViews:
    """Return the same portrait for everybody."""

    seen: Portrait = field(default_factory=lambda: Portrait((), (), 0))
    reason: Why = field(default_factory=lambda: Why(CHANCE, (), (), ()))
    worth: Lift = field(default_factory=lambda: Lift(Rate(0, 0), Rate(0, 0), None, None, None))
    exported: Mapping[str, Any] = field(default_factory=dict)

    async def portrait(self, ask: Ask) -> Portrait:
        return self.seen

    async def server(self, ask: Ask) -> Portrait:
        return self.seen

    async def why(self, ask: Ask, job: str, picture: str, conditions: Conditions) -> Why:
        return self.reason

    async def export(self, ask: Ask) -> Mapping[str, Any]:
        return self.exported

    async def lift(self, ask: Ask) -> Lift:
        return self.worth


@dataclass
class FakeTastes:
    """Choose by chance, and record reactions. writes: whether they can be stored

    reactions: (person, verb, on, ids of the pictures)
    """

    writes: bool = True
    reactions: list[tuple[str, str, bool, tuple[str, ...]]] = field(default_factory=list)

    views: FakeViews = field(default_factory=FakeViews)
    forgotten: list[str] = field(default_factory=list)
    choices: list[tuple[str, Choice]] = field(default_factory=list)
    wishes: list[tuple[Ask, Sequence[str], Conditions]] = field(default_factory=list)

    async def reset(self, ask: Ask) -> None:
        self.forgotten.append(ask.person)

    async def choose(self, ask: Ask, asked: Asked, seed: int, allowed: ContentPolicy) -> Choice:
        chance = AllowedChooser(SeededDefaults(load_vocabulary()), allowed)
        pictures = complete(within_styles(asked, allowed, seed), chance, seed)
        return Choice(pictures, (CHANCE,) * len(pictures), ())

    async def chosen(self, job: str, choice: Choice) -> None:
        self.choices.append((job, choice))

    async def asked(self, ask: Ask, said: Sequence[str], conditions: Conditions) -> None:
        self.wishes.append((ask, tuple(said), conditions))

    async def react(self, ask: Ask, verb: str, on: bool, pictures: Sequence[str]) -> bool:
        self.reactions.append((ask.person, verb, on, tuple(pictures)))
        return self.writes


@dataclass
class FakeOwnData:
    """Keeps two parts of everybody's data. failure: raised by `forget`; forgotten: who was"""

    failure: Exception | None = None
    forgotten: list[str] = field(default_factory=list)

    async def count(self, ask: Ask) -> Mapping[str, int]:
        return {"jobs": 3, "pictures": 4}

    async def part(self, ask: Ask, number: int) -> DataPart:
        return DataPart(b"zip", number, 2)

    async def forget(self, ask: Ask) -> int:
        if self.failure:
            raise self.failure
        self.forgotten.append(ask.person)
        return 4


@dataclass
class FakeModeration:
    """Blocks and reports as they come. failure: raised by `report`"""

    failure: Exception | None = None
    blocked: dict[str, str] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    async def block(self, ask: Ask, account: str, reason: str) -> None:
        self.blocked[account] = reason

    async def unblock(self, ask: Ask, account: str) -> bool:
        return self.blocked.pop(account, None) is not None

    async def blocks(self, ask: Ask) -> Sequence[Block]:
        return [Block(account, reason, NOW) for account, reason in self.blocked.items()]

    async def report(self, ask: Ask, picture: str, reason: str) -> bool:
        if self.failure:
            raise self.failure
        is_new = picture not in [each.picture for each in self.reports]
        self.reports.append(Report(picture, "fake:ann", reason))
        return is_new

    async def reported(self, ask: Ask, most: int) -> Sequence[Report]:
        return self.reports[:most]

    async def keep(self, ask: Ask, pictures: Sequence[str]) -> None:
        self.kept += pictures


@dataclass
class FakeVerification:
    """Returns the same verdict on every file. checked: the files; failure: raised instead"""

    verdict: Verdict = field(default_factory=Verdict)
    checked: list[bytes] = field(default_factory=list)
    failure: Exception | None = None

    async def check(self, data: bytes) -> Verdict:
        self.checked.append(data)
        if self.failure:
            raise self.failure
        return self.verdict


@dataclass
class FakeServices:
    """Stands for `commands.services.context.Services`; the seed is always 7."""

    locale: str = "en"
    jobs: FakeJobs = field(default_factory=FakeJobs)
    pictures: FakePictures = field(default_factory=FakePictures)
    quotas: FakeQuotas = field(default_factory=FakeQuotas)
    settings: FakeSettings = field(default_factory=FakeSettings)
    audit: FakeAudit = field(default_factory=FakeAudit)
    links: FakeLinks = field(default_factory=FakeLinks)
    tastes: FakeTastes = field(default_factory=FakeTastes)
    own_data: FakeOwnData = field(default_factory=FakeOwnData)
    moderation: FakeModeration = field(default_factory=FakeModeration)
    verification: FakeVerification = field(default_factory=FakeVerification)
    vocabulary: Vocabulary = field(default_factory=load_vocabulary)

    @property
    def chooser(self) -> SeededDefaults:
        return SeededDefaults(self.vocabulary)

    @property
    def translate(self) -> Translate:
        return translator(self.locale)

    def fresh_seed(self) -> int:
        return SEED


def ask(command: str, words: str = "", **changes: object) -> Ask:
    """Return a line of fake:ann in fake:studio, with changes."""
    said = {"key": "event-1", "person": "fake:ann", "server": "fake:studio", "channel": "fake:hall"}
    return Ask(**{**said, "command": command, "words": words, **changes})  # type: ignore[arg-type]
