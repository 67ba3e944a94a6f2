"""Where a person stands in a form: derived from the answers, never from what the browser says.

The steps are the visible pages (eligibility first), then attachments, check, signature. A step counts as done only
while all before it are; a skipped page is asked for again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from applications.vault import CorrectionDocument, DraftDocument
from forms import apart
from procedures.definition import AttachmentDefinition, Page, Procedure, Requirement
from procedures.definition.base import Json
from procedures.values import Values
from procedures.visibility import asked_attachments, asked_by, unmet_requirements, visible_pages

ATTACHMENTS, CHECK, SIGN = "attachments", "check", "sign"


@dataclass(frozen=True)
class Journey:
    """The way through one form, for the answers given so far."""

    procedure: Procedure
    document: DraftDocument
    today: date

    @cached_property
    def values(self) -> Values:
        """The answers as expressions see them."""
        return Values(self.procedure, self.document.answers, self.today)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The pages to fill in, eligibility questions first."""
        shown = visible_pages(self.procedure, self.values)
        return tuple(sorted(shown, key=lambda page: not page.eligibility))

    @cached_property
    def attachments(self) -> tuple[AttachmentDefinition, ...]:
        """The attachments that these answers ask for."""
        return asked_attachments(self.procedure, self.values)

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """Page ids in order, then `attachments` where there are any."""
        return (*(page.id for page in self.pages), *((ATTACHMENTS,) if self.attachments else ()))

    @cached_property
    def unmet(self) -> tuple[Requirement, ...]:
        """The requirements that these answers do not meet; each is judged as soon as all its pages are done."""
        waiting = {page.id for page in self.pages if page.id not in self.document.done}
        return tuple(
            one
            for one in unmet_requirements(self.procedure, self.values)
            if waiting.isdisjoint(self._asked_for(one))
        )

    @cached_property
    def to_mend(self) -> str:
        """The page whose answers were the last to make the first unmet requirement fail."""
        return [self.steps[0], *self._asked_for(self.unmet[0])][-1]

    def _asked_for(self, requirement: Requirement) -> list[str]:
        names = asked_by(self.procedure, requirement.when)
        return [page.id for page in self.pages if not names.isdisjoint(field.id for field in page.fields)]

    @cached_property
    def first_open(self) -> str:
        """The first step that is not done; `check` when all are."""
        return next((step for step in self.steps if step not in self.document.done), CHECK)

    @property
    def complete(self) -> bool:
        """Whether everything up to checking is done and the requirements are met."""
        return self.first_open == CHECK and not self.unmet and not self.missing_files

    @cached_property
    def missing_files(self) -> tuple[AttachmentDefinition, ...]:
        """Required attachments without a file."""
        return tuple(one for one in self.attachments if one.required and not self.document.files.get(one.id))

    def reachable(self, step: str) -> bool:
        """Whether the step may be opened: it is done, or the first open one."""
        return step in self.steps and (step in self.document.done or step == self.first_open)

    def after(self, step: str) -> str:
        """The step that follows `step`."""
        position = self.steps.index(step) + 1
        return self.steps[position] if position < len(self.steps) else CHECK

    def before(self, step: str) -> str | None:
        """The step in front of `step`; none for the first."""
        position = self.steps.index(step) if step in self.steps else len(self.steps)
        return self.steps[position - 1] if position else None

    def number(self, step: str) -> int:
        """The position of `step`, from 1."""
        return self.steps.index(step) + 1


def complete_page(document: DraftDocument, page_id: str, answers: Mapping[str, Json]) -> None:
    """Take over the valid answers of a page; what was typed raw is no longer needed."""
    document.answers.update(answers)
    document.raw.pop(page_id, None)
    _forget(document)
    if page_id not in document.done:
        document.done.append(page_id)


def keep_raw(document: DraftDocument, page: Page, raw: Mapping[str, Sequence[str]]) -> None:
    """Keep what was typed on a page that is not right yet; it no longer counts as done."""
    document.raw[page.id], typed = apart.out_of_inputs(page, raw)
    document.apart.update(typed)
    _forget(document)
    if page.id in document.done:
        document.done.remove(page.id)


_TURN: Final = re.compile(r"([0-9a-z]{1,16})-([0-9]{1,9})")


def comes_late(document: DraftDocument | CorrectionDocument, page_id: str, turn: str) -> bool:
    """Whether a newer state of the page has come in before; else this one is noted as the newest.

    `turn` is ``visit-number``: what a page sends by itself while somebody types is numbered, and the line and the
    server may take it in any order. Other visits of the page, and what has no number, are never late.
    """
    given, known = _TURN.fullmatch(turn), _TURN.fullmatch(document.turns.get(page_id, ""))
    if given is None:
        return False
    if known is not None and given[1] == known[1] and int(given[2]) < int(known[2]):
        return True
    document.turns[page_id] = turn
    return False


def _forget(document: DraftDocument) -> None:
    """Drop the numbers that no input stands for any more."""
    kept = (*document.raw.values(), *document.beside.values())
    named = {text for raw in kept for values in raw.values() for text in values}
    document.apart = {id: one for id, one in document.apart.items() if id in named}
