"""Decide what to do when a platform refuses: try again, make it smaller, go elsewhere, or give up.

Each platform has a `refusals.toml` with the errors that its documentation names, by method. The table in
docs/platform-limits.md is written from these files.
"""

from __future__ import annotations

import asyncio
import logging
import tomllib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from bot.ports import Refused, Remedy
from commands.chat import Answer, Picture, Post
from engine.painting.encoding import WEBP, fit

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Shown = TypeVar("Shown", bound=Answer | Post | None)

PAUSES = (1.0, 3.0)
"""Seconds before a call is tried again, where that may help."""
STEPS = (8 * 1024 * 1024, 1024 * 1024)
"""Bytes that all pictures of a message may have together, once the platform found it too large."""
LIMITED, BROKEN = 429, 500
"""Status of a call that came too soon, and the first of those that are the platform's own fault."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method that an adapter calls. page: its documentation; route: its HTTP route, where calls have one
    read: when that page was read; remedies: by error, those of every method included
    """

    name: str
    page: str
    read: str
    remedies: Mapping[str, Remedy]
    route: str = ""


@dataclass(frozen=True, slots=True)
class Refusals:
    """The refusals of one platform. methods: by name; every: remedies of errors that each method names"""

    methods: Mapping[str, Method]
    every: Mapping[str, Remedy]

    def refusal(self, method: str, error: str, status: int, reason: str) -> Refused:
        """Return a refusal with its remedy; one that is not listed goes elsewhere."""
        listed = self.methods[method].remedies if method in self.methods else {}
        remedy = listed.get(error) or listed.get(str(status)) or Remedy.ELSEWHERE
        if error not in listed and (status == LIMITED or status >= BROKEN):
            remedy = Remedy.AGAIN
        return Refused(f"{method} was refused ({reason})", remedy)


def load_refusals(path: Path) -> Refusals:
    """Read a `refusals.toml`. Raises KeyError and ValueError where it is malformed."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    every = dict(_remedies(data["every"]))
    methods = {name: _method(name, data, each, every) for name, each in data["methods"].items()}
    return Refusals(methods, every)


def _method(
    name: str, data: Mapping[str, Any], row: Mapping[str, Any], every: Mapping[str, Remedy]
) -> Method:
    page = row.get("page", data["page"].format(method=name))
    # An address of its own has no errors but its HTTP status.
    remedies = {**({} if row.get("alone") else every), **dict(_remedies(row))}
    return Method(name, page, str(data["read"]), remedies, row.get("route", ""))


def _remedies(row: Mapping[str, Any]) -> Iterator[tuple[str, Remedy]]:
    for remedy in Remedy:
        for error in row.get(remedy.name.lower(), ()):
            yield str(error), remedy


class Courier:
    """Show something in the first way that a platform takes."""

    def __init__(
        self,
        refusal_of: Callable[[Exception], Refused | None],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        media_type: str = WEBP,
        is_patient: bool = True,
    ) -> None:
        """refusal_of: reads an exception of the platform's library; None for a fault of ours

        media_type: of pictures that are made smaller; is_patient: try a call again where that may help
        """
        self._refusal_of, self._sleep = refusal_of, sleep
        self._media_type, self._is_patient = media_type, is_patient

    async def deliver(self, shown: Shown, *ways: Callable[[Shown], Awaitable[Result]]) -> Result:
        """Return what the first way returns that is not refused; the best comes first. Raises Refused."""
        refusals: list[Refused] = []
        for way in ways:
            pauses = iter(PAUSES if self._is_patient else ())
            while True:
                try:
                    return await way(shown)
                except Exception as error:
                    refusal = self._read(error)
                changed = await self._smaller(refusal, shown)
                if changed is None and not await self._pause(refusal, pauses):
                    break
                shown = changed or shown
            refusals.append(refusal)
            if way is not ways[-1]:
                log.warning("%s, so Easel goes elsewhere", refusal)
        # Once the platform is back, the best way may be open again.
        raise next((each for each in refusals if each.remedy is Remedy.AGAIN), refusals[-1])

    async def attempt(self, way: Callable[[None], Awaitable[Result]]) -> Result | None:
        """Do what may as well be left; a refusal is only logged."""
        try:
            return await self.deliver(None, way)
        except Refused as refusal:
            log.warning("%s, and Easel goes on without", refusal)
            return None

    def _read(self, error: Exception) -> Refused:
        refusal = error if isinstance(error, Refused) else self._refusal_of(error)
        if refusal is None:
            raise error
        return refusal

    async def _smaller(self, refusal: Refused, shown: Shown) -> Shown | None:
        if refusal.remedy is not Remedy.SMALLER or shown is None:
            return None
        smaller = await asyncio.to_thread(lighter, shown, self._media_type)
        if smaller is not None:
            log.warning("%s, so it is made smaller", refusal)
        return smaller

    async def _pause(self, refusal: Refused, pauses: Iterator[float]) -> bool:
        """Wait where that may help; return whether it may."""
        pause = next(pauses, None) if refusal.remedy is Remedy.AGAIN else None
        if pause is not None:
            await self._sleep(pause)
        return pause is not None


def lighter(shown: Shown, media_type: str) -> Shown | None:
    """Return the same with smaller files; None when they get no smaller."""
    if shown is None or not shown.pictures:
        return None
    total = _bytes_of(shown.pictures)
    step = next((each for each in STEPS if total > each), None)
    if step is None:
        return None
    pictures = tuple(fitted(each, step // len(shown.pictures), media_type) for each in shown.pictures)
    return replace(shown, pictures=pictures) if _bytes_of(pictures) < total else None


def fitted(picture: Picture, most: int, media_type: str = WEBP) -> Picture:
    """Return a picture of at most so many bytes, as small as it gets otherwise."""
    if len(picture.data) <= most:
        return picture
    small = fit(picture.data, picture.conditions, most, media_type)
    return replace(
        picture, data=small.data, media_type=small.media_type, width=small.width, height=small.height
    )


def _bytes_of(pictures: tuple[Picture, ...]) -> int:
    return sum(len(each.data) for each in pictures)
