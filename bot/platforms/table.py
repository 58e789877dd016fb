"""Write the refusals of all platforms as the tables of docs/platform-limits.md, for `scripts/refusals`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.platforms.refusals import Method, load_refusals
from bot.ports import Remedy

NAMES = ("discord", "slack")
BEGIN, END = "<!-- refusals -->\n", "<!-- end of refusals -->\n"


def tables() -> str:
    """Return a table for each platform, a row a method."""
    return "\n".join(_table(name) for name in NAMES)


def _table(name: str) -> str:
    refusals = load_refusals(Path(__file__).parent / name / "refusals.toml")
    methods, every = refusals.methods.values(), set(refusals.every.items())
    head = ("method", *Remedy)
    rows = [("every method", every), *((_link(each), set(each.remedies.items()) - every) for each in methods)]
    read = next(iter(methods)).read
    lines = [head, ["---"] * len(head), *([method, *_cells(own)] for method, own in rows)]
    title = f"### {name.capitalize()}\n\nRead on {read}.\n\n"
    return title + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _link(method: Method) -> str:
    return f"[{method.name}]({method.page})"


def _cells(remedies: Iterable[tuple[str, Remedy]]) -> Iterator[str]:
    for remedy in Remedy:
        errors = sorted((len(error), error) for error, each in remedies if each is remedy)
        yield ", ".join(f"`{error}`" for _, error in errors) or "–"


def inserted(document: str) -> str:
    """Return a document with the tables between its marks."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}{tables()}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    sys.stdout.write(inserted(Path("docs/platform-limits.md").read_text(encoding="utf-8")))
