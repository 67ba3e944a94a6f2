"""What translators are told about a text: where it stands, in the words that people see there."""

from collections.abc import Iterator

from pydantic import BaseModel

from translations.furigana import strip
from translations.procedures import children
from translations.text import Text

HEADINGS = ("title", "label", "text")
"""What a part of a definition is called by, the first that it has."""
LONGEST = 40


def notes(definition: BaseModel) -> dict[str, str]:
    """By the path of each text: ``pages › About you › Name (text): label``."""
    return dict(_notes(definition, "", ()))


def _notes(thing: object, path: str, trail: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for step, child in children(thing):
        place = f"{path}.{step}" if path else step
        if isinstance(child, Text):
            yield place, f"{' › '.join(trail)}: {step}" if trail else step
        else:
            yield from _notes(child, place, (*trail, *_called(step, thing, child)))


def _called(step: str, parent: object, child: object) -> Iterator[str]:
    """What the step to `child` adds to the trail; ids and values never do."""
    heading = _heading(child)
    if heading:
        yield heading
    elif isinstance(parent, BaseModel) and step != "fields":
        yield step


def _heading(thing: object) -> str:
    if not isinstance(thing, BaseModel):
        return ""
    found = next((text for name in HEADINGS if isinstance(text := getattr(thing, name, None), Text)), None)
    kind = getattr(thing, "type", None)
    words = strip(str(found))[:LONGEST] if found else ""
    return f"{words} ({kind})" if words and isinstance(kind, str) else words
