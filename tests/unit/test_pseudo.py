"""The made-up languages that pages are tried out with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import message, plural
from translations.exchange import NAMED
from translations.languages import LANGUAGES, PSEUDO, find
from translations.messages import translate
from translations.pseudo import END, disguised
from translations.text import Phrase, Text


def test_english_is_lengthened_and_has_accents() -> None:
    said = translate(message("Paid on %(day)s"), "en-XA")
    assert said.startswith("[Þåîð öñ %(day)s")
    assert len(said) >= 1.4 * len("Paid on %(day)s")
    assert translate(message("Sent to %(who)s", who="Ann"), "en-XA").startswith("[Šéñţ ţö Ann one")


def test_the_other_reads_from_right_to_left() -> None:
    assert find("ar-XB").direction == "rtl"
    assert translate(message("Paid"), "ar-XB") == "\u200f\u202ePaid\u202c\u200f"
    assert (
        translate(plural("%(count)s file", "%(count)s files", 2), "ar-XB")
        == "2 \u200f\u202efiles\u202c\u200f"
    )


def test_texts_of_procedures_are_disguised_where_they_have_english() -> None:
    both = Text({"ja": "氏名", "en": "Name"})
    assert both.phrase("ar-XB") == Phrase("\u200f\u202eName\u202c\u200f", "ar-XB")
    assert Text({"ja": "氏名"}).phrase("en-XA") == Phrase("氏名", "ja"), "and else say what they are in"
    assert both.phrase("en") == Phrase("Name", "en")


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_real_languages_stay_as_they_are(language: str) -> None:
    assert disguised("Name", language) == "Name"


@given(st.text(), st.sampled_from(list(PSEUDO)))
def test_what_is_filled_in_stays_whole(text: str, language: str) -> None:
    source = f"{text} %(day)s{text}{{name}}"
    shown = disguised(source, language)
    assert set(NAMED.findall(shown)) == set(NAMED.findall(source))
    assert shown.count(END) == source.count(END) + shown.count("\u202e") - source.count("\u202e")
