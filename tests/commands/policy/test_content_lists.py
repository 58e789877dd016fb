"""The shipped lists catch what is disguised and leave innocent sentences alone (scripts/measure-lists)."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

SPEC = spec_from_loader("measure_lists", SourceFileLoader("measure_lists", "scripts/measure-lists"))
MEASURES = module_from_spec(SPEC)
SPEC.loader.exec_module(MEASURES)


@pytest.mark.parametrize(("name", "count"), [("evasions.tsv", 300), ("held_back.tsv", 240)])
def test_at_least_95_of_100_evasions_are_caught(name, count):
    texts = MEASURES.sentences(name)
    assert len(texts) == count
    assert MEASURES.share(texts, refused=True, wrong=False) >= 0.95


def test_at_most_one_of_200_innocent_sentences_is_refused():
    texts = [*MEASURES.sentences("innocent.tsv"), *MEASURES.requests()]
    assert len(texts) == 900
    assert MEASURES.share(texts, refused=False, wrong=True) <= 0.005
