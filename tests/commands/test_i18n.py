"""Test the catalogues of all languages."""

from __future__ import annotations

import os
import re
import string
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import Phrase
from commands.i18n import SOURCE, language_name, language_of, languages, listed, translator
from commands.parsing.line import GREETED, parse
from engine.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "bot/platforms/web/templates/chat.html").read_text("utf-8")
TRANSLATED = [each for each in languages() if each != SOURCE]

in_each_language = pytest.mark.parametrize("language", TRANSLATED)


def test_a_phrase_within_a_sentence_is_said_in_the_readers_language():
    rule = Phrase("the limit of your role {role}", role="Maler")
    sentence = "You may ask for {limit} pictures a minute ({rule}); try again in {seconds} s."
    assert rule == "the limit of your role Maler"
    said = translator("zh")(sentence, limit=3, rule=rule, seconds=5)
    assert said == "你每分钟可以要 3 幅画（你的身份组 Maler 的额度）；请 5 秒后再试。"


@pytest.fixture(scope="module")
def sentences():
    """Return every sentence of the sources, as `scripts/catalogue` finds them."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    found = subprocess.run(
        [ROOT / "scripts/catalogue", "--print"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        check=True,
    )
    return {str(message.id) for message in read_po(BytesIO(found.stdout)) if message.id}


def catalogue(language):
    path = ROOT / "commands/locales" / language / "LC_MESSAGES/easel.po"
    with path.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file, locale=language) if each.id}


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_easel_speaks_nine_languages():
    assert languages() == ("en", "de", "es", "fr", "ja", "ko", "pt", "zh", "zh_Hant")


@in_each_language
def test_every_sentence_is_translated_and_no_other(sentences, language):
    said = catalogue(language)
    assert not sentences - {sentence for sentence, translation in said.items() if translation}
    assert not set(said) - sentences


@in_each_language
def test_a_translation_has_the_fields_of_its_sentence(language):
    assert not [key for key, said in catalogue(language).items() if fields(key) != fields(said)]


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        *(
            ("en", "en"),
            ("en-GB", "en"),
            ("zh", "zh"),
            ("zh-CN", "zh"),
            ("zh-SG", "zh"),
            ("zh-TW", "zh_Hant"),
            ("zh-HK", "zh_Hant"),
            ("zh_Hant_MO", "zh_Hant"),
        ),
        *(("fr", "fr"), ("pt-BR", "pt"), ("pt-PT", "pt"), ("es-419", "es"), ("ja", "ja"), ("ko-KR", "ko")),
        *(("it", "en"), ("", "en"), ("-", "en"), ("zzz", "en")),
    ],
)
def test_the_nearest_language_that_easel_speaks_is_taken(locale, language):
    assert language_of(locale) == language


@given(st.text(max_size=12))
def test_any_tag_is_taken_for_a_language(locale):
    assert language_of(locale) in languages()


def test_values_fill_the_braces_in_each_language():
    sentence = "{key} is given twice; say it once."
    assert translator("en")(sentence, key="seed") == "seed is given twice; say it once."
    assert translator("zh-CN")(sentence, key="种子") == "种子 说了两次；请只说一次。"


def test_braces_in_a_value_stay_as_they_are():
    assert translator("en")("Painting {line}", line="{0} {key}") == "Painting {0} {key}"


def test_a_sentence_without_translation_stays_english():
    assert translator("zh")("A sentence of {number} words.", number=5) == "A sentence of 5 words."


@pytest.mark.parametrize(
    ("words", "locale", "said"),
    [
        (["ink"], "en", "ink"),
        (["ink", "oil"], "en", "ink or oil"),
        (["ink", "oil", "sketch"], "en-US", "ink, oil, or sketch"),
        (["水墨", "油画", "素描"], "zh-CN", "水墨、油画或素描"),
        (["encre", "huile"], "fr", "encre ou huile"),
        (["墨", "油"], "zh-TW", "墨或油"),
    ],
)
def test_a_list_is_written_as_its_language_writes_it(words, locale, said):
    assert listed(words, locale) == said


def test_a_language_is_called_by_its_own_name():
    names = ["English", "Deutsch", "español", "français", "日本語", "한국어", "português"]
    assert [language_name(language) for language in languages()] == [*names, "中文", "中文 (繁體)"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("idea", re.findall(r'class="idea">\{\{ _\("(.+?)"\)', PAGE))
def test_an_idea_on_the_page_can_be_painted(idea, language):
    asked = parse(translator(language)(idea), load_vocabulary(), language)
    assert asked.style
    assert asked.colors
    assert asked.shape


def test_chinese_has_one_word_for_you_and_one_for_each_who_looks_after_a_server():
    for sentence, said in catalogue("zh").items():
        assert "您" not in said
        assert ("版主" in said) == ("moderator" in sentence.casefold()), sentence
        assert "管理员" not in said or "admin" in sentence.casefold(), sentence


def test_chinese_sentences_have_chinese_colons():
    half = re.compile(r"[\u3400-\u9fff}]: |[\u3400-\u9fff]:")
    assert not [
        said for each in ("zh", "zh_Hant", "ja") for said in catalogue(each).values() if half.search(said)
    ]


@in_each_language
def test_a_translation_begins_and_ends_as_its_sentence_does(language):
    """A question stays one, and a sentence ends like one."""
    ends = {".": ".。", "?": "?？", "…": "…", ":": ":："}
    wrong = [
        (key, said)
        for key, said in catalogue(language).items()
        if key[-1] in ends and said[-1] not in ends[key[-1]] + "！!"
    ]
    assert not wrong
    assert not [said for said in catalogue(language).values() if said != said.strip()]


@pytest.mark.parametrize("language", languages())
def test_what_a_greeting_proposes_can_be_painted_in_each_language(language):
    for example in GREETED:
        asked = parse(translator(language)(example), load_vocabulary(), language)
        assert asked.shape, example
