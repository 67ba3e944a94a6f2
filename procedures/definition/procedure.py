"""One procedure: what it is, who may apply, what is asked, how it is decided, what it costs and what is issued."""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.told import tell
from procedures.definition.base import Day, Identifier, LocalTime, Model, Slug
from procedures.definition.fields import FieldDefinition
from procedures.definition.notices import Notify
from procedures.definition.renewal import Renewal
from procedures.definition.scoring import Score
from procedures.definition.table import NumberTable
from procedures.definition.workflow import Duration, Workflow
from procedures.expressions import Expression
from translations.text import Text

Kind = Literal[
    "permit",
    "certificate",
    "notification",
    "lottery",
    "grant",
    "contract",
    "booking",
    "inspection",
    "recruitment",
    "petition",
]
Moment = Literal["submission", "decision"]


class FindBy(Model):
    """How people look for it."""

    words: tuple[str, ...] = Field(default=(), description="What people type, misspellings and kana too.")
    life_events: tuple[Identifier, ...] = Field(
        default=(), description="Occasions at which people need it: `moving`, `having_a_child` …"
    )
    circumstances: tuple[Identifier, ...] = Field(
        default=(),
        description="Whose circumstances it is made for: `single_parent`, `student` …; none: everybody's.",
    )
    audience: tuple[Literal["resident", "business", "visitor"], ...] = Field(
        default=("resident",), alias="for", description="Whom it is for."
    )


class Law(Model):
    """Its legal basis and terms."""

    basis: Text = Field(description="The law or ordinance (根拠法令) it stands on.")
    processing_period: Duration | None = Field(
        default=None, description="The standard processing period (標準処理期間), shown to applicants."
    )
    retention: Duration | None = Field(
        default=None, description="How long a closed case is kept; needed where answers are personal."
    )


class Reception(Model):
    """When applications are taken, in the organisation's time zone. None: always."""

    opens: LocalTime | None = Field(
        default=None, description="From when on, e.g. 2026-04-01T09:00; none: now."
    )
    closes: LocalTime | None = Field(default=None, description="Until when; none: no end.")
    grace_hours: int = Field(
        default=24, ge=0, le=168, description="Whoever started before closing may still finish."
    )


class Requirement(Model):
    """One condition for applying. It is checked with the answers of the eligibility questions, before anything else."""

    id: Identifier = Field(description="Its name.")
    when: Expression = Field(description="True: this person may apply.")
    otherwise: Text = Field(description="What people read who may not, and what they can do instead.")


class Page(Model):
    """One topic of the form."""

    id: Identifier = Field(description="Its name, part of its address.")
    title: Text = Field(description="Its heading.")
    intro: Text | None = Field(default=None, description="A few sentences under the heading.")
    when: Expression | None = Field(default=None, description="Ask the page only while this is true.")
    eligibility: bool = Field(
        default=False, description="Asked first; the requirements are checked after it."
    )
    fields: tuple[FieldDefinition, ...] = Field(default=(), description="Its questions, in order.")


class AttachmentDefinition(Model):
    """A file to hand in."""

    id: Identifier = Field(description="Its name.")
    label: Text = Field(description="What to hand in.")
    help: Text | None = Field(default=None, description="What it must show, and where to get it.")
    accept: tuple[Literal["pdf", "jpeg", "png", "heic"], ...] = Field(
        default=("pdf", "jpeg", "png"), description="Kinds of files that are taken."
    )
    max_files: int = Field(default=1, ge=1, le=20, description="How many files at most.")
    max_size: str = Field(
        default="10 MB", pattern=r"^\d+ (kB|MB)$", description="The largest size of a file: `10 MB`."
    )
    required: bool = Field(default=True, description="`false` lets people leave it out.")
    when: Expression | None = Field(default=None, description="Ask for it only while this is true.")


class Declaration(Model):
    """A statement the applicant makes before filing."""

    id: Identifier = Field(description="Its name.")
    text: Text = Field(description="What the applicant declares.")


class SignatureDefinition(Model):
    """How the applicant signs; `level` names a plug-in of ``signing/levels``."""

    level: str = Field(default="none", description="How sure it is who signs.")


class FeeItem(Model):
    """One line of the fee."""

    label: Text = Field(description="What it is for.")
    amount: Expression = Field(description="How much, in yen.")
    when: Expression | None = Field(default=None, description="Charged only while this is true.")


class Fee(Model):
    """What it costs, in whole yen."""

    when: Literal["before_review", "after_approval"] = Field(
        default="before_review", description="When it is paid; the workflow needs a state for it."
    )
    items: tuple[FeeItem, ...] = Field(min_length=1, description="What it is made of, line by line.")
    waive: Expression | None = Field(default=None, description="True: nothing is charged.")


class Document(Model):
    """A document that is issued. Texts may hold `{field}` names; they are filled in, never run."""

    id: Identifier = Field(description="Its name in the workflow's `issue: …`.")
    template: Literal["certificate", "permit", "letter"] = Field(
        default="certificate", description="How it looks."
    )
    title: Text = Field(description="Its heading.")
    body: Text = Field(
        description="What it says; `{field}` is filled in, as are `{reference}`, `{issued_on}` …"
    )
    addressee: Text | None = Field(
        default=None, description='To whom a permit or letter is addressed: `"{applicant_name}"`.'
    )
    rows: tuple["DocumentRow", ...] = Field(default=(), description="A table of what was granted.")
    conditions: tuple[Text, ...] = Field(default=(), description="Conditions (許可条件), numbered.")
    seal: bool = Field(default=True, description="Sealed electronically (電子公印).")
    valid_for: Duration | None = Field(default=None, description="How long it is good for; none: no end.")


class DocumentRow(Model):
    """A line of a document's table."""

    label: Text = Field(description="What it is.")
    value: Text = Field(description="What stands there; `{field}` is filled in.")


class LotteryList(Model):
    """A preference category with its share of the seats of each unit, e.g. ``1/2``."""

    id: Identifier = Field(description="Its name.")
    share: str = Field(pattern=r"^\d+/[1-9]\d*$", description="Its share of the seats of each unit: `1/2`.")
    when: Expression = Field(description="True: this entry is on the list.")


class LotteryDefinition(Model):
    """What is drawn, with which weights; see docs/developers/lottery."""

    unit: Expression = Field(description="The unit an entry is for; one of `units`.")
    units: dict[str, int] = Field(min_length=1, description="Seats by unit.")
    weight: Expression = Field(description="Tickets of an entry: a whole number from 1.")
    household: Expression | None = Field(
        default=None, description="Entries with equal value are one household."
    )
    lists: tuple[LotteryList, ...] = Field(default=(), description="Preference categories (優先枠).")
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
            raise ValueError(tell("the shares of the lists exceed the whole"))
        if len({entry.id for entry in self.lists}) < len(self.lists):
            raise ValueError(tell("a list occurs twice"))
        if len(set(self.witnesses)) < len(self.witnesses):
            raise ValueError(tell("a witness occurs twice"))
        if self.least_witnesses > len(self.witnesses):
            raise ValueError(tell("`least_witnesses` is more than there are witnesses"))
        if any(seats < 0 for seats in self.units.values()):
            raise ValueError(tell("seats cannot be fewer than none"))
        return self


class Satisfaction(Model):
    """When people are asked how it was."""

    ask_after: tuple[Moment, ...] = Field(default=("submission", "decision"), description="The moments.")


class Expectation(Model):
    """What must come out for an example; what is not named is not compared."""

    eligible: bool | None = Field(default=None, description="Whether this person may apply.")
    pages: tuple[Identifier, ...] | None = Field(default=None, description="The pages shown, in order.")
    fields: dict[Identifier, bool] = Field(default={}, description="Whether a field is shown.")
    attachments: tuple[Identifier, ...] | None = Field(default=None, description="The attachments asked for.")
    computed: dict[Identifier, Any] = Field(default={}, description="Computed values by name.")
    fee: int | None = Field(default=None, description="The fee in yen; 0 where waived.")
    score: Decimal | None = Field(default=None, description="The points by `score`.")
    weight: int | None = Field(default=None, description="Tickets in the lottery.")
    lists: tuple[Identifier, ...] | None = Field(default=None, description="Preference lists of the lottery.")
    final: tuple[Identifier, ...] | None = Field(
        default=None, description="Transitions that, taken in order, bring the case to its end."
    )


class Example(Model):
    """An example applicant; run by `flask procedures test`."""

    name: str = Field(description="Who it is and what they want, in a few words.")
    on: Day | None = Field(default=None, description="The day it happens; none: today.")
    answers: dict[Identifier, Any] = Field(description="Answers by field; a group is a list of rows.")
    expect: "Expectation" = Field(description="What must come out.")


class Procedure(Model):
    """A whole file."""

    procedure: Slug = Field(description="Its name, as in the name of the file and in addresses.")
    department: Slug = Field(description="Whose it is, as in the name of the folder.")
    kind: Kind = Field(description="What people get by it.")
    language: str = Field(
        default="ja", description="The language the file is written in; its texts are the authoritative ones."
    )
    languages: dict[str, Annotated[int, Field(ge=0, le=100)]] = Field(
        default={},
        description="How many percent of its texts must be translated before it is published, by language: "
        "`{en: 100, ko: 80}`.",
    )
    title: Text = Field(description="What it is called.")
    summary: Text = Field(description="One or two sentences: what it is for.")
    find_by: FindBy = Field(default=FindBy(), description="How people find it.")
    law: Law = Field(description="Its legal basis and terms.")
    reception: Reception = Field(default=Reception(), description="When applications are taken.")
    minutes: int = Field(default=10, ge=1, le=240, description="How long filling in takes, in minutes.")
    bring: tuple[Text, ...] = Field(default=(), description="What to have ready.")
    eligibility: tuple[Requirement, ...] = Field(default=(), description="Who may apply.")
    pages: tuple[Page, ...] = Field(min_length=1, description="What is asked, one topic each.")
    tables: dict[Identifier, NumberTable] = Field(
        default={},
        description="CSV files beside this one for `lookup(table, key)`: a key and a number in each row.",
    )
    computed: dict[Identifier, Expression] = Field(
        default={}, description="Values calculated from answers, by name."
    )
    attachments: tuple[AttachmentDefinition, ...] = Field(default=(), description="Files to hand in.")
    declarations: tuple[Declaration, ...] = Field(default=(), description="What the applicant declares.")
    signature: SignatureDefinition = Field(default=SignatureDefinition(), description="How people sign.")
    fee: Fee | None = Field(default=None, description="What it costs; none: nothing.")
    score: Score | None = Field(default=None, description="Points, where applications are compared.")
    workflow: Workflow = Field(description="`{uses: single-review}`, or states of its own.")
    desk: Identifier = Field(description="The desk that works on it.")
    delegates: bool = Field(
        default=True,
        description="`false` where the law wants people to apply themselves: no delegate (代理人) may.",
    )
    issue: tuple[Document, ...] = Field(default=(), description="The documents that are issued.")
    renew: Renewal | None = Field(
        default=None, description="The issued documents that it renews; none: it renews nothing."
    )
    notify: Notify | None = Field(
        default=None,
        description="To which residents who want it the platform writes that this may be for them; none: to nobody.",
    )
    lottery: LotteryDefinition | None = Field(default=None, description="What is drawn, for `kind: lottery`.")
    satisfaction: Satisfaction = Field(
        default=Satisfaction(), description="When people are asked how it was."
    )
    examples: tuple[Example, ...] = Field(default=(), description="Example applicants that prove the file.")

    @model_validator(mode="after")
    def _lottery_needs_rules(self) -> "Procedure":
        if (self.kind == "lottery") != (self.lottery is not None):
            raise ValueError(tell("kind: lottery and the key `lottery` belong together"))
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
