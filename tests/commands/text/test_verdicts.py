"""Facts about commands/text/verdicts.py."""

from __future__ import annotations

import pytest

from commands.i18n import SOURCE, translator
from commands.services.verification import HASH, MARK, SIGNATURE, Verdict
from commands.text.verdicts import SAID, UNKNOWN, verdict_in_words
from tests.support.fake_services import FISH

TRANSLATE = translator(SOURCE)


def test_what_is_unknown_is_said_to_prove_nothing():
    assert verdict_in_words(Verdict(), TRANSLATE) == UNKNOWN
    assert "proves nothing" in UNKNOWN


@pytest.mark.parametrize(
    ("by", "intact"), [(SIGNATURE, True), (SIGNATURE, False), (MARK, False), (HASH, False)]
)
def test_what_told_it_has_a_sentence_of_its_own(by, intact):
    said = verdict_in_words(Verdict(True, intact, by), TRANSLATE)
    assert said == SAID[by, intact]
    assert "Easel (AI)" in said
    assert ("unchanged" in said) == intact


def test_number_and_conditions_follow_where_they_are_known():
    said = verdict_in_words(Verdict(True, True, SIGNATURE, FISH, 7), TRANSLATE).splitlines()
    assert said[1] == "Picture 7"
    assert said[2].startswith("style=ink color=blue shape=fish")
