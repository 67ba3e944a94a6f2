"""What to know before starting: worked examples of the fee, what to hand in and when, how to sign, who is asked."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core.errors import Message
from forms.conditions import Condition, deciding, in_words
from forms.eligibility import Check, check_of
from forms.fee_examples import FeeExample, fee_examples
from forms.types import Label
from procedures.definition import AttachmentDefinition, FeeItem, Procedure
from procedures.fees import constant_amount
from procedures.unit_price import unit_price
from procedures.versions import Version
from signing.level import level
from translations.text import Text


@dataclass(frozen=True)
class FeeLine:
    """A line of the fee, in yen."""

    label: Text
    amount: int | None
    """Where it is the same for everybody."""
    each: int | None
    """Where the amount is this, times a number that people tell."""
    asked: tuple[Label, ...]
    """What decides the amount."""
    condition: Condition | None
    """When it is due."""


@dataclass(frozen=True)
class Before:
    """What the page of a procedure says of it, beside its own texts. Nothing in it is about a person."""

    fee: tuple[FeeLine, ...]
    waived: Condition | None
    """When there is nothing to pay."""
    examples: list[FeeExample]
    attachments: tuple[tuple[AttachmentDefinition, Condition | None], ...]
    signs: Message | None
    """How the application is signed, where it is."""
    check: Check | None

    @property
    def each(self) -> int | None:
        """The price of one, where that is all there is to say of the fee."""
        only = self.fee[0] if len(self.fee) == 1 else None
        return None if only is None or only.condition or self.waived else only.each


@lru_cache(maxsize=512)
def before(version: Version, language: str, today: date) -> Before:
    """What to know before starting, in `language`, on `today`; worked out once, because a version never changes."""
    procedure = version.procedure
    fee = procedure.fee
    return Before(
        tuple(_line(procedure, item, today) for item in (fee.items if fee else ())),
        in_words(procedure, fee.waive, today) if fee else None,
        fee_examples(procedure, today, language),
        tuple((one, in_words(procedure, one.when, today)) for one in procedure.attachments),
        None if procedure.signature.level == "none" else level(procedure.signature.level).label,
        check_of(procedure),
    )


def _line(procedure: Procedure, item: FeeItem, today: date) -> FeeLine:
    return FeeLine(
        item.label,
        constant_amount(item),
        unit_price(procedure, item.amount),
        deciding(procedure, item.amount),
        in_words(procedure, item.when, today),
    )
