"""The words about a picture's origin in its file: PNG text and XMP.

XMP carries the digital source type of the IPTC (EU AI Act, article 50) and the label that GB 45438-2025 and
its practice guide TC260-PG ask for in China.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from xml.sax.saxutils import escape, quoteattr

from PIL.PngImagePlugin import PngInfo

from engine.composing.atlas import credits_of
from engine.conditions import Conditions
from engine.marks.code import NO_ROW

PRODUCER = "Easel"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
AIGC = "http://www.tc260.org.cn/ns/AIGC/1.0/"
XMP_KEY = "XML:com.adobe.xmp"
CONDITIONS_KEY, ORIGINALITY_KEY = "easel:conditions", "easel:originality"
SEED_KEY, VERSION_KEY, WEIGHTS_KEY = "easel:seed", "easel:version", "easel:weights"
SOURCES_KEY = "easel:sources"
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    f' xmlns:TC260="{AIGC}" xmlns:easel="easel:"'
    " Iptc4xmpExt:DigitalSourceType={source} {facts}><TC260:AIGC>{label}</TC260:AIGC>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)

_NUMBER = re.compile(rb'"ProduceID":"([0-9a-f]{9})"')
_WEIGHTS = re.compile(rb'easel:weights="([0-9a-f]+)"')


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a picture comes from.

    number: of the picture's row, 36 bits, as its invisible mark carries it; 0 without a row
    weights: hash of the painter's weights, empty when it is unknown
    sources: names of the atlas's compositions in the backdrop, see `engine.composing.atlas`
    """

    number: int = NO_ROW
    weights: str = ""
    sources: tuple[str, ...] = ()


@cache
def easel_version() -> str:
    """Return the version that is installed."""
    return version("easel")


def facts_of(conditions: Conditions, origin: Origin, originality: float | None = None) -> dict[str, str]:
    """Return what is written into a file, by its key."""
    facts = {
        CONDITIONS_KEY: json.dumps(conditions.to_dict(), sort_keys=True, ensure_ascii=False),
        SEED_KEY: str(conditions.seed),
        VERSION_KEY: easel_version(),
    }
    if origin.weights:
        facts[WEIGHTS_KEY] = origin.weights
    if origin.sources:
        facts[SOURCES_KEY] = "; ".join(credits_of(origin.sources))
    if originality is not None:
        facts[ORIGINALITY_KEY] = f"{originality:.2f}"
    return facts


def xmp_of(facts: dict[str, str], origin: Origin) -> str:
    """Return a packet of XMP with these facts."""
    told = " ".join(f"{key}={quoteattr(value)}" for key, value in facts.items())
    return _XMP.format(source=quoteattr(SOURCE_TYPE), facts=told, label=escape(_label(origin)))


def origin_of(xmp: bytes) -> Origin:
    """Return the origin that a packet of `xmp_of` names."""
    number, weights = _NUMBER.search(xmp), _WEIGHTS.search(xmp)
    return Origin(int(number[1], 16) if number else NO_ROW, weights[1].decode() if weights else "")


def png_text(facts: dict[str, str], xmp: str) -> PngInfo:
    """Return the chunks of text of a PNG."""
    info = PngInfo()
    info.add_text("Software", PRODUCER)
    for key, value in facts.items():
        info.add_itxt(key, value) if key == CONDITIONS_KEY else info.add_text(key, value)
    info.add_itxt(XMP_KEY, xmp)
    return info


def _label(origin: Origin) -> str:
    """Return the label of GB 45438-2025; 1 says that the content was generated."""
    label = {"Label": "1", "ContentProducer": PRODUCER, "ProduceID": f"{origin.number:09x}"}
    later = ("ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2")
    return json.dumps({**label, **dict.fromkeys(later, "")}, separators=(",", ":"))
