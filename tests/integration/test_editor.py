"""What an author's editor shows, through the YAML language server itself."""

from pathlib import Path

import pytest

from core.settings import ROOT
from procedures.schema import SWITCH
from tests.factories.definitions import changed
from tests.fixtures.language_server import LanguageServer

CATALOGUE = ROOT / "procedures" / "catalogue"
FILE = CATALOGUE / "samples" / "sample-certificate.yaml"
SWITCHED = f"{SWITCH}../../schema.json\n"
FIELD = "{id: purpose_text, type: text, label: 具体的に, when: \"purpose == 'other'\", max_length: 100}"


def written(*changes: tuple[str, str]) -> str:
    return SWITCHED + changed(*changes)


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_files_of_the_catalogue_are_fine(editor: LanguageServer, path: Path) -> None:
    assert editor.problems(path, path.read_text()) == []


def test_a_good_file_is_fine(editor: LanguageServer) -> None:
    assert editor.problems(FILE, written()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: certificate", "kind: certifikate"),
        ("minutes: 5", "minuts: 5"),
        ("type: money", "type: mony"),
        ("max: 10}", "max: ten}"),
        ("max: 10}", "maximum: 10}"),
        ("level: email", "level: emai"),
        ("uses: single-review", "uses: singel-review"),
        ("accept: [pdf, jpeg]", "accept: [pdf, word]"),
        ("valid_for: 3 months", "valid_for: three months"),
        ("title: 見本証明書", "title: [見本証明書]"),
        ("{uses: single-review}", "{start: received}"),
        ("language: ja", "language: jp"),
        ("minutes: 5\n", ""),
        ("department: samples\n", ""),
    ],
)
def test_mistakes_are_marked_in_their_line(editor: LanguageServer, old: str, new: str) -> None:
    text = written((old, new))
    line = text[: text.index(new)].count("\n") + 1 if new else None
    problems = editor.problems(FILE, text)
    if old.startswith("minutes: 5\n"):
        assert problems == []  # it has a default
    else:
        assert [at for at, _ in problems] == [line or 2], problems


def test_ready_made_workflows_are_changed_and_taken_away_from(editor: LanguageServer) -> None:
    own = "{uses: single-review, states: {received: {deadline: 5 days, transitions: {refuse: null}}}}"
    assert editor.problems(FILE, written(("{uses: single-review}", own))) == []


def test_what_yaml_reads_as_number_or_truth_is_fine_where_the_loader_takes_it(editor: LanguageServer) -> None:
    changes = (
        ("value: pension, label: 年金", "value: 1, label: 2026"),
        ('amount: "300 * number"', "amount: 300"),
        ("max_length: 100}", "max_length: 100, required: no}"),
    )
    assert editor.problems(FILE, written(*changes)) == []


def test_keys_of_the_file_are_offered_with_explanations(editor: LanguageServer) -> None:
    offered = editor.completions(FILE, f"{SWITCHED}procedure: sample\n|")
    assert offered["fee"] == "What it costs; none: nothing."
    assert {"title", "pages", "workflow", "examples"} <= offered.keys()


def test_field_types_are_offered_with_explanations(editor: LanguageServer) -> None:
    offered = editor.completions(FILE, written((FIELD, "{id: purpose_text, type: |}")))
    assert offered["person_name"].startswith("A person's name.")
    assert {"text", "date", "group", "choice"} <= offered.keys()


def test_a_field_is_offered_the_keys_of_its_type(editor: LanguageServer) -> None:
    offered = editor.completions(FILE, written((FIELD, "id: purpose_text\n        type: number\n        |")))
    assert offered["decimals"] == "Digits after the point, at most."
    assert {"label", "when", "min"} <= offered.keys()
    assert "options" not in offered


def test_names_the_house_knows_are_offered(editor: LanguageServer) -> None:
    workflows = editor.completions(FILE, written(("{uses: single-review}", "\n  uses: |")))
    assert workflows["single-review"].startswith("The fee first")
    assert workflows["grant"].startswith("A grant: a reviewer drafts")
    levels = editor.completions(FILE, written(("{level: email}", "\n  level: |")))
    assert {"none", "email"} <= levels.keys()


def test_keys_are_explained_where_they_stand(editor: LanguageServer) -> None:
    assert "not by" not in editor.hover(FILE, written(("  waive:", "  wai|ve:")))
    assert "True: nothing is charged." in editor.hover(FILE, written(("  waive:", "  wai|ve:")))
    assert "How many rows there may be." in editor.hover(FILE, written(("repeat:", "rep|eat:")))
