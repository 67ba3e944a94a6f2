"""What a procedure renews."""

from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from procedures.definition.base import Identifier, Model
from procedures.definition.workflow import Duration

IssuedName = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z][a-z0-9]*(-[a-z0-9]+)*/)?[a-z][a-z0-9_]*$", max_length=121),
]
"""A document of this procedure, ``permit``, or of another one of the same organisation: ``road-occupation/permit``."""

REMINDED: Final = 30
"""Days before the end of a document at which its holder is written to; renewals are taken by then."""


class Renewal(Model):
    """Issued documents that this procedure renews (更新). Whoever holds one finds the form filled in with the answers
    of their earlier application, from the status page and from the mail that says that it expires."""

    documents: tuple[IssuedName, ...] = Field(
        min_length=1,
        description="The documents: `[permit]`; those of another procedure as `[outdoor-advertising/permit]`.",
    )
    opens: Duration = Field(
        default="60 days", description="How long before its end a document can be renewed; 30 days at least."
    )
    answers: dict[Identifier, Any] = Field(
        default={},
        description="Answers that follow from renewing: `{occasion: renewal}`; in a text, `{reference}` is the "
        "number of the earlier application.",
    )
    ask_again: tuple[Identifier, ...] = Field(
        default=(), description="Questions whose earlier answers are not filled in."
    )

    def names(self, procedure: str) -> tuple[str, ...]:
        """The documents as ``procedure/document``, where `procedure` has this key."""
        return tuple(name if "/" in name else f"{procedure}/{name}" for name in self.documents)
