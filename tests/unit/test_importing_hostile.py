"""Whatever a file holds, the importer answers with a file that passes the checks, or with a sentence."""

import copy
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from procedures.importing import NotImported, source
from tests.factories.forms import SAMPLES, imported, procedure_of, sample

JUNK: some.SearchStrategy[Any] = some.sampled_from(
    [None, True, 0, -1, 10**30, Decimal("1E+400"), "", "x", "\x00\u2028\u0085\x1b[31m a", "<b>ü&amp;</b>", "'\"\\",
     "# TODO: {a|b}: - ", [], {}, [1, {}], {"a": 1}, "today", "for", "日本語の質問", "18", "x" * 6000, {"": ""}, [[[]]],
     {"en": "E", "cy": "C", "ja": "J"}, "\ud800", "#", "yes", ["a"]]
)  # fmt: skip
KEYS = some.sampled_from(
    ["type", "key", "name", "const", "if", "$ref", "日本", "\x1b", "label", "title", "hidden"]
)


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield from paths(value, (*path, key))


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(some.data(), some.sampled_from(sorted(SAMPLES)))
def test_damaged_forms(data: some.DataObject, name: str) -> None:
    form = copy.deepcopy(sample(name))
    for _ in range(data.draw(some.sampled_from([1, 2, 5, 20]))):
        places = list(paths(form))
        path = data.draw(some.sampled_from(places))
        whole = at(form, path[:-1])
        match data.draw(some.sampled_from(["junk", "copy", "drop", "rename"])):
            case "junk":
                whole[path[-1]] = copy.deepcopy(data.draw(JUNK))
            case "copy":
                other = copy.deepcopy(at(form, data.draw(some.sampled_from(places))))
                whole[path[-1]] = other if len(str(other)) < 5000 else 1
            case "rename" if isinstance(whole, dict):
                whole[data.draw(KEYS)] = whole.pop(path[-1])
            case _:
                del whole[path[-1]]
    refused, made = "", None
    try:
        made = imported(form, SAMPLES[name])
    except NotImported as error:
        refused = str(error)
    assert "would not pass the checks" not in refused
    assert made is None or all(str(note).isprintable() for note in made.notes)


TITLES = some.text(max_size=30) | some.sampled_from(["名前", "Name", "name", "today", "if"])
SINGLE = some.one_of(
    some.builds(
        lambda format, most: {"type": "string", "format": format, "maxLength": most},
        some.sampled_from(["date", "email", "uri", "time", "date-time", "tel", "x"]),
        some.integers(-5, 30_000),
    ),
    some.builds(
        lambda low, high, kind: {"type": kind, "minimum": low, "maximum": high},
        some.integers() | some.decimals(-1000, 1000),
        some.integers() | some.decimals(-1000, 1000),
        some.sampled_from(["integer", "number"]),
    ),
    some.builds(
        lambda values: {"enum": values}, some.lists(some.text(max_size=8) | some.integers(), max_size=6)
    ),
    some.builds(
        lambda values: {"type": "string", "oneOf": [{"const": value, "title": value} for value in values]},
        some.lists(some.text(max_size=70), max_size=6),
    ),
    some.just({"type": "boolean"}),
    some.just({"type": ["string", "null"]}),
    some.builds(lambda number: {"$ref": f"#/$defs/d{number}"}, some.integers(0, 3)),
)


def object_of(properties: Any) -> Any:
    return some.builds(
        lambda inner, title, required: {
            "type": "object", "title": title, "properties": inner, "required": [*inner][:required],
        },
        some.dictionaries(TITLES, properties, max_size=5),
        TITLES,
        some.integers(0, 5),
    )  # fmt: skip


PROPERTY = some.recursive(
    SINGLE,
    lambda inner: some.one_of(
        object_of(inner),
        some.builds(
            lambda items, low, high: {"type": "array", "items": items, "minItems": low, "maxItems": high},
            inner,
            some.integers(-1, 300),
            some.integers(-1, 300),
        ),
    ),
    max_leaves=12,
)
CONDITION = some.builds(
    lambda name, value: {"properties": {name: {"const": value}}, "required": [name]},
    TITLES,
    some.booleans() | some.integers() | some.text(max_size=5),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(object_of(PROPERTY), some.lists(PROPERTY, min_size=4, max_size=4), CONDITION, PROPERTY, TITLES)
def test_any_schema_of_the_supported_kind_gives_a_file_that_passes(
    schema: dict[str, Any], definitions: list[Any], condition: Any, more: Any, name: str
) -> None:
    schema["$defs"] = {f"d{number}": each for number, each in enumerate(definitions)}
    schema["properties"]["sure"] = {"type": "boolean"}
    schema |= {"if": condition, "then": {"properties": {name: more}}, "else": {"properties": {"other": more}}}
    made = imported(schema, "json-schema")
    assert procedure_of(made).field("sure") is not None or ("sure", "sure_2") in made.renamed


def test_properties_without_a_name_are_carried_over() -> None:
    nameless: dict[str, Any] = {"type": "integer"}
    for _ in range(3):
        nameless = {"type": "object", "properties": {"": nameless}}
    assert procedure_of(imported(nameless, "json-schema")).fields()


def test_references_that_multiply_are_refused() -> None:
    definitions = {
        f"d{n}": {"type": "object", "properties": {x: {"$ref": f"#/$defs/d{n + 1}"} for x in "abcd"}}
        for n in range(30)
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/d0",
        "$defs": definitions,
    }
    with pytest.raises(NotImported, match="more than 5,000 parts"):
        imported(schema)


def test_forms_beyond_all_measure_are_refused() -> None:
    fields = [{"type": "textfield", "key": "name", "label": "Name"} for _ in range(2001)]
    with pytest.raises(NotImported, match="more than 2,000 questions"):
        imported({"components": fields})
    assert imported({"components": fields[:600]}).questions == 600


def test_parts_too_deep_within_each_other_are_refused() -> None:
    definitions = {}
    for number in range(39):
        inner: dict[str, Any] = {"$ref": f"#/$defs/d{number + 1}"}
        for _ in range(25):
            inner = {"type": "object", "properties": {"a": inner}}
        definitions[f"d{number}"] = inner
    definitions["d39"] = {"type": "string"}
    with pytest.raises(NotImported, match="too deep"):
        imported({"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": definitions})


def test_references_in_a_circle_are_left_out() -> None:
    itself = {"$ref": "#/$defs/a"}
    made = imported(
        {"type": "object", "properties": {"a": itself, "b": {"type": "string"}}, "$defs": {"a": itself}}
    )
    assert "#/properties/a: #/$defs/a, which refers to itself" in "\n".join(map(str, made.notes))


def test_conditions_that_multiply_are_left_out() -> None:
    is_x = {"field": {"name": "a"}, "operator": "is"}
    conditions = []
    for n in range(1, 60):
        before = {"conditionName": f"c{n - 1}"}
        parts = [before, {**is_x, "value": {"value": f"x{n}"}}, {"coordinator": "or", **before}]
        conditions.append({"name": f"c{n}", "value": {"conditions": parts}})
    field = {"type": "TextField", "name": "a", "title": "A"}
    pages = [
        {"path": "/a", "title": "A", "components": [field], "next": [{"path": "/b", "condition": "c59"}]},
        {"path": "/b", "title": "B", "components": [{**field, "name": "b"}], "next": []},
    ]
    made = imported({"startPage": "/a", "pages": pages, "conditions": conditions})
    assert "pages[1]: its condition" in "\n".join(map(str, made.notes))


def test_a_form_in_which_every_page_leads_to_every_other_ends() -> None:
    pages = [
        {
            "path": f"/p{n}",
            "title": f"P{n}",
            "components": [{"type": "YesNoField", "name": f"q{n}", "title": f"Q{n}"}],
            "next": [{"path": f"/p{m}", "condition": f"c{n}"} for m in range(40)],
        }
        for n in range(40)
    ]
    value = [{"field": {"name": f"q{n}"}, "operator": "is", "value": {"value": "true"}} for n in range(40)]
    conditions = [{"name": f"c{n}", "value": {"conditions": [value[n]]}} for n in range(40)]
    made = imported({"startPage": "/p0", "pages": pages, "conditions": conditions})
    assert made.pages == 30
    assert "a page leads to 30 others at most" in "\n".join(map(str, made.notes))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not JSON"),
        (b"{", r"is not JSON: .* in line 1, column 2"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b"[" * 100_000, "deeper than 60"),
        (b"[" * 200 + b"]" * 200, "deeper than 60"),
        (b'{"a": NaN}', "a number that cannot be read"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number that cannot be read"),
        (b"[" + b"1," * 300_000 + b"1]", "more than 200,000 parts"),
        (b" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_files_that_are_no_forms(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "form.json"
    path.write_bytes(content)
    with pytest.raises(NotImported, match=says):
        source.read(path)


def test_archives_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("forms.json", json.dumps([1]))
        archive.writestr("note.txt", "not read")
    assert source.read(path) == {"forms": [1]}
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotImported, match="no JSON file"):
        source.read(tmp_path / "folder")
    (tmp_path / "folder" / "forms.json").write_text("[2]")
    assert source.read(tmp_path / "folder") == {"forms": [2]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("forms.json", " " * 50_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(NotImported, match="more than 5 MB"):
        source.read(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("forms.json", json.dumps(list(range(1000))))
    whole = path.read_bytes()
    for damaged in (whole[:-30], whole[:60] + b"\xff" * 40 + whole[100:]):
        path.write_bytes(damaged)
        with pytest.raises(NotImported):
            source.read(path)
