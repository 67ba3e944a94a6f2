"""The model that every part of a definition is made of: frozen, and strict about unknown keys."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints


class Model(BaseModel):
    """Frozen data read from YAML. An unknown key is an error, so that a misspelt one never passes in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")
SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER.pattern, max_length=60)]
"""The id of a field, page, option, state: lower-case letters, digits and underscores."""
Slug = Annotated[str, StringConstraints(pattern=SLUG.pattern, max_length=60)]
"""The id of a procedure, department, organisation: lower-case words joined by hyphens."""

Json = Any
"""A value of JSON's types, as answers are stored."""
