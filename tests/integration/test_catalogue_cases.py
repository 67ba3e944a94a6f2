"""Every procedure of the catalogue through the real services: filed, paid, decided as its examples say, issued."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from accounts.models import Clerk
from applications import contents, queries
from core import clock
from core.context import Context
from documents.models import RECEIPT, Issued
from procedures import loader
from procedures.definition import Procedure, State, Transition
from tests.factories.applications import CATALOGUE, clerk, filed, owners, publish
from tests.integration.test_cases import pay, take
from web import jobs
from workflows import cases
from workflows.engine import NotAllowed

FILES = sorted(CATALOGUE.glob("*/*.yaml"))
ROLES = ("reviewer", "chief", "cashier", "lottery_officer")
LATER = timedelta(days=61)
"""When a step that waits for a day can be taken: no booking lies further ahead."""
LONGEST = 20


def ways(procedure: Procedure) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The examples that say how their case ends, one for each way; draws have tests of their own."""
    told: set[tuple[str, ...]] = set()
    for number, example in enumerate(procedure.examples):
        final = example.expect.final
        if example.expect.eligible and final is not None and final not in told and procedure.lottery is None:
            told.add(final)
            yield number, final


class Office:
    """The clerks of a case, one for each role, and its applicant."""

    def __init__(self, ctx: Context, procedure: Procedure) -> None:
        self.ctx, self.procedure, self.id = ctx, procedure, ""
        self.organisation = owners()[procedure.department]
        self.clerks: dict[str, Clerk] = {
            role: clerk(ctx, self.organisation, f"{role}-{procedure.procedure}", (role, "*"))
            for role in ROLES
        }

    @property
    def state(self) -> State:
        """Where the case stands."""
        with self.ctx.database.reading(self.organisation) as session:
            return self.procedure.workflow.states[queries.get(session, self.id).state]

    def settle(self) -> None:
        """Pay as long as a fee is waited for."""
        for number in range(LONGEST):
            if not self.state.payment:
                return
            with self.ctx.database.writing(self.organisation) as session:
                pay(session, self.ctx, self.id, f"event-{self.id}-{number}")

    def step(self, name: str) -> None:
        """Take a step, today or once the day has come that it waits for."""
        transition = self.state.transitions[name]
        try:
            self._take(name, transition)
        except NotAllowed:
            with clock.shifted(LATER):
                self._take(name, transition)

    def _take(self, name: str, transition: Transition) -> None:
        if transition.by == "applicant":
            with self.ctx.database.writing(self.organisation) as session:
                cases.applicant_takes(session, self.ctx, self.id, name)
        else:
            texts = dict.fromkeys(transition.needs, "見本の理由")
            take(self.ctx, self.clerks[transition.by], self.id, name, **texts)

    def issued(self) -> list[bytes]:
        """The documents of the case."""
        jobs.drain(self.ctx)
        with self.ctx.database.reading(self.organisation) as session:
            own = (Issued.application_id == self.id, Issued.document_id != RECEIPT)
            rows = session.scalars(sa.select(Issued).where(*own)).all()
            key = queries.get(session, self.id).case_key
            return [contents.opened(self.ctx, key, row).read() for row in rows]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_its_cases_end_as_the_examples_say(path: Path, embedded_ctx: Context) -> None:
    publish(embedded_ctx)
    procedure = loader.load(path).procedure
    office = Office(embedded_ctx, procedure)
    for number, final in ways(procedure):
        office.id = filed(embedded_ctx, procedure.procedure, number).application.id
        entered = [office.state]
        office.settle()
        for name in final:
            entered.append(office.state)
            office.step(name)
            office.settle()
        entered.append(office.state)
        assert office.state.outcome, (number, final)
        wanted = sum("issue" in action for state in _once(entered) for action in state.actions)
        documents = office.issued()
        assert len(documents) == wanted, (number, final)
        assert all(document.startswith(b"%PDF-") for document in documents)


def _once(states: list[State]) -> list[State]:
    """Each state as often as it was entered."""
    return [state for place, state in enumerate(states) if place == 0 or state is not states[place - 1]]
