"""Find finished pictures by what people call them; list, hide and delete them."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields

from bot.pictures.store import PictureStore
from bot.storage.database import Database, Row, Storage, rows
from bot.storage.states import UNDELIVERED
from commands.chat import Ask, Picture, UserError
from commands.checks import may_change
from commands.parsing.sanitize import echo
from commands.services.context import Page, Record, Search
from commands.services.own_data import PRIVATE
from commands.text import refusals
from engine.conditions import Asked, Conditions

_NUMBER = re.compile(r"[#№]?([0-9]{1,12})")


class PictureSearch:
    """Implements `commands.services.context.Pictures`."""

    def __init__(
        self, storage: Storage, store: PictureStore, revise: Callable[[str], Awaitable[bool]]
    ) -> None:
        """revise: updates a job's post; False when the post stays as it was"""
        self._storage, self._store, self._revise = storage, store, revise

    async def find(self, ask: Ask, word: str) -> Sequence[Record]:
        # A post is looked for behind the writes: whoever sees it may name it before it is marked as posted.
        run = self._storage.write if ":" in word else self._storage.read
        found = await run(_find, ask, word)
        if not found and ":" in word:
            # Whoever pressed on a message never saw its id.
            raise UserError(refusals.NO_PICTURE_IN_POST)
        if not found:
            raise UserError(refusals.NO_PICTURE, word=echo(word) or "?")
        return found

    async def last(self, ask: Ask) -> Record | None:
        # Behind the writes, as in `find`.
        return await self._storage.write(_last, ask)

    async def search(self, ask: Ask, search: Search) -> Page:
        return await self._storage.read(_search, ask, search)

    async def load(self, records: Sequence[Record], locale: str) -> Sequence[Picture]:
        found = [await self._store.picture(each.id, locale) for each in records]
        return [each for each in found if each is not None]

    async def hide(self, ask: Ask, records: Sequence[Record], on: bool) -> bool:
        theirs = [each.person if on else each.hidden_by or each.person for each in records]
        if not all(may_change(ask, own, each.server) for own, each in zip(theirs, records, strict=True)):
            raise UserError(refusals.NOT_YOURS_TO_HIDE)
        await self._store.hide(records, ask, on)
        return await self._revise_all(records)

    async def delete(self, ask: Ask, records: Sequence[Record]) -> bool:
        if not all(may_change(ask, each.person, each.server) for each in records):
            raise UserError(refusals.NOT_YOURS_TO_DELETE)
        for record in records:
            await self._store.delete(record.id, ask)
        return await self._revise_all(records)

    async def _revise_all(self, records: Sequence[Record]) -> bool:
        return all([await self._revise(job) for job in dict.fromkeys(each.job for each in records)])


_RECORDS = """
SELECT pictures.id, number, state, job, person, server, pictures.conditions, media_type, made_at, sources,
width, height, hidden_by,
(SELECT COUNT(*) FROM reactions WHERE picture = pictures.id AND verb = 'favourite') AS favourites,
EXISTS (
  SELECT 1 FROM reactions WHERE picture = pictures.id AND verb = 'favourite' AND person = ?
) AS liked
FROM pictures JOIN jobs ON jobs.id = pictures.job
WHERE state IN ('painted', 'posted', 'undelivered') AND deleted_at IS NULL
"""
_IN_REACH = " AND (server = ? OR person = ?)"
_NOT_PRIVATE = f"""
 AND (person = ? OR NOT EXISTS (SELECT 1 FROM settings WHERE scope = person AND key = '{PRIVATE}'))
"""  # noqa: S608  # our own words
_SHOWN = {"mine": " AND person = ?", "server": f" AND server = ?{_NOT_PRIVATE}", "favourites": " AND liked"}
# Under a server's child-safe lock, hidden pictures are for their owner, moderators and admins.
_NOT_WITHHELD = """
 AND (hidden_by IS NULL OR person = ? OR NOT EXISTS (
  SELECT 1 FROM settings WHERE scope = server AND key = 'child_safe'
))
"""


def _find(database: Database, ask: Ask, word: str) -> tuple[Record, ...]:
    number = _NUMBER.fullmatch(word)
    if number:
        where, key, reach = " AND number = ?", number[1], (ask.server, ask.person)
    elif ":" in word:
        where, key, reach = " AND post = ?", word, (ask.server, ask.person)
    else:
        # The id of a picture or a job cannot be guessed: whoever has one was shown the picture.
        return _records(database, ask, " AND (pictures.id = ? OR job = ?)", word, word)
    return _records(database, ask, where + _IN_REACH, key, *reach)


def _last(database: Database, ask: Ask) -> Record | None:
    """The picture that a line is about."""
    post, channel = " AND post = ?", " AND channel = ?"
    for where, value in ((post, ask.about), (channel, ask.channel), (post, ask.hangs_from)):
        # A line that is sent again is not about the picture that it made.
        seen = f"{where}{_IN_REACH} AND (hidden_by IS NULL OR person = ?) AND key != ?"
        values = (ask.person, value, ask.server, ask.person, ask.person, ask.own_key)
        found = rows(database, f"{_RECORDS}{seen} ORDER BY number DESC LIMIT 1", *values) if value else []
        if found:
            return _record(found[0])
    return None


def _records(database: Database, ask: Ask, where: str, *values: object) -> tuple[Record, ...]:
    found = rows(database, f"{_RECORDS}{where} ORDER BY place", ask.person, *values)
    return tuple(_record(row) for row in found)


def _search(database: Database, ask: Ask, search: Search) -> Page:
    where = _SHOWN[search.show]
    whose = {"mine": [ask.person], "server": [ask.server, ask.person]}.get(search.show, [])
    if not (ask.is_admin or ask.is_moderator):
        where, whose = f"{where}{_NOT_WITHHELD}", [*whose, ask.person]
    like, values = _like(search.like)
    sql = f"SELECT *, COUNT(*) OVER () AS total FROM ({_RECORDS}) WHERE 1{where}{like}"  # noqa: S608  # our own words
    first = search.size * (search.page - 1)
    sql += " ORDER BY number DESC LIMIT ? OFFSET ?"
    found = rows(database, sql, ask.person, *whose, *values, search.size, first)
    return Page(tuple(_record(row) for row in found), found[0]["total"] if found else 0)


def _like(asked: Asked) -> tuple[str, list[str]]:
    """Return SQL conditions and their values: one of the styles, all colours and shapes."""
    parts: list[str] = []
    values: list[str] = []
    if asked.style:
        parts.append(
            " AND EXISTS (SELECT 1 FROM json_each(conditions, '$.style')"
            " WHERE json_extract(json_each.value, '$[0]') IN (SELECT value FROM json_each(?)))"
        )
        values.append(json.dumps([name for name, _ in asked.style]))
    for color in asked.colors or ():
        parts.append(" AND ? IN (SELECT value FROM json_each(conditions, '$.colors'))")
        values.append(color)
    for shape in (asked.shape, *(each.shape for each in asked.others)):
        if shape:
            parts.append(
                " AND (json_extract(conditions, '$.shape') = ? OR ? IN"
                " (SELECT json_extract(json_each.value, '$.shape') FROM json_each(conditions, '$.others')))"
            )
            values += [shape, shape]
    if asked.scene:
        parts.append(" AND json_extract(conditions, '$.scene') = ?")
        values.append(asked.scene)
    return "".join(parts), values


def _record(row: Row) -> Record:
    same = {each.name: row[each.name] for each in fields(Record) if each.name in row}
    conditions = Conditions.from_dict(json.loads(row["conditions"]))
    changed = {"conditions": conditions, "liked": bool(row["liked"]), "hidden_by": row["hidden_by"] or ""}
    changed |= {"undelivered": row["state"] == UNDELIVERED, "sources": tuple(row["sources"].split())}
    return Record(**{**same, **changed})
