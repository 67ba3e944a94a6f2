"""The examples of a file give what they say."""

from collections.abc import Iterator

from procedures import examples
from procedures.checks.subject import Found, Subject
from procedures.yaml_reader import Path


def failing(subject: Subject) -> Iterator[Found]:
    """Each difference of each example."""
    for index, result in enumerate(examples.run(subject.procedure)):
        for key, difference in result.differences:
            path: Path = ("examples", index, "expect", *key)
            yield Found(path, "example", f"example '{result.name}': {difference}")


CHECKS = (failing,)
