"""What every field type promises, over all of them, and what each alone does."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, g, render_template_string
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from core.errors import Message
from forms.answers_schema import answers_schema
from forms.types import Action, Raw, field_types, type_of
from procedures import loader
from procedures.expressions import (
    BOOL,
    DATE,
    MONEY,
    NUMBER,
    TEXT,
    TIME,
    UNANSWERED,
    Choice,
    ListOf,
    Row,
    Type,
)
from procedures.values import field_value
from tests.factories.definitions import CERTIFICATE
from tests.factories.fields import READING, SAMPLES, SILENT, field, parse, says
from translations.languages import LANGUAGES
from translations.messages import translate

EVERY = pytest.mark.parametrize(
    ("options", "raw", "stored"), SAMPLES, ids=[f"{s[0]['type']}-{n}" for n, s in enumerate(SAMPLES)]
)


def test_every_type_is_covered_here() -> None:
    assert {sample[0]["type"] for sample in SAMPLES} | {each["type"] for each in SILENT} == set(field_types())


@EVERY
def test_it_reads_what_people_type(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    parsed = parse(options, raw)
    assert says(parsed) == []
    assert parsed.value == stored
    assert json.loads(json.dumps(parsed.value)) == stored


@EVERY
def test_what_is_stored_can_be_shown_and_read_again(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    made = field(options)
    again = type_of(made).raw(made, stored, "x")
    assert type_of(made).parse(made, again, "x", READING).value == stored


@EVERY
def test_empty_and_required_says_what_to_do(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    made = field(options)
    for untouched in ({}, type_of(made).raw(made, None, "x")):
        errors = type_of(made).parse(made, untouched, "x", READING).errors
        assert errors
        for error in errors:
            assert error.input.partition("-")[0] == "x"
            assert str(error.message).split()[0] in {"Enter", "Choose", "Tick", "Add", "Take"}


@EVERY
def test_empty_and_optional_is_no_answer(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    if options["type"] == "group":
        options = {**options, "repeat": {"min": 0}}
    made = field(options, required=False)
    for untouched in ({}, type_of(made).raw(made, None, "x")):
        parsed = type_of(made).parse(made, untouched, "x", READING)
        assert not parsed.value
        assert says(parsed) == []


def _matches(value: Any, type: Type) -> bool:
    match type:
        case Choice():
            return value in type.options
        case ListOf():
            return isinstance(value, tuple) and all(_matches(each, type.item) for each in value)
        case Row():
            return all(
                each is UNANSWERED or _matches(each, type.fields[name]) for name, each in value.items()
            )
    python: dict[Any, Any] = {NUMBER: Decimal, MONEY: Decimal, TEXT: str, TIME: str, DATE: date, BOOL: bool}
    return isinstance(value, python[type])


@EVERY
def test_expressions_see_a_value_of_its_type(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    made = field(options)
    assert _matches(made.expression_value(stored), made.expression_type())
    assert field_value(made, None) in (UNANSWERED, ())


@EVERY
def test_it_sums_itself_up_in_every_language(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    made = field(options)
    for language in LANGUAGES:
        lines = type_of(made).lines(made, stored, language)
        assert lines
        assert all(translate(line, language).strip() for line in lines)


@EVERY
@given(junk=some.text(max_size=40))
def test_nothing_typed_breaks_it(options: dict[str, Any], raw: Raw, stored: Any, junk: str) -> None:
    made = field(options)
    kind = type_of(made)
    names = {*raw, *kind.raw(made, None, "x"), *(f"x-{part}" if part else "x" for part in kind.parts)}
    parsed = kind.parse(made, {name: [junk] for name in names}, "x", READING)
    assert (parsed.value is None) or not parsed.errors
    json.dumps(parsed.value)


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    from web import assets, language

    app = Flask("web")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.install(app)
    language.install(app)
    with app.test_request_context("/"):
        yield app


class Markup(HTMLParser):
    """What a browser would find: ids, labels' targets, inputs people see, ids named as descriptions."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: set[str] = set()
        self.described: set[str] = set()
        self.of: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "label":
            self.labelled.add(found["for"])
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden":
            self.inputs.add(found["id"])
            self.of[found["id"]] = found.get("aria-describedby", "")
        self.described.update(found.get("aria-describedby", "").split())


def assert_accessible(html: str) -> None:
    """Every id is there once, every input has a label, every description exists."""
    page = Markup(html)
    assert len(page.ids) == len(set(page.ids))
    assert page.inputs == page.labelled
    assert page.described <= set(page.ids)


def assert_own_mistakes(html: str, errors: Mapping[str, Any]) -> None:
    """Every input that is wrong names its own mistakes, and no input those of another."""
    page = Markup(html)
    for input, described in page.of.items():
        named = {id for id in described.split() if id.endswith("-error")}
        assert named == ({f"{input}-error"} if input in errors else set())


TEMPLATE = '{% import "fields/_all.html" as fields %}{{ fields.field(shown) }}'


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("options", [sample[0] for sample in SAMPLES] + SILENT, ids=lambda each: each["type"])
def test_its_template_names_every_input(app: Flask, options: dict[str, Any], language: str) -> None:
    made = field(options, help="<助け>", when="other")
    kind = type_of(made)
    raw = kind.raw(made, None, "x")
    parsed = kind.parse(made, raw, "x", READING)
    errors: dict[str, tuple[Message, ...]] = {error.input: (error.message,) for error in parsed.errors}
    g.language = language
    html = render_template_string(TEMPLATE, shown=kind.show(made, raw, "x", READING, errors, True))
    assert "None" not in html
    assert_accessible(html)
    for input in raw:
        assert f'name="{input}"' in html
    for input in errors:
        assert f'id="{input}"' in html
    if kind.asks:
        assert "&lt;助け&gt;" in html
        assert "data-refresh" in html
        assert ('class="error-message"' in html) == bool(errors)
    if len(kind.parts) > 1 and "" not in kind.parts:
        assert_own_mistakes(html, errors)


@EVERY
def test_it_is_one_flat_text_in_a_table(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    made = field(options)
    for language in LANGUAGES:
        text = type_of(made).export(made, stored, language)
        assert text.strip()
        assert "{" not in text
        assert "\n" not in text or options["type"] == "long_text"


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("number", "12"),
        ("money", "1200000"),
        ("date", "2026-04-01"),
        ("month", "2026-04"),
        ("slot", "2026-12-01 09:30"),
        ("datetime", "2026-12-01 09:30"),
        ("yes_no", "No"),
        ("choices", "松 / 梅"),
        ("corporate_number", "8000020130001"),
        ("individual_number", "•••• •••• 0257"),
        ("person_name", "見本 太郎 / ミホン タロウ"),
        ("drawn", "見本 太郎 / Signed by hand"),
        ("file", "plan.pdf / back.pdf"),
        ("group", "花子 /  / ; 次郎 /  / "),
    ],
)
def test_columns_hold_what_programs_can_read(type: str, text: str) -> None:
    options, _, stored = next(sample for sample in SAMPLES if sample[0]["type"] == type)
    assert type_of(field(options)).export(field(options), stored, "en") == text


@EVERY
def test_what_is_stored_is_as_its_schema_says(options: dict[str, Any], raw: Raw, stored: Any) -> None:
    made = field(options)
    schema = type_of(made).api(made, "en")
    assert schema["title"]
    checker = Draft202012Validator(schema)
    checker.check_schema(schema)
    checker.validate(stored)
    for junk in ({"else": 1}, [["?"]], None):
        assert not checker.is_valid(junk)


def test_a_procedure_tells_the_shape_of_its_answers() -> None:
    procedure = loader.load(CERTIFICATE).procedure
    schema = answers_schema(procedure, "ja")
    checker = Draft202012Validator(schema)
    checker.validate(procedure.examples[0].answers)
    assert schema["title"] == "見本証明の申請"
    assert schema["properties"]["household"]["items"]["properties"]["income"] == {
        "title": "年間所得",
        "type": "integer",
    }
    assert not checker.is_valid({"born": "yesterday"})
    assert not checker.is_valid({"surprise": 1})


# The same types once more in the rows of a group in a group


def _inside(names: Raw, place: int) -> dict[str, list[str]]:
    return {f"x-0-inner-0-f{place}{name[1:]}": list(values) for name, values in names.items()}


SIMPLE = [sample for sample in SAMPLES if sample[0]["type"] != "group"]
NESTED: dict[str, Any] = {
    "type": "group",
    "label": "外",
    "fields": [
        {
            "id": "inner",
            "type": "group",
            "label": "中",
            "fields": [
                *({"id": f"f{place}", **options} for place, (options, _, _) in enumerate(SIMPLE)),
                *({"id": f"s{place}", **options} for place, options in enumerate(SILENT)),
            ],
        }
    ],
}
TYPED = {
    "x-row": ["0"],
    "x-0-inner-row": ["0"],
    **{
        name: values
        for place, (_, raw, _) in enumerate(SIMPLE)
        for name, values in _inside(raw, place).items()
    },
}
STORED = [{"inner": [{f"f{place}": stored for place, (_, _, stored) in enumerate(SIMPLE)}]}]


def test_every_type_works_in_a_group_in_a_group() -> None:
    made = field(NESTED)
    kind = type_of(made)
    parsed = kind.parse(made, TYPED, "x", READING)
    assert says(parsed) == []
    assert parsed.value == STORED
    assert kind.parse(made, kind.raw(made, STORED, "x"), "x", READING).value == STORED
    assert _matches(made.expression_value(STORED), made.expression_type())
    Draft202012Validator(kind.api(made, "ja")).validate(STORED)
    for language in LANGUAGES:
        assert "ミホン" in kind.export(made, STORED, language)
        assert kind.lines(made, STORED, language)
    assert [slot.resource for slot in kind.slots(made, STORED)] == [".f9"]
    assert [entry["name"] for entry in kind.files(made, STORED)] == ["plan.pdf", "back.pdf", "front.jpg"]
    assert "621498320257" not in json.dumps([kind.told(made, STORED), kind.export(made, STORED, "ja")])


def test_what_is_wrong_in_a_nested_row_stands_beside_its_input(app: Flask) -> None:
    made = field(NESTED)
    kind = type_of(made)
    g.language = "en"
    raw, problems = kind.act(made, Action("add", "x"), {}, "x")
    raw, more = kind.act(made, Action("add", "x-0-inner"), raw, "x")
    raw = {**raw, "x-0-inner-0-f0": ["見本"]}
    parsed = kind.parse(made, raw, "x", READING)
    assert (problems, more) == ((), ())
    places = {error.input.split("-")[4] for error in parsed.errors}
    assert places == {f"f{place}" for place in range(1, len(SIMPLE))}
    errors: dict[str, tuple[Message, ...]] = {error.input: (error.message,) for error in parsed.errors}
    html = render_template_string(TEMPLATE, shown=kind.show(made, raw, "x", READING, errors))
    assert_accessible(html)
    for input in errors:
        assert f'id="{input}"' in html
    removed, _ = kind.act(made, Action("remove", "x-0-inner", "0"), raw, "x")
    assert not any(name.startswith("x-0-inner-0") for name in removed)
