"""A draft that is opened for work: which browser may, where it stands, and how it is changed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask import redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from applications import drafts, slots
from applications.journey import ATTACHMENTS, CHECK, SIGN, Journey
from applications.models import Draft
from applications.vault import DraftDocument
from core import clock
from core.errors import NotFound, Stale
from forms.slots import Booked
from procedures import reception, versions
from procedures.versions import Version
from web import access
from web.request import context, language, zone

MANY = 8
"""A form of more steps has a task list."""
_TRIES = 3


@dataclass(frozen=True)
class Open:
    """A draft that this browser may fill in, with its version and where it stands."""

    organisation_id: str
    draft: Draft
    document: DraftDocument
    version: Version
    booked: Booked = field(default_factory=dict)
    """Places that others took, as far as the page in hand offers some."""

    @cached_property
    def journey(self) -> Journey:
        """Where it stands, for the answers as they were when it was first asked for."""
        return Journey(self.version.procedure, self.document, clock.today(zone(self.organisation_id)))

    @cached_property
    def reception(self) -> reception.Reception:
        """When applications like this one are taken."""
        return reception.of(self.version.procedure, clock.now(), zone(self.organisation_id))

    @property
    def late(self) -> bool:
        """Whether it can no longer be sent: reception has closed, and the time to finish is over."""
        return not self.reception.early and not self.reception.may_file(self.draft.started_at)

    def url(self, step: str, **query: Any) -> str:
        """The address of a step."""
        endpoint = {CHECK: "finish.check", SIGN: "finish.sign", ATTACHMENTS: "attachments.form"}.get(
            step, "apply.show"
        )
        page: dict[str, Any] = {"page_id": step} if endpoint == "apply.show" else {}
        return url_for(endpoint, **self.address, **page, **query)

    def frame(self, step: str) -> dict[str, object]:
        """What every page of the form's frame shows."""
        journey = self.journey
        before = journey.before(step) if step != SIGN else CHECK
        return {
            "procedure": self.version.procedure,
            "organisation_id": self.organisation_id,
            "draft": self.draft,
            "acting": self.document.acting,
            "proof": access.proof_of_page(self.draft.id) if self.unreachable else None,
            "reception": self.reception,
            "zone": zone(self.organisation_id),
            "journey": journey,
            "step_number": journey.number(step) if step in journey.steps else None,
            "back": self.url(before) if before else self.start_url,
            "overview": url_for("overview.show", **self.address) if len(journey.steps) > MANY else None,
        }

    @property
    def unreachable(self) -> bool:
        """Whether a guest fills it in who gave no address yet: no code could bring them back to it."""
        return access.is_guests(self.draft.id) and not drafts.address(self.version.procedure, self.document)

    @property
    def address(self) -> dict[str, Any]:
        """The parts of the address of everything that belongs to the draft."""
        return {
            "organisation_id": self.organisation_id,
            "procedure_id": self.draft.procedure_id,
            "draft_id": self.draft.id,
        }

    @property
    def start_url(self) -> str:
        """The procedure's own page."""
        return url_for(
            "catalogue.procedure", organisation_id=self.organisation_id, procedure_id=self.draft.procedure_id
        )


def open_draft(
    db: Session, organisation_id: str, procedure_id: str, draft_id: str, page_id: str = ""
) -> Open:
    """The draft of the address, if this browser holds it, for work on a page of it. Raises `NotFound`."""
    if not access.holds_draft(draft_id):
        raise access.NotHeld("not a draft of this browser")
    draft, document = drafts.load(db, context(), draft_id)
    if draft.procedure_id != procedure_id:
        raise NotFound("no such draft of this procedure")
    version = versions.get(db, draft.version_digest)
    page = version.procedure.page(page_id)
    booked = slots.booked(
        db, version.procedure, page.fields if page else (), slots.Owner(draft.id), document.answers
    )
    return Open(organisation_id, draft, document, version, booked)


def change(
    organisation_id: str,
    procedure_id: str,
    draft_id: str,
    how: Callable[[Open], None],
    beside: Callable[[Session, Open], None] | None = None,
    page_id: str = "",
) -> Open:
    """Load the draft, let `how` change its document, save. A draft changed meanwhile is loaded and changed again.

    `beside` writes what belongs to the change in the same transaction. Raises `drafts.AlreadyFiled`.

    Reading and validating happen before the short writing transaction, so that writers do not wait for each other.
    """
    for attempt in range(_TRIES):
        with context().database.reading(organisation_id) as db:
            opened = open_draft(db, organisation_id, procedure_id, draft_id, page_id)
        drafts.refuse_filed(opened.draft)
        how(opened)
        opened = replace(opened)  # where it stands now is another question
        try:
            with context().database.writing(organisation_id) as db:
                drafts.save(
                    db, context(), opened.draft, opened.document, opened.draft.row_version, language()
                )
                _hold(db, opened, page_id)
                if beside:
                    beside(db, opened)
            return opened
        except Stale:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _hold(db: Session, opened: Open, page_id: str) -> None:
    """Hold the places of slots that the answers name. One that is lost is told on its own page, else at filing."""
    try:
        slots.hold(db, opened.version.procedure, opened.draft.id, opened.document.answers)
    except slots.Taken as taken:
        on = opened.version.procedure.places[taken.field][0].id
        if on == page_id and on in opened.document.done:
            raise Stale(taken.reason) from taken


def filed(opened: Open) -> Response | None:
    """To the case, once the draft was filed."""
    return redirect(url_for("finish.filed", **opened.address), 303) if opened.draft.filed_as else None


def ended(opened: Open) -> Response | None:
    """Where a form leads that is no longer filled in: to its case, or to what to do when it is too late."""
    if not opened.late or opened.draft.filed_as:
        return filed(opened)
    return redirect(url_for("late.show", **opened.address), 303)
