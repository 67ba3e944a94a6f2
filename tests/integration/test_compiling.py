"""What is published again and what is not even opened: by files, tables, translations, organisation and code."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.context import Context
from core.database import EVERYONE
from core.settings import ROOT
from procedures import compiling, loader, search, versions
from procedures.compiling import Compiled, check_files, compile_files, fingerprint
from procedures.problems import DefinitionErrors
from tests.factories.definitions import CERTIFICATE, changed
from tools.bench.catalogue import generate

TAX = Path("tokyo-taxation") / "tax-certificate.yaml"


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy of a part of the catalogue."""
    folder = tmp_path / "catalogue"
    source = ROOT / "procedures" / "catalogue"
    (folder / TAX).parent.mkdir(parents=True)
    shutil.copy(source / TAX, folder / TAX)
    shutil.copy(source / "organisations.yaml", folder)
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that the loader opens from now on."""
    seen: list[Path] = []
    load = loader.load

    def watched(source: Path) -> loader.Loaded:
        seen.append(source)
        return load(source)

    monkeypatch.setattr(loader, "load", watched)
    return seen


def test_a_file_without_changes_is_not_opened(ctx: Context, catalogue: Path, opened: list[Path]) -> None:
    assert versions.publish_catalogue(ctx.database, catalogue) == ["tax-certificate"]
    assert opened == [catalogue / TAX]
    assert versions.publish_catalogue(ctx.database, catalogue) == []
    assert versions.changed_files(ctx.database, [catalogue / TAX]) == []
    assert opened == [catalogue / TAX]


def test_a_file_with_changes_is_published_again(ctx: Context, catalogue: Path, opened: list[Path]) -> None:
    versions.publish_catalogue(ctx.database, catalogue)
    text = (catalogue / TAX).read_text()
    (catalogue / TAX).write_text(text.replace("minutes: 5", "minutes: 6"))
    assert versions.publish_catalogue(ctx.database, catalogue) == ["tax-certificate"]
    with ctx.database.reading(EVERYONE) as session:
        assert [hit.minutes for hit in search.find(session, "ja").hits] == [6]
    (catalogue / TAX).write_text(text)
    assert versions.publish_catalogue(ctx.database, catalogue) == ["tax-certificate"]
    assert len(opened) == 3


def test_new_code_opens_a_file_and_publishes_nothing(
    ctx: Context, catalogue: Path, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    versions.publish_catalogue(ctx.database, catalogue)
    monkeypatch.setattr(compiling, "_code", lambda: b"another version")
    assert versions.publish_catalogue(ctx.database, catalogue) == []
    assert len(opened) == 2
    assert versions.publish_catalogue(ctx.database, catalogue) == []
    assert len(opened) == 2, "it is known now that the new code makes the same of it"


def _desk(folder: Path) -> None:
    path = folder / "organisations.yaml"
    path.write_text(path.read_text().replace("      tax:", "      taxes:", 1))


def _table(folder: Path) -> None:
    (folder / TAX.parent / "offices.csv").write_text("office\n千代田\n")


def _translation(folder: Path) -> None:
    path = folder.parent / "po" / "en" / "procedures" / "tokyo-taxation" / "tax-certificate.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr ""\n')


def _comment(folder: Path) -> None:
    with (folder / TAX).open("a") as file:
        file.write("# offices.csv\n")


@pytest.mark.parametrize("change", [_desk, _table, _translation, _comment])
def test_everything_that_decides_is_in_the_fingerprint(
    catalogue: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = tuple((tag, f"{catalogue.parent}/po/{tag}/procedures/tokyo-taxation") for tag in ("en", "ko"))
    monkeypatch.setattr(compiling, "_translators", lambda _department: folders)
    if change is _table:
        _comment(catalogue)
    before = fingerprint(catalogue / TAX)
    assert fingerprint(catalogue / TAX) == before
    change(catalogue)
    assert fingerprint(catalogue / TAX) != before


def test_other_departments_do_not_matter(catalogue: Path) -> None:
    before = fingerprint(catalogue / TAX)
    path = catalogue / "organisations.yaml"
    path.write_text(path.read_text().replace("      advertising:", "      signs:", 1))
    assert fingerprint(catalogue / TAX) == before


def test_several_processes_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = generate.write(tmp_path, 12)
    files[5].write_text(files[5].read_text().replace("kind:", "knd:"))
    alone = check_files(files)
    monkeypatch.setattr(compiling, "_MANY", 2)
    monkeypatch.setattr(compiling, "_CHUNK", 3)
    together = check_files(files)
    assert together == alone
    assert {problem.file for problem in together if problem.severity == "error"} == {str(files[5])}
    made = compile_files([path for path in files if path != files[5]])
    assert [one.procedure_id for one in made] == [path.stem for path in files if path != files[5]]


def test_an_error_in_one_file_stops_all(tmp_path: Path) -> None:
    files = generate.write(tmp_path, 3)
    files[1].write_text(files[1].read_text().replace("kind:", "knd:"))
    with pytest.raises(DefinitionErrors, match="knd"):
        compile_files(files)


def test_what_is_compiled_holds_all_that_is_published(catalogue: Path) -> None:
    (one,) = compile_files([catalogue / TAX])
    assert isinstance(one, Compiled)
    assert one.content["source"] == (catalogue / TAX).read_text()
    assert one.digest == compiling.compiled(loader.load(catalogue / TAX)).digest
    assert one.content["listing"]["title"]["en"] == "Tokyo tax certificate (sample)"
    assert one.made_from == fingerprint(catalogue / TAX)
    assert compiling.compiled(loader.load(changed(source=CERTIFICATE))).made_from == ""
