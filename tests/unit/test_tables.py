"""Tables beside procedure files: reading, refusing, searching."""

import time
from pathlib import Path

import pytest

from procedures import loader
from procedures.checks import check_file
from procedures.definition.table import Table
from procedures.expressions import UNANSWERED
from procedures.problems import DefinitionErrors
from procedures.values import Values
from tests.factories.definitions import CERTIFICATE
from tests.factories.fields import TODAY

FIELD = "      - {id: dwelling, type: lookup, label: 住宅, table: dwellings.csv}\n"
WITH_TABLE = CERTIFICATE.replace(
    "      - {id: email, type: email}\n", f"      - {{id: email, type: email}}\n{FIELD}"
)
LINE = WITH_TABLE[: WITH_TABLE.index("dwellings.csv")].count("\n") + 1
ROWS = '\ufeffid,name,rooms\r\nA-1,見本住宅,2DK\r\nA-2,"ミホン, ハイツ",3DK\r\n'


def written(folder: Path, rows: str | bytes | None = ROWS, source: str = WITH_TABLE) -> Path:
    folder = folder / "samples"
    folder.mkdir(exist_ok=True)
    path = folder / "sample-certificate.yaml"
    path.write_text(source, encoding="utf-8")
    if rows is not None:
        (folder / "dwellings.csv").write_bytes(rows if isinstance(rows, bytes) else rows.encode())
    return path


def mistakes(path: Path | str) -> list[tuple[str, int, str]]:
    with pytest.raises(DefinitionErrors) as error:
        loader.load(path)
    return [(Path(each.file).name, each.line, each.text) for each in error.value.problems]


def test_the_rows_become_part_of_the_definition(tmp_path: Path) -> None:
    path = written(tmp_path)
    procedure = loader.load(path).procedure
    _, field = procedure.places["dwelling"]
    table = getattr(field, "table", None)
    assert isinstance(table, Table)
    assert table.columns == ("id", "name", "rooms")
    assert table.row("A-2") == ("A-2", "ミホン, ハイツ", "3DK")
    assert [each for each in check_file(path) if each.severity == "error"] == []
    again = type(procedure).model_validate(loader.compiled_form(procedure))
    assert again == procedure


@pytest.mark.parametrize(
    ("rows", "file", "line", "text"),
    [
        (None, "sample-certificate.yaml", LINE, "the table 'dwellings.csv' cannot be read: No such file or directory"),
        ("見本".encode("shift_jis"), "sample-certificate.yaml", LINE, "the table 'dwellings.csv' is not UTF-8"),
        ("id,name\n", "dwellings.csv", 1, "the table 'dwellings.csv' has no rows"),
        ("id,id\nA,B\n", "dwellings.csv", 1, "each of at most 20 columns needs a name of its own"),
        ("id,name\nA-1,a\nA-2\n", "dwellings.csv", 3, "2 cells are needed, here are 1"),
        ("id,name\nA-1,a\nA-1,b\n", "dwellings.csv", 3, "two rows are named 'A-1'"),
        ("id,name\n ,a\n", "dwellings.csv", 2, "the first cell names the row, in at most 60 characters"),
        ('id,name\nA,"two\nlines"\n', "dwellings.csv", 3, "a cell is one line of at most 200 characters"),
        ('id,name\nA,"open\n', "dwellings.csv", 2, "not a CSV file: unexpected end of data"),
        ("id,name\n" + "".join(f"{n},a\n" for n in range(20_001)), "dwellings.csv", 1,
         "a table has at most 20000 rows, this one 20001"),
        (b"a" * 4_000_001, "sample-certificate.yaml", LINE, "the table 'dwellings.csv' is larger than 4000000 bytes"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, rows: str | bytes | None, file: str, line: int, text: str
) -> None:
    assert mistakes(written(tmp_path, rows)) == [(file, line, text)]


@pytest.mark.parametrize("name", ["../dwellings.csv", "dwellings.txt", "/etc/passwd", "a b.csv"])
def test_a_table_lies_beside_its_procedure(tmp_path: Path, name: str) -> None:
    source = WITH_TABLE.replace("dwellings.csv", name)
    [(_, line, text)] = mistakes(written(tmp_path, source=source))
    assert (line, text) == (LINE, "a table is the name of a CSV file beside this one, such as dwellings.csv")


def test_a_definition_without_a_file_has_no_tables() -> None:
    [(file, line, text)] = mistakes(WITH_TABLE)
    assert (file, line) == (loader.INLINE, LINE)
    assert "this definition is none" in text


def test_the_columns_to_show_are_those_of_the_table(tmp_path: Path) -> None:
    source = WITH_TABLE.replace("dwellings.csv}", "dwellings.csv, show: [rent]}")
    [(_, line, text)] = mistakes(written(tmp_path, source=source))
    assert line == LINE
    assert "no column 'rent'" in text


def test_ten_thousand_rows_are_searched_at_once() -> None:
    rows = tuple((f"T-{n:05}", f"見本{n % 97}号棟", f"{n}号室") for n in range(10_000))
    table = Table(file="dwellings.csv", columns=("id", "name", "room"), rows=rows)
    assert [row[0] for row in table.find("ｔ-０９９９９", 20)] == ["T-09999"]
    began = time.process_time()
    for _ in range(10):
        assert table.find("見本9号棟 nowhere", 20) == []
    assert (time.process_time() - began) / 10 < 0.05
    assert len(table.find("号棟", 20)) == 20
    assert table.find("  ", 20) == []


def test_an_example_names_a_row_of_the_table(tmp_path: Path) -> None:
    source = WITH_TABLE.replace("    answers:\n", "    answers:\n      dwelling: A-9\n", 1)
    [(file, _, text)] = mistakes(written(tmp_path, source=source))
    assert (file, text) == ("sample-certificate.yaml", "'dwelling': the table has no row 'A-9'")


# Numbers by key, for expressions

RATES = "key,yen\npension,0\nother,450\n"
PRICED = (
    CERTIFICATE.replace(
        "computed:\n", "tables: {rates: dwellings.csv}\ncomputed:\n  rate: lookup(rates, purpose)\n"
    )
    .replace('amount: "300 * number"', 'amount: "rate * number"')
    .replace("      fee: 600\n", "      fee: 900\n")
)


def test_expressions_calculate_with_a_table(tmp_path: Path) -> None:
    path = written(tmp_path, RATES, PRICED)
    assert [each for each in check_file(path) if each.severity == "error"] == []
    procedure = loader.load(path).procedure
    for purpose, rate in (("other", 450), ("pension", 0), ("unknown", UNANSWERED), (None, UNANSWERED)):
        assert Values(procedure, {"born": "1990-01-01", "purpose": purpose}, TODAY)["rate"] == rate
    again = type(procedure).model_validate(loader.compiled_form(procedure))
    assert again == procedure


@pytest.mark.parametrize(
    ("rows", "change", "text"),
    [
        (RATES, ("lookup(rates, purpose)", "lookup(rats, purpose)"), "unknown field 'rats'"),
        (
            RATES,
            ("lookup(rates, purpose)", "lookup(rates, number)"),
            "lookup needs text here; this is a number",
        ),
        (
            RATES,
            ("lookup(rates, purpose)", "lookup(purpose, purpose)"),
            "lookup needs a table here; this is a choice",
        ),
        (
            RATES,
            ("lookup(rates, purpose)", "rates"),
            "a computed value is one number, text, date or yes or no",
        ),
        (RATES, ("lookup(rates, purpose)", "rates + 1"), "`+` needs numbers; this is a table"),
        (
            "key,yen\npension,0\n",
            ("lookup(rates, purpose)", "lookup(rates, purpose)"),
            "the table 'rates' has no row 'other', an option of 'purpose'",
        ),
    ],
)
def test_what_is_wrong_with_a_table_in_an_expression_is_said(
    tmp_path: Path, rows: str, change: tuple[str, str], text: str
) -> None:
    problems = check_file(written(tmp_path, rows, PRICED.replace(*change)))
    assert text in [each.text for each in problems if each.severity == "error"]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("key\nother\n", "a second column with numbers is needed"),
        ("key,yen\nother,viel\n", "'viel' in the row 'other' is not a number"),
        ("key,yen\nother,Infinity\n", "'Infinity' in the row 'other' is not a number"),
    ],
)
def test_a_table_for_expressions_holds_numbers(tmp_path: Path, rows: str, text: str) -> None:
    assert [each[2] for each in mistakes(written(tmp_path, rows, PRICED))] == [text]


def test_ten_thousand_dwellings_are_searched_in_no_time() -> None:
    rows = [[f"{n:05}", f"見本{n % 37}丁目住宅 {n}号", "2DK", "エレベーターあり"] for n in range(10_000)]
    table = Table.model_validate(
        {"file": "dwellings.csv", "columns": ["id", "name", "rooms", "lift"], "rows": rows}
    )
    for words in ("見本36丁目", "ｴﾚﾍﾞｰﾀｰ 9999号", "nothing at all", "見本住宅 " * 15, "えれべーたー 高崎"):
        start = time.thread_time()
        table.find(words[:100], 21)
        assert time.thread_time() - start < 0.05
