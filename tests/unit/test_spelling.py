"""One spelling for all the ways in which people write the same thing; what they typed stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forms.types import type_of
from tests.factories.fields import READING, field
from translations.spelling import fold_spelling, search_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("葛\U000e0100城", "葛城"),
        ("神\ufe00戸", "神戸"),
        ("\ufa19戸", "神戸"),
        ("髙橋", "高橋"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡辺"),
        ("𠮷田", "吉田"),
        ("みほん　たろう", "ミホンタロウ"),
        ("ﾐﾎﾝ ﾀﾛｳ", "ミホンタロウ"),
        ("Ｔａｒｏ MIHON", "taro mihon"),
        ("が", "か\u3099"),
    ],
)
def test_variants_have_one_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@given(some.text(max_size=40))
def test_a_key_of_a_key_is_itself(text: str) -> None:
    assert search_key(fold_spelling(text)) == search_key(text)


def test_a_name_is_found_by_each_way_of_writing_it_and_stored_as_typed() -> None:
    made = field({"type": "person_name"})
    typed = {
        "x-family": ["髙\U000e0100橋"],
        "x-given": ["太郎"],
        "x-family_kana": ["たかはし"],
        "x-given_kana": ["ﾀﾛｳ"],
    }
    stored = type_of(made).parse(made, typed, "x", READING).value
    assert stored["family"] == "髙\U000e0100橋"
    assert type_of(made).search_key(made, stored) == "高橋太郎 タカハシタロウ"
