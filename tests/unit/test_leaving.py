"""What people write about giving up is kept without addresses and numbers."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satisfaction.leaving import HIDDEN, REASONS, without_details

DIGIT = st.characters(categories=["Nd"])


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("03-1234-5678に電話した", f"{HIDDEN}に電話した"),
        ("０９０ー１２３４ー５６７８", HIDDEN),
        ("1234 5678 9018", HIDDEN),
        ("taro@example.invalid へ", f"{HIDDEN} へ"),
        ("ｔａｒｏ＠example.invalid", HIDDEN),
        ("〒111-0099", f"〒{HIDDEN}"),
        ("ページ3の2つ目、2026年", "ページ3の2つ目、2026年"),
        ("", ""),
    ],
)
def test_what_is_taken_out(written: str, shown: str) -> None:
    assert without_details(written) == shown


@settings(deadline=None)
@given(st.text(), st.lists(DIGIT, min_size=5, max_size=20), st.sampled_from(["", "-", " ", "ー", "．"[:0]]))
def test_no_long_number_stays(text: str, digits: list[str], between: str) -> None:
    shown = without_details(f"{text} {between.join(digits)} {text}")
    assert not re.search(r"\d{5}", shown)
    assert without_details(shown) == shown


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Nd"], exclude_characters="@＠")))
def test_words_stay(text: str) -> None:
    assert without_details(text) == text


def test_names_of_reasons_fit_their_column() -> None:
    assert all(len(name) <= 20 for name in REASONS)
