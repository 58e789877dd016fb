"""The documents say what is there: commands, options, config keys, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "engine").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(#[^)]*)?\)")


@pytest.mark.parametrize(
    ("document", "target"),
    [
        pytest.param(document, target, id=f"{document.relative_to(ROOT)}: {target}")
        for document in DOCUMENTS
        for target, _ in LINK.findall(document.read_text())
    ],
)
def test_a_relative_link_leads_somewhere(document, target):
    assert (document.parent / target).exists()
