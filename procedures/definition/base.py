"""The model that every part of a definition is made of: frozen, and strict about unknown keys."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from core.told import tell


class Model(BaseModel):
    """Frozen data read from YAML. An unknown key is an error, so that a misspelt one never passes in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")
SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER.pattern, max_length=60)]
"""The id of a field, page, option, state: lower-case letters, digits and underscores."""
Slug = Annotated[str, StringConstraints(pattern=SLUG.pattern, max_length=60)]
"""The id of a procedure, department, organisation: lower-case words joined by hyphens."""


def _written_as_a_day(value: Any) -> Any:
    """Plain digits are no day: pydantic would take them for seconds since 1970."""
    if isinstance(value, str) and not DAY.match(value):
        raise ValueError(tell("a day is written 2026-04-01, with a time 2026-04-01T09:00"))
    return value


DAY = re.compile(r"^\d{4}-\d{2}-\d{2}(T|$)")
Day = Annotated[date, BeforeValidator(_written_as_a_day)]
"""A day: ``2026-04-01``."""
LocalTime = Annotated[datetime, BeforeValidator(_written_as_a_day)]
"""A moment in the organisation's time zone: ``2026-04-01T09:00``."""
Json = Any
"""A value of JSON's types, as answers are stored."""
