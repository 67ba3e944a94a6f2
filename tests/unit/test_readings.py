"""Readings by those who cannot type katakana: romaji becomes it, names in Latin letters may be read in them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields.person_name import KANA
from forms.prefill import values
from forms.readings import katakana, katakana_of_romaji
from tests.factories.fields import parse, says
from tests.factories.procedures import procedure_of

SYLLABLES = [
    ("a", "a", "ア"), ("ka", "ka", "カ"), ("shi", "si", "シ"), ("chi", "ti", "チ"), ("tsu", "tu", "ツ"),
    ("fu", "hu", "フ"),
    ("ji", "zi", "ジ"), ("sha", "sya", "シャ"), ("chu", "tyu", "チュ"), ("jo", "zyo", "ジョ"), ("kyo", "kyo", "キョ"),
    ("ryu", "ryu", "リュ"), ("n'", "n'", "ン"), ("na", "na", "ナ"), ("ya", "ya", "ヤ"), ("e", "e", "エ"),
    ("wa", "wa", "ワ"),
    ("zu", "zu", "ズ"), ("de", "de", "デ"), ("pyo", "pyo", "ピョ"), ("ttsu", "ttu", "ッツ"), ("kko", "kko", "ッコ"),
]  # fmt: skip
"""As Hepburn, as Kunrei, as kana."""


@given(st.sampled_from(SYLLABLES[:12] + SYLLABLES[13:20]), st.lists(st.sampled_from(SYLLABLES)))
def test_hepburn_and_kunrei_are_the_same_kana(
    start: tuple[str, str, str], rest: list[tuple[str, str, str]]
) -> None:
    hepburn, kunrei, kana = ("".join(parts) for parts in zip(start, *rest, strict=True))
    assert katakana_of_romaji(hepburn) == katakana_of_romaji(kunrei.upper()) == kana


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzāōū'- Ｍｉ", max_size=12))
def test_what_is_taken_for_romaji_is_katakana_and_nothing_else(typed: str) -> None:
    found = katakana_of_romaji(typed)
    assert found is None or (KANA.fullmatch(found) and katakana(found) == found)


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("Mihon", "ミホン"), ("ｍｉｈｏｎ", "ミホン"), ("Satō", "サトウ"), ("SATÔ", "サトウ"),
        ("Satoh", "サトウ"), ("Satou", "サトウ"),
        ("Ōno", "オオノ"), ("OHNO", "オオノ"), ("Yūki", "ユウキ"), ("Shin'ichi", "シンイチ"), ("Shin’ya", "シンヤ"),
        ("Ken-ichi", "ケンイチ"), ("Homma", "ホンマ"), ("Namba", "ナンバ"), ("Kanna", "カンナ"),
        ("Hatchō", "ハッチョウ"),
        ("Jun'ichirō Ken", "ジュンイチロウ ケン"), ("Guen", "グエン"),
    ],
)  # fmt: skip
def test_romaji_as_passports_and_schools_write_it(typed: str, kana: str) -> None:
    assert katakana_of_romaji(typed) == kana


@pytest.mark.parametrize(
    "typed", ["Tran", "Van", "Nguyen", "Nkomo", "Kim", "Lee", "Smith", "kkk", "a.b", "1", ""]
)
def test_what_is_no_romaji_is_not_guessed_at(typed: str) -> None:
    assert katakana_of_romaji(typed) is None


def name(family: str, given: str, family_kana: str, given_kana: str) -> dict[str, list[str]]:
    return {
        "x-family": [family],
        "x-given": [given],
        "x-family_kana": [family_kana],
        "x-given_kana": [given_kana],
    }


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        (("見本", "太郎", "Mihon", "Tarō"), ("ミホン", "タロウ")),
        (("見本", "太郎", "ミホン", "taro"), ("ミホン", "タロ")),
        (("Tran", "Van", "Tran", "Van"), ("TRAN", "VAN")),
        (("Tran", "An", "tran", "an"), ("TRAN", "AN")),
        (("Ｔｒａｎ", "Văn", "Ｔｒａｎ", "Văn"), ("TRAN", "VĂN")),
        (("Nguyen", "Van An", "Guen", "An"), ("グエン", "アン")),
        (("Mihon", "Mike", "MIHON", "MIKE"), ("MIHON", "MIKE")),
        (("Mihon", "Mike", "Mihon", "Maiku"), ("ミホン", "マイク")),
        (("O’Brien", "Pat", "O’Brien", "パット"), ("O'BRIEN", "パット")),
        (("スミス", "Jane", "すみす", "Jane"), ("スミス", "JANE")),
    ],
)
def test_a_reading_may_be_typed_in_latin_letters(
    typed: tuple[str, str, str, str], readings: tuple[str, str]
) -> None:
    value = parse({"type": "person_name"}, name(*typed)).value
    assert (value["family"], value["given"]) == typed[:2], "the name itself stays exact"
    assert (value["family_kana"], value["given_kana"]) == readings
    again = parse({"type": "person_name"}, name(*typed[:2], *readings)).value
    assert again == value, "what came of it is taken again"


def test_a_name_in_kanji_is_read_in_kana() -> None:
    found = dict(says(parse({"type": "person_name"}, name("陳", "Wei", "Tran", "Wei"))))
    assert list(found) == ["x-family_kana"]
    assert found["x-family_kana"].startswith(
        "Enter the reading of the family name in katakana, such as ミホン, or in"
    )


@pytest.mark.parametrize(("script", "kana"), [("katakana", "ミホン"), ("hiragana", "みほん")])
def test_other_readings_take_romaji_and_nothing_else_in_latin_letters(script: str, kana: str) -> None:
    assert parse({"type": "kana", "script": script}, {"x": ["Mihon"]}).value == kana
    assert "in romaji" in says(parse({"type": "kana", "script": script}, {"x": ["Tran"]}))[0][1]


@pytest.mark.parametrize(
    ("typed", "kept"), [("Tran Van", "TRAN VAN"), ("Nguyễn Văn", "NGUYEN VAN"), ("ﾐﾎﾝ Taro", "ミホン TARO")]
)
def test_an_account_holder_may_stand_in_latin_letters(typed: str, kept: str) -> None:
    account = {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "1", "holder": typed}
    raw = {f"x-{part}": [text] for part, text in account.items()}
    assert parse({"type": "bank_account"}, raw).value["holder"] == kept


def test_a_reading_in_latin_letters_does_not_fill_in_one_in_kana() -> None:
    made = procedure_of([{"id": "reading", "type": "kana", "prefill": "profile.kana"}])
    latin = {"family": "Tran", "given": "Van", "family_kana": "TRAN", "given_kana": "VAN"}
    kana = {**latin, "family_kana": "チャン", "given_kana": "ヴァン"}
    assert values(made, {"profile.name": latin}) == {}
    assert values(made, {"profile.name": kana}) == {"reading": "チャン ヴァン"}


@pytest.mark.parametrize(
    "text", ["a" * 300_000 + "漢", "' " * 150_000, "ā" * 300_000], ids=["letters", "signs", "long"]
)
def test_whatever_length_it_has_a_text_is_gone_through_once(text: str) -> None:
    began = time.process_time()
    assert katakana(text) == text
    assert time.process_time() - began < 2
