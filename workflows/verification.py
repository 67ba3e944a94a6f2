"""Is this document genuine? The seal's finding and the register's record, joined into one verdict with what to do next.

It lies here because it needs both `signing` and `documents`, which do not know each other.
"""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from core import clock
from core.context import Context
from core.errors import Message, message
from documents import register
from documents.register import Record
from signing import seal, verification
from signing.verification import Finding

Status = Literal["genuine", "expired", "withdrawn", "altered", "unknown", "not_ours"]


@dataclass(frozen=True)
class Verdict:
    """What is to be said about a document; `record` has its facts, none personal, where it is in the register."""

    status: Status
    headline: Message
    advice: Message
    record: Record | None = None
    by_file: bool = True
    """Whether the file itself was judged, not just a code that anybody can copy."""
    test: bool = False
    """Whether it bears the test seal, which proves nothing to anybody."""


def verify_pdf(session: Session, ctx: Context, pdf: bytes) -> Verdict:
    """The verdict on a PDF (a session of `EVERYONE`). Nothing of the file is kept."""
    finding = verification.examine(ctx, pdf, clock.now())
    record = register.by_digest(session, finding.digests)
    test = seal.is_test(ctx)
    if record is not None and record.sha256 == finding.digests[0]:
        return Verdict(*_standing(record), record=record, test=test)
    if record is not None and finding.state == "sound":
        return Verdict(*_standing(record), record=record, test=test)
    return Verdict(*_of_finding(finding, record), record=record, test=test and finding.state == "sound")


def by_code(session: Session, ctx: Context, typed: str) -> Verdict:
    """The verdict on a verification code (a session of `EVERYONE`)."""
    record = register.by_code(session, typed)
    if record is None:
        return Verdict("unknown", *_NO_SUCH_CODE, by_file=False)
    status, headline, advice = _standing(record)
    if status == "genuine":
        headline, advice = _CODE_KNOWN
    return Verdict(status, headline, advice, record, by_file=False, test=seal.is_test(ctx))


def _standing(record: Record) -> tuple[Status, Message, Message]:
    """How a document stands whose file is as it was issued."""
    if record.withdrawn_on is not None:
        return "withdrawn", *(_PAID_BACK if record.receipt else _WITHDRAWN)
    if record.expired:
        return "expired", *_EXPIRED
    return "genuine", *_GENUINE


def _of_finding(finding: Finding, record: Record | None) -> tuple[Status, Message, Message]:
    """What is to be said of a file that is not, as it is, in the register."""
    if finding.state == "changed" or record is not None:
        return "altered", *_ALTERED
    if finding.state in ("sound", "untrusted"):
        return "unknown", *_NOT_REGISTERED
    if finding.state == "unreadable":
        return "not_ours", *_UNREADABLE
    return "not_ours", *(_FOREIGN if finding.state == "foreign" else _UNSEALED)


_GENUINE = (
    message("This document is genuine."),
    message("It was issued by the office named below and has not been changed since."),
)
_CODE_KNOWN = (
    message("A document with this code was issued and is valid."),
    message(
        "Compare the paper with the facts below. A code can be copied onto another paper: "
        "to check every word, ask for the PDF file and check that here."
    ),
)
_EXPIRED = (
    message("This document is genuine, but no longer valid."),
    message("Its period of validity is over. Ask the holder for a new one."),
)
_WITHDRAWN = (
    message("This document was withdrawn."),
    message("The office has declared it void. Do not accept it. The office named below can tell you more."),
)
_PAID_BACK = (
    message("This receipt no longer counts."),
    message("The payment was paid back, in whole or in part. Where a part was kept, there is a new receipt."),
)
_ALTERED = (
    message("This file was changed after it was sealed."),
    message("Do not rely on it. Ask the holder for the file exactly as it was issued, or ask the office."),
)
_NO_SUCH_CODE = (
    message("No document has this code."),
    message(
        "Check the code: it has twelve letters and digits, without 0, 1, I and O. "
        "If it is still not found, ask the office that is said to have issued the document."
    ),
)
_NOT_REGISTERED = (
    message("This file bears our seal, but it is not in the register."),
    message("Do not rely on it. Ask the office that is named on it."),
)
_FOREIGN = (
    message("This file was not sealed here."),
    message("It is signed by somebody else. We cannot say anything about it."),
)
_UNSEALED = (
    message("This file was not sealed here."),
    message(
        "It may be a copy or a scan, which have no seal. If a code is printed on it, type the code; "
        "or ask for the original PDF file."
    ),
)
_UNREADABLE = (
    message("This file cannot be read: it is damaged, was changed, or is not a PDF."),
    message(
        "Choose the PDF file exactly as you received it. If you have a paper, type the code printed on it."
    ),
)
