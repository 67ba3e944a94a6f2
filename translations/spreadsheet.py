"""XLSX for translators without a translation tool: a bundle out and back. Cells are texts, never formulas."""

from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from translations.exchange import Bundle, Returned, State, Unit, Unreadable

ENDING = "xlsx"
FORMAT = "madoguchi-translations/1"
COLUMNS = ("Source", "Translation", "State", "Notes", "Key")
STATES: tuple[State, ...] = ("done", "stale", "missing")
HELP = (
    ("How", "Write into the column Translation of the sheet Texts; leave everything else as it is."),
    ("Names", "%(…)s and {name} are filled in later. They stay as they are; their place may change."),
    ("Readings", "Readings above kanji are written {漢字|かんじ}, in Japanese only."),
    ("State", "stale: the source has changed. Correct the translation, or write done where it still fits."),
)
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LARGEST = 200_000_000


def write(path: Path, bundle: Bundle) -> None:
    """Write the file: the texts on one sheet, what they are and how to go about it on the other."""
    with Workbook(str(path), PLAIN) as book:
        _write_texts(book, book.add_worksheet("Texts"), bundle)
        about = book.add_worksheet("About")
        about.set_column(1, 1, 100)
        facts = (("Format", FORMAT), ("Part", bundle.part), ("Language", bundle.language))
        for row, (name, said) in enumerate((*facts, ("Source language", bundle.source_language), *HELP)):
            about.write_string(row, 0, name)
            about.write_string(row, 1, said)


def _write_texts(book: Workbook, sheet: Worksheet, bundle: Bundle) -> None:
    # quote_prefix keeps a text that begins with = a text when somebody edits the cell.
    common = {"text_wrap": True, "valign": "top", "quote_prefix": True, "num_format": "@"}
    fixed = book.add_format({**common, "bg_color": "#F2F2F2"})
    free = book.add_format({**common, "locked": False})
    heads = book.add_format({"bold": True})
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, heads)
    for row, unit in enumerate(bundle.units, 1):
        for column, (said, how) in enumerate(
            ((unit.source, fixed), (unit.target, free), (unit.state, free), ("\n".join(unit.notes), fixed))
        ):
            if sheet.write_string(row, column, said, how):
                raise Unreadable(f"{bundle.part}: a text is too long for a cell; use XLIFF")
        sheet.write_string(row, len(COLUMNS) - 1, unit.key, fixed)
    sheet.set_column(0, 1, 60)
    sheet.set_column(2, 2, 10)
    sheet.set_column(3, 3, 50)
    sheet.set_column(4, 4, 4)
    sheet.data_validation(1, 2, max(1, len(bundle.units)), 2, {"validate": "list", "source": list(STATES)})
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})


def read(path: Path) -> Returned:
    """Read a file that came back. Raises `Unreadable`."""
    try:
        with ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST:
                raise Unreadable("the file is too large")
        book = load_workbook(path, read_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Unreadable(f"this is not XLSX: {error}") from None
    try:
        if not {"Texts", "About"} <= set(book.sheetnames):
            raise Unreadable("the sheets Texts and About are needed")
        about = {str(row[0]): str(row[1]) for row in book["About"].iter_rows(max_col=2, values_only=True)}
        rows = list(book["Texts"].iter_rows())
    finally:
        book.close()
    if about.get("Format") != FORMAT:
        raise Unreadable(f"the sheet About must name the format {FORMAT}")
    places = _places(rows[0] if rows else ())
    units = tuple(
        (number, _read_unit(number, [row[place] if place < len(row) else None for place in places]))
        for number, row in enumerate(rows[1:], 2)
        if any(cell.value is not None for cell in row)
    )
    return Returned(about.get("Part", ""), about.get("Language", ""), units)


def _places(heads: Any) -> list[int]:
    """Where the columns are: people move them."""
    names = [cell.value for cell in heads]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise Unreadable(f"the columns {', '.join(missing)} are missing")
    return [names.index(name) for name in COLUMNS]


def _read_unit(row: int, cells: list[Any]) -> Unit:
    source, target, state, _notes, key = (_text(row, cell) for cell in cells)
    if state not in STATES:
        raise Unreadable(f"row {row}: the state is one of {', '.join(STATES)}")
    return Unit(key, source, target, state)


def _text(row: int, cell: Any) -> str:
    if cell is None or cell.value is None:
        return ""
    if cell.data_type == "f":
        raise Unreadable(f"row {row}: there is a formula; write it as text")
    if isinstance(cell.value, str | int) and not isinstance(cell.value, bool):
        return str(cell.value)
    raise Unreadable(f"row {row}: {cell.value} is not a text; format the cell as text")
