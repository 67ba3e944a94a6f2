"""The ledger: what was charged, and what became of it. Append-only; every status is computed from the entries.

Events of providers arrive late, twice and in any order; the sums below do not depend on the order, and uniqueness
takes care of the rest. For the entries of every case holds (`Balance.check`)::

    charged - waived = paid + due - overpaid,   nothing negative,   due or overpaid is 0
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, clock
from core.database import insert_if_new, kept, table_of
from payments.models import Entry
from payments.money import Line, lines_of, whole_yen
from translations.text import Text

Kind = Literal[
    "charged", "waived", "pending", "paid", "failed", "expired", "refunded", "disputed", "reinstated"
]
"""`pending`: the person has to pay elsewhere, e.g. in a convenience store. `failed` and `expired` end a checkout
without money. `disputed`: a bank took the money back (chargeback); `reinstated`: the dispute was won."""

State = Literal["none", "due", "pending", "paid", "refunded", "waived"]
OWN: Final = "ledger"
"""The provider of entries that the platform writes of its own accord."""
_ENDS: Final = frozenset(("paid", "failed", "expired"))


@dataclass(frozen=True)
class PaymentStatus:
    """How a case stands, in whole yen."""

    due: int
    paid: int
    refunded: int
    waived: int
    state: State
    charged: int = 0
    overpaid: int = 0
    disputed: int = 0

    @property
    def kept(self) -> int:
        """What the office holds of what was paid."""
        return max(0, self.paid - self.refunded)


@dataclass(frozen=True)
class Balance:
    """The sums of a set of entries, whatever their order."""

    charged: int
    waived: int
    paid: int
    refunded: int
    disputed: int
    waiting: bool
    """Whether a checkout is being paid elsewhere and has not ended."""

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Balance":
        """The sums of `entries`."""
        sums: Counter[str] = Counter()
        kinds: dict[str | None, set[str]] = {}
        for entry in entries:
            sums[entry.kind] += entry.amount
            kinds.setdefault(entry.checkout_id, set()).add(entry.kind)
        return cls(
            charged=sums["charged"],
            waived=min(sums["waived"], sums["charged"]),
            paid=sums["paid"],
            refunded=sums["refunded"],
            disputed=max(0, sums["disputed"] - sums["reinstated"]),
            waiting=any("pending" in seen and not seen & _ENDS for seen in kinds.values()),
        )

    @property
    def claim(self) -> int:
        """What the office asks for."""
        return self.charged - self.waived

    @property
    def due(self) -> int:
        """What is still to be paid. A refund does not make it due again: giving back was the office's decision."""
        return max(0, self.claim - self.paid)

    @property
    def overpaid(self) -> int:
        """What was paid beyond the claim and not yet given back."""
        return max(0, self.paid - self.claim - self.refunded)

    @property
    def state(self) -> State:
        """One word for it."""
        if not self.charged:
            return "none"
        if self.due:
            return "pending" if self.waiting else "due"
        if not self.paid:
            return "waived"
        return "refunded" if self.refunded >= self.paid else "paid"

    def check(self) -> None:
        """Raise `AssertionError` where the sums contradict each other; see the top of this module."""
        excess = max(0, self.paid - self.claim)
        if self.claim != self.paid + self.due - excess or (self.due and excess):
            raise AssertionError(f"the ledger does not balance: {self}")
        if min(self.charged, self.waived, self.paid, self.refunded, self.disputed, self.claim) < 0:
            raise AssertionError(f"a sum is negative: {self}")

    def status(self) -> PaymentStatus:
        """The balance as other rooms see it."""
        return PaymentStatus(
            due=self.due,
            paid=self.paid,
            refunded=self.refunded,
            waived=self.waived,
            state=self.state,
            charged=self.charged,
            overpaid=self.overpaid,
            disputed=self.disputed,
        )


def charge(
    session: Session,
    application_id: str,
    lines: Sequence[tuple[Text, int]],
    total: int,
    purpose: str = "fee",
) -> bool:
    """Ask for `total` yen, once per application and purpose; false where nothing is asked for, or was asked before.

    The sum of `lines` is charged; what `total` is below it is waived. Nothing is written where the sum is 0.
    Raises `ValueError` where `total` exceeds the lines.
    """
    kept = lines_of(lines)
    whole = whole_yen(max(0, sum(line.amount for line in kept)) if kept else total)
    if whole_yen(total) > whole:
        raise ValueError(f"a total of {total} yen exceeds its lines of {whole}")
    if not whole:
        return False
    moment = clock.now()
    charged = Entry(
        application_id=application_id,
        kind="charged",
        amount=whole,
        provider=OWN,
        event_id=f"charge:{purpose}:{application_id}",
        purpose=purpose,
        lines=[line.as_json() for line in kept],
        occurred_at=moment,
    )
    if not record(session, charged):
        return False
    if total < whole:
        waive(session, application_id, whole - total, "system", purpose)
    return True


def waive(
    session: Session, application_id: str, amount: int, actor: str, purpose: str = "fee", occasion: str = ""
) -> bool:
    """Give up a claim of `amount` yen (減免), once per `occasion`; false where that was already written."""
    waived = Entry(
        application_id=application_id,
        kind="waived",
        amount=whole_yen(amount),
        provider=OWN,
        event_id=f"waive:{purpose}:{application_id}:{occasion}",
        purpose=purpose,
        occurred_at=clock.now(),
    )
    return record(session, waived, actor)


def record(session: Session, entry: Entry, actor: str = "system") -> bool:
    """Write `entry` and its audit row; false, and nothing written, where its event is already in the ledger."""
    given = {column.key: getattr(entry, column.key) for column in table_of(Entry).c}
    values = {name: value for name, value in given.items() if value is not None}
    written = _ENTER[session.get_bind().dialect.name].run(session, **values).scalar()
    if written is None:
        return False
    audit.append(
        session,
        f"payment.{entry.kind}",
        f"application:{entry.application_id}",
        actor,
        amount=entry.amount,
        provider=entry.provider,
        entry=written,
    )
    return True


_ENTER = insert_if_new(table_of(Entry), Entry.id)


def entries(session: Session, application_id: str) -> list[Entry]:
    """The entries of a case in the order in which they were written."""
    return list(session.scalars(_OF_CASE, {"application": application_id}))


_OF_CASE = kept(
    sa.select(Entry).where(Entry.application_id == sa.bindparam("application")).order_by(Entry.id)
)


def lines(session: Session, application_id: str) -> list[Line]:
    """What the fee is made of."""
    charged = (entry for entry in entries(session, application_id) if entry.kind == "charged")
    return [Line.from_json(line) for entry in charged for line in entry.lines]


def status(session: Session, application_id: str) -> PaymentStatus:
    """How the case stands."""
    return Balance.of(entries(session, application_id)).status()


def statuses(session: Session, application_ids: Sequence[str]) -> dict[str, PaymentStatus]:
    """How several cases stand, in one query (for lists)."""
    found: dict[str, list[Entry]] = {id: [] for id in application_ids}
    for entry in session.scalars(sa.select(Entry).where(Entry.application_id.in_(application_ids))):
        found[entry.application_id].append(entry)
    return {id: Balance.of(of_case).status() for id, of_case in found.items()}
