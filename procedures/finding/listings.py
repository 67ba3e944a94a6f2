"""What is kept of a version for lists and searches, made from its definition."""

import re
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.database import organisation_of
from procedures.definition import Procedure
from procedures.fees import constant_fee
from procedures.finding.folding import KANA, fold, forms, spaced, terms
from procedures.finding.romaji import sound_of_kana
from procedures.models import Listing, ProcedureVersion, Publication
from translations.furigana import MARK
from translations.procedures import texts
from translations.text import Text

_UNSPOKEN: Final = ("workflow.", "examples.", "issue.")
"""Texts that no applicant reads while filling in."""
_NUMBER: Final = re.compile("[0-9]+")
_DIGITS: Final = 6
_LONGEST_TERM: Final = 24
NOTIFIES: Final = "notifies"
"""The tag of procedures that make themselves known."""
RENEWS: Final = "renews:"
"""How the tags begin that name the documents which a procedure renews."""


def values(procedure: Procedure) -> dict[str, Any]:
    """The columns of the listing of `procedure`, whose translations are merged in."""
    titles = _lines(procedure.title)
    words = [line for word in (*procedure.find_by.words, procedure.procedure) for line in forms(word)]
    kana = {run for line in (*titles, *words, *_readings(procedure.title)) for run in KANA.findall(line)}
    return {
        "procedure_id": procedure.procedure,
        "department": procedure.department,
        "kind": procedure.kind,
        "title": procedure.title.as_dict(),
        "summary": procedure.summary.as_dict(),
        "minutes": procedure.minutes,
        "fee": constant_fee(procedure),
        "processing_period": procedure.law.processing_period,
        "languages": _languages(procedure),
        "tags": " ".join(_tags(procedure)),
        "titles": _searched(titles),
        "words": _searched(words),
        "summaries": _searched(_lines(procedure.summary)),
        "sounds": _searched(sorted({sound_of_kana(run) for run in kana if len(run) > 1})),
        "terms": " ".join(sorted(_terms(procedure, kana))),
        "sorted_by": _in_order(_reading(procedure.title))[:200],
    }


def _lines(text: Text) -> list[str]:
    """A text folded in each of its languages, and as it is read; each only once."""
    return list(dict.fromkeys(form for written in text.as_dict().values() for form in forms(written)))


def _readings(text: Text) -> list[str]:
    """What stands above kanji in a text, each for itself."""
    return [fold(reading) for written in text.as_dict().values() for _, reading in MARK.findall(written)]


def _searched(lines: Iterable[str]) -> str:
    """A line for each, every word after a space, so that a needle with a space before it finds beginnings."""
    return "\n".join(" " + spaced(line) for line in lines)


def _terms(procedure: Procedure, kana: Iterable[str]) -> set[str]:
    written = [*procedure.title.as_dict().values(), *procedure.find_by.words]
    found = {term for text in written for term in terms(text)} | set(kana)
    found |= {spaced(fold(word)) for word in procedure.find_by.words}
    return {term for term in found if 2 < len(term) <= _LONGEST_TERM and " " not in term}


def _reading(title: Text) -> str:
    """How the title is read, where a language of its has readings; what lists are sorted by."""
    return fold(next((forms(text)[-1] for text in title.as_dict().values() if "{" in text), str(title)))


def _in_order(reading: str) -> str:
    """`reading` with its numbers filled up, so that the tenth comes after the second."""
    return _NUMBER.sub(lambda number: number[0].zfill(_DIGITS), reading)


def _tags(procedure: Procedure) -> list[str]:
    find_by = procedure.find_by
    return [
        f"department:{procedure.department}",
        f"kind:{procedure.kind}",
        *(f"for:{each}" for each in find_by.audience),
        *(f"event:{each}" for each in find_by.life_events),
        *(f"who:{each}" for each in find_by.circumstances),
        *([NOTIFIES] if procedure.notify else []),
        *(
            f"{RENEWS}{name}"
            for name in (procedure.renew.names(procedure.procedure) if procedure.renew else ())
        ),
    ]


def _languages(procedure: Procedure) -> list[str]:
    """The languages in which everything can be read that an applicant sees before filing."""
    common: set[str] | None = None
    for path, text in texts(procedure):
        if not path.startswith(_UNSPOKEN):
            common = set(text.languages) if common is None else common & set(text.languages)
    return [tag for tag in procedure.title.languages if tag in (common or ())]


def keep(session: Session, digest: str, made_from: str, columns: dict[str, Any], new: bool) -> None:
    """Keep the listing of a version of the session's organisation; one that is there learns where it came from."""
    known = None if new else session.scalar(sa.select(Listing).where(Listing.digest == digest))
    if known is None:
        known = Listing(organisation_id=organisation_of(session), digest=digest, made_from="")
        session.add(known)
    elif known.made_from == made_from:
        return
    for name, value in columns.items():
        setattr(known, name, value)
    known.made_from = made_from or known.made_from


def complete(session: Session) -> int:
    """Make the listings of the organisation's publications that have none (published before there were any)."""
    missing = session.execute(
        sa.select(ProcedureVersion.digest, ProcedureVersion.compiled).where(
            ProcedureVersion.digest.in_(sa.select(Publication.digest)),
            ~sa.exists().where(
                Listing.digest == ProcedureVersion.digest,
                Listing.organisation_id == ProcedureVersion.organisation_id,
            ),
        )
    ).all()
    for digest, compiled in missing:
        keep(session, digest, "", values(Procedure.model_validate_json(compiled)), True)
    return len(missing)
