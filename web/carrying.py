"""What was answered to learn whether one may apply goes along into the form: nobody types it twice."""

from datetime import date

from flask import request

from applications.journey import complete_page, keep_raw
from applications.vault import DraftDocument
from forms import eligibility
from forms.types import Reading
from procedures.definition import Procedure
from procedures.values import Values

CARRIED = "carried-"
"""What begins the names of inputs with the answers of an eligibility check."""


def carry(procedure: Procedure, document: DraftDocument, today: date) -> None:
    """Put the answers that the request carries into the document of a new draft."""
    check = eligibility.check_of(procedure)
    if check is None:
        return
    ids = {field.id for field in check.page.fields}
    sent = {
        name.removeprefix(CARRIED): values
        for name, values in request.form.to_dict(flat=False).items()
        if name.startswith(CARRIED) and name.removeprefix(CARRIED).partition("-")[0] in ids
    }
    if not sent:
        return
    carried = eligibility.carried(procedure, check, sent, Reading(today, Values(procedure, {}, today)))
    for page_id, answers in carried.answered.items():
        complete_page(document, page_id, answers)
    for page in procedure.pages:
        if page.id in carried.typed:
            keep_raw(document, page, carried.typed[page.id])
