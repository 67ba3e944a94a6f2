"""Whether somebody may apply, asked before there is a draft.

Nothing is kept: what was answered stands in the body of each request and in the page, never in an address, the session,
the log or the database. Whoever goes on starts a draft with the same answers.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from accounts import organisations
from accounts.models import Organisation
from core import clock
from core.database import EVERYONE
from core.errors import NotFound
from forms import page as form_page
from forms.eligibility import Check, check_of
from forms.types import FieldError, Raw, Reading
from forms.whose import told
from procedures import reception, search, versions
from procedures.definition import Procedure
from procedures.search import Hit
from procedures.values import Values
from translations.text import Text
from web import access, acting, again
from web.language import switch
from web.request import context, language
from web.views.apply import asked, posted

blueprint = Blueprint("eligibility", __name__, url_prefix="/<organisation_id>/<procedure_id>/eligibility")
OTHERS = 3


@dataclass(frozen=True)
class Asking:
    """A check in hand: of which procedure, and what it is read with."""

    organisation: Organisation
    procedure: Procedure
    check: Check
    reading: Reading

    @classmethod
    def of(cls, organisation_id: str, procedure_id: str) -> "Asking":
        """The check of the procedure as it is now. Raises `NotFound` where it has none."""
        with context().database.reading(organisation_id) as db:
            owner = organisations.get(db, organisation_id)
            procedure = versions.current(db, procedure_id).procedure
        check = check_of(procedure)
        if check is None:
            raise NotFound("no check of this procedure")
        today = clock.today(owner.timezone)
        return cls(owner, procedure, check, Reading(today, Values(procedure, {}, today)))

    @property
    def frame(self) -> dict[str, object]:
        """What all pages of the check show."""
        return {"procedure": self.procedure, "organisation": self.organisation, "switch_form": "page-form"}


@blueprint.get("")
@access.public
def show(organisation_id: str, procedure_id: str) -> str:
    """The questions."""
    asking = Asking.of(organisation_id, procedure_id)
    return _questions(asking, form_page.inputs(asking.check.page, {}))


@blueprint.post("")
@access.public
@again.harmless
def answer(organisation_id: str, procedure_id: str) -> str | tuple[str, int]:
    """What these answers mean; or the questions again, as the button says."""
    asking = Asking.of(organisation_id, procedure_id)
    sent, pressed = posted()
    judged, raw = "judged" in sent, asked(asking.check.page, sent)
    if pressed.startswith("lang:"):
        switch(pressed.removeprefix("lang:"))
        return _judged(asking, raw)[0] if judged else _questions(asking, raw)
    if pressed != "next":
        raw, errors = form_page.act(asking.check.page, raw, pressed)
        return _questions(asking, raw, errors)
    return _judged(asking, raw)


def _questions(asking: Asking, raw: Raw, errors: tuple[FieldError, ...] = ()) -> str:
    form = form_page.show(asking.check.page, raw, {}, asking.reading, errors)
    return render_template(
        "eligibility/questions.html",
        form=form,
        errors=told(asking.check.page.fields, raw, errors),
        sections=[
            (asking.procedure.page(id), list(shown))
            for id, shown in groupby(form.fields, lambda one: asking.procedure.places[one.name][0].id)
        ],
        **asking.frame,
    )


def _judged(asking: Asking, raw: Raw) -> tuple[str, int]:
    result = form_page.read(asking.check.page, raw, {}, asking.reading)
    if result.errors:
        return _questions(asking, raw, result.errors), 422
    unmet = asking.check.unmet(Values(asking.procedure, result.answers, asking.reading.today))
    with context().database.reading(EVERYONE) as db:
        titles = {one.id: Text(one.title) for one in organisations.all_of_them(db)}
        others = _others(db, asking) if unmet else []
    owner, procedure = asking.organisation, asking.procedure
    page = render_template(
        "eligibility/result.html",
        unmet=unmet,
        raw=raw,
        others=others,
        titles=titles,
        desk=Text(owner.desks[procedure.desk]),
        contact={name: Text(text) for name, text in owner.contact.items()},
        roles=acting.offered(procedure),
        reception=reception.of(procedure, clock.now(), owner.timezone),
        **asking.frame,
    )
    return page, 200


def _others(db: Session, asking: Asking) -> list[Hit]:
    """Procedures for the same occasions and people: those with most in common first, then those of the same office."""
    owner, procedure = asking.organisation.id, asking.procedure
    found: dict[tuple[str, str], Hit] = {}
    shared: Counter[tuple[str, str]] = Counter()
    for event in procedure.find_by.life_events:
        for audience in procedure.find_by.audience:
            for hit in search.find(db, language(), tags=[f"event:{event}", f"for:{audience}"]).hits:
                key = (hit.organisation_id, hit.procedure_id)
                found[key] = hit
                shared[key] += 2
    for key, hit in found.items():
        shared[key] += (hit.organisation_id == owner) + (hit.department == procedure.department)
    return [found[key] for key, _ in shared.most_common() if key != (owner, procedure.procedure)][:OTHERS]
