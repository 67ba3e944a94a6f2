"""What `notify: likely:` may know of a resident: from their profile, and of their earlier applications."""

from collections.abc import Mapping
from typing import Final

from procedures.expressions import DATE, NUMBER, TEXT, Choice, ListOf, Row, Type
from procedures.prefill import RELATIONSHIPS

FACTS: Final[Mapping[str, Type]] = {
    "age": NUMBER,
    "prefecture": TEXT,
    "city": TEXT,
    "household": ListOf(Row({"age": NUMBER, "relationship": Choice(RELATIONSHIPS)})),
    "applied": ListOf(TEXT),
    "today": DATE,
}
"""The type of each. `household` are the people who live with the resident."""
ALWAYS: Final = frozenset(("applied", "today"))
"""What is known of everybody."""
