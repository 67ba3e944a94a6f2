"""What the examples of a file reach."""

from procedures.coverage import coverage
from procedures.loader import load
from tests.factories.definitions import CERTIFICATE, changed


def missed(source: str) -> list[str]:
    return [f"{part.kind} {part}" for part in coverage(load(source).procedure).missed]


EXAMPLE = CERTIFICATE[CERTIFICATE.index("  - name: ひとり") :]


def test_what_one_applicant_does_not_reach() -> None:
    assert missed(CERTIFICATE) == [
        "condition eligibility.of_age (not met)",
        "condition copies (not met)",
        "option copies.purpose=pension",
        "condition copies.purpose_text (not met)",
        "attachment identity",
        "condition attachments.identity (met)",
        "condition fee.waive (met)",
        "transition awaiting_fee.withdraw",
        "transition received.refuse",
        "transition received.withdraw",
    ]


def test_another_applicant_reaches_more() -> None:
    second = (
        EXAMPLE.replace("purpose: other", "purpose: pension")
        .replace("      purpose_text: 学校\n", "")
        .replace("number: 2", "number: 6")
        .replace("attachments: []", "attachments: [identity]")
        .replace("fee: 600", "fee: 0")
        .replace("[approve]", "[refuse]")
    )
    assert missed(CERTIFICATE + second) == [
        "condition eligibility.of_age (not met)",
        "condition copies (not met)",
        "transition awaiting_fee.withdraw",
        "transition received.withdraw",
    ]


def test_whoever_may_not_apply_reaches_no_more_than_the_questions_before() -> None:
    young = changed(("born: 1990-05-01", "born: 2020-05-01"))
    assert "page copies" in missed(young)
    assert "condition eligibility.of_age (met)" in missed(young)


def test_without_examples_nothing_is_reached() -> None:
    found = coverage(load(CERTIFICATE[: CERTIFICATE.index("examples:")]).procedure)
    assert found.missed == found.all
    assert found.count("page") == (0, 3)
    assert found.as_dict()["page"] == {
        "reached": 0,
        "total": 3,
        "missed": ["about_you", "household_page", "copies"],
    }


def test_conditions_in_rows_count() -> None:
    source = changed(("label: 年間所得}", "label: 年間所得, when: \"member_name == '見本 花子'\"}"))
    assert "condition household_page.household.income (not met)" in missed(source)
    assert "condition household_page.household.income (met)" not in missed(source)


def test_both_sides_of_an_if_in_the_fee_count() -> None:
    source = changed(
        ('"300 * number"', "\"300 * number + surcharge if purpose == 'other' else 0\""),
        ("computed:\n", 'computed:\n  surcharge: "0 if number < 5 else 100"\n'),
    )
    found = [each for each in missed(source) if "if " in each]
    assert found == [
        "condition fee line 1, if purpose == 'other' (not met)",
        "condition fee line 1, if number < 5 (not met)",
    ]
