"""Answers, texts and file names at rest: JSON encrypted under the case's own key and bound to its row.

A draft and the application it becomes share one case key: at filing it moves over, so that deleting it once erases all.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from applications.models import Application, CaseMessage, Correction, Draft, Event
from core.context import Context
from forms import apart
from procedures.definition.base import Json

Raw = dict[str, list[str]]
"""What a browser sent for one page: values by input name."""
FileEntry = dict[str, Any]
"""One file handed in: ``{"id", "name", "size", "sha256"}``."""


@dataclass
class DraftDocument:
    """What a person has filled in so far."""

    answers: dict[str, Json] = field(default_factory=dict)
    raw: dict[str, Raw] = field(default_factory=dict)
    """What was typed on pages that are not right yet, so that nothing typed is lost."""
    files: dict[str, list[FileEntry]] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    """``{"email": …}`` for the link that resumes the draft."""
    done: list[str] = field(default_factory=list)
    """Ids of the pages that were completed."""
    declared: list[str] = field(default_factory=list)
    """Ids of the declarations that were made."""
    acting: dict[str, Json] = field(default_factory=dict)
    """Who acts for whom, where it is not everybody for themselves: see `accounts.roles`."""
    apart: dict[str, Json] = field(default_factory=dict)
    """Numbers typed on pages that are not right yet, by the ids that stand for them in `raw`: see `forms.apart`."""
    turns: dict[str, str] = field(default_factory=dict)
    """The newest state that came in of each page: see `applications.journey.comes_late`."""
    visits: dict[str, dict[str, str]] = field(default_factory=dict)
    """What pages that are open have sent, as signs by field: see `applications.windows`."""
    beside: dict[str, Raw] = field(default_factory=dict)
    """What gave way to what was entered in another window, by field, until somebody has seen both."""
    prefill: dict[str, Json] = field(default_factory=dict)
    """``{"consent": "yes" | "no", "at": …, "values": {field: answer}}``: what was filled in from a profile; from other
    forms of the same person, ``"source": "together"`` and ``"sources": {field: draft}`` beside it; for a renewal
    ``"source": "renewal"``, and ``"reference"`` and ``"filed_on"`` of the earlier application."""


@dataclass
class CaseDocument:
    """One version of what was handed in."""

    answers: dict[str, Json] = field(default_factory=dict)
    files: dict[str, list[FileEntry]] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    signature: dict[str, Json] | None = None
    """The record of `signing`, as JSON."""
    acting: dict[str, Json] = field(default_factory=dict)
    """Who acts for whom: see `accounts.roles`."""


@dataclass
class CorrectionDocument:
    """What a clerk asks to correct, and what the applicant has typed so far."""

    remarks: dict[str, str] = field(default_factory=dict)
    """Remark by the id of a field or attachment."""
    raw: Raw = field(default_factory=dict)
    """What was typed in answer and is not right yet."""
    begun: bool = False
    """Whether something was kept, also where that is nothing: boxes without ticks send nothing."""
    apart: dict[str, Json] = field(default_factory=dict)
    """The numbers in it: see `forms.apart`."""
    files: dict[str, list[FileEntry]] = field(default_factory=dict)
    """What was uploaded in answer, kept while something else is not right yet."""
    turns: dict[str, str] = field(default_factory=dict)
    """The newest state that came in: see `applications.journey.comes_late`."""
    sent: str = ""
    """The digest of what was handed in: whoever sends the same again, because the answer got lost, has sent it once."""


@dataclass
class MessageDocument:
    """What somebody wrote about a case, with the files beside it."""

    text: str = ""
    files: list[FileEntry] = field(default_factory=list)


def read_draft(ctx: Context, draft: Draft) -> DraftDocument:
    """The document of `draft`; an empty one once it was filed."""
    if not draft.document:
        return DraftDocument()
    return DraftDocument(**_open(ctx, draft.case_key, draft.document, f"drafts:{draft.id}"))


def seal_draft(ctx: Context, draft: Draft, document: DraftDocument) -> bytes:
    """`document` encrypted for the row of `draft`; numbers in it are set apart, in `document` too."""
    document.answers = set_apart(ctx, draft.case_key, document.answers)
    document.apart = set_apart(ctx, draft.case_key, document.apart)
    return _seal(ctx, draft.case_key, vars(document), f"drafts:{draft.id}")


def read_answers(ctx: Context, application: Application, version: int, sealed: bytes) -> CaseDocument:
    """One version of the answers of `application`."""
    return CaseDocument(**_open(ctx, application.case_key, sealed, _answers(application, version)))


def seal_answers(ctx: Context, application: Application, version: int, document: CaseDocument) -> bytes:
    """`document` encrypted as the answers `version` of `application`; numbers are set apart, in `document` too."""
    document.answers = set_apart(ctx, application.case_key, document.answers)
    return _seal(ctx, application.case_key, vars(document), _answers(application, version))


def read_correction(ctx: Context, application: Application, row: Correction) -> CorrectionDocument:
    """The remarks of a correction request and what was typed in answer."""
    return CorrectionDocument(**_open(ctx, application.case_key, row.document, f"corrections:{row.id}"))


def seal_correction(
    ctx: Context, application: Application, correction_id: str, document: CorrectionDocument
) -> bytes:
    """`document` encrypted for the row of the correction request; numbers in it are set apart."""
    document.apart = set_apart(ctx, application.case_key, document.apart)
    return _seal(ctx, application.case_key, vars(document), f"corrections:{correction_id}")


def set_apart(ctx: Context, key: bytes, node: Json) -> Json:
    """A copy of `node` in which every number that was typed is encrypted under a key of its own (`forms.apart`)."""
    if isinstance(node, Mapping):
        if apart.WHOLE in node:
            return _sealed_apart(ctx, key, node)
        return {name: set_apart(ctx, key, value) for name, value in node.items()}
    return [set_apart(ctx, key, value) for value in node] if isinstance(node, list) else node


def _sealed_apart(ctx: Context, key: bytes, typed: Mapping[str, Json]) -> Json:
    id, whole = str(typed.get(apart.APART) or uuid4().hex), str(typed[apart.WHOLE])
    sealed = ctx.keyring.encrypt_apart(key, whole.encode(), f"apart:{id}")
    return {apart.APART: id, apart.SEALED: b64encode(sealed).decode(), apart.SHOWN: apart.masked(whole)}


def opened_apart(ctx: Context, application: Application, stored: Mapping[str, Json]) -> str:
    """The whole number. Whoever calls it writes that into the audit log. Raises `core.secrets.Undecipherable`."""
    sealed = b64decode(stored[apart.SEALED])
    return ctx.keyring.decrypt_apart(application.case_key, sealed, f"apart:{stored[apart.APART]}").decode()


def read_event(ctx: Context, application: Application, row: Event) -> str | None:
    """What a person wrote with an event: a reason or a comment."""
    if row.text is None:
        return None
    return str(_open(ctx, application.case_key, row.text, _event(application, row.sequence))["text"])


def seal_event(ctx: Context, application: Application, sequence: int, text: str) -> bytes:
    """`text` encrypted for the event `sequence` of `application`."""
    return _seal(ctx, application.case_key, {"text": text}, _event(application, sequence))


def read_message(ctx: Context, application: Application, row: CaseMessage) -> MessageDocument:
    """What the message says."""
    return MessageDocument(**_open(ctx, application.case_key, row.document, f"messages:{row.id}"))


def seal_message(ctx: Context, application: Application, id: str, document: MessageDocument) -> bytes:
    """`document` encrypted for the row of the message `id`."""
    return _seal(ctx, application.case_key, vars(document), f"messages:{id}")


def _answers(application: Application, version: int) -> str:
    return f"answers:{application.id}:{version}"


def _event(application: Application, sequence: int) -> str:
    return f"events:{application.id}:{sequence}"


def _seal(ctx: Context, key: bytes, data: Mapping[str, Json], context: str) -> bytes:
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return ctx.keyring.encrypt(key, plain, context)


def _open(ctx: Context, key: bytes, blob: bytes, context: str) -> dict[str, Json]:
    data: dict[str, Json] = json.loads(ctx.keyring.decrypt(key, blob, context))
    return data
