"""Words in Chinese, Japanese and Korean, which put no spaces between them or put them elsewhere."""

from __future__ import annotations

from commands.parsing.tables import Senses, Table

UNKNOWN, WORD, SHORT = 10.0, 1.0, 1.6
"""Cost of a character that no word covers, of a word, and of one of a single character that names a thing."""
Segment = tuple[int, int, Senses]
"""Start and end in the run, and the meanings; none for what is unknown."""


def segmented(run: str, table: Table) -> tuple[list[Segment], float]:
    """The cheapest cover of a run by words, and its cost."""
    costs = [0.0] + [float("inf")] * len(run)
    back: list[tuple[int, Senses]] = [(0, ())] * (len(run) + 1)
    for start in range(len(run)):
        if costs[start] == float("inf"):
            continue
        for end, senses, cost in _steps(run, start, table, back[start]):
            if costs[start] + cost < costs[end]:
                costs[end], back[end] = costs[start] + cost, (start, senses)
    return _joined(_path(back, len(run))), costs[-1]


def _steps(run: str, start: int, table: Table, last: tuple[int, Senses]) -> list[tuple[int, Senses, float]]:
    """Where a word from `start` may end, with its meanings and its cost."""
    if run[start] == " ":
        return [(start + 1, (), 0.0)]
    end = _unknown_end(run, start)
    steps: list[tuple[int, Senses, float]] = [(end, (), UNKNOWN)]
    inside = start and not last[1] and _one_word(run, start)
    if inside:
        return steps
    for stop in range(start + 1, min(len(run), start + table.longest) + 1):
        senses = table.index.get(run[start:stop])
        if senses:
            short = stop == start + 1 and senses[0].kind in ("thing", "color", "number")
            steps.append((stop, senses, SHORT if short else WORD))
    return steps


def _katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fc"


def _hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


def _one_word(run: str, start: int) -> bool:
    """Whether a word goes on here: none of Korean or in katakana begins in the middle of an unknown one."""
    before, here = run[start - 1], run[start]
    return (_katakana(before) and _katakana(here)) or (_hangul(before) and _hangul(here))


def _unknown_end(run: str, start: int) -> int:
    end = start + 1
    while end < len(run) and _one_word(run, end):
        end += 1
    return end


def _path(back: list[tuple[int, Senses]], end: int) -> list[Segment]:
    path: list[Segment] = []
    while end > 0:
        start, senses = back[end]
        path.append((start, end, senses))
        end = start
    return path[::-1]


def _joined(path: list[Segment]) -> list[Segment]:
    """Unknown characters that stand together are one word."""
    joined: list[Segment] = []
    for start, end, senses in path:
        if not senses and joined and not joined[-1][2] and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end, ())
        else:
            joined.append((start, end, senses))
    return joined
