"""Whether a procedure may be for a resident, by what their account knows. It decides nothing, and guesses nothing:
what is not known makes nothing likely.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from forms import prefill
from procedures.definition import Procedure
from procedures.definition.base import Json
from procedures.expressions import UNANSWERED, Value
from procedures.expressions.functions import parse_date, years
from procedures.facts import ALWAYS
from procedures.prefill import PROFILE
from procedures.values import Values
from procedures.visibility import asked_by

Profile = Mapping[str, Json]
"""A resident's entries by name, as `forms.profile` stores them."""


def facts(profile: Profile, applied: Collection[str], today: date) -> dict[str, Value]:
    """What is known, by the names of `procedures.facts`; what is not known is left out."""
    address = profile.get("address") or {}
    household = profile.get("household") or ()
    found: dict[str, Value] = {
        "age": _age(profile.get("born"), today),
        "prefecture": address.get("prefecture") or UNANSWERED,
        "city": address.get("city") or UNANSWERED,
        "household": tuple(_member(row, today) for row in household) or UNANSWERED,
        "applied": tuple(sorted(applied)),
        "today": today,
    }
    return {name: value for name, value in found.items() if value is not UNANSWERED}


def _age(born: Json, today: date) -> Value:
    day = parse_date(born) if isinstance(born, str) else UNANSWERED
    if not isinstance(day, date) or day > today:
        return UNANSWERED
    return years(day, today)


def _member(row: Mapping[str, Any], today: date) -> dict[str, Value]:
    return {"age": _age(row.get("born"), today), "relationship": row.get("relationship") or UNANSWERED}


def likely(procedure: Procedure, profile: Profile, applied: Collection[str], today: date) -> bool:
    """Whether its rule holds and no requirement that the profile answers stands against it."""
    notify = procedure.notify
    if notify is None:
        return False
    known = facts(profile, applied, today)
    if not (notify.likely.names - ALWAYS) <= known.keys() or not notify.likely.holds(known):
        return False
    return not _excluded(procedure, profile, today)


def _excluded(procedure: Procedure, profile: Profile, today: date) -> bool:
    """Whether a requirement is not met whose every question the profile answers."""
    stored = {f"{PROFILE}.{name}": value for name, value in profile.items()}
    answers = prefill.values(procedure, stored)
    values = Values(procedure, answers, today)
    return any(
        not one.when.holds(values)
        for one in procedure.eligibility
        if (asked_by(procedure, one.when) & procedure.places.keys()) <= answers.keys()
    )
