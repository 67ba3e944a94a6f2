"""What each of the common field types does alone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forms.calendars import CALENDARS
from forms.types import Raw, Reading, type_of
from procedures.expressions import UNANSWERED
from tests.factories.fields import TODAY, TREES, field, parse, says
from translations.dates import ERAS, format_date

KANJI = {era.id: era.kanji for era in ERAS}


@pytest.mark.parametrize(
    ("options", "typed", "why"),
    [
        ({"max_length": 3}, "四文字だ", "Shorten “件名” to 3 characters. It has 4 now."),
        ({"min_length": 3}, "二つ", "Enter “件名” in at least 3 characters."),
        ({"pattern": "digits"}, "12a", "Enter “件名” in digits only, such as 0123."),
        ({"pattern": "katakana"}, "漢字", "Enter “件名” in katakana."),
    ],
)
def test_text_says_what_is_wrong(options: dict[str, Any], typed: str, why: str) -> None:
    assert says(parse({"type": "text", "label": "件名", **options}, {"x": [typed]})) == [("x", why)]


@pytest.mark.parametrize(
    ("options", "typed", "stored"),
    [
        ({"max_length": 2}, "葛\U000e0100飾", "葛\U000e0100飾"),
        ({"max_length": 1}, "👨‍👩‍👧", "👨‍👩‍👧"),
        ({}, "神\ufa19", "神\ufa19"),
        ({}, "a\u202eb\x00c", "abc"),
        ({"pattern": "digits"}, "０１２", "012"),
        ({"pattern": "katakana"}, "ﾐﾎﾝ みほん", "ミホン ミホン"),
        ({"pattern": "hiragana"}, "ミホン", "みほん"),
        ({"pattern": "katakana"}, "Mihon Tarō", "ミホン タロウ"),
    ],
)
def test_text_is_kept_as_typed_and_counted_as_people_count(
    options: dict[str, Any], typed: str, stored: str
) -> None:
    assert parse({"type": "text", "label": "件名", **options}, {"x": [typed]}).value == stored


MEMBERS = {"unit": {"ja": "人", "ja-simple": "{人|にん}", "en": "people"}}


@pytest.mark.parametrize(
    ("options", "typed", "stored"),
    [
        ({"unit": "通"}, "２通", "2"), ({"unit": "通"}, "２まい", "2"), ({"unit": "通"}, " 3 部 ", "3"),
        ({}, "4枚", "4"),
        (MEMBERS, "２名", "2"), (MEMBERS, "2 people", "2"), (MEMBERS, "２にん", "2"), ({"unit": "階"}, "５階", "5"),
        ({"unit": "㎡", "decimals": 2}, "45.5㎡", "45.50"), ({"unit": "㎡"}, "1,000平方メートル", "1000"),
        ({"unit": "m"}, "３ｍ", "3"), ({"unit": "年"}, "3年間", "3"), ({"unit": "か月"}, "6ヶ月", "6"),
        ({"unit": "歳"}, "20才", "20"), ({"unit": "世帯"}, "3世帯", "3"), ({}, "3世帯", "3"),
        ({"unit": {"ja": "時間", "en": "hours"}}, "1 hour", "1"),
    ],
)  # fmt: skip
def test_number_may_have_its_unit_typed_behind_it(options: dict[str, Any], typed: str, stored: str) -> None:
    value = parse({"type": "number", "label": "数", **options}, {"x": [typed]}).value
    assert Decimal(value) == Decimal(stored)


@pytest.mark.parametrize(
    ("options", "typed"),
    [
        ({"unit": "m"}, "3km"), ({"unit": "m"}, "3cm"), ({"unit": "年"}, "3か月"), ({"unit": "日"}, "3週間"),
        ({"unit": "m"}, "3本"),
        ({}, "3年"), ({"unit": "人"}, "3千"), ({"unit": "人"}, "約3"), ({"unit": "人"}, "人"),
        ({"unit": "人"}, "2〜3人"), ({"unit": "人"}, "3世帯"), ({"unit": "人"}, "1組"), ({"unit": "本"}, "2箱"),
        ({"unit": "人"}, "3人と4人"), ({"unit": "階"}, "3回"), ({"unit": "人"}, "-人"),
        ({"unit": "人"}, "3" + "人" * 50),
    ],
)  # fmt: skip
def test_number_guesses_at_no_other_unit(options: dict[str, Any], typed: str) -> None:
    assert "as a number" in says(parse({"type": "number", "label": "数", **options}, {"x": [typed]}))[0][1]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("1,234,567.5", "1234567.5"), ("12 345", "12345"), ("１，２３４", "1234"), ("-1,000", "-1000")],
)
def test_number_may_stand_in_threes(typed: str, stored: str) -> None:
    options = {"type": "number", "label": "数", "decimals": 1, "min": None}
    assert parse(options, {"x": [typed]}).value == stored


@pytest.mark.parametrize(("typed", "yen"), [("1,234円", 1234), ("¥ 12 345", 12345), ("-1，000", -1000)])
def test_money_may_stand_in_threes(typed: str, yen: int) -> None:
    assert parse({"type": "money", "label": "額", "min": -5000}, {"x": [typed]}).value == yen


@pytest.mark.parametrize("typed", ["12,5", "1,50円", "1 2"])
def test_money_takes_no_comma_for_nothing(typed: str) -> None:
    assert "in whole yen" in says(parse({"type": "money", "label": "額"}, {"x": [typed]}))[0][1]


@pytest.mark.parametrize("typed", ["45,5", "1,5㎡", "2 3", "1,2345", "12,34,567"])
def test_number_takes_no_comma_for_nothing(typed: str) -> None:
    """In many languages it is the point: 45,5 is not 455."""
    field = {"type": "number", "label": "数", "decimals": 2, "unit": "㎡"}
    assert "as a number" in says(parse(field, {"x": [typed]}))[0][1]


@pytest.mark.parametrize(
    ("options", "typed", "why"),
    [
        ({}, "abc", "Enter “数” as a number, such as 12."),
        ({}, "1e9", "Enter “数” as a number, such as 12."),
        ({}, "9" * 5000, "Enter “数” as a number, such as 12."),
        ({}, "1.5", "Enter “数” as a whole number, such as 12."),
        ({"decimals": 1}, "1.55", "Enter “数” with at most 1 digits after the point."),
        ({"min": 1}, "0", "Enter “数” as 1 or more."),
        ({"max": 10}, "11", "Enter “数” as 10 or less."),
        ({}, "-1", "Enter “数” as 0 or more."),
    ],
)
def test_number_says_what_is_wrong(options: dict[str, Any], typed: str, why: str) -> None:
    assert says(parse({"type": "number", "label": "数", **options}, {"x": [typed]})) == [("x", why)]


@pytest.mark.parametrize("typed", ["一万", "1.5", "9" * 5000, "-", "1-"])
def test_money_is_whole_yen(typed: str) -> None:
    why = "Enter “所得” in whole yen, such as 12000."
    assert says(parse({"type": "money", "label": "所得"}, {"x": [typed]})) == [("x", why)]


def _day(era: str, year: str, month: str, day: str) -> dict[str, list[str]]:
    return {"x-era": [era], "x-year": [year], "x-month": [month], "x-day": [day]}


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (_day("ce", "2026", "2", "28"), "2026-02-28"),
        (_day("heisei", "31", "4", "30"), "2019-04-30"),
        (_day("reiwa", "元", "5", "1"), "2019-05-01"),
        (_day("ce", "令和6年", "1月", "2日"), "2024-01-02"),
        (_day("ce", "S62", "1", "2"), "1987-01-02"),
        (_day("", "1987", "01", "02"), "1987-01-02"),
        (_day("meiji", "6", "1", "1"), "1873-01-01"),
    ],
)
def test_date_reads_both_calendars(raw: Raw, stored: str) -> None:
    assert parse({"type": "date", "label": "日"}, raw).value == stored


@pytest.mark.parametrize(
    "raw",
    [
        _day("ce", "2026", "2", "29"),
        _day("meiji", "5", "1", "1"),
        _day("reiwa", "1", "4", "31"),
        _day("reiwa", "1", "x", "1"),
        _day("showa", "0", "1", "1"),
        _day("ce", "9" * 5000, "1", "1"),
        _day("elsewhere", "1", "1", "1"),
        _day("ce", "26.5", "1", "1"),
    ],
)
def test_date_refuses_days_that_do_not_exist(raw: Raw) -> None:
    assert says(parse({"type": "date", "label": "日"}, raw))[0][1].startswith(
        "Enter “日” as a day that exists"
    )


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (_day("showa", "65", "1", "1"), "Check “日”: Showa ended with year 64 (1989)."),
        (_day("ce", "S65", "1", "1"), "Check “日”: Showa ended with year 64 (1989)."),
        (_day("taisho", "16", "x", "1"), "Check “日”: Taisho ended with year 15 (1926)."),
        (_day("heisei", "31", "5", "1"), "Check “日”: Heisei ended on 2019-04-30."),
        (_day("reiwa", "1", "4", "30"), "Check “日”: Reiwa began on 2019-05-01."),
        (_day("showa", "1948", "2", "3"), "Check “日”: 1948 is a Western year. Choose “Western year”, or enter the"),
        (_day("ce", "8", "4", "1"), "For “日”, enter the year in four digits, such as 2026, or choose the era"),
    ],
)  # fmt: skip
def test_date_says_what_is_wrong_with_an_era(raw: Raw, why: str) -> None:
    assert says(parse({"type": "date", "label": "日"}, raw))[0][1].startswith(why)
    if raw["x-month"] != ["x"]:
        assert says(parse({"type": "month", "label": "日"}, raw))[0][1].startswith(why)


@pytest.mark.parametrize(
    ("era", "year", "month", "stored"),
    [("showa", "64", "1", "1989-01"), ("heisei", "1", "1", "1989-01"), ("taisho", "15", "12", "1926-12"),
     ("reiwa", "1", "5", "2019-05"), ("heisei", "31", "4", "2019-04")],
)  # fmt: skip
def test_a_month_in_which_the_era_changed_belongs_to_both(
    era: str, year: str, month: str, stored: str
) -> None:
    assert parse({"type": "month", "label": "月"}, _day(era, year, month, "")).value == stored


@given(
    era=st.sampled_from([id for id, _ in CALENDARS]), year=st.integers(-2, 2100), month=st.integers(0, 13),
    day=st.integers(0, 32),
)  # fmt: skip
def test_every_day_is_taken_or_told_what_is_wrong(era: str, year: int, month: int, day: int) -> None:
    found = parse({"type": "date", "label": "日"}, _day(era, str(year), str(month), str(day)))
    assert (found.value is None) == bool(found.errors)
    if found.value and era != "ce":
        shown = format_date(date.fromisoformat(found.value), "ja")
        assert f"（{KANJI[era]}{'元' if year == 1 else year}年）" in shown


def test_date_says_which_part_is_missing() -> None:
    assert says(parse({"type": "date", "label": "日"}, _day("ce", "2026", "", "1"))) == [
        ("x-month", "Enter the month of “日”.")
    ]


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"max": "today"}, "Enter “日” as 2026-11-22 or earlier."),
        ({"min": "2026-12-01"}, "Enter “日” as 2026-12-01 or later."),
        ({"min": "other"}, "Enter “日” as 2027-01-01 or later."),
        ({"max": "unanswered"}, None),
    ],
)
def test_date_has_limits(limits: dict[str, str], why: str | None) -> None:
    reading = Reading(TODAY, {"other": date(2027, 1, 1), "unanswered": UNANSWERED})
    raw = _day("ce", "2026", "11", "30" if "min" in limits else "23")
    found = says(parse({"type": "date", "label": "日", **limits}, raw, reading))
    assert found == ([("x-year", why)] if why else [])


@pytest.mark.parametrize(
    ("typed", "why"), [("", "Choose an answer to “木”."), ("oak", "Choose an answer to “木”.")]
)
def test_choice_takes_only_what_is_on_offer(typed: str, why: str) -> None:
    assert says(parse({"type": "choice", "label": "木", "options": TREES}, {"x": [typed]})) == [("x", why)]


def test_an_option_is_offered_only_while_its_condition_holds() -> None:
    options = {"type": "choice", "label": "木", "options": [{**TREES[0], "when": "spring"}, TREES[1]]}
    made = field(options)
    for spring, offered in ((True, ["pine", "plum"]), (False, ["plum"])):
        reading = Reading(TODAY, {"spring": spring})
        shown = type_of(made).show(made, {"x": ["pine"]}, "x", reading, {})
        assert [offer.option.value for offer in shown.content] == offered
        assert bool(parse(options, {"x": ["pine"]}, reading).errors) != spring


@pytest.mark.parametrize(
    ("options", "typed", "why"),
    [
        ({"exclusive": "none"}, ["none", "pine"], "For “木”, choose either “なし” alone or other answers."),
        ({"max": 1}, ["pine", "plum"], "Choose at most 1 for “木”."),
        ({"min": 2}, ["pine"], "Choose at least 2 for “木”."),
    ],
)
def test_choices_says_what_is_wrong(options: dict[str, Any], typed: list[str], why: str) -> None:
    made = {"type": "choices", "label": "木", "options": TREES, **options}
    assert says(parse(made, {"x": typed})) == [("x", why)]


def test_a_name_is_kept_exactly_and_its_reading_checked() -> None:
    raw = {
        "x-family": ["葛\U000e0100"],
        "x-given": ["\ufa19"],
        "x-family_kana": ["漢字"],
        "x-given_kana": [""],
    }
    in_kana = (
        "Enter the reading of the family name in katakana, such as ミホン, or in Latin letters"
        " if the name is written in them."
    )
    assert says(parse({"type": "person_name"}, raw)) == [
        ("x-family_kana", in_kana),
        ("x-given_kana", "Enter the reading of the given name."),
    ]
    kept = parse({"type": "person_name", "kana": "none"}, raw).value
    assert kept == {"family": "葛\U000e0100", "given": "\ufa19"}


def test_a_name_may_have_roman_letters() -> None:
    raw = {
        "x-family": ["見本"],
        "x-given": ["太郎"],
        "x-family_roman": ["ＭＩＨＯＮ"],
        "x-given_roman": ["太"],
    }
    options = {"type": "person_name", "kana": "optional", "roman": "required"}
    assert says(parse(options, raw)) == [
        ("x-given_roman", "Enter the given name in Roman letters, as in the passport.")
    ]
    assert parse(options, {**raw, "x-given_roman": ["Taro"]}).value["family_roman"] == "MIHON"


def test_names_of_phones_and_of_other_countries_are_taken() -> None:
    raw = {
        "x-family": ["オブライエン"],
        "x-given": ["Nguyễn"],
        "x-family_kana": ["おふ\u3099らいえん"],
        "x-given_kana": ["ｸﾞｴﾝ"],
        "x-family_roman": ["O’Brien"],
        "x-given_roman": ["Nguyễn"],
    }
    value = parse({"type": "person_name", "roman": "required"}, raw).value
    assert (value["family_kana"], value["given_kana"]) == ("オブライエン", "グエン")
    assert (value["family_roman"], value["given_roman"]) == ("O'Brien", "Nguyễn")


@pytest.mark.parametrize(
    "typed", ["a", "a@b", "@example.invalid", "a@@b.invalid", "a b@example.invalid", "a@-.jp"]
)
def test_email_refuses_what_cannot_be_one(typed: str) -> None:
    assert says(parse({"type": "email"}, {"x": [typed]}))[0][1].startswith("Enter an e-mail address")


@pytest.mark.parametrize("typed", ["..a@docomo.ne.jp", "a-.b.@ezweb.ne.jp", "x+y@sub.example.invalid"])
def test_email_takes_real_japanese_addresses(typed: str) -> None:
    assert parse({"type": "email"}, {"x": [typed]}).value == typed


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("090 1234 5678", "+819012345678", "090-1234-5678"),
        ("+44 20 7946 0958", "+442079460958", "+44 20 7946 0958"),
        ("(03)5321-1111", "+81353211111", "03-5321-1111"),
    ],
)
def test_phone_is_stored_internationally(typed: str, stored: str, shown: str) -> None:
    assert parse({"type": "phone"}, {"x": [typed]}).value == stored
    made = field({"type": "phone"})
    assert type_of(made).lines(made, stored, "ja") == [shown]


@pytest.mark.parametrize("typed", ["12", "1234567", "not a number", "9" * 5000])
def test_phone_refuses_what_cannot_be_one(typed: str) -> None:
    assert says(parse({"type": "phone"}, {"x": [typed]}))[0][1].startswith("Enter a telephone number")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("80000201300O1", "Enter the corporate number in digits only."),
        ("800002013000", "Enter all 13 digits of the corporate number. You entered 12."),
        ("7000020130001", "Check the corporate number digit by digit: 7 0000 2013 0001 is not one."),
    ],
)
def test_corporate_number_says_what_is_wrong(typed: str, why: str) -> None:
    assert says(parse({"type": "corporate_number"}, {"x": [typed]})) == [("x", why)]


def test_fiscal_years_on_offer_turn_in_april() -> None:
    made = field({"type": "fiscal_year", "back": 1})
    march = Reading(date(2026, 3, 31), {})
    assert [year for year, _ in type_of(made).show(made, {}, "x", march, {}).content] == ["2025", "2024"]
    assert parse({"type": "fiscal_year", "back": 1}, {"x": ["2026"]}, march).errors
    assert str(type_of(made).lines(made, "2019", "en")[0]) == "Fiscal year 2019 (Reiwa 1)"


@pytest.mark.parametrize(
    "options",
    [
        {"type": "choice", "label": "木", "options": [TREES[0], TREES[0]]},
        {"type": "choice", "label": "木", "options": []},
        {"type": "choices", "label": "木", "options": TREES, "exclusive": "oak"},
        {"type": "text"},
        {"type": "text", "label": "件名", "regex": ".*"},
        {"type": "group", "label": "組", "repeat": {"min": 3, "max": 2}, "fields": [TREES[0]]},
        {"type": "date", "label": "日", "max": "today +"},
        {"type": "ibna", "label": "口座"},
    ],
)
def test_a_wrong_definition_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        field(options)


def test_groups_nest_once() -> None:
    inner = {"id": "c", "type": "group", "label": "c", "fields": [{"id": "t", "type": "text", "label": "t"}]}
    middle = {"id": "b", "type": "group", "label": "b", "fields": [inner]}
    assert field({"type": "group", "label": "a", "fields": [inner]})
    with pytest.raises(ValidationError, match="nest once"):
        field({"type": "group", "label": "a", "fields": [middle]})


def test_the_unit_of_a_number_is_shown_without_readings() -> None:
    made = field({"type": "number", "label": "枚数", "unit": {"ja": "枚", "ja-simple": "{枚|まい}"}})
    assert type_of(made).lines(made, "2", "ja-simple") == ["2 枚"]
