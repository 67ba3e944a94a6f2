"""Writing YAML: what is written is read back as it was."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from procedures import yaml_reader
from procedures.yaml_writer import Noted, Section, document

KEYS = some.from_regex(r"[a-z][a-z_]{0,12}", fullmatch=True)
TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=150)
VALUES = some.recursive(
    TEXTS
    | some.sampled_from(
        ["no", "null", "~", "- a", "a: b", "# c", "{d}", "1:30", "x == 'y'", "a\nb", " a\n b "]
    ),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    some.dictionaries(KEYS, VALUES, min_size=1, max_size=5),
    some.lists(some.text("abc \n#:", max_size=20), max_size=3),
)
def test_everything_is_read_back(data: dict[str, Any], comments: list[str]) -> None:
    noted = {key: Noted(tuple(comments), value) for key, value in data.items()}
    read = yaml_reader.read(document([Section(noted, tuple(comments))]))
    assert read.mistakes == []
    assert read.data == data


def test_short_things_stand_on_one_line_with_comments_above() -> None:
    fields = [
        Noted(("TODO: shorten it",), {"id": "name", "type": "text", "label": "名前"}),
        {"id": "born", "max": 3},
    ]
    pages = [{"id": "first", "fields": fields, "when": "age >= 18"}]
    assert document(
        [Section({"title": "A: b", "law": {"basis": "c"}}, ("what it is",)), Section({"pages": pages})]
    ) == (
        '# what it is\ntitle: "A: b"\nlaw: {basis: c}\n\n'
        "pages:\n  - id: first\n    fields:\n"
        "      # TODO: shorten it\n      - {id: name, type: text, label: 名前}\n      - {id: born, max: 3}\n"
        '    when: "age >= 18"\n'
    )
