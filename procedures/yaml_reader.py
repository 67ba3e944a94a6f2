"""Reading YAML into plain data with the place of every key and value.

A subset, on libyaml's events: no anchors, aliases, merge keys, tags, duplicate keys or further documents; nesting and
size are bounded. Scalars stay text (``no``, ``012``, ``1:30``); only an empty, ``~`` or ``null`` plain scalar is none.
The models give them their types.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from core.told import NOTHING, Told, tell
from procedures import slips, wide

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 24
_BREAKS: Final = {"\u0085": "U+0085", "\u2028": "U+2028", "\u2029": "U+2029"}
_HINTS: Final = (
    (
        "mapping values are not allowed",
        tell("put a text that holds ': ' into quotation marks, or indent the line like the one above"),
    ),
    ("tab character", tell("indent with spaces only")),
    ("cannot start any token", tell("put the text into quotation marks; indent with spaces only")),
    (
        "expected '-' indicator",
        tell("the keys of a list item stand under each other, two columns to the right of its `-`"),
    ),
    ("did not find expected key", tell("lines of one level start in the same column")),
    (
        "did not find expected ',' or",
        tell("a closing bracket or a comma is missing, or a text needs quotation marks"),
    ),
    ("could not find expected ':'", tell("a key is followed by a colon and a space")),
    ("unexpected end of stream", tell("a quotation mark or bracket is not closed")),
)
_TOO_DEEP: Final = tell("nested deeper than %(depth)s", depth=MAX_DEPTH)
_SYNTAX: Final = {
    str(each): each
    for each in (
        _TOO_DEEP,
        tell("mapping values are not allowed in this context"),
        tell("block sequence entries are not allowed in this context"),
        tell("mapping keys are not allowed in this context"),
        tell("found character that cannot start any token"),
        tell("found a tab character that violates indentation"),
        tell("found a tab character where an indentation space is expected"),
        tell("found unexpected end of stream"),
        tell("found unexpected document indicator"),
        tell("found unknown escape character"),
        tell("found invalid Unicode character escape code"),
        tell("could not find expected ':'"),
        tell("did not find expected key"),
        tell("did not find expected '-' indicator"),
        tell("did not find expected ',' or ']'"),
        tell("did not find expected ',' or '}'"),
        tell("did not find expected node content"),
        tell("did not find expected <document start>"),
        tell("did not find expected alphabetic or numeric character"),
        tell("did not find expected whitespace or line break"),
        tell("did not find expected comment or line break"),
        tell("did not find expected tag URI"),
        tell("did not find the expected '>'"),
        tell("did not find expected digit or '.' character"),
        tell("did not find expected hexdecimal number"),
        tell("found undefined tag handle"),
        tell("found duplicate %YAML directive"),
        tell("found duplicate %TAG directive"),
        tell("found incompatible YAML document"),
        tell("found unknown directive name"),
        tell("control characters are not allowed"),
        tell("exceeded maximum nesting depth"),
    )
}
"""What libyaml says, to be said in other languages, too."""
_IN_TEXT: Final = ("expected ',' or", "did not find expected key")
"""What it says, too, where a sign of YAML stands in a text."""

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where a value begins (lines and columns from 1) and where its key does; `inner` allows counting into a text."""

    line: int
    column: int
    key_line: int
    key_column: int
    inner: int | None = None
    """Characters from `column` to the text itself, where it is written on one line without escapes."""


@dataclass
class Tree:
    """What was read: plain data, the place of every path, and the mistakes (place, code, text, hint)."""

    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    mistakes: list[tuple[Place, str, Told, Told]] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """The place of `path`, or of the nearest part of it that was written."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1, 1, 1))


def read(source: str) -> Tree:
    """Read the whole of `source`; after a break of YAML's own syntax the data is none."""
    tree = Tree()
    problem = _refused_text(source)
    if problem is not None:
        tree.mistakes.append(problem)
        return tree
    try:
        _Reader(source, tree).document()
    except yaml.YAMLError as error:
        tree.data = None
        tree.mistakes.append(_syntax(error, source))
    return tree


def _refused_text(source: str) -> tuple[Place, str, Told, Told] | None:
    if len(source) > MAX_BYTES or len(source.encode(errors="replace")) > MAX_BYTES:
        return _at(0, 0), "too-large", tell("the file is larger than 1 MB"), NOTHING
    for sign, name in _BREAKS.items():
        if sign in source:
            before = source[: source.index(sign)]
            line = before.count("\n")
            column = len(before) - before.rfind("\n") - 1
            return (
                _at(line, column),
                "line-break",
                tell("the file holds the hidden line break %(name)s", name=name),
                tell("delete it"),
            )
    return None


def _at(line: int, column: int) -> Place:
    return Place(line + 1, column + 1, line + 1, column + 1)


def _syntax(error: yaml.YAMLError, source: str) -> tuple[Place, str, Told, Told]:
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    text = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
    said = _SYNTAX.get(text) or tell("%(libyaml)s", libyaml=text or tell("this is not YAML"))
    hint = next((hint for part, hint in _HINTS if part in text), NOTHING)
    if mark is None:
        return _at(0, 0), "yaml", said, hint
    if context and "could not find expected ':'" in text:
        mark = context  # libyaml sees it only on the next line
    if context and "expected ',' or" in text:
        hint = tell(
            "%(hint)s; the bracket opens in line %(line)s, column %(column)s",
            hint=hint,
            line=context.line + 1,
            column=context.column + 1,
        )
    line = _line(source.splitlines(), mark.line)
    full = wide.in_yaml(source, mark.line, mark.line + 1)
    slip = slips.in_text(line, mark.column)
    if slip and not full and any(part in text for part in _IN_TEXT):
        return _at(mark.line, mark.column), "yaml", *slip
    return _at(mark.line, mark.column), "yaml", said, slips.tab(line) or full or hint


def _line(lines: list[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


class _Reader:
    """Consumes libyaml's events one by one."""

    def __init__(self, source: str, tree: Tree) -> None:
        self._parser = yaml.CLoader(source)
        self._lines = source.splitlines()
        self._tree = tree
        self._cut: dict[Path, tuple[int, Place]] = {}

    def document(self) -> None:
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            self._mistake(_at(0, 0), "empty", tell("the file is empty"))
            return
        self._tree.data = self._value(self._next(), (), None)
        self._next()  # the document ends
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._mistake(
                _place(event, None),
                "documents",
                tell("a file holds one document"),
                tell("delete the line `---`"),
            )

    def _next(self) -> Any:
        return self._parser.get_event()

    def _mistake(self, place: Place, code: str, text: Told, hint: Told = NOTHING) -> None:
        self._tree.mistakes.append((place, code, text, hint))

    def _value(self, event: Any, path: Path, key: Place | None) -> Any:
        place = _place(event, key)
        self._tree.places.setdefault(path, place)
        if isinstance(event, yaml.AliasEvent):
            self._mistake(
                place,
                "alias",
                tell("`*%(anchor)s` is not available", anchor=event.anchor),
                tell("write the value again"),
            )
            return None
        if event.anchor is not None:
            self._mistake(
                place,
                "anchor",
                tell("`&%(anchor)s` is not available", anchor=event.anchor),
                tell("delete it"),
            )
        if event.tag is not None:
            self._mistake(
                place, "tag", tell("the tag %(tag)s is not available", tag=event.tag), tell("delete it")
            )
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if len(path) >= MAX_DEPTH:
            raise yaml.MarkedYAMLError(None, None, _TOO_DEEP, event.start_mark)
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), None))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path)
            place = _place(event, None)
            if key in mapping:
                self._mistake(
                    place,
                    "duplicate-key",
                    tell("the key '%(key)s' stands here twice", key=key),
                    tell("keep one of them"),
                )
                self._value(self._next(), (*path, f"{key} (again)"), place)
                continue
            value = self._next()
            if self._is_alone(event, value):
                self._alone(mapping, event, path)
            else:
                mapping[key] = self._value(value, (*path, key), place)
        return mapping

    def _is_alone(self, key: Any, value: Any) -> bool:
        """Whether a key inside { } has no colon behind it."""
        if not all(isinstance(event, yaml.ScalarEvent) for event in (key, value)):
            return False
        if value.value or value.start_mark.index != value.end_mark.index:
            return False
        end = key.end_mark
        return not _line(self._lines, end.line)[end.column :].lstrip().startswith(":")

    def _alone(self, mapping: dict[str, Any], event: Any, path: Path) -> None:
        """Take a key without a colon as it was meant, and say so; else it has no value."""
        place, key = _place(event, None), str(event.value)
        last = next(reversed(mapping), "")
        before = mapping.get(last)
        if pair := slips.glued(key) or slips.without_colon(key, set(mapping)):
            colon = _at(place.line - 1, place.column - 1 + len(pair[0]))
            text = tell("`%(key)s` needs a colon and a space behind it", key=pair[0])
            hint = tell("write `%(key)s: %(value)s`", key=pair[0], value=pair[1])
            self._mistake(colon, "colon", text, hint)
            mapping[pair[0]] = pair[1]
            self._tree.places.setdefault((*path, pair[0]), place)
        elif (
            isinstance(before, str) and self._tree.place((*path, last)).inner == 0 and slips.is_cut(last, key)
        ):
            mapping[last], number = slips.joined(before, key)
            found = self._tree.mistakes
            turn, at = self._cut.setdefault((*path, last), (len(found), self._comma_before(place)))
            self._mistake(at, "comma", *slips.cut(last, mapping[last], number))
            found[turn : turn + 1] = [found.pop()]  # a second comma makes the same mistake a longer one
        else:
            mapping[key] = None
            self._tree.places.setdefault((*path, key), place)

    def _comma_before(self, place: Place) -> Place:
        before = [*self._lines[: place.line - 1], self._lines[place.line - 1][: place.column - 1]]
        line = next((number for number in range(place.line - 1, 0, -1) if before[number].strip()), 0)
        return _at(line, before[line].rfind(","))

    def _key(self, event: Any, path: Path) -> str:
        place = _place(event, None)
        if not isinstance(event, yaml.ScalarEvent):
            self._value(event, (*path, "?"), None)
            self._mistake(
                place,
                "key",
                tell("a key is a plain word"),
                tell("put a text that begins with { or [ into quotation marks"),
            )
            return "?"
        if event.value == "<<" and event.implicit[0]:
            self._mistake(place, "merge-key", tell("`<<` is not available"), tell("write the keys out"))
        if event.anchor is not None or event.tag is not None:
            self._mistake(place, "anchor", tell("anchors and tags are not available"), tell("delete it"))
        return str(event.value)


def _scalar(event: Any) -> str | None:
    return None if event.implicit[0] and event.value in ("", "~", "null") else str(event.value)


def _place(event: Any, key: Place | None) -> Place:
    start, end = event.start_mark, event.end_mark
    line, column = start.line + 1, start.column + 1
    inner = None
    if isinstance(event, yaml.ScalarEvent) and start.line == end.line:
        quotes = 1 if event.style in ("'", '"') else 0
        if end.column - start.column == len(event.value) + 2 * quotes:
            inner = quotes
    return Place(line, column, key.line if key else line, key.column if key else column, inner)
