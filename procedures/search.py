"""Finding procedures in the catalogue, by the words people use."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from procedures import versions
from procedures.fees import constant_fee
from procedures.models import Publication
from procedures.versions import Version
from translations.text import Phrase

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


@dataclass(frozen=True)
class Hit:
    """A procedure of the catalogue, in the reader's language."""

    organisation_id: str
    procedure_id: str
    department: str
    kind: str
    title: Phrase
    summary: Phrase
    minutes: int
    fee: int | None
    """In yen where it is the same for everybody; none where it follows from the answers."""

    @property
    def has_fee(self) -> bool:
        """Whether some applicants pay."""
        return self.fee != 0


def find(session: Session, language: str, words: str = "", organisation: str | None = None) -> list[Hit]:
    """The current procedures that hold every one of `words`, those with the words in their title first."""
    wanted = fold(words).split()
    found = []
    for version in _current(session, organisation):
        title, everything = _searched(version)
        if all(word in everything for word in wanted):
            found.append((not all(word in title for word in wanted), _hit(version, language)))
    return [hit for _, hit in sorted(found, key=lambda pair: (pair[0], str(pair[1].title)))]


def fold(text: str) -> str:
    """`text` as it is compared: width, case, and hiragana or katakana make no difference."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA_TO_HIRAGANA)


def _current(session: Session, organisation: str | None) -> Iterator[Version]:
    query = (
        sa.select(Publication.organisation_id, Publication.procedure_id, Publication.digest)
        .where(Publication.effective_at <= clock.now())
        .order_by(Publication.effective_at, Publication.id)
    )
    if organisation is not None:
        query = query.where(Publication.organisation_id == organisation)
    newest = {(row.organisation_id, row.procedure_id): row.digest for row in session.execute(query)}
    for (owner, _), digest in newest.items():
        version = versions.get(session, digest)
        yield Version(digest, owner, version.procedure)


@lru_cache(maxsize=versions.KEPT)
def _searched(version: Version) -> tuple[str, str]:
    """The folded title, and all that is searched, in every language it has."""
    procedure = version.procedure
    title = " ".join(procedure.title.as_dict().values())
    rest = (*procedure.summary.as_dict().values(), *procedure.find_by.words, procedure.procedure)
    return fold(title), fold(" ".join((title, *rest)))


def _hit(version: Version, language: str) -> Hit:
    procedure = version.procedure
    return Hit(
        version.organisation_id,
        procedure.procedure,
        procedure.department,
        procedure.kind,
        procedure.title.phrase(language),
        procedure.summary.phrase(language),
        procedure.minutes,
        constant_fee(procedure),
    )
