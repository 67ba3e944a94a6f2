"""What the bare application is told of the journey."""

from typing import TypedDict

FILING = "file"
"""The name of the request that files."""
REFRESH = "refresh"
"""The name of a request that shows the form again, with another question."""


class Step(TypedDict):
    """One request of the journey: the answer's bytes and inputs, and what was posted."""

    name: str
    method: str
    size: int
    inputs: list[str]
    fields: list[tuple[str, str]]
