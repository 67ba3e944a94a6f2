"""Readings above kanji."""

import pytest
from markupsafe import Markup

from core.errors import message
from translations import furigana
from translations.messages import translate


def test_marked_words_become_ruby_and_all_else_is_escaped() -> None:
    html = furigana.to_html("{申請|しんせい} <b>&")
    assert html == ("<ruby>申請<rp>（</rp><rt>しんせい</rt><rp>）</rp></ruby> &lt;b&gt;&amp;")
    assert isinstance(html, Markup)


def test_markup_inside_a_mark_stays_text() -> None:
    assert "<script>" not in furigana.to_html("{<script>|x} {a|<script>}")


def test_braces_that_mark_nothing_stay() -> None:
    assert (
        furigana.to_html("{name} { | } {a|}") == "{name} <ruby> <rp>（</rp><rt> </rt><rp>）</rp></ruby> {a|}"
    )


def test_readings_left_out_and_in_brackets() -> None:
    assert furigana.strip("{申請|しんせい}する") == "申請する"
    assert furigana.in_brackets("{申請|しんせい}する") == "申請（しんせい）する"
    assert furigana.strip("申請する") == furigana.in_brackets("申請する") == "申請する"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3{日|にち}", "{3日|みっか}"),
        ("20{日|にち}と10{日|にち}", "{20日|はつか}と{10日|とおか}"),
        ("1{日|にち} 15{日|にち} 1.3{日|にち}", "1{日|にち} 15{日|にち} 1.3{日|にち}"),
        ("5{分|ふん} 6{分|ふん} 10{分間|ふんかん}", "5{分|ふん} 6{分|ぷん} 10{分間|ぷんかん}"),
        ("3{分|ぶん}の1", "3{分|ぶん}の1"),
    ],
)
def test_counted_days_and_minutes_are_read_as_their_number_asks(text: str, expected: str) -> None:
    assert furigana.counted(text) == expected


def test_messages_with_numbers_are_read_rightly() -> None:
    said = translate(message("%(number)s days", number=3), "ja-simple")
    assert said == "{3日|みっか}"
    assert translate(message("%(number)s days", number=3), "ja") == "3日"
