"""JSON Schema of answers as they are stored: what a program that reads or writes them has to know."""

from collections.abc import Iterable
from typing import Any, Final

from forms.types import type_of
from procedures.definition import FieldDefinition, Procedure
from translations import furigana
from translations.languages import DEFAULT
from translations.messages import translate

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(procedure: Procedure, language: str = DEFAULT) -> dict[str, Any]:
    """The schema of the answers of `procedure`, its labels in `language`.

    No answer is required in it: what is asked depends on other answers, which only the procedure's own rules know.
    """
    title = furigana.strip(translate(procedure.title, language))
    return {"$schema": DIALECT, "title": title, **object_of(procedure.fields(), language)}


def object_of(fields: Iterable[FieldDefinition], language: str) -> dict[str, Any]:
    """An object with an answer for each of `fields` that takes one."""
    properties = {field.id: type_of(field).api(field, language) for field in fields if type_of(field).asks}
    return {"type": "object", "properties": properties, "additionalProperties": False}
