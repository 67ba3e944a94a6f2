"""`flask procedures new`: what it writes works as it stands."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask

from procedures.definition.procedure import Kind
from procedures.schema import SWITCH
from procedures.starter_texts import Tongue
from tests.fixtures.language_server import LanguageServer
from tests.integration.test_procedure_commands import app, run

__all__ = ["app"]

NAME = "dog-registration"


def new(app: Flask, *answers: str, out: Path | None = None) -> str:
    arguments = ["procedures", "new", *(["--out", str(out)] if out else [])]
    result = app.test_cli_runner().invoke(args=arguments, input="\n".join(answers) + "\n")
    return result.output


@pytest.mark.parametrize("question", ["配達しますか / Do you want delivery?", ""])
@pytest.mark.parametrize("language", [*get_args(Tongue), "ja,en", "en,ja"])
def test_every_kind_passes_checks_and_examples(
    app: Flask, tmp_path: Path, language: str, question: str, editor: LanguageServer
) -> None:
    for kind in get_args(Kind):
        path = tmp_path / kind / "tokyo-taxation" / f"{NAME}.yaml"
        _write_and_try(app, path, kind, language, question, editor)


def _write_and_try(
    app: Flask, path: Path, kind: str, language: str, question: str, editor: LanguageServer
) -> None:
    paid = kind not in ("lottery", "notification")
    fee, each, extra = (["300"], ["500"], ["2000"]) if paid else ([], [], [])
    rest = ["備品 / Equipment", *each, question, *(extra if question else []), "y"]
    said = new(app, NAME, language, "犬: 登録 / Dogs", "tokyo-taxation", "tax", kind, *fee, *rest, out=path)
    assert f"written: {path}" in said
    checked = run(app, "check", path)
    assert checked.exit_code == 0, checked.output
    assert [line for line in checked.output.splitlines() if "translated" not in line] == []
    tested = run(app, "test", path)
    count = 3 if question else 2
    assert tested.output.endswith(f"{count} of {count} examples passed\n"), tested.output
    assert editor.problems(path, path.read_text()) == []
    first = path.read_text().partition("\n")[0].removeprefix(SWITCH)
    assert (path.parent / first).resolve().exists()


def test_the_fee_has_a_line_for_each_amount(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / f"{NAME}.yaml"
    asked = ["permit", "1,000円", "備品", "500", "配達しますか", "2000", ""]
    new(app, NAME, "ja", "備品", "mihon-urban", "advertising", *asked, out=path)
    written = path.read_text()
    assert written.count("    when: wanted\n") == 1
    for line in (
        "{label: 手数料, amount: 1000}",
        '{label: 備品, amount: "500 * len(items)"}',
        "{label: 追加の手数料, amount: 2000, when: wanted}",
    ):
        assert f"    - {line}\n" in written
    fees = [line.split("fee: ")[1] for line in written.splitlines() if "expect:" in line]
    assert fees == ["4000}", "2000}"]


def test_what_it_writes_is_soon_read_and_names_no_thing_in_the_plural(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / "saplings.yaml"
    asked = ["booking", "", "苗木 / Saplings", "300", "支柱は要りますか / Do you want stakes?", "800", ""]
    new(app, "saplings", "ja,en", "苗木の配布 / Saplings", "mihon-urban", "advertising", *asked, out=path)
    written = path.read_text()
    assert len("".join(written.split())) < 2900
    assert "label: {ja: 種類, en: Kind}" in written
    assert "title: {ja: 苗木の配布（見本）, en: " in written


def test_texts_are_asked_for_on_one_line_or_one_by_one(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / f"{NAME}.yaml"
    where = ["mihon-urban", "advertising", "notification"]
    said = new(app, NAME, "ja,en", "犬／Dogs", *where, "犬/猫", "Pets", "", "", out=path)
    assert "Title that people read (ja / en)" in said
    assert "The same in en" in said
    assert "title: {ja: 犬, en: Dogs}" in path.read_text()
    assert "label: {ja: 犬/猫, en: Pets}" in path.read_text()
    assert "its rows will be called 'Pets 1', 'Pets 2'" in said
    assert "each row is called 'Pets 1'" in run(app, "check", path).output


def test_it_asks_again_and_writes_over_nothing(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / f"{NAME}.yaml"
    said = new(
        app,
        "Dog Registration",
        NAME,
        "xx",
        "en",
        "Dogs",
        "mihon-urban",
        "advertising",
        "permit",
        "",
        "",
        "",
        "",
        out=path,
    )
    assert "write lower-case words joined by hyphens" in said
    assert "eligibility" not in path.read_text()
    assert "\nfee:" not in path.read_text()
    assert run(app, "check", path).exit_code == 0
    assert run(app, "test", path).output.endswith("1 of 1 examples passed\n")
    assert new(app, NAME, "en", "Dogs", "mihon-urban", out=path).endswith(f"Error: {path} is already there\n")


def test_what_it_writes_says_how_to_go_on(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mihon-urban" / f"{NAME}.yaml"
    said = new(
        app, NAME, "ja", "犬の登録", "mihon-urban", "advertising", "certificate", "", "", "", "", out=path
    )
    assert "mihon-urban        都市整備部\n" in said
    assert "one clerk looks at it and issues the certificate" in said
    for command in ("preview", "check", "test"):
        assert f": flask --app wsgi procedures {command} {path}\n" in said
    assert "    title: 犬の登録（見本）\n" in path.read_text()


@pytest.fixture
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of one organisation that has no procedure yet."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "organisations.yaml").write_text(ORGANISATIONS)
    kept = app.extensions["madoguchi"]
    changed = replace(kept, settings=kept.settings.model_copy(update={"catalogue_dir": folder}))
    monkeypatch.setitem(app.extensions, "madoguchi", changed)
    return folder


ORGANISATIONS = """\
# Written by hand.
organisations:
  - id: mihon
    title: {ja: 見本市, en: Mihon}
    desks: {counter: {ja: 窓口, en: Counter}}   # the only one
    departments:
      samples:
        ja: 見本課
        en: Samples
    # how to reach it
    contact: {email: mihon@example.invalid}
"""


def test_a_department_and_a_desk_that_are_not_there_are_added(app: Flask, folder: Path) -> None:
    answers = ["公園課", "parks", "y", "公園課", "Parks", "gardens", "y", "農園: 担当", "Gardens"]
    said = new(app, NAME, "ja,en", "犬", "Dogs", *answers, "permit", "", "", "", "")
    assert "write an id in lower-case letters, e.g. city-parks" in said
    file = folder / "parks" / f"{NAME}.yaml"
    assert run(app, "check", file).exit_code == 0
    assert run(app, "test", file).exit_code == 0
    assert (folder / "organisations.yaml").read_text() == ORGANISATIONS.replace(
        "en: Counter}}", 'en: Counter}, gardens: {ja: "農園: 担当", en: "Gardens"}}'
    ).replace("en: Samples\n", 'en: Samples\n      parks: {ja: "公園課", en: "Parks"}\n')


def test_a_new_department_has_a_desk_of_its_own(app: Flask, folder: Path) -> None:
    answers = ["city-parks", "y", "公園課 / Parks", "", "permit", "", "", "", ""]
    said = new(app, NAME, "ja,en", "犬 / Dogs", *answers)
    assert "e.g. gardens [city_parks]: " in said
    assert [line for line in said.splitlines() if "organisations.yaml" in line] == [
        f"added to {folder / 'organisations.yaml'}: the department city-parks, the desk city_parks"
    ]
    assert run(app, "check", folder / "city-parks" / f"{NAME}.yaml").exit_code == 0
    written = (folder / "organisations.yaml").read_text()
    assert 'city_parks: {ja: "公園課", en: "Parks"}' in written
    assert 'city-parks: {ja: "公園課", en: "Parks"}' in written


def test_the_names_that_are_shown_are_answers(app: Flask, folder: Path) -> None:
    said = new(app, NAME, "ja", "犬", "見本課", "Counter", "permission", "", "", "", "")
    assert f"written: {folder / 'samples' / NAME}.yaml" in said


def test_giving_up_leaves_nothing(app: Flask, folder: Path) -> None:
    said = new(app, NAME, "ja", "犬", "parks", "y", "公園課", "gardens", "y", "農園", "permit", "100")
    assert "Aborted" in said
    assert (folder / "organisations.yaml").read_text() == ORGANISATIONS
    assert not (folder / "parks").exists()


def test_what_is_not_agreed_to_is_not_added(app: Flask, folder: Path) -> None:
    new(app, NAME, "ja", "犬", "parks", "n", "samples", "counter", "permit", "", "", "", "")
    assert (folder / "samples" / f"{NAME}.yaml").exists()
    assert (folder / "organisations.yaml").read_text() == ORGANISATIONS
