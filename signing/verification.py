"""Telling what became of a PDF since it was sealed here. Knows the seal only; `workflows.verification` adds the rest.

An upload may be made to mislead: what counts is the digest of the file, the seal's own certificate, and the analysis of
everything that was added after the sealed revision. That a signature is "valid" alone says nothing about additions.
"""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Literal

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.canonical import sha256_hex
from core.context import Context
from signing import seal
from signing.seal import Seal

State = Literal["sound", "changed", "untrusted", "foreign", "unsealed", "unreadable"]
_MOST_SIGNATURES = 20
_CLOSING = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\Z")
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)


for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).propagate = False  # they log parts of the file, which is somebody's
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Finding:
    """What a PDF says about its seal."""

    state: State
    """sound: ours, and nothing was changed · changed: ours, but not as it was sealed · untrusted: ours and unchanged,
    but its certificate does not hold at the moment asked for · foreign: signed by others only · unsealed ·
    unreadable: no PDF, or a broken one."""
    digests: tuple[str, ...]
    """SHA-256 in hex of the file, then of what each signature in it covers: the file as it was then."""
    sealed_at: datetime | None = None
    """When the seal says it was made."""


def examine(ctx: Context, pdf: bytes, moment: datetime) -> Finding:
    """Look at `pdf` as of `moment`. Never raises for what is in the file: a broken one is `unreadable`."""
    ours = seal.current(ctx)
    whole = (sha256_hex(pdf),)
    try:
        return _examine(pdf, ours, moment, whole)
    except Exception:  # noqa: BLE001 - a hostile file can break a parser in any way; none of them proves anything
        return Finding("unreadable", whole)


def _examine(pdf: bytes, ours: Seal, moment: datetime, whole: tuple[str, ...]) -> Finding:
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    signatures = list(reader.embedded_signatures)[:_MOST_SIGNATURES]
    ends = [_end(each) for each in signatures]
    digests = (*whole, *(sha256_hex(pdf[:end]) for end in ends if end < len(pdf)))
    by_us = [each for each in reader.embedded_regular_signatures if _is_by(each, ours)]
    if not by_us:
        return Finding("foreign" if signatures else "unsealed", digests)
    first = by_us[0]
    state = _state(first, ours, moment)
    if not _is_accounted_for(reader, pdf, max(ends)):
        state = "changed"
    return Finding(state, digests, first.self_reported_timestamp)


def _state(signature: EmbeddedPdfSignature, ours: Seal, moment: datetime) -> State:
    trust = ValidationContext(
        trust_roots=ours.roots, other_certs=ours.chain, moment=moment, allow_fetching=False
    )
    status = validate_pdf_signature(signature, trust)
    if not (status.intact and status.valid and status.coverage in _WHOLE):
        return "changed"
    if status.modification_level not in _HARMLESS or not status.docmdp_ok:
        return "changed"
    return "sound" if status.trusted else "untrusted"


def _is_by(signature: EmbeddedPdfSignature, ours: Seal) -> bool:
    """Whether it claims our certificate; anybody can claim it, validation shows whether rightly."""
    return bool(signature.signer_cert.sha256 == ours.certificate.sha256)


def _is_accounted_for(reader: PdfFileReader, pdf: bytes, end: int) -> bool:
    """Whether what follows the last signature is a revision that was analysed. Loose bytes are not: a program that
    rebuilds a broken file would show what is hidden in them.
    """
    tail = pdf[end:].strip()
    if not tail:
        return True
    closing = _CLOSING.search(tail)
    return closing is not None and int(closing[1]) == (reader.last_startxref or 0) >= end


def _end(signature: EmbeddedPdfSignature) -> int:
    """Where what the signature covers ends: the length of the file as it was then."""
    _, _, start, length = (int(number) for number in signature.byte_range)
    return start + length
