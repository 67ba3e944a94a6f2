"""One procedure: what it is, who may apply, what is asked, how it is decided, what it costs and what is issued."""

from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator

from procedures.definition.base import Day, Identifier, LocalTime, Model, Slug
from procedures.definition.fields import FieldDefinition
from procedures.definition.workflow import Duration, Workflow
from procedures.expressions import Expression
from translations.text import Text

Kind = Literal[
    "permit", "certificate", "notification", "lottery", "grant", "contract", "booking", "inspection"
]
Moment = Literal["submission", "decision"]


class FindBy(Model):
    """How people look for it."""

    words: tuple[str, ...] = ()
    life_events: tuple[Identifier, ...] = ()
    audience: tuple[Literal["resident", "business", "visitor"], ...] = Field(
        default=("resident",), alias="for"
    )


class Law(Model):
    """Its legal basis and terms."""

    basis: Text
    processing_period: Duration | None = None
    retention: Duration | None = None


class Reception(Model):
    """When applications are taken, in the organisation's time zone. None: always."""

    opens: LocalTime | None = None
    closes: LocalTime | None = None
    grace_hours: int = Field(
        default=24, ge=0, le=168, description="Whoever started before closing may still finish."
    )


class Requirement(Model):
    """One condition for applying. It is checked with the answers of the eligibility questions, before anything else."""

    id: Identifier
    when: Expression = Field(description="True: this person may apply.")
    otherwise: Text = Field(description="What people read who may not, and what they can do instead.")


class Page(Model):
    """One topic of the form."""

    id: Identifier
    title: Text
    intro: Text | None = None
    when: Expression | None = None
    eligibility: bool = Field(
        default=False, description="Asked first; the requirements are checked after it."
    )
    fields: tuple[FieldDefinition, ...] = ()


class AttachmentDefinition(Model):
    """A file to hand in."""

    id: Identifier
    label: Text
    help: Text | None = None
    accept: tuple[Literal["pdf", "jpeg", "png", "heic"], ...] = ("pdf", "jpeg", "png")
    max_files: int = Field(default=1, ge=1, le=20)
    max_size: str = Field(default="10 MB", pattern=r"^\d+ (kB|MB)$")
    required: bool = True
    when: Expression | None = None


class Declaration(Model):
    """A statement the applicant makes before filing."""

    id: Identifier
    text: Text


class SignatureDefinition(Model):
    """How the applicant signs; `level` names a plug-in of ``signing/levels``."""

    level: str = "none"


class FeeItem(Model):
    """One line of the fee."""

    label: Text
    amount: Expression
    when: Expression | None = None


class Fee(Model):
    """What it costs, in whole yen."""

    when: Literal["before_review", "after_approval"] = "before_review"
    items: tuple[FeeItem, ...] = Field(min_length=1)
    waive: Expression | None = None


class Document(Model):
    """A document that is issued. Texts may hold `{field}` names; they are filled in, never run."""

    id: Identifier
    template: Literal["certificate", "permit", "letter"] = "certificate"
    title: Text
    body: Text
    addressee: Text | None = Field(
        default=None, description='To whom a permit or letter is addressed: `"{applicant_name}"`.'
    )
    rows: tuple["DocumentRow", ...] = ()
    conditions: tuple[Text, ...] = ()
    seal: bool = True
    valid_for: Duration | None = None


class DocumentRow(Model):
    """A line of a document's table."""

    label: Text
    value: Text


class LotteryList(Model):
    """A preference category with its share of the seats of each unit, e.g. ``1/2``."""

    id: Identifier
    share: str = Field(pattern=r"^\d+/[1-9]\d*$")
    when: Expression


class LotteryDefinition(Model):
    """What is drawn, with which weights; see docs/developers/lottery."""

    unit: Expression = Field(description="The unit an entry is for; one of `units`.")
    units: dict[str, int] = Field(min_length=1, description="Seats by unit.")
    weight: Expression = Field(description="Tickets of an entry: a whole number from 1.")
    household: Expression | None = Field(
        default=None, description="Entries with equal value are one household."
    )
    lists: tuple[LotteryList, ...] = ()
    draws_on: Day | None = Field(default=None, description="The day of the draw, where it is fixed.")
    waiting: int = Field(default=0, ge=0, description="Places on the waiting list of each unit.")
    round: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=20,
        description="Name of the round, part of the draw's id; none: year and month in which reception closes.",
    )
    witnesses: tuple[str, ...] = Field(min_length=1, description="Names of the witnesses of the ceremony.")
    least_witnesses: int = Field(
        default=1, ge=1, description="Values that must be revealed; with fewer the draw is void."
    )
    reveal_hours: int = Field(
        default=24,
        ge=1,
        le=24 * 30,
        description="Hours after the commitment until a silent witness is struck.",
    )

    @model_validator(mode="after")
    def _can_be_drawn(self) -> "LotteryDefinition":
        if sum(Fraction(entry.share) for entry in self.lists) > 1:
            raise ValueError("the shares of the lists exceed the whole")
        if len({entry.id for entry in self.lists}) < len(self.lists):
            raise ValueError("a list occurs twice")
        if len(set(self.witnesses)) < len(self.witnesses):
            raise ValueError("a witness occurs twice")
        if self.least_witnesses > len(self.witnesses):
            raise ValueError("`least_witnesses` is more than there are witnesses")
        if any(seats < 0 for seats in self.units.values()):
            raise ValueError("seats cannot be fewer than none")
        return self


class Satisfaction(Model):
    """When people are asked how it was."""

    ask_after: tuple[Moment, ...] = ("submission", "decision")


class Expectation(Model):
    """What must come out for an example; what is not named is not compared."""

    eligible: bool | None = None
    pages: tuple[Identifier, ...] | None = Field(default=None, description="The pages shown, in order.")
    fields: dict[Identifier, bool] = Field(default={}, description="Whether a field is shown.")
    attachments: tuple[Identifier, ...] | None = Field(default=None, description="The attachments asked for.")
    computed: dict[Identifier, Any] = Field(default={}, description="Computed values by name.")
    fee: int | None = Field(default=None, description="The fee in yen; 0 where waived.")
    weight: int | None = Field(default=None, description="Tickets in the lottery.")
    lists: tuple[Identifier, ...] | None = Field(default=None, description="Preference lists of the lottery.")
    final: tuple[Identifier, ...] | None = Field(
        default=None, description="Transitions that, taken in order, bring the case to its end."
    )


class Example(Model):
    """An example applicant; run by `flask procedures test`."""

    name: str
    on: Day | None = None
    answers: dict[Identifier, Any]
    expect: "Expectation"


class Procedure(Model):
    """A whole file."""

    procedure: Slug
    department: Slug
    kind: Kind
    language: str = "ja"
    title: Text
    summary: Text
    find_by: FindBy = FindBy()
    law: Law
    reception: Reception = Reception()
    minutes: int = Field(default=10, ge=1, le=240, description="How long filling in takes, in minutes.")
    bring: tuple[Text, ...] = Field(default=(), description="What to have ready.")
    eligibility: tuple[Requirement, ...] = ()
    pages: tuple[Page, ...] = Field(min_length=1)
    computed: dict[Identifier, Expression] = {}
    attachments: tuple[AttachmentDefinition, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    signature: SignatureDefinition = SignatureDefinition()
    fee: Fee | None = None
    workflow: Workflow = Field(description="`{uses: single-review}`, or states of its own.")
    desk: Identifier = Field(description="The desk that works on it.")
    issue: tuple[Document, ...] = ()
    lottery: LotteryDefinition | None = None
    satisfaction: Satisfaction = Satisfaction()
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _lottery_needs_rules(self) -> "Procedure":
        if (self.kind == "lottery") != (self.lottery is not None):
            raise ValueError("kind: lottery and the key `lottery` belong together")
        return self

    def fields(self) -> tuple[FieldDefinition, ...]:
        """Every field of every page, in order, groups not opened."""
        return tuple(field for page in self.pages for field in page.fields)

    @cached_property
    def places(self) -> dict[str, tuple[Page, FieldDefinition]]:
        """Each field with the page it stands on, by the field's id."""
        return {field.id: (page, field) for page in self.pages for field in page.fields}

    def field(self, id: str) -> FieldDefinition | None:
        """The field named `id`, outside groups."""
        place = self.places.get(id)
        return place[1] if place else None

    def page(self, id: str) -> Page | None:
        """The page named `id`."""
        return next((page for page in self.pages if page.id == id), None)
