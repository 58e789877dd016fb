"""Words of languages without spaces."""

from __future__ import annotations

import pytest

from commands.parsing.segment import segmented
from commands.parsing.tables import load_tables
from tests.support.parsed_lines import VOCABULARY

TABLES = load_tables(VOCABULARY).languages


@pytest.mark.parametrize(
    ("language", "run", "words"),
    [
        ("zh", "红色的狐狸和两棵树", ["红色的", "狐狸", "和", "两", "棵", "树"]),
        ("zh", "狐狸龘龘树", ["狐狸", "?龘龘", "树"]),
        ("ja", "水彩の赤い狐", ["水彩の", "赤い", "狐"]),
        ("ja", "フライパンダンス", ["?フライパンダンス"]),
        ("ko", "빨간 여우가", ["빨간", "여우", "가"]),
        ("ko", "배고픈 여우", ["?배고픈", "여우"]),
    ],
)
def test_a_run_is_cut_into_the_words_that_cover_it(language, run, words):
    found = [
        run[start:end].strip() if senses else f"?{run[start:end].strip()}"
        for start, end, senses in segmented(run, TABLES[language])[0]
    ]
    assert [each for each in found if each.strip("?")] == words
