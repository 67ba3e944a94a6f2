"""Words are found however they are typed: folding, sounds, spelling, and the index over them."""

import unicodedata
from types import SimpleNamespace
from typing import Any

import jaconv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from procedures.finding.called import names
from procedures.finding.columns import Column
from procedures.finding.folding import fold, forms, spaced, terms
from procedures.finding.index import Index, Needle, set_of
from procedures.finding.listings import values
from procedures.finding.romaji import sound_about, sound_of_kana, sound_of_letters
from procedures.finding.spelling import mistakes_in, nearest
from procedures.loader import load
from tests.factories.definitions import CERTIFICATE, changed

HIRAGANA = st.text(st.characters(min_codepoint=ord("ぁ"), max_codepoint=ord("ん")), min_size=1, max_size=12)
WORDS = st.text("abcdefghijklmnoprstu", min_size=4, max_size=14)

SPELT = {
    "じゅうみんひょう": ("juminhyo", "juuminhyou", "zyûminhyô", "jūminhyō", "jyuminhyo", "Jumin-hyo"),
    "てんにゅうとどけ": ("tennyutodoke", "ten'nyuutodoke", "tennyu-todoke"),
    "しんぶん": ("shimbun", "shinbun", "sinbun"),
    "まっちゃ": ("matcha", "maccha", "mattya"),
    "ふぁいる": ("fairu",),
    "ちゅうしゃじょう": ("chushajo", "tyuusyazyou", "chuushajyou"),
    "おおさか": ("osaka", "oosaka", "ohsaka"),
    "きんえん": ("kin'en", "kinen"),
    "つづき": ("tsuzuki", "tuduki"),
    "らーめん": ("ramen", "raamen"),
}


@pytest.mark.parametrize(("kana", "spellings"), SPELT.items())
def test_every_spelling_sounds_like_its_kana(kana: str, spellings: tuple[str, ...]) -> None:
    assert {sound_of_letters(spelt) for spelt in spellings} == {sound_of_kana(kana)}


@pytest.mark.parametrize("word", ["tax", "moving", "www", "日本"])
def test_other_words_have_no_sound(word: str) -> None:
    assert sound_of_letters(word) is None


def test_letters_that_cannot_be_read_stay_as_they_are() -> None:
    assert sound_about("sodaigmi") == "sodaigmi"
    assert sound_about("juumnhyou") == "jumnhyo"
    assert sound_about("juuminhyou") == sound_of_letters("juuminhyou")
    assert sound_about("日本") == "日本"


@given(HIRAGANA)
def test_kana_sound_as_an_input_method_would_write_them(kana: str) -> None:
    """jaconv knows another table; where it leaves no kana over, its spelling has to lead to the same sound."""
    plain = "".join(sign for sign in kana if sign not in "ぁぃぅぇぉゃゅょゎっゐゑをんゔ")
    spelt = jaconv.kana2alphabet(plain)
    if spelt.isascii() and spelt:
        assert sound_of_letters(spelt) == sound_of_kana(plain)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_folded_texts_take_two_bytes_a_character(text: str) -> None:
    assert max(map(ord, fold(text)), default=0) <= 0xFFFF


@given(HIRAGANA)
def test_width_and_kind_of_kana_make_no_difference(kana: str) -> None:
    katakana = jaconv.hira2kata(kana)
    half = jaconv.z2h(katakana, kana=True)
    assert fold(katakana) == fold(kana)
    assert fold(half) == fold(unicodedata.normalize("NFKC", half))


def test_readings_are_forms_of_their_own() -> None:
    assert forms("{住民票|じゅうみんひょう}の{写|うつ}し") == ("住民票の写し", "じゅうみんひょうのうつし")
    assert list(terms("屋外広告物のキョカ（見本） Tax-2")) == [
        "屋外広告物",
        "の",
        "きょか",
        "見本",
        "tax",
        "2",
    ]


def _mistyped(word: str, at: int, how: int) -> str:
    at %= len(word)
    return (
        word[:at] + word[at + 1 :],
        word[:at] + "x" + word[at:],
        word[:at] + "x" + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    )[how]


@given(WORDS, st.integers(0, 20), st.integers(0, 3), st.lists(WORDS, max_size=20))
def test_a_typing_error_leads_to_the_word_or_to_one_as_near(
    word: str, at: int, how: int, others: list[str]
) -> None:
    typed = _mistyped(word, at, how)
    if len(typed) < 4:
        return
    found = nearest(typed, dict.fromkeys([word, *others], 1))
    assert found
    assert OSA.distance(typed, found[0]) <= OSA.distance(typed, word)
    if not others:
        assert found == [word]


def test_short_words_are_not_guessed() -> None:
    assert (mistakes_in("tax"), mistakes_in("ぜい"), mistakes_in("住民表"), mistakes_in("residence")) == (
        0,
        0,
        1,
        2,
    )
    assert nearest("tix", {"tax": 1}) == []
    assert nearest("住民表", {"住民票": 3, "住民税": 9}) == ["住民税", "住民票"]


def test_the_nearest_of_several_lists_is_meant() -> None:
    assert nearest("marrage", {"carriage": 9}, {"marriage": 0}) == ["marriage"]
    assert nearest("residnece", {"residence": 2}, {"residences": 0}) == ["residence"]
    assert nearest("住民表", {"住民票": 3}, {"住民票": 0, "住民税": 1}) == ["住民票", "住民税"]
    assert nearest("resedense", {"residence": 1}, most=1) == []


@pytest.mark.parametrize(
    ("word", "sound", "tags"),
    [
        ("結婚", None, {"event:marriage"}),
        ("けっこん", None, {"event:marriage"}),
        ("kekkon", "kekon", {"event:marriage"}),
        ("임신", None, {"event:having_a_child", "who:expecting"}),
        ("marriage", None, {"event:marriage"}),
        ("marri", None, set()),
        ("結", None, set()),
        ("の", None, set()),
        ("とき", "toki", set()),
        ("living", None, set()),
    ],
)
def test_a_word_names_tags_where_it_is_enough(word: str, sound: str | None, tags: set[str]) -> None:
    assert names().of(word, sound) == tags


def test_names_of_several_words_are_typed_whole() -> None:
    whole = names().of_phrases(["living", "disability"])
    assert whole == dict.fromkeys(["living", "disability"], frozenset({"event:disability"}))
    assert names().of_phrases(["living", "apartment"]) == {}


def test_words_in_kanji_and_kana_are_seen_in_what_is_written_in_one() -> None:
    assert list(names().within("祖母が亡くなったあとの引っ越し")) == ["亡くなった", "引っ越し"]
    assert list(names().within("住民票の写し")) == []


@given(
    st.lists(st.text("あいう ab", max_size=6), min_size=1, max_size=8),
    st.text("あいab", min_size=1, max_size=3),
)
def test_a_column_finds_what_its_texts_hold(texts: list[str], needle: str) -> None:
    column = Column(texts)
    expected = [number for number, text in enumerate(texts) if needle in text]
    assert list(column.holding(needle)) == expected
    assert [number for number in range(len(texts)) if column.holds(number, needle)] == expected


@given(st.sets(st.integers(0, 90)))
def test_sets_of_listings(numbers: set[int]) -> None:
    members = set_of(numbers, 91)
    assert {number for number in range(91) if members >> number & 1} == numbers


def listing(**changes: str) -> Any:
    """The listing of the sample, with some of its text replaced."""
    source = changed(*((old, new) for old, new in changes.items()))
    return SimpleNamespace(id=1, organisation_id="here", **values(load(source).procedure))


TITLES = st.lists(
    st.text(st.characters(categories=("Lo", "Ll", "Nd")), min_size=1, max_size=12), min_size=1, max_size=3
).map(" ".join)


@given(TITLES)
@settings(deadline=None)  # the first one loads the models
def test_every_title_is_found_by_itself(title: str) -> None:
    procedure = load(CERTIFICATE).procedure
    named = procedure.model_copy(update={"title": type(procedure.title)({"ja": title})})
    index = Index([SimpleNamespace(id=7, organisation_id="here", **values(named))])
    for word in spaced(fold(title)).split():
        assert 0 in index.ranks(Needle(word)), word
        assert index.rank(0, Needle(word)) is not None


def test_titles_come_before_words_and_summaries() -> None:
    index = Index([listing()])
    better_to_worse = ("見本証明の申請", "見本証明", "申請", "しょうめい", "交付します")
    ranks = [index.ranks(Needle(word)).get(0, 99) for word in better_to_worse]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    assert index.ranks(Needle("shomei", "shomei"))
    assert not index.ranks(Needle("homei", "homei")), "a sound is looked for from its beginning"


def test_a_listing_says_what_people_ask() -> None:
    made = values(load(CERTIFICATE).procedure)
    assert made["fee"] is None
    assert made["processing_period"] == "3 working days"
    assert made["languages"] == ["ja"]
    assert made["tags"].split() == [
        "department:samples", "kind:certificate", "for:resident", "event:moving"
    ]  # fmt: skip
