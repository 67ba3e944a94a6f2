"""Comments with TODO: what a file still needs, as commands that write files leave it."""

import re
from collections.abc import Iterator
from typing import Final

from core.told import tell
from procedures.loader import Loaded
from procedures.problems import Problem

_TODO: Final = re.compile(r"^[ \t]*# TODO:[ \t]*(\S.*)$", re.MULTILINE)


def unfinished(loaded: Loaded) -> Iterator[Problem]:
    """A warning for each line that says TODO."""
    for found in _TODO.finditer(loaded.source):
        line = loaded.source.count("\n", 0, found.start(1)) + 1
        column = found.start(1) - loaded.source.rfind("\n", 0, found.start(1))
        hint = tell("do it, and delete the comment")
        yield Problem(
            loaded.file,
            line,
            column,
            "warning",
            tell("to do: %(found)s", found=found[1].strip()),
            hint,
            "unfinished",
        )
