"""Whether a procedure may be for a resident: from what is known only, and never against a requirement."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import profile as entries
from forms.likely import facts, likely
from procedures import loader
from procedures.definition import Procedure
from procedures.facts import ALWAYS, FACTS
from procedures.prefill import RELATIONSHIPS
from tests.factories.definitions import changed

TODAY = date(2026, 11, 25)
HERE = {"postcode": "1110099", "prefecture": "東京都", "city": "見本市", "street": "見本一丁目2番3"}
CHILD = {"name": {"family": "見本", "given": "一郎"}, "born": "2019-05-01", "relationship": "child"}
RULES = (
    "age >= 65",
    "not age < 65",
    "city == '見本市' and any(p.relationship == 'child' and p.age < 18 for p in household)",
    "not any(p.age < 18 for p in household)",
    "len(household) >= 3 or 'sample-certificate' in applied and prefecture == '東京都'",
    "all(p.age >= 0 for p in household) and not city == '別の市'",
)


def procedure(rule: str, *changes: tuple[str, str]) -> Procedure:
    return loader.load(
        changed(*changes, ("examples:\n", f'notify: {{likely: "{rule}"}}\nexamples:\n'))
    ).procedure


CHILDREN = procedure(RULES[2])


def test_a_household_with_a_child_in_the_city() -> None:
    assert likely(CHILDREN, {"address": HERE, "household": [CHILD]}, (), TODAY)


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"address": HERE},
        {"household": [CHILD]},
        {"address": HERE | {"city": "別の市"}, "household": [CHILD]},
        {"address": HERE, "household": [CHILD | {"born": "2001-05-01"}]},
        {"address": HERE, "household": [CHILD | {"relationship": "spouse"}]},
        {"address": HERE, "household": [{"name": CHILD["name"], "relationship": "child"}]},
    ],
)
def test_anything_less(known: dict[str, Any]) -> None:
    assert not likely(CHILDREN, known, (), TODAY)


def test_a_requirement_that_the_profile_answers() -> None:
    asks = procedure(
        "age < 65", ("type: date, label: 生年月日", "type: date, prefill: profile.born, label: 生年月日")
    )
    assert likely(asks, {"born": "2000-01-01"}, (), TODAY)
    assert not likely(asks, {"born": "2020-01-01"}, (), TODAY), "one has to be 15 years old"
    unasked = procedure("age < 65")
    assert likely(unasked, {"born": "2020-01-01"}, (), TODAY), (
        "what the profile does not answer stands against nobody"
    )


def test_what_is_known() -> None:
    known = facts(
        {"born": "1960-11-26", "address": HERE, "household": [CHILD, {"name": {}}]}, ["b", "a"], TODAY
    )
    assert known["age"] == Decimal(65)
    assert (known["prefecture"], known["city"], known["applied"]) == ("東京都", "見本市", ("a", "b"))
    assert isinstance(known["household"], tuple)
    assert known["household"][0] == {"age": Decimal(7), "relationship": "child"}
    assert facts({}, (), TODAY).keys() == ALWAYS
    assert known.keys() == FACTS.keys()


def test_a_procedure_without_a_rule() -> None:
    assert not likely(loader.load(changed()).procedure, {"born": "1950-01-01"}, (), TODAY)


DAY = st.dates(date(1900, 1, 1), date(2040, 1, 1)).map(date.isoformat)
PROFILE = st.fixed_dictionaries(
    {},
    optional={
        "born": DAY,
        "address": st.sampled_from([HERE, HERE | {"city": "別の市"}]),
        "household": st.lists(
            st.fixed_dictionaries(
                {"name": st.just({"family": "見本"})},
                optional={"born": DAY, "relationship": st.sampled_from(RELATIONSHIPS)},
            ),
            max_size=4,
        ),
        "phone": st.just("+81312345678"),
    },
)
RULE = st.sampled_from(RULES).map(procedure)


@settings(deadline=None)
@given(RULE, PROFILE, st.lists(st.sampled_from(["sample-certificate", "other"])))
def test_what_is_not_known_makes_nothing_likely(
    rule: Procedure, known: dict[str, Any], applied: list[str]
) -> None:
    assert rule.notify
    named = rule.notify.likely.names - ALWAYS
    if likely(rule, known, applied, TODAY):
        assert named <= facts(known, applied, TODAY).keys()


@settings(deadline=None)
@given(RULE, PROFILE, DAY)
def test_only_what_the_consent_names_is_looked_at(rule: Procedure, known: dict[str, Any], born: str) -> None:
    """Names, telephone, account and everything else in the profile change nothing."""
    more = known | {"name": {"family": born}, "phone": born, "bank_account": {"number": born}, "email": born}
    assert likely(rule, more, (), TODAY) == likely(rule, known, (), TODAY)


@settings(deadline=None)
@given(RULE, PROFILE)
def test_it_does_not_depend_on_the_order_of_the_household(rule: Procedure, known: dict[str, Any]) -> None:
    turned = known | ({"household": known["household"][::-1]} if "household" in known else {})
    assert likely(rule, turned, (), TODAY) == likely(rule, known, (), TODAY)


def test_the_profile_still_calls_its_entries_so() -> None:
    fields = entries.entries()
    assert {"born", "address", "household"} <= fields.keys()
    assert {"born", "relationship"} <= {sub.id for sub in fields["household"].subfields()}
