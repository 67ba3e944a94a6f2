"""`issue: <document>`: render, seal, keep and send one of the procedure's documents, after the commit."""

from pydantic import ConfigDict, RootModel
from sqlalchemy.orm import Session

from core import outbox
from core.context import Context
from documents import issuing
from procedures.definition.base import Identifier
from workflows.action import Action
from workflows.case import Case


class DocumentId(RootModel[Identifier]):
    """The id of the document."""

    model_config = ConfigDict(frozen=True)


class Issue(Action):
    """Issues a document."""

    name = "issue"
    Options = DocumentId

    def perform(self, session: Session, ctx: Context, case: Case, options: DocumentId) -> None:  # noqa: ARG002
        """Add the issuing to the outbox. The occasion tells a second issue from a repeated one."""
        document = issuing.definition_of(case.procedure, options.root)
        occasion = f"{case.application.state[:24]}-{case.application.row_version}"
        outbox.enqueue(
            session,
            "issue_document",
            f"{case.entity}:{document.id}:{occasion}",
            {"application": case.application.id, "document": document.id, "occasion": occasion},
        )


PLUGIN = Issue()
