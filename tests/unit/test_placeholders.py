"""What issued documents make of answers."""

from datetime import date

import pytest

from core.settings import ROOT
from documents.placeholders import Placeholders
from procedures import loader
from procedures.values import Values
from translations.procedures import translated, translations_for
from translations.text import Text

DAY = date(2026, 11, 25)


ROAD, REGISTER = "mihon-roads/road-occupation", "mihon-urban/building-plan-viewing"


def filled(text: str, language: str, example: int = 0, name: str = ROAD) -> str:
    """`text` with the answers of an applicant of the catalogue, one for a place on the road by default."""
    file = ROOT / "procedures/catalogue" / f"{name}.yaml"
    source = loader.load(file).procedure
    procedure = translated(source, translations_for(source.department, source.procedure))
    answers = procedure.examples[example].answers
    found = Placeholders(procedure, answers, Values(procedure, answers, DAY), DAY, {})
    return found.fill(Text({language: text}).phrase(language), language)


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("ja", "1. 看板、面積 1.2 ㎡、道路に出る長さ 0.6 m、路面から下の端までの高さ 2.8 m"),
        ("ja-simple", "看板（かんばん）、面積（めんせき） 1.2 ㎡"),
    ],
)
def test_a_row_of_a_group_says_what_its_numbers_are(language: str, row: str) -> None:
    assert row in filled("{objects}", language)


def test_a_name_stands_without_its_reading_and_a_number_with_its_unit() -> None:
    assert filled("{name}", "ja") == "見本 太郎"
    assert filled("{term}", "ja") == "3 年"


def test_what_was_not_asked_becomes_nothing() -> None:
    assert filled("{contractor}", "ja") == ""
    assert filled("{contractor}", "ja", 1) == "見本工務店"


def test_a_row_of_a_table_is_written_column_by_column() -> None:
    lines = filled("{record}", "ja", name=REGISTER).splitlines()
    assert lines[:2] == ["確認番号: 平成12年第0038号", "確認年月日: 2000-06-12"]
    assert len(lines) == 7
