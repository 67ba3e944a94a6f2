"""Each format of forms becomes a procedure with its questions, conditions and files, and says what was lost."""

import json
from typing import Any

import pytest

from forms.fields.group import GroupField
from procedures.definition import Procedure
from procedures.expressions import Expression
from procedures.importing import Imported, NotImported
from procedures.importing.convert import formats
from tests.factories.forms import SAMPLES, field_of, imported, notes_of, procedure_of, sample


def when_of(procedure: Procedure, id: str) -> str:
    page, field = procedure.page(id), None if procedure.page(id) else field_of(procedure, id)
    found = page.when if page else field.when if field else None
    return found.source if isinstance(found, Expression) else ""


def lost_without(made: Imported, said: list[str]) -> list[str]:
    """Which of `said` the report does not say among what is left out."""
    lost = "\n".join(notes_of(made, "left out"))
    return [each for each in said if each not in lost]


def test_every_format_has_a_sample_and_recognises_no_other() -> None:
    assert set(SAMPLES.values()) == set(formats())
    for name, format in SAMPLES.items():
        assert [each.name for each in formats().values() if each.resembles(sample(name))] == [format]


@pytest.mark.parametrize(("name", "format"), SAMPLES.items())
def test_every_sample_is_recognised_and_passes_the_checks(name: str, format: str) -> None:
    made = imported(sample(name))
    assert made.format == format
    assert made.questions >= 20
    assert [note.sort for note in made.notes if note.path == "law"] == ["to do"]


def test_a_govuk_form_becomes_pages_with_conditions() -> None:
    procedure = procedure_of(imported(sample("street-event.xgov")))
    assert [page.id for page in procedure.pages] == [
        "who_are_you", "club", "person", "contact", "when", "late", "what", "stalls", "files",
    ]  # fmt: skip
    assert when_of(procedure, "club") == "are_you_a_club_or_a_person == 'club'"
    assert when_of(procedure, "person") == "not (are_you_a_club_or_a_person == 'club')"
    assert when_of(procedure, "contact") == ""
    assert when_of(procedure, "late") == "days(today, event_day) < 14"
    assert when_of(procedure, "else_text") == "'else' in kinds"
    types = {field.id: field.type for field in procedure.fields()}
    assert types["age_of_the_organiser"] == "number"
    assert (types["set_up"], types["starts_at"], types["home_address"]) == ("datetime", "time", "address")
    stall = field_of(procedure, "stall")
    assert isinstance(stall, GroupField)
    assert (stall.repeat.min, stall.repeat.max, len(stall.fields)) == (1, 10, 3)


def test_what_stands_beside_the_pages_of_a_govuk_form() -> None:
    made = imported(sample("street-event.xgov"))
    procedure = procedure_of(made)
    [refusal] = procedure.eligibility
    assert refusal.when.source == "not (age_of_the_organiser < 18)"
    assert "Please ask somebody older" in str(refusal.otherwise)
    assert [page.id for page in procedure.pages if page.eligibility] == ["who_are_you"]
    assert procedure.fee is not None
    assert [(item.amount.source, item.when and item.when.source) for item in procedure.fee.items] == [
        ("0", None),
        ("0", "closes_road or visitors == '9999' and not ('music' in kinds)"),
        ("0 * member_count", "are_you_a_club_or_a_person == 'club'"),
    ]
    [plan] = procedure.attachments
    assert (plan.id, plan.accept, plan.max_files) == ("site_plan", ("pdf", "jpeg"), 3)
    assert [str(each.text) for each in procedure.declarations] == ["What I have said is true."]
    said = [
        "FlyingCarpetField 'oldId'",
        "at most 100 words",
        "^[A-Z]{2}[0-9]{4}$",
        "application/msword",
        "outputs",
    ]
    assert lost_without(made, said) == []
    assert "not-a-key" not in made.text + str(made.notes)
    assert "events@example.invalid" not in made.text + str(made.notes)
    assert ("QwErTy", "are_you_a_club_or_a_person") in made.renamed


def test_a_form_that_only_sends_people_on_refuses_nobody() -> None:
    question = {"type": "YesNoField", "name": "wild", "title": "Is it wild?"}
    yes = {"name": "yes", "value": {"name": "yes", "conditions": [
        {"field": {"name": "wild", "type": "YesNoField"}, "operator": "is", "value": {"value": "true"}}]}}  # fmt: skip
    ends = [
        {"path": f"/{name}", "title": name, "components": [{"type": "Para", "content": f"Use form {name}."}]}
        for name in ("one", "two")
    ]
    ways = [{"path": "/one", "condition": "yes"}, {"path": "/two"}]
    first = {"path": "/first", "title": "First", "components": [question], "next": ways}
    procedure = procedure_of(imported({"startPage": "/first", "pages": [first, *ends], "conditions": [yes]}))
    assert procedure.eligibility == ()
    assert [when_of(procedure, id) for id in ("one", "two")] == ["wild", "not (wild == true)"]


def test_repeated_pages_and_inputs_without_names_become_groups() -> None:
    first = {"type": "TextField", "name": "first_name", "title": "First name"}
    container = {"type": "TextField", "name": "Container", "title": "Person you live with"}
    link = {"type": "WebsiteField", "title": "Link", "schema": {}}
    several = {"type": "MultiInputField", "title": "Web and social media", "children": [link]}
    pages = [
        {"path": "/name", "title": "Name", "components": [first], "controller": "RepeatingSectionPageController",
         "next": [{"path": "/repeating"}]},
        {"path": "/repeating", "title": "Anybody else?", "controller": "RepeatingSectionSummaryPageController",
         "components": [container], "next": [{"path": "/links"}]},
        {"path": "/links", "title": "Links", "components": [several], "next": [{"path": "/summary"}]},
        {"path": "/summary", "title": "Summary", "controller": "./pages/summary.js", "components": [], "next": []},
    ]  # fmt: skip
    made = imported({"startPage": "/name", "pages": pages, "sections": []})
    asked = {field.id: [inner.id for inner in field.subfields()] for field in procedure_of(made).fields()}
    assert asked == {"name": ["first_name"], "web_and_social_media": ["link"]}


def test_words_in_braces_are_no_fields_of_the_document() -> None:
    field = {"type": "textfield", "key": "name", "label": "Name"}
    made = imported({"title": "Apply {now}\nhere", "components": [field]}, kind="permit")
    assert str(procedure_of(made).issue[0].title) == "Apply (now) here (sample)"


def test_conditions_of_the_second_version_of_the_govuk_format() -> None:
    kinds = [{"id": "i1", "text": "Horse", "value": "horse"}, {"id": "i2", "text": "A dog", "value": "a dog"}]
    animal = {"id": "c1", "type": "CheckboxesField", "name": "animals", "title": "Animals", "list": "l1"}
    born = {
        "id": "c2",
        "type": "DatePartsField",
        "name": "born",
        "title": "Born",
        "options": {},
        "schema": {},
    }
    listed = {"listId": "l1", "itemId": "i2"}
    dog = {"componentId": "c1", "operator": "contains", "type": "ListItemRef", "value": listed}
    span = {"period": 18, "unit": "years", "direction": "past"}
    old = {"componentId": "c2", "operator": "is at least", "type": "RelativeDate", "value": span}
    called = {"type": "TextField", "name": "dogName", "title": "Its name"}
    sorry = {"type": "Markdown", "content": "Sorry"}
    end = {"controller": "TerminalPageController", "condition": "k2", "components": [sorry]}
    form = {
        "engine": "V2",
        "schema": 2,
        "name": "Animals",
        "pages": [
            {"id": "p1", "path": "/animals", "title": "Animals", "components": [animal, born], "next": []},
            {"id": "p2", "path": "/dog", "title": "Dog", "condition": "k1", "components": [called]},
            {"id": "p3", "path": "/no", "title": "No", **end},
        ],
        "lists": [{"id": "l1", "name": "kinds", "title": "Kinds", "type": "string", "items": kinds}],
        "conditions": [
            {"id": "k1", "displayName": "dog", "items": [dog, old], "coordinator": "or"},
            {"id": "k2", "displayName": "old", "items": [old]},
        ],
    }
    procedure = procedure_of(imported(form))
    assert when_of(procedure, "dog") == "'a_dog' in animals or years(born, today) >= 18"
    assert [rule.when.source for rule in procedure.eligibility] == ["not (years(born, today) >= 18)"]


def test_a_form_io_wizard_becomes_pages() -> None:
    made = imported(sample("childcare.formio"))
    procedure = procedure_of(made)
    assert [page.id for page in procedure.pages] == ["parent", "child", "work", "papers"]
    children = field_of(procedure, "children")
    assert isinstance(children, GroupField)
    assert [field.type for field in children.fields] == ["text", "date", "choice", "consent", "long_text"]
    expected = {
        "allergy": "has_allergy",
        "saturday": "'sat' in days",
        "employer": "reason == 'work'",
        "hours": "reason == 'work'",
        "other_reason": "reason == 'other' or 'sat' in days and hours > 40",
        "second_name": "not (reason == 'illness')",
        "papers": "not (reason == 'other')",
        "odd": "",
    }
    assert {id: when_of(procedure, id) for id in expected} == expected
    types = {field.id: field.type for field in procedure.fields()}
    assert (types["income"], types["signature"], types["nicknames"]) == ("money", "drawn", "group")
    [certificate] = procedure.attachments
    assert certificate.accept == ("pdf", "jpeg", "png", "heic")
    assert (certificate.max_size, certificate.when and certificate.when.source) == (
        "10 MB",
        "not (reason == 'other')",
    )
    assert str(field_of(procedure, "again").label) == "姓 (2)"
    said = [
        "hidden 'token'",
        "'school' without options",
        "'photo' in a repeating group",
        "components[9]: its condition",
    ]
    assert lost_without(made, said) == []


def test_an_export_of_open_forms_has_its_steps_in_order_and_its_logic() -> None:
    made = imported(sample("parking-permit.open-forms"))
    procedure = procedure_of(made)
    assert str(procedure.title) == "Parking permit (sample)"
    assert [(page.id, str(page.title)) for page in procedure.pages] == [
        ("gegevens", "About you"), ("auto", "Your car"), ("gasten", "Visitors"),
    ]  # fmt: skip
    expected = {
        "kvk": "soort == 'bedrijf'",
        "reden": "not (soort == 'bedrijf')",
        "lader": "elektrisch",
        "gasten": "soort == 'bezoek'",
        "tot": "'ma' in dagen",
    }
    assert {id: when_of(procedure, id) for id in expected} == expected
    types = {field.id: field.type for field in procedure.fields()}
    assert (types["kenteken"], types["iban"], types["gezin"]) == ("license_plate", "bank_account", "group")
    assert [field.type for field in field_of(procedure, "gezin").subfields()] == ["person_name", "date"]
    said = [
        "bsn",
        "cosign",
        "disable-next",
        "filled in from a register",
        "variable 'leeftijd'",
        "minDate",
        "signing in",
    ]
    assert lost_without(made, said) == []
    assert "(whole form): some texts are not in en" in "\n".join(notes_of(made, "changed"))


def test_texts_keep_the_languages_that_the_platform_has() -> None:
    title = {"en": "Dogs", "ja": "犬", "cy": "Cŵn"}
    page = {
        "path": "/a",
        "title": title,
        "components": [{"type": "TextField", "name": "name", "title": title}],
    }
    made = imported({"name": title, "startPage": "/a", "pages": [page], "sections": []}, language="ja")
    assert procedure_of(made).title.as_dict() == {"ja": "犬", "en": "Dogs"}
    assert str(procedure_of(made).pages[0].title) == "犬"
    assert procedure_of(made).pages[0].title.as_dict() == {"ja": "犬", "en": "Dogs"}
    assert "(whole form): texts in languages that this platform does not have: cy" in notes_of(
        made, "left out"
    )


def test_a_json_schema_becomes_pages_groups_and_files() -> None:
    made = imported(sample("allotment.schema"))
    procedure = procedure_of(made)
    assert (made.language, str(procedure.summary)) == ("ja", "市民農園の区画を借りるための申込みです。")
    assert [page.id for page in procedure.pages] == ["applicant", "questions"]
    expected = {
        "which_garden": "garden == 'other'",
        "large_family": "household_size >= 5",
        "years": "answered(experience)",
        "guardian": "is_child",
    }
    assert {id: when_of(procedure, id) for id in expected} == expected
    types = {field.id: field.type for field in procedure.fields()}
    asked = (
        "born",
        "email",
        "tel",
        "garden",
        "plots",
        "tools",
        "meeting",
        "call_at",
        "site",
        "experience",
        "agrees",
    )
    assert [types[id] for id in asked] == [
        "date", "email", "phone", "choice", "group", "choices", "datetime", "time", "url", "yes_no", "consent",
    ]  # fmt: skip
    assert [field.id for field in procedure.fields() if field.required][:3] == ["name", "born", "email"]
    assert [attachment.id for attachment in procedure.attachments] == ["plan"]
    said = [
        "refers to itself",
        "'version'",
        "'secret'",
        "multiples of 0.5",
        "'plots' is required under a condition",
    ]
    assert lost_without(made, said) == []


def test_the_react_form_way_of_dependencies() -> None:
    pet = {"type": "string", "title": "Pet", "enum": ["cat", "dog"]}
    branches = [
        {"properties": {"pet": {"enum": ["cat"]}}},
        {
            "properties": {"pet": {"enum": ["dog"]}, "size": {"type": "integer", "title": "Size"}},
            "required": ["size"],
        },
    ]
    schema = {"type": "object", "properties": {"pet": pet}, "dependencies": {"pet": {"oneOf": branches}}}
    made = imported({"schema": {**schema, "title": "Pets"}, "uiSchema": {}})
    assert when_of(procedure_of(made), "size") == "pet == 'dog'"


@pytest.mark.parametrize(
    "data",
    [
        None,
        1,
        "x",
        [],
        {},
        [1],
        {"pages": [1]},
        {"openapi": "3.1.0", "paths": {}},
        {"type": "FeatureCollection"},
    ],
)
def test_what_is_no_form_is_refused_with_the_formats_that_are_known(data: Any) -> None:
    with pytest.raises(NotImported, match=r"formio \(Form.io and Open Forms\), json-schema .*--from"):
        imported(data)


@pytest.mark.parametrize("format", ["xgov", "formio", "json-schema"])
@pytest.mark.parametrize(
    "data", [None, 1, "x", [], {}, [1], {"pages": [{"path": "/a"}]}, {"components": [{}]}]
)
def test_a_form_without_questions_is_refused(data: Any, format: str) -> None:
    with pytest.raises(NotImported, match=r"no question|no pages"):
        imported(data, format)


def test_a_faulty_form_is_carried_over_for_its_author_to_mend() -> None:
    """Two of one name are common where nothing checks them: better a file to mend than none."""
    form = sample("parking-permit.open-forms")
    text = json.dumps(form, ensure_ascii=False).replace('"Business"', '"Resident"')
    made = imported(json.loads(text))
    assert [note for note in notes_of(made, "to do") if "have the same label" in note]
    assert procedure_of(made)
