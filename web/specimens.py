"""A document as a procedure file would issue it, for a case that nobody filed."""

from applications.models import Application
from core.context import Context
from documents import issuing, render
from procedures import versions
from procedures.definition import Procedure

REFERENCE = "0000-0000-0000"


def document(
    ctx: Context, owner: str, procedure: Procedure, id: str, number: int | None, language: str | None
) -> bytes:
    """The PDF, unsealed, for the applicant of example `number` (none: the first who may apply). Raises `NotFound`."""
    definition = issuing.definition_of(procedure, id)
    served = [example for example in procedure.examples if example.expect.eligible is not False]
    chosen = served if number is None or number < 0 else procedure.examples[number : number + 1]
    case = Application(
        organisation_id=owner,
        procedure_id=procedure.procedure,
        version_digest="",
        reference=REFERENCE,
        language=language or procedure.language,
    )
    with ctx.database.reading(owner) as session:
        translated = versions.current(session, procedure.procedure).procedure
        sheet = issuing.prepare(session, case, translated, id, chosen[0].answers if chosen else {})
    return render.render_pdf(ctx, definition.template, sheet)
