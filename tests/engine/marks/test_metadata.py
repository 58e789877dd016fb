"""Facts about engine/marks/metadata.py; tests of the encoder read the same from files."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from engine.conditions import Conditions
from engine.marks.metadata import AIGC, CONDITIONS_KEY, SOURCE_TYPE, Origin, facts_of, origin_of, xmp_of

FISH = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7)
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
FIELDS = ["Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID"]
ORIGIN = Origin(0x12345678A, "0123456789abcdef")


def description(origin: Origin = ORIGIN, conditions: Conditions = FISH) -> ElementTree.Element:
    tree = ElementTree.fromstring(xmp_of(facts_of(conditions, origin, 1.0), origin))  # noqa: S314  # our own
    (found,) = tree.iter(RDF + "Description")
    return found


def test_the_label_of_china_has_all_seven_fields_in_their_order():
    label = json.loads(description().findtext(f"{{{AIGC}}}AIGC") or "")
    assert list(label) == [*FIELDS, "ReservedCode2"]
    assert (label["Label"], label["ContentProducer"], label["ProduceID"]) == ("1", "Easel", "12345678a")


def test_the_source_type_is_that_of_the_iptc():
    assert description().attrib[IPTC + "DigitalSourceType"] == SOURCE_TYPE


@pytest.mark.parametrize(
    ("key", "value"), [("seed", "7"), ("weights", "0123456789abcdef"), ("originality", "1.00")]
)
def test_seed_weights_and_originality_are_told(key, value):
    assert description().attrib[f"{{easel:}}{key}"] == value


def test_the_works_of_the_backdrop_are_told():
    origin = Origin(sources=("beach-0dcd66c7d7.webp",))
    told = description(origin).attrib["{easel:}sources"]
    assert told == "landscape near quilleboeuf (Richard Parkes Bonington)"


def test_weights_that_are_not_known_are_left_out():
    assert "easel:weights" not in facts_of(FISH, Origin())


def test_the_facts_hold_the_conditions():
    assert Conditions.from_dict(json.loads(facts_of(FISH, ORIGIN)[CONDITIONS_KEY])) == FISH


@pytest.mark.parametrize("origin", [ORIGIN, Origin(), Origin(1, ""), Origin(2**36 - 1, "0f")])
def test_the_origin_can_be_read_back(origin):
    assert origin_of(xmp_of(facts_of(FISH, origin), origin).encode()) == origin


def test_a_packet_of_others_has_no_origin():
    assert origin_of(b"<x:xmpmeta/>") == Origin()
