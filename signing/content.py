"""What an applicant signs: canonical JSON (RFC 8785) of the application as it will be filed."""

from dataclasses import dataclass
from typing import Any

from applications.filing import cleaned
from applications.models import Draft
from applications.vault import DraftDocument
from core.canonical import canonical_json, sha256_hex
from procedures.versions import Version

FORMAT = "madoguchi-application/1"


@dataclass(frozen=True)
class Content:
    """The bytes to be signed and their SHA-256 in hex."""

    signed: bytes
    digest: str


def content_of(draft: Draft, version: Version, document: DraftDocument, zone: str) -> Content:
    """What is signed under `draft`: answers that count, digests of files, declarations, for whom, and which version."""
    signed = canonical_json(
        {
            "format": FORMAT,
            "organisation": draft.organisation_id,
            "procedure": draft.procedure_id,
            "version": draft.version_digest,
            "language": draft.language,
            "answers": cleaned(version.procedure, document, zone),
            "files": {name: [_file(entry) for entry in files] for name, files in document.files.items()},
            "declarations": sorted(document.declared),
            **({"acting": document.acting} if document.acting else {}),
        }
    )
    return Content(signed, sha256_hex(signed))


def _file(entry: dict[str, Any]) -> dict[str, Any]:
    return {"name": entry["name"], "size": entry["size"], "sha256": entry["sha256"]}
