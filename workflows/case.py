"""A case opened for work: the application with its pinned version, its answers, and the facts that decide its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import organisations
from accounts.models import Clerk
from applications import queries
from applications.models import Application, Event
from applications.vault import CaseDocument
from core import clock
from core.context import Context
from core.errors import NotFound
from payments import ledger
from payments.ledger import PaymentStatus
from procedures import fees, scores, versions
from procedures.definition import Procedure, State
from procedures.definition.workflow import ROLES
from procedures.fees import FeeDue
from procedures.scores import Scored
from procedures.values import Values
from procedures.versions import Version
from workflows import engine
from workflows.engine import Actor, Facts, Pause

READING: Final = frozenset(ROLES) - {"author"}
"""Roles that read cases: authors write procedures and need no answer of anybody."""
WORKING: Final = READING - {"auditor"}
"""Roles that a workflow can give a step (`procedures.definition.workflow.Transition.by`)."""


@dataclass
class Case:
    """An application and what belongs to it, in one organisation's session."""

    application: Application
    version: Version
    document: CaseDocument
    zone: str

    @property
    def procedure(self) -> Procedure:
        """The definition that the application pins."""
        return self.version.procedure

    @property
    def state(self) -> State:
        """Where it stands."""
        return engine.state_of(self.procedure.workflow, self.application.state)

    @property
    def entity(self) -> str:
        """Its name in the audit log and the outbox."""
        return f"application:{self.application.id}"

    @cached_property
    def values(self) -> Values:
        """Its answers as expressions see them, on the day it was filed."""
        filed = self.application.filed_at.astimezone(ZoneInfo(self.zone))
        return Values(self.procedure, self.document.answers, filed.date())

    @cached_property
    def fee(self) -> FeeDue:
        """The fee that its answers give."""
        return fees.fee_of(self.procedure, self.values)

    @cached_property
    def score(self) -> Scored | None:
        """The points that its answers give; none where the procedure has no score."""
        return scores.score_of(self.procedure, self.values)


def load(session: Session, ctx: Context, id: str, lock: bool = False) -> Case:
    """The case `id`; with `lock`, nobody else changes it until the transaction ends. Raises `NotFound`."""
    application = queries.get(session, id, lock)
    return Case(
        application,
        versions.get(session, application.version_digest),
        queries.document(session, ctx, application),
        organisations.timezone(session),
    )


def facts(session: Session, case: Case, payment: PaymentStatus | None = None) -> Facts:
    """What the engine needs to know of `case` now; `payment` is how it stands, where that is known already."""
    application = case.application
    correction = queries.open_correction(session, application)
    return Facts(
        state=application.state,
        now=clock.now(),
        zone=case.zone,
        values=case.values,
        due_at=application.due_at,
        fee_open=fee_open(session, case, payment),
        taken=_taken(session, case),
        correcting=Pause(max(correction.requested_at, application.state_since), correction.due_at)
        if correction
        else None,
    )


def first_facts(case: Case) -> Facts:
    """The facts of a case that is just being filed: nobody has done anything with it yet."""
    state = case.application.state
    return Facts(state, clock.now(), case.zone, case.values, fee_open=case.fee.total > 0)


def fee_open(session: Session, case: Case, payment: PaymentStatus | None = None) -> bool:
    """Whether a fee stands that is neither paid nor waived."""
    if case.procedure.fee is None:
        return False
    status = payment or ledger.status(session, case.application.id)
    return case.fee.total > 0 if status.state == "none" else status.due > 0


def _taken(session: Session, case: Case) -> Mapping[str, frozenset[str]]:
    """Who took which step before; looked up only where some step asks for a second person."""
    states = case.procedure.workflow.states.values()
    if not any(step.not_by for state in states for step in state.transitions.values()):
        return {}
    taken: dict[str, frozenset[str]] = {}
    rows = session.execute(
        sa.select(Event.actor, Event.details).where(
            Event.application_id == case.application.id, Event.kind == "step"
        )
    )
    for actor, details in rows:
        id = details["transition"]
        taken[id] = taken.get(id, frozenset()) | {actor}
    return taken


def acting(clerk: Clerk, desk: str) -> Actor:
    """The clerk with the roles they hold at `desk`."""
    return Actor(
        f"clerk:{clerk.id}", frozenset(duty.role for duty in clerk.duties if duty.desk in (desk, "*"))
    )


def reads(clerk: Clerk, desk: str) -> bool:
    """Whether the clerk may read the cases at `desk`."""
    return bool(acting(clerk, desk).roles & READING)


def works(clerk: Clerk, desk: str) -> bool:
    """Whether the clerk may change the cases at `desk`: note, write, assign, be assigned to."""
    return bool(acting(clerk, desk).roles & WORKING)


def check_desk(opened: Case, clerk: Clerk) -> None:
    """Raises `NotFound` unless the clerk reads cases where this one is, or where it came in."""
    if not any(reads(clerk, desk) for desk in (opened.application.desk, opened.procedure.desk)):
        raise NotFound("not a case of this clerk's desks")


def check_works(opened: Case, clerk: Clerk) -> None:
    """Raises `NotFound` unless the clerk works on cases where this one is now."""
    if not works(clerk, opened.application.desk):
        raise NotFound("not a case this clerk works on")
