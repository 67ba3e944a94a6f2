"""What to know before starting: worked examples of the fee, what to hand in and when, how to sign, who is asked."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core.errors import Message
from forms.conditions import Condition, deciding, in_words
from forms.eligibility import Check, check_of
from forms.fee_examples import FeeExample, fee_examples
from forms.types import Label
from procedures.definition import AttachmentDefinition, FeeItem
from procedures.fees import constant_amount
from procedures.versions import Version
from signing.level import level


@dataclass(frozen=True)
class Before:
    """What the page of a procedure says of it, beside its own texts. Nothing in it is about a person."""

    fee: tuple[tuple[FeeItem, int | None, tuple[Label, ...], Condition | None], ...]
    """Each line of the fee: its yen where they are the same for everybody, else what decides them; when it is due."""
    examples: list[FeeExample]
    attachments: tuple[tuple[AttachmentDefinition, Condition | None], ...]
    signs: Message | None
    """How the application is signed, where it is."""
    check: Check | None


@lru_cache(maxsize=512)
def before(version: Version, language: str, today: date) -> Before:
    """What to know before starting, in `language`, on `today`; worked out once, because a version never changes."""
    procedure = version.procedure
    items = procedure.fee.items if procedure.fee else ()
    return Before(
        tuple(
            (one, constant_amount(one), deciding(procedure, one.amount), in_words(procedure, one.when, today))
            for one in items
        ),
        fee_examples(procedure, today, language),
        tuple((one, in_words(procedure, one.when, today)) for one in procedure.attachments),
        None if procedure.signature.level == "none" else level(procedure.signature.level).label,
        check_of(procedure),
    )
