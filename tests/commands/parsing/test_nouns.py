"""What English nouns are painted as that are not drawn themselves."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

from tests.support.parsed_lines import VOCABULARY, told


def _measures():
    loader = SourceFileLoader("measure_nouns", "scripts/measure-nouns")
    module = module_from_spec(spec_from_loader("measure_nouns", loader))
    loader.exec_module(module)
    return module


MEASURES = _measures()


def test_most_of_the_frequent_concrete_nouns_are_understood():
    nouns = MEASURES.NOUNS.read_text("utf-8").split()
    assert len(nouns) == len(set(nouns)) == 5000
    assert sum(bool(MEASURES.painted(noun, VOCABULARY)[0]) for noun in nouns) >= 0.85 * len(nouns)


@pytest.mark.parametrize(
    ("noun", "name"),
    [
        ("spaniel", "dog"),
        ("sloop", "sailing-ship"),
        ("sycamore", "tree"),
        ("vehicle", "car"),
        ("hoof", "horse"),
        ("mast", "sailing-ship"),
        ("roof", "house"),
        ("femur", "skeleton"),
        ("windshield", "car"),
        ("seamstress", "worker"),
        ("baroness", "princess"),
        ("actress", "woman"),
        ("actor", "man"),
        ("toaster", "pots-and-pans"),
        ("pork", "bacon"),
        ("ibuprofen", "pill"),
    ],
)
def test_a_noun_is_painted_as_its_kind_a_member_or_its_whole_and_that_is_said(noun, name):
    report = told(f"a {noun}")
    assert [each["name"] for each in report["subjects"]] == [name]
    assert report["read_as"] == {noun: name}


@pytest.mark.parametrize(
    ("noun", "place"), [("ballroom", "room"), ("creek", "river"), ("plaza", "street"), ("wharf", "sea")]
)
def test_a_location_is_painted_as_a_place(noun, place):
    assert told(f"a {noun}")["place"] == place


@pytest.mark.parametrize("noun", ["penis", "semen", "prostitute", "cocaine", "honky"])
def test_insults_private_parts_and_hard_drugs_stand_for_nothing(noun):
    assert told(f"a {noun}")["error"]
