"""What the bare application is told of the journey."""

from typing import TypedDict


class Step(TypedDict):
    """One request of the journey: the page's bytes, its inputs, and whether it files."""

    size: int
    inputs: list[str]
    files: bool
