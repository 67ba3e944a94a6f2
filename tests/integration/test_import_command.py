"""`flask procedures import`: a form of another program on the command line, up to people who fill it in."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from accounts import organisations
from core.context import Context
from procedures import versions
from procedures.loader import load
from tests.factories.applications import TOKYO
from tests.factories.forms import FOLDER, SAMPLES, sample
from tests.integration.test_procedure_commands import CATALOGUE, run
from web.app import create_app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A department's folder in a catalogue of its own."""
    made = tmp_path / "catalogue" / "mihon-urban"
    made.mkdir(parents=True)
    (made.parent / "organisations.yaml").write_text((CATALOGUE / "organisations.yaml").read_text())
    return made


def bring(app: Flask, source: Path, out: Path, *more: str | Path) -> Result:
    return run(app, "import", source, "--out", out, "--department", "mihon-urban", *more)


@pytest.mark.parametrize(("name", "format"), SAMPLES.items())
def test_every_sample_passes_check_with_its_to_dos(app: Flask, folder: Path, name: str, format: str) -> None:
    out = folder / f"{name.partition('.')[0]}.yaml"
    said = bring(app, FOLDER / f"{name}.json", out)
    assert said.exit_code == 0, said.output
    assert said.output.startswith(f"written: {out} ({format}, ")
    for part in ("\nleft out:\n", "\ncarried over, but not as it was:\n", "\nto do:\n", "\nrenamed:\n"):
        assert part in said.output
    checked = run(app, "check", out)
    assert checked.exit_code == 0, checked.output
    assert ": warning: to do: the law, the usual time of processing" in checked.output
    assert len(re.findall(": warning: to do: ", checked.output)) == out.read_text().count("# TODO: ")


def test_the_catalogue_is_where_it_lies_without_a_place(folder: Path, embedded_ctx: Context) -> None:
    own = create_app(embedded_ctx.settings.model_copy(update={"catalogue_dir": folder.parent}))
    form = FOLDER / "allotment.schema.json"
    said = run(own, "import", form, "--name", "allotment", "--department", "mihon-urban")
    assert said.exit_code == 0, said.output
    found = load(folder / "allotment.yaml").procedure
    desks = next(one.desks for one in organisations.read(folder.parent) if "mihon-urban" in one.departments)
    assert (found.procedure, found.department, found.desk) == ("allotment", "mihon-urban", next(iter(desks)))


def test_a_place_outside_the_department_is_remarked(app: Flask, tmp_path: Path) -> None:
    said = bring(app, FOLDER / "allotment.schema.json", tmp_path / "allotment.yaml")
    assert said.exit_code == 0
    assert "put it into mihon-urban" in said.stderr


def test_nothing_is_written_over(app: Flask, folder: Path) -> None:
    out = folder / "event.yaml"
    out.write_text("mine")
    refused = bring(app, FOLDER / "street-event.xgov.json", out)
    assert refused.output == f"Error: {out} is already there; --force writes over it\n"
    assert (refused.exit_code, out.read_text()) == (1, "mine")
    assert bring(app, FOLDER / "street-event.xgov.json", out, "--force").exit_code == 0
    assert out.read_text() != "mine"


def test_an_archive_as_open_forms_exports_it(app: Flask, folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as written:
        for part, content in sample("parking-permit.open-forms").items():
            written.writestr(f"{part}.json", json.dumps(content))
    said = bring(
        app, archive, folder / "parking.yaml", "--language", "en", "--kind", "permit", "--format", "json"
    )
    report = json.loads(said.output)
    assert (report["format"], report["pages"], report["files"]) == ("formio", 3, 1)
    assert {note["sort"] for note in report["notes"]} == {"left out", "changed", "to do"}
    assert load(folder / "parking.yaml").procedure.kind == "permit"


def test_mistakes_are_said_in_a_sentence(app: Flask, folder: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.json"
    out = folder / "form.yaml"
    for content, says in (
        ("{", "Error: form.json is not JSON: "),
        ("{}", "Error: it looks like none of the known formats: "),
        (
            '{"pages": [{"path": "/a"}], "sections": []}',
            "Error: there is no question in it that could be carried over",
        ),
    ):
        form.write_text(content)
        said = bring(app, form, out)
        assert (said.exit_code, said.output.startswith(says)) == (1, True), said.output
        assert not out.exists()
    sample_form = FOLDER / "street-event.xgov.json"
    assert (
        "no department named 'nobody'; known: "
        in run(app, "import", sample_form, "--department", "nobody").output
    )
    assert "no desk named 'nobody'; known: " in bring(app, sample_form, out, "--desk", "nobody").output
    assert "is not named like the procedure" in bring(app, sample_form, folder / "A form.yaml").output
    assert "there is no question in it" in bring(app, sample_form, out, "--from", "formio").output


TYPED: dict[str, dict[str, Any]] = {
    "street-event.xgov": {
        "are_you_a_club_or_a_person": "club", "age_of_the_organiser": "30",
        "club_name": "見本クラブ", "club_code": "", "member_count": "12",
        "home_address-postcode": "1638001", "home_address-prefecture": "東京都", "home_address-city": "新宿区",
        "home_address-street": "西新宿2丁目8番1号", "phone_no": "", "mail": "taro@example.invalid",
        "event_day-era": "ce", "event_day-year": "2099", "event_day-month": "5", "event_day-day": "1",
        "starts_at": "10:00", "kinds": ["food", "else"], "else_text": "見本", "closes_road": "no", "visitors": "100",
        "stall-0-stall_owner": "見本 太郎", "stall-0-stall_food": "見本", "stall-0-uses_gas": "no", "stall-rows": "0",
        "sponsor": "",
    },
    "childcare.formio": {
        "family_name": "見本", "given_name": "太郎", "kana": "みほん", "email": "taro@example.invalid", "phone": "",
        "address-postcode": "1638001", "address-prefecture": "東京都", "address-city": "新宿区",
        "address-street": "西新宿2丁目8番1号", "children-rows": "0", "children-0-name": "見本 花子",
        "children-0-birthday-era": "ce", "children-0-birthday-year": "2018", "children-0-birthday-month": "5",
        "children-0-birthday-day": "1", "children-0-grade": "2", "days": ["mon"], "pick_up": "17:00",
        "reason": "work", "employer": "見本商店", "hours": "37.5", "income": "3000000",
        "consent": "yes", "signature-typed": "見本 太郎",
    },
    "parking-permit.open-forms": {
        "voornamen": "太郎", "achternaam": "見本", "geboortedatum-era": "ce", "geboortedatum-year": "1990",
        "geboortedatum-month": "5", "geboortedatum-day": "1", "adres-postcode": "1638001", "adres-prefecture": "東京都",
        "adres-city": "新宿区", "adres-street": "西新宿2丁目8番1号", "e_mailadres": "taro@example.invalid",
        "iban-bank": "0001", "iban-branch": "001", "iban-kind": "ordinary", "iban-number": "0012345",
        "iban-holder": "ミホン タロウ", "kenteken-region": "品川", "kenteken-category": "300", "kenteken-kana": "さ",
        "kenteken-number": "1234", "soort": "bewoner",
    },
    "allotment.schema": {
        "name": "見本 太郎", "born-era": "ce", "born-year": "1990", "born-month": "5", "born-day": "1",
        "email": "taro@example.invalid", "postcode": "1638001", "line": "西新宿2丁目8番1号",
        "household_size": "3", "garden": "other", "which_garden": "見本農園", "plots-rows": "0",
        "plots-0-plots_item": "7",
        "starts_on-era": "ce", "starts_on-year": "2030", "starts_on-month": "4", "starts_on-day": "1", "agrees": "yes",
    },
}  # fmt: skip
PAGES = {
    "street-event.xgov": ["who_are_you", "club", "contact", "when", "what", "stalls", "files"],
    "childcare.formio": ["parent", "child", "work", "papers"],
    "parking-permit.open-forms": ["gegevens", "auto"],
    "allotment.schema": ["applicant", "questions"],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_people_fill_the_pages_in(app: Flask, catalogue: Context, tmp_path: Path, name: str) -> None:
    out = tmp_path / "tokyo-taxation" / f"{name.partition('.')[0]}.yaml"
    assert run(app, "import", FOLDER / f"{name}.json", "--out", out).exit_code == 0
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, load(out), "command")
    visitor = app.test_client()
    visitor.set_cookie("language", "en")
    place = visitor.post(f"/{TOKYO}/{out.stem}/start").location
    asked = []
    while not place.endswith(("/attachments", "/check")):
        asked.append(place.rpartition("/")[2])
        assert visitor.get(place).status_code == 200
        answer = visitor.post(place, data=TYPED[name] | {"do": "next"})
        assert answer.status_code == 303, re.findall(r'<a href="#[^>]*>[^<]*', answer.text)
        place = answer.location
    assert asked == PAGES[name]
    assert visitor.get(place).status_code == 200


def test_whoever_a_page_turned_away_may_not_apply(app: Flask, catalogue: Context, tmp_path: Path) -> None:
    out = tmp_path / "tokyo-taxation" / "event.yaml"
    assert run(app, "import", FOLDER / "street-event.xgov.json", "--out", out).exit_code == 0
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, load(out), "command")
    visitor = app.test_client()
    first = visitor.post(f"/{TOKYO}/event/start").location
    young = TYPED["street-event.xgov"] | {"age_of_the_organiser": "17", "do": "next"}
    answer = visitor.post(first, data=young, follow_redirects=True)
    assert "Please ask somebody older" in answer.text
