"""What `check` adds to a mistake: how it is written, which id is meant now, what one row is called."""

from pathlib import Path

import pytest

from procedures.checks import check_file
from procedures.problems import DefinitionErrors
from tests.factories.definitions import changed
from tests.unit.test_checks import problems


def test_answers_that_an_example_lacks_are_those_that_it_would_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "samples" / "sample-certificate.yaml"
    path.parent.mkdir()
    page = "  - id: more\n    title: その他\n    when: school\n    fields: [{id: far, type: yes_no, label: 遠方}]\n"
    asked = "      - {id: school, type: yes_no, label: 学校}\n" + page
    path.write_text(
        changed(
            ("max_length: 100}\ncomputed:", "max_length: 100}\n" + asked + "computed:"),
            ("      number: 2\n", "      number: 2\n      pupil: no\n"),
        )
    )
    found = next(each for each in check_file(path) if each.text == "unknown field 'pupil'")
    assert found.hint.endswith("without an answer here: school")


@pytest.mark.parametrize("wrong", ["name > 3", "any(x > 1 for x in near)", "age(email, today) > 3", "gone"])
def test_a_condition_that_is_wrong_does_not_keep_the_examples_from_being_read(
    wrong: str, tmp_path: Path
) -> None:
    path = tmp_path / "samples" / "sample-certificate.yaml"
    path.parent.mkdir()
    near = "      - {id: email, type: email}"
    path.write_text(
        changed(
            (near, f"{near}\n      - {{id: near, type: yes_no, label: 近所}}"),
            ("\"purpose == 'other'\"", f'"{wrong}"'),
            ("      number: 2\n", "      number: 2\n      pupil: no\n      near: yes\n"),
        )
    )
    found = {each.text: each for each in check_file(path)}
    assert "unknown field 'pupil'" in found
    assert any(each.line == path.read_text().split(wrong)[0].count("\n") + 1 for each in found.values())


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        (
            "pickup",
            "where you changed the id of a question, change it here, too; it could be: close_by, wanted",
        ),
        ("close", "did you mean 'close_by'?"),
        (
            "why == 'pension'",
            "where you changed the id of a question, change it here, too; it could be: purpose",
        ),
        (
            "pieces > 3",
            "where you changed the id of a question, change it here, too; it could be: applicant_age, ",
        ),
        ("why == 'nothing'", ""),
        (
            "not pickup",
            "where you changed the id of a question, change it here, too; it could be: close_by, wanted",
        ),
        ("today() > born", "write today, without brackets after it"),
        ("born() > today", "write born, without brackets after it"),
        ("born < tomorrow", "write add_days(today, 1)"),
    ],
)
def test_a_name_that_is_gone_has_a_hint_at_those_that_fit(written: str, hint: str) -> None:
    more = ("close_by", "wanted")
    fields = "".join(f"\n      - {{id: {id}, type: yes_no, label: {id}}}" for id in more)
    source = changed(
        ("      - {id: email, type: email}", "      - {id: email, type: email}" + fields),
        ('when: "number > 5"', f'when: "{written}"'),
    )
    found = next(each for each in problems(source) if each.code in ("unknown-name", "unknown-function"))
    assert str(found.hint).startswith(hint)
    assert bool(found.hint) == bool(hint)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("today()", "write today, without brackets after it"),
        ("now", "write today"),
        ("今日", "write today"),
        ("date.today()", "write today"),
        ("today + 3 days", "write add_days(today, 3)"),
        ("+3 days", "write add_days(today, 3)"),
        ("2 weeks later", "write add_days(today, 14)"),
        ("3 months ago", "write add_months(today, -3)"),
        ("1年前", "write add_months(today, -12)"),
        ("2か月後", "write add_months(today, 2)"),
    ],
)
def test_a_day_counted_from_today_has_a_hint_how_it_is_written(written: str, hint: str) -> None:
    source = changed(("label: 生年月日}", f"label: 生年月日, max: {written}}}"))
    try:
        found = problems(source)
    except DefinitionErrors as errors:
        found = list(errors.problems)
    assert [str(each.hint) for each in found if each.severity == "error"] == [hint]


@pytest.mark.parametrize(
    ("label", "one"),
    [
        ("Meeting rooms", "Meeting room"),
        ("Copies", "Copy"),
        ("Boxes", "Box"),
        ("Children", "Child"),
        ("Household", None),
        ("Address", None),
        ("Bus", None),
    ],
)
def test_rows_of_a_group_named_in_the_plural_have_a_hint_at_a_name_for_one(
    label: str, one: str | None
) -> None:
    named = ("label: 世帯員\n", f"label: {{ja: 世帯員, en: {label}}}\n")
    found = [str(each.hint) for each in problems(changed(named)) if each.code == "plural-rows"]
    assert found == ([f"say what one is called: `row_label: {one}`"] if one else [])
    called = (named[0], f"{named[1]}        row_label: {{ja: 世帯員, en: Row}}\n")
    assert not [each for each in problems(changed(called)) if each.code == "plural-rows"]
