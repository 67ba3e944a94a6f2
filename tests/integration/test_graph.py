"""Procedures as pictures, drawn by Graphviz itself."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

from core.settings import ROOT
from procedures import graph
from procedures.compiling import with_translations
from procedures.loader import load
from tests.factories.definitions import CERTIFICATE, changed
from tests.integration.test_procedure_commands import app, run

__all__ = ["app"]

FILES = sorted((ROOT / "procedures" / "catalogue").glob("*/*.yaml"))


def drawn(svg: str) -> tuple[ElementTree.Element, str]:
    root = ElementTree.fromstring(svg.partition("?>")[2])  # noqa: S314
    return root, " ".join("".join(text.itertext()).strip() for text in root.iter(f"{{{graph.SVG}}}text"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_page_and_state_of_the_catalogue_is_drawn(path: Path) -> None:
    procedure = load(path).procedure
    root, text = drawn(graph.svg(procedure))
    for page in procedure.pages:
        assert str(page.title) in text
    for state in procedure.workflow.states.values():
        assert str(state.label) in text
    arrows = sum(each.get("class") == "edge" for each in root.iter())
    assert arrows >= len(procedure.pages) + len(procedure.workflow.states) - 2


def test_conditions_stand_on_the_arrows() -> None:
    condition = "age(born, today) &lt; 15 and purpose == 'a &amp; b'"
    written = condition.replace("&lt;", "<").replace("&amp;", "&").replace("purpose", "name.family")
    source = changed(('    when: "age(born, today) >= 15"', f'    when: "{written}"'))
    _, text = drawn(graph.svg(load(source).procedure))
    assert "age(born, today) < 15 and name.family ==" in text
    assert "具体的に [purpose == 'other']" in text
    assert "of_age: applicant_age >= 15" in text
    assert "by reviewer" in text


def test_it_can_be_heard() -> None:
    root, _ = drawn(graph.svg(load(CERTIFICATE).procedure))
    assert (root.get("role"), root.get("aria-labelledby"), root.get("lang")) == ("img", "title desc", "ja")
    title, description = root[0], root[1]
    assert (title.get("id"), title.text) == ("title", "見本証明の申請")
    assert "Page 通数 [age(born, today) >= 15]." in str(description.text)
    assert "→ 承認" in str(description.text)
    titles = {each.text for each in root.iter(f"{{{graph.SVG}}}title")}
    assert "あなたについて" in titles
    assert not any("&" in str(each) for each in titles)


def test_in_another_language_by_the_command(app: Flask, tmp_path: Path) -> None:
    path = FILES[-1]
    result = run(app, "graph", path, "--language", "ja-simple", "--out", tmp_path / "picture.svg")
    assert result.exit_code == 0, result.output
    root, text = drawn((tmp_path / "picture.svg").read_text())
    assert root.get("lang") == "ja-simple"
    page = with_translations(load(path).procedure).pages[0]
    assert "{" not in text
    assert page.title.phrase("ja-simple").language == "ja-simple"


def test_without_graphviz_it_is_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = run(app, "graph", FILES[0])
    assert result.output == "Error: Graphviz is not installed: apt-get install graphviz\n"


def test_no_arrow_between_pages_that_exclude_each_other() -> None:
    source = changed(
        ("    title: 世帯\n", "    title: 世帯\n    when: lives_alone\n"),
        ('    when: "age(born, today) >= 15"', "    when: not lives_alone"),
        (
            "      - {id: email, type: email}",
            "      - {id: email, type: email}\n      - {id: lives_alone, type: yes_no, label: ひとり}",
        ),
    )
    root, _ = drawn(graph.svg(load(source).procedure))
    arrows = {each[0].text for each in root.iter() if each.get("class") == "edge"}
    assert "household_page → copies" not in arrows
    assert " → copies" in arrows
