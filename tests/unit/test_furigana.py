"""Readings above kanji."""

from markupsafe import Markup

from translations import furigana


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
