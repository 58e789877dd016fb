"""The order in which jobs are painted, and how long each waits.

Servers take turns, and people within a server: whoever was served longest ago is next. Seconds follow from
the latest pictures: the sum of their seconds over the sum of their sizes.
"""

from __future__ import annotations

import heapq
import itertools
import json
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.storage.database import Database, Row, change, first, rows
from engine.conditions import Conditions

RECENT = 50
"""Latest pictures whose pace is measured."""
FIXED = 0.1
"""The fixed part of a picture's time, as megapixels."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a job still waits. ahead: jobs before it
    seconds: until all its pictures are painted; None before the first picture of this Easel"""

    job: str
    ahead: int
    seconds: float | None


def next_job(database: Database, platforms: Collection[str]) -> Row | None:
    """Return the row of the next job of these platforms; None when none waits."""
    return first(database, _NEXT, json.dumps(sorted(platforms)))


def give_turn(database: Database, job: Row) -> None:
    """Note that a job's server and person were served just now."""
    # Turns are counted instead of timed, so a clock that jumps changes nobody's place.
    turn = 1 + int(rows(database, "SELECT MAX(turn) AS turn FROM servers")[0]["turn"])
    change(database, "UPDATE servers SET turn = ? WHERE id = ?", turn, job["server"])
    change(database, "UPDATE people SET turn = ? WHERE id = ?", turn, job["person"])


_NEXT = """
SELECT jobs.* FROM jobs JOIN servers ON servers.id = jobs.server JOIN people ON people.id = jobs.person
WHERE state = 'queued' AND substr(channel, 1, instr(channel, ':') - 1) IN (SELECT value FROM json_each(?))
ORDER BY servers.turn, people.turn, accepted_at, jobs.rowid LIMIT 1
"""


def line_up(database: Database, workers: int) -> tuple[Wait, ...]:
    """Return every job that waits or is being painted, the next one first. workers: painting in parallel"""
    found = rows(database, _WAITING)
    running = [row for row in found if row["state"] == "running"]
    in_order = [*running, *_in_turn([row for row in found if row["state"] != "running"])]
    return tuple(_waits(in_order, len(running), _pace(database), workers))


def soonest(database: Database, workers: int, jobs: Collection[str]) -> float | None:
    """Return the seconds until one of `jobs` is probably done; None if unknown."""
    waits = [each.seconds for each in line_up(database, workers) if each.job in jobs]
    return min((each for each in waits if each is not None), default=None)


_WAITING = """
SELECT jobs.id, server, person, state, conditions, servers.turn AS server_turn, people.turn AS person_turn,
(SELECT COUNT(*) FROM pictures WHERE job = jobs.id) AS done
FROM jobs JOIN servers ON servers.id = server JOIN people ON people.id = person
WHERE state IN ('queued', 'running') ORDER BY accepted_at, jobs.rowid
"""
_MEASURED = """
SELECT SUM(seconds) AS seconds, SUM(width * height) / 1e6 + ? * COUNT(*) AS megapixels
FROM (SELECT seconds, width, height FROM pictures WHERE seconds IS NOT NULL ORDER BY number DESC LIMIT ?)
"""


def _in_turn(queued: Sequence[Row]) -> Iterator[Row]:
    """Sort queued jobs as `next_job` will return them one after the other."""
    people = {row["person"]: row["person_turn"] for row in queued}
    servers = {row["server"]: row["server_turn"] for row in queued}
    turns = itertools.count(1 + max([0, *servers.values(), *people.values()]))
    own, lines = _lines(queued, people)
    # Only a server's first job can be next, so heaps avoid sorting hundreds of jobs each time.
    heap = [(servers[server], *line[0]) for server, line in lines.items()]
    heapq.heapify(heap)
    while heap:
        _, turn, place = heap[0]
        row = queued[place]
        server, person = row["server"], row["person"]
        line, places = lines[server], own[server, person]
        # A person served in another server meanwhile has a later turn here, too.
        if people[person] == turn:
            yield row
            servers[server] = people[person] = next(turns)
            places.popleft()
        if places:
            heapq.heapreplace(line, (people[person], places[0]))
        else:
            heapq.heappop(line)
        if line:
            heapq.heapreplace(heap, (servers[server], *line[0]))
        else:
            heapq.heappop(heap)


def _lines(
    queued: Sequence[Row], people: Mapping[str, int]
) -> tuple[Mapping[tuple[str, str], deque[int]], Mapping[str, list[tuple[int, int]]]]:
    """Return the places of each (server, person), and a heap of (turn, first place) for each server."""
    own: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
    for place, row in enumerate(queued):
        own[row["server"], row["person"]].append(place)
    lines: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for (server, person), places in own.items():
        heapq.heappush(lines[server], (people[person], places[0]))
    return own, lines


def _pace(database: Database) -> float | None:
    """Return seconds per megapixel; None before anything was painted."""
    measured = first(database, _MEASURED, FIXED, RECENT)
    return measured["seconds"] / measured["megapixels"] if measured and measured["megapixels"] else None


def _waits(in_order: Sequence[Row], running: int, pace: float | None, workers: int) -> Iterator[Wait]:
    """Yield the wait of each job. running: how many of the first are being painted"""
    before = 0.0
    for place, row in enumerate(in_order):
        own = _megapixels(row)
        waiting = place >= running
        until = before / workers + own if waiting else own
        yield Wait(row["id"], place if waiting else 0, None if pace is None else pace * until)
        before += own


def _megapixels(row: Row) -> float:
    """Return the megapixels of a job's unpainted pictures."""
    return sum(_sizes(row["conditions"])[row["done"] :])


@lru_cache(maxsize=1024)
def _sizes(conditions: str) -> tuple[float, ...]:
    """Return the megapixels of each picture; cached, because rows are read whenever the queue moves."""
    pictures = [Conditions.from_dict(each) for each in json.loads(conditions)]
    return tuple(each.width * each.height / 1e6 + FIXED for each in pictures)
