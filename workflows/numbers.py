"""Showing an individual number to a clerk: the only place where one is opened, and each time is in the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from accounts.models import Clerk
from applications import vault
from core import audit
from core.context import Context
from core.errors import NotFound
from forms import apart, summary
from forms.types import Label
from procedures.definition.base import Json
from workflows import case as cases

ROLES: Final = frozenset(("reviewer", "chief"))
"""Who decides may need the number; who takes payments or reads along does not."""


@dataclass(frozen=True)
class Number:
    """A number as it was typed, and the question that it answers."""

    label: Label | None
    digits: str


def may_show(clerk: Clerk, desk: str) -> bool:
    """Whether the clerk may have numbers of cases at `desk` shown."""
    return bool(cases.acting(clerk, desk).roles & ROLES)


def show(
    session: Session, ctx: Context, application_id: str, name: str, clerk: Clerk, language: str
) -> Number:
    """The number at `name` (``spouse_number``, in a row ``household-0-number``). Raises `NotFound`.

    The audit log says who had which question's number shown, and when.
    """
    opened = cases.load(session, ctx, application_id)
    if not may_show(clerk, opened.application.desk):
        raise NotFound("this clerk may not see numbers")
    sections = summary.sections(opened.procedure, opened.document.answers, language, opened.values.today)
    row = next((row for section in sections for row in section.rows if row.field == name and row.apart), None)
    stored = _at(opened.document.answers, name)
    if row is None or not isinstance(stored, Mapping) or apart.SEALED not in stored:
        raise NotFound("no number there")
    audit.append(session, "application.number_shown", opened.entity, f"clerk:{clerk.id}", field=name)
    return Number(row.label, vault.opened_apart(ctx, opened.application, stored))


def _at(answers: Mapping[str, Json], name: str) -> Json:
    """The answer that a row of the summary is called `name`."""
    node: Json = answers
    for step in name.split("-"):
        if isinstance(node, Mapping):
            node = node.get(step)
        elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node
