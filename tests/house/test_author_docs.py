"""What the authors' guide and recipes show works: every piece of YAML is checked, every command exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
import yaml
from flask import Flask

from accounts.organisations import OrganisationEntry
from core.registry import registry
from core.settings import ROOT, Settings
from procedures.checks import check_file
from procedures.definition import Procedure
from web.app import create_app

DOCS = ROOT / "docs" / "authors"
PAGES = sorted(path for path in DOCS.glob("*.md") if path.name != "reference.md")
FENCE = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
PROCEDURE = """\
procedure: sample
department: samples
kind: permit
title: 見本の申請
summary: 見本です。
law: {basis: 見本条例, retention: 3 years}
desk: counter
pages:
  - id: contact
    title: 連絡先
    fields:
      - {id: email, type: email}
workflow: {uses: receipt-only}
"""
"""What a piece stands in; each of its keys gives way to the piece's own."""
LARGER = """\
pages:
  - id: about_you
    title: あなたについて
    fields:
      - {id: born, type: date, label: 生年月日}
  - id: copies
    title: 通数
    fields:
      - {id: number, type: number, label: 通数, min: 1, max: 10}
      - id: purpose
        type: choice
        label: 使いみち
        options: [{value: pension, label: 年金}, {value: other, label: その他}]
      - {id: purpose_text, type: text, label: 具体的に, when: "purpose == 'other'", required: false}
      - {id: days, type: number, label: 日数, min: 0, max: 7, required: false}
      - {id: single, type: yes_no, label: ひとり親, required: false}
      - {id: income, type: money, label: 所得, required: false}
      - {id: first_choice, type: yes_no, label: 第一希望, required: false}
computed: {applicant_age: "age(born, today)"}
fee: {when: before_review, items: [{label: 手数料, amount: "300 * number"}]}
workflow: {uses: single-review}
issue:
  - {id: certificate, title: 証明書, body: 証明します。}
"""
"""The same for the overview, whose pieces are of one procedure."""


class Piece(NamedTuple):
    """A block of YAML in a page, and what is said behind its fence."""

    page: str
    line: int
    needs: str
    text: str

    @property
    def keys(self) -> list[str]:
        """Its top-level keys."""
        return re.findall(r"^([a-z_]+):", self.text, re.MULTILINE)


def _blocks(path: Path) -> Iterator[tuple[int, str, str, str]]:
    text = path.read_text()
    for found in FENCE.finditer(text):
        indent, kind, rest, body = found.groups()
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        yield text[: found.start()].count("\n") + 1, kind, rest.strip(), "\n".join(lines) + "\n"


def _pieces() -> list[Piece]:
    return [
        Piece(path.name, line, rest, body)
        for path in PAGES
        for line, kind, rest, body in _blocks(path)
        if kind == "yaml"
    ]


PIECES = _pieces()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The command line; no database is opened."""
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("docs")))


def _known(need: str) -> bool:
    return not need or need in Procedure.model_fields or need in registry("forms.fields", "field type")


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: f"{piece.page}:{piece.line}")
def test_every_piece_of_yaml_is_right(piece: Piece, tmp_path: Path, app: Flask) -> None:
    assert _known(piece.needs), f"there is no {piece.needs} in this version"
    if "organisations" in piece.keys:
        entries = yaml.safe_load(piece.text)["organisations"]
        assert [OrganisationEntry.model_validate(entry) for entry in entries]
        return
    folder = tmp_path / "samples"
    folder.mkdir()
    complete = re.match(r"(?:#.*\n)*procedure: (\S+)", piece.text)
    for _line, kind, name, body in _blocks(DOCS / piece.page):
        if kind == "csv":
            (folder / name).write_text(body)
    path = folder / f"{complete[1] if complete else 'sample'}.yaml"
    path.write_text(piece.text if complete else _whole(piece))
    errors = [f"{piece.page}:{piece.line}: {one}" for one in check_file(path) if one.severity == "error"]
    assert errors == [], path.read_text()
    if complete:
        tested = app.test_cli_runner().invoke(args=["procedures", "test", str(path)])
        assert tested.exit_code == 0, tested.output


def _whole(piece: Piece) -> str:
    language = "en" if ".en." in piece.page else "ja"
    sample = f"language: {language}\n{PROCEDURE}"
    if language == "en":
        sample = sample.translate({ord(sign): None for sign in "。"}).replace("見本の申請", "Sample").replace(
            "見本です", "A sample").replace("見本条例", "Ordinance").replace("連絡先", "Contact")  # fmt: skip
    if piece.page.startswith("procedures."):
        sample = _without(sample, _keys(LARGER)) + LARGER
    return _without(sample, piece.keys) + piece.text


def _keys(text: str) -> list[str]:
    return re.findall(r"^([a-z_]+):", text, re.MULTILINE)


def _without(sample: str, keys: list[str]) -> str:
    parts = re.split(r"^(?=[a-z_]+:)", sample, flags=re.MULTILINE)
    return "".join(part for part in parts if part.partition(":")[0] not in keys)


def test_recipes_are_the_same_in_both_languages() -> None:
    ja, en = (
        [(piece.needs, piece.keys) for piece in PIECES if piece.page == f"recipes.{language}.md"]
        for language in ("ja", "en")
    )
    assert ja == en
    assert len(en) > 15


@pytest.mark.parametrize(("en", "ja"), [("procedures.md", "procedures.ja.md"), ("tools.md", "tools.ja.md")])
def test_both_languages_name_the_same_things(en: str, ja: str) -> None:
    """What stands first in the rows of tables, and the commands."""
    first, second = (
        {
            *re.findall(r"^\| (`[^|]+`) \|", (text := (DOCS / page).read_text()), re.MULTILINE),
            *re.findall(r"^(procedures [a-z]+)", text, re.MULTILINE),
        }
        for page in (en, ja)
    )
    assert {name.replace("、", ", ") for name in second} == first
    assert len(first) > 10


def test_every_command_that_is_named_exists(app: Flask) -> None:
    wrong = []
    for path in PAGES:
        for group, name, rest in re.findall(
            r"(?:flask --app wsgi |`)(procedures|translations|users) ([a-z-]+)([^\n`]*)", path.read_text()
        ):
            commands = app.cli.get_command(click.Context(app.cli), group).commands  # type: ignore[union-attr]
            options = {
                option for each in commands.get(name, click.Command("")).params for option in each.opts
            }
            unknown = [
                option for option in re.findall(r"--[a-z-]+", rest.partition("#")[0]) if option not in options
            ]
            if name not in commands or unknown:
                wrong.append(f"{path.name}: {group} {name} {' '.join(unknown)}")
    assert wrong == []
