"""Every field type with what people type into it and what is stored then, and short ways to read a field."""

from datetime import date
from typing import Any

from pydantic import TypeAdapter

from forms.types import Parsed, Raw, Reading, type_of
from procedures.definition.fields import FieldDefinition

TODAY = date(2026, 11, 22)
READING = Reading(TODAY, {})
TREES = [
    {"value": "pine", "label": "松"},
    {"value": "plum", "label": "梅"},
    {"value": "none", "label": "なし"},
]

DWELLINGS = {
    "file": "dwellings.csv",
    "columns": ["id", "name", "rooms"],
    "rows": [["A-1", "見本住宅", "2DK"], ["A-2", "ミホンハイツ", "3DK"], ["B-1", "Sample Court", ""]],
}

SAMPLES: list[tuple[dict[str, Any], dict[str, list[str]], Any]] = [
    ({"type": "text", "label": "件名"}, {"x": [" 見本\t"]}, "見本"),
    ({"type": "long_text", "label": "理由"}, {"x": ["一行\r\n\r\n二行 "]}, "一行\n\n二行"),
    ({"type": "number", "label": "通数"}, {"x": ["１２"]}, "12"),
    ({"type": "number", "label": "面積", "decimals": 2}, {"x": ["1,000.50"]}, "1000.50"),
    ({"type": "money", "label": "所得"}, {"x": ["¥１,200,000円"]}, 1200000),
    (
        {"type": "date", "label": "日"},
        {"x-era": ["reiwa"], "x-year": ["８"], "x-month": ["4"], "x-day": ["1"]},
        "2026-04-01",
    ),
    ({"type": "month", "label": "月"}, {"x-era": ["ce"], "x-year": ["2026"], "x-month": ["4月"]}, "2026-04"),
    ({"type": "time", "label": "時刻"}, {"x": ["９時半"]}, "09:30"),
    (
        {"type": "datetime", "label": "日時"},
        {"x-era": ["ce"], "x-year": ["2026"], "x-month": ["12"], "x-day": ["1"], "x-time": ["９：30"]},
        {"date": "2026-12-01", "time": "09:30"},
    ),
    (
        {"type": "slot", "label": "来庁", "times": ["09:00", "09:30"], "capacity": 2, "until": "2 weeks"},
        {"x-day": ["2026-12-01"], "x-time": ["09:30"]},
        {"date": "2026-12-01", "time": "09:30"},
    ),
    ({"type": "yes_no", "label": "はい?"}, {"x": ["no"]}, False),
    ({"type": "choice", "label": "木", "options": TREES}, {"x": ["plum"]}, "plum"),
    ({"type": "choices", "label": "木", "options": TREES}, {"x": ["plum", "pine"]}, ["pine", "plum"]),
    (
        {"type": "ranking", "label": "木", "options": TREES},
        {"x-1": ["plum"], "x-2": ["pine"], "x-3": [""]},
        ["plum", "pine"],
    ),
    (
        {"type": "ranking", "label": "住宅", "table": DWELLINGS, "places": 2},
        {"x-1": ["A-2"], "x-2": ["A-1"], "x-words": ["みほん"]},
        ["A-2", "A-1"],
    ),
    (
        {"type": "lookup", "label": "住宅", "table": DWELLINGS},
        {"x": ["A-2"], "x-words": ["みほん"]},
        "A-2",
    ),
    (
        {"type": "person_name"},
        {"x-family": ["見本"], "x-given": ["太郎"], "x-family_kana": ["みほん"], "x-given_kana": ["ﾀﾛｳ"]},
        {"family": "見本", "given": "太郎", "family_kana": "ミホン", "given_kana": "タロウ"},
    ),
    ({"type": "kana"}, {"x": ["みほん"]}, "ミホン"),
    (
        {"type": "address"},
        {
            "x-postcode": ["〒１６３−８００１"],
            "x-prefecture": ["東京都"],
            "x-city": ["新宿区"],
            "x-street": ["西新宿2-8-1"],
            "x-building": [""],
        },
        {"postcode": "1638001", "prefecture": "東京都", "city": "新宿区", "street": "西新宿2-8-1"},
    ),
    ({"type": "email"}, {"x": ["ｔaro.@Example.Invalid"]}, "taro.@example.invalid"),
    ({"type": "phone"}, {"x": ["０３−５３２１−１１１１"]}, "+81353211111"),
    ({"type": "corporate_number"}, {"x": ["8 0000 2013 0001"]}, "8000020130001"),
    ({"type": "individual_number"}, {"x": ["６２１４ ９８３２ ０２５７"]}, {"apart-whole": "621498320257"}),
    (
        {"type": "license_plate"},
        {"x-region": ["品川"], "x-category": ["３００"], "x-kana": ["ｻ"], "x-number": ["１２－３４"]},
        {"region": "品川", "category": "300", "kana": "さ", "number": "1234"},
    ),
    (
        {"type": "drawn"},
        {"x-path": ["M10 20L30 40L50 60"], "x-typed": [" 見本 太郎"]},
        {"path": "M10 20L30 40L50 60", "typed": "見本 太郎"},
    ),
    (
        {"type": "map_point", "label": "場所"},
        {"x-latitude": ["３５．６８９５"], "x-longitude": ["139.6917"]},
        {"latitude": "35.689500", "longitude": "139.691700"},
    ),
    ({"type": "url"}, {"x": ["Example.jp/見本"]}, "https://example.jp/見本"),
    (
        {"type": "bank_account"},
        {
            "x-bank": ["0001"],
            "x-branch": ["001"],
            "x-kind": ["ordinary"],
            "x-number": ["１２３４５"],
            "x-holder": ["みほん　タロウ"],
        },
        {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "0012345", "holder": "ミホン タロウ"},
    ),
    (
        {"type": "file", "label": "図面", "max_files": 2},
        {"x-kept": ["plan.pdf", "back.pdf"]},
        [{"name": "plan.pdf"}, {"name": "back.pdf"}],
    ),
    (
        {"type": "image", "label": "写真", "capture": "environment"},
        {"x-kept": ["front.jpg"]},
        [{"name": "front.jpg"}],
    ),
    ({"type": "fiscal_year"}, {"x": ["2025"]}, "2025"),
    ({"type": "consent", "label": "同意します"}, {"x": ["yes"]}, True),
    (
        {
            "type": "group",
            "label": "世帯員",
            "repeat": {"min": 1, "max": 3},
            "fields": [
                {"id": "name", "type": "text", "label": "氏名"},
                {"id": "born", "type": "date", "label": "生年月日", "required": False},
                {"id": "baby", "type": "yes_no", "label": "乳児", "when": "born > date('2025-01-01')"},
            ],
        },
        {"x-row": ["0", "2"], "x-0-name": ["花子"], "x-2-name": ["次郎"]},
        [{"name": "花子"}, {"name": "次郎"}],
    ),
]
SILENT = [
    {"type": "content", "label": "お知らせ", "text": "一つ\n二つ"},
    {"type": "computed", "label": "合計", "value": "1 + 2", "as": "money"},
]
_ANY: TypeAdapter[FieldDefinition] = TypeAdapter(FieldDefinition)


def field(options: dict[str, Any], **more: Any) -> FieldDefinition:
    return _ANY.validate_python({"id": "x", **options, **more})


def parse(options: dict[str, Any], raw: Raw, reading: Reading = READING, **more: Any) -> Parsed:
    made = field(options, **more)
    return type_of(made).parse(made, raw, "x", reading)


def says(parsed: Parsed) -> list[tuple[str, str]]:
    return [(error.input, str(error.message)) for error in parsed.errors]
