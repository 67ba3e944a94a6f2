"""Small procedures made of given fields, without a file."""

from typing import Any

from procedures.definition import Procedure


def procedure_of(fields: list[dict[str, Any]], **more: Any) -> Procedure:
    """A procedure with one page of `fields`; `more` replaces or adds keys (``pages`` too)."""
    return Procedure.model_validate(
        {
            "procedure": "sample",
            "department": "samples",
            "kind": "certificate",
            "title": {"ja": "見本の申請"},
            "summary": {"ja": "見本です。"},
            "law": {"basis": {"ja": "見本条例"}},
            "pages": [{"id": "first", "title": {"ja": "一枚目"}, "fields": fields}],
            "workflow": {"start": "done", "states": {"done": {"outcome": "approved"}}},
            "desk": "counter",
            **more,
        }
    )
