"""A workflow as data: states, transitions, who may take them, and what happens on entering a state."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from core.told import tell
from procedures.definition.base import Identifier, Model, Slug
from procedures.expressions import Expression
from translations.text import Text

Outcome = Literal["approved", "refused", "withdrawn", "lapsed", "void"]
Duration = Annotated[str, StringConstraints(pattern=r"^\d+ (working days?|days?|weeks?|months?|years?)$")]
"""A span of time as people write it: ``3 working days``, ``2 years``."""

ROLES = ("reviewer", "chief", "cashier", "auditor", "author", "lottery_officer")


class Transition(Model):
    """A step that somebody may take from a state."""

    label: Text | None = Field(default=None, description="What stands on the button.")
    to: Identifier | None = Field(default=None, description="The state it leads to; none: it stays.")
    by: Literal["reviewer", "chief", "cashier", "lottery_officer", "applicant", "system"] = Field(
        default="reviewer", description="The role that may take it."
    )
    when: Expression | None = Field(default=None, description="Offered only while this is true.")
    needs: tuple[Literal["reason", "comment"], ...] = Field(
        default=(), description="Texts the clerk must write; `reason` goes to the applicant."
    )
    not_by: tuple[Identifier, ...] = Field(
        default=(), description="Not by whoever took one of these transitions on this case (a second person)."
    )
    uses: Literal["correction", "withdrawal"] | None = Field(
        default=None,
        description="`correction`: the clerk names fields; the applicant answers; the case returns here. "
        "`withdrawal`: the applicant takes the application back.",
    )


class State(Model):
    """Where a case stands."""

    label: Text | None = Field(default=None, description="What applicant and clerks read.")
    desk: Identifier | None = Field(default=None, description="Whose queue; none: the procedure's desk.")
    deadline: Duration | None = Field(
        default=None, description="How long it may stay here before it is late."
    )
    transitions: dict[Identifier, Transition] = Field(default={}, description="The steps from here, by name.")
    payment: Literal["fee"] | None = Field(
        default=None, description="Wait here until the fee is paid; none due: pass."
    )
    on_paid: Identifier | None = Field(default=None, description="Where it goes once paid.")
    on_deadline: Identifier | None = Field(
        default=None, description="Where it goes when the deadline passes."
    )
    lottery: Literal["draw"] | None = Field(default=None, description="Wait here for the procedure's draw.")
    on_won: Identifier | None = Field(default=None, description="Where a winner goes.")
    on_waiting: Identifier | None = Field(default=None, description="Where the waiting list goes.")
    on_lost: Identifier | None = Field(default=None, description="Where everybody else goes.")
    outcome: Outcome | None = Field(default=None, description="The case ends here.")
    actions: tuple[dict[Identifier, Any], ...] = Field(
        default=(),
        description="What happens on entering, in order: `issue: <document>`, `notify: <notice>` …",
    )
    expires: Duration | None = Field(default=None, description="How long what was granted here lasts.")

    @field_validator("actions", mode="before")
    @classmethod
    def _one_name_each(cls, value: Any) -> Any:
        for action in value if isinstance(value, list | tuple) else ():
            if isinstance(action, dict) and len(action) != 1:
                raise ValueError(tell("an action is one name with its value: `- issue: permit`"))
        return value


class Workflow(Model):
    """States by name and the one a filed application starts in."""

    uses: Slug | None = Field(default=None, description="The ready-made workflow it is made from.")
    start: Identifier = Field(description="The state a filed application begins in.")
    states: dict[Identifier, State] = Field(
        min_length=1, description="The states by name; with `uses`, only what differs: none takes one away."
    )
