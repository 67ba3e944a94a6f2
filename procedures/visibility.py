"""What is asked of this applicant: pages, fields, attachments, and the conditions they do not meet."""

from collections.abc import Mapping

from procedures.definition import AttachmentDefinition, FieldDefinition, Page, Procedure, Requirement
from procedures.expressions import Expression, Value


def visible_pages(procedure: Procedure, values: Mapping[str, Value]) -> tuple[Page, ...]:
    """The pages to fill in, in order; a page whose fields are all hidden is left out."""
    return tuple(
        page
        for page in procedure.pages
        if (page.when is None or page.when.holds(values))
        and (not page.fields or any(_shown(field, values) for field in page.fields))
    )


def visible_fields(page: Page, values: Mapping[str, Value]) -> tuple[FieldDefinition, ...]:
    """The fields of `page` to show, in order. (A group's own fields: `visible_in_row`.)"""
    return tuple(field for field in page.fields if _shown(field, values))


def visible_in_row(group: FieldDefinition, values: Mapping[str, Value]) -> tuple[FieldDefinition, ...]:
    """The fields of one row of `group` to show; `values` are those of `Values.with_row`."""
    return tuple(field for field in group.subfields() if _shown(field, values))


def asked_attachments(procedure: Procedure, values: Mapping[str, Value]) -> tuple[AttachmentDefinition, ...]:
    """The attachments to ask for, optional ones too."""
    return tuple(item for item in procedure.attachments if item.when is None or item.when.holds(values))


def required_attachments(
    procedure: Procedure, values: Mapping[str, Value]
) -> tuple[AttachmentDefinition, ...]:
    """The attachments without which the application cannot be filed."""
    return tuple(item for item in asked_attachments(procedure, values) if item.required)


def unmet_requirements(procedure: Procedure, values: Mapping[str, Value]) -> tuple[Requirement, ...]:
    """The conditions for applying that these answers do not meet; an unanswered one is not met."""
    return tuple(item for item in procedure.eligibility if not item.when.holds(values))


def asked_by(procedure: Procedure, expression: Expression) -> frozenset[str]:
    """The names an expression looks at, through computed values too: ids of fields among them."""
    found: set[str] = set()
    open = set(expression.names)
    while open:
        name = open.pop()
        if name not in found:
            found.add(name)
            computed = procedure.computed.get(name)
            open.update(computed.names if computed is not None else ())
    return frozenset(found)


def _shown(field: FieldDefinition, values: Mapping[str, Value]) -> bool:
    return field.when is None or field.when.holds(values)
