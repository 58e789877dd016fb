"""The contract of `easel parse --json`."""

from __future__ import annotations

import json
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.parsing import meaning
from commands.parsing.grammar import content_words
from commands.parsing.line import MAX_LINE
from commands.parsing.report import report_on
from commands.parsing.tables import load_tables
from commands.parsing.tokens import Reader
from engine.conditions import RELATIONS
from tests.support.parsed_lines import VOCABULARY, told

KEYS = {
    *(
        "style",
        "colors",
        "subjects",
        "place",
        "scene",
        "size",
        "seed",
        "without",
        "read_as",
        "left_out",
        "says",
    ),
    *("error", "text", "time", "weather", "scale", "aspect", "chaos", "count"),
}
SPOKEN = (
    "a the two red dark fox foxes cat tree in on under without no and , not with like van gogh 4k cozy"
    " spaniel monet blanc auf"
    " 🦊 :fox_face: 红色的 狐狸 没有 树 和 赤い 狐 の 上 빨간 여우 un zorro rojo"
    " @everyone <b> *x* `y` --no --ar 3:2"
    ' (red:1.3) ::2 1920x1080 seed=-1 "hi" http://evil.example [x](y) xyzzy forest night snow'
)
LINES = st.one_of(
    st.text(max_size=MAX_LINE + 20),
    st.lists(st.sampled_from(SPOKEN.split()), max_size=14).map(" ".join),
    st.lists(st.sampled_from(SPOKEN.split()), max_size=8).map("".join),
)


@given(LINES, st.sampled_from(["en", "zh-CN", "ja", "fr"]))
def test_any_line_has_a_harmless_report(line, locale):
    report = report_on(line, VOCABULARY, locale)
    assert set(report) == KEYS
    assert json.loads(json.dumps(report)) == report
    assert not set(report["says"]) & set('@<>&`*_~|[]{}\\"#\n\r\u202e\x00')
    assert (report["error"] is None) or report["says"] == report["error"]
    assert all(
        each["relation"] in ("", "in front of", *RELATIONS) and each["name"] for each in report["subjects"]
    )


@pytest.mark.parametrize(
    "line",
    [
        "a happy old wizard quickly drinks seven purple potions beside a crooked tower, trending",
        "three little pigs and a wolf in a straw house, soft lighting, 8k",
        "un perro feliz corriendo detrás de una pelota amarilla en el parque",
        "ein müder Bär schläft unter einem alten Baum",
        "一只疲倦的熊在老树下睡觉",
        "疲れた熊が古い木の下で眠っている",
    ],
)
def test_every_content_word_is_used_or_left_out(line):
    tables = load_tables(VOCABULARY)
    words = meaning.words(Reader(tables, VOCABULARY).tokens(line), tables)
    report = told(line)
    used = " ".join(
        [
            *(each["said"] for each in report["subjects"]),
            *report["left_out"],
            *report["read_as"],
        ]
    )
    surroundings = (
        "place",
        "time",
        "weather",
        "scene",
        "style",
        "artist",
        "color",
        "number",
        "several",
        "activity",
    )
    for word in words:
        if word.kind in surroundings or word.token.said not in set(content_words(words)):
            continue
        if word.kind == "size" and word.value == report["scale"]:
            continue
        assert word.token.said in used, word


def _measures():
    path = Path("scripts/measure-words")
    loader = SourceFileLoader("measure_words", str(path))
    module = module_from_spec(spec_from_loader("measure_words", loader))
    loader.exec_module(module)
    return module


MEASURES = _measures()


@pytest.mark.parametrize("language", ["en", *MEASURES.LANGUAGES])
def test_requests_are_accepted_and_read_as_labelled(language):
    cases = MEASURES.english() if language == "en" else MEASURES.everyday(language)
    accepted, right = MEASURES.measured(cases, language, VOCABULARY, wrong=False)
    assert accepted >= 0.95 * len(cases)
    assert right >= 0.85 * len(cases)
