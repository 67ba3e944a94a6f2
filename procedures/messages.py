"""pydantic's errors as problems an author understands: place, plain sentence, hint."""

import difflib
import types
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from core.registry import UnknownPlugin, registry
from core.told import NOTHING, Told, tell
from procedures import misplaced
from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import IDENTIFIER, SLUG
from procedures.expressions.checker import did_you_mean
from procedures.problems import Problem
from procedures.sentences import sentence
from procedures.yaml_reader import Path, Tree
from translations.text import Text

MOST: Final = 100
"""Mistakes that are told of one file; nobody reads more, and a file may be made to have a hundred thousand."""
_PATTERNS: Final[tuple[tuple[str, Told], ...]] = (
    (IDENTIFIER.pattern, tell("an id has lower-case letters, digits and _, and begins with a letter")),
    (SLUG.pattern, tell("a name has lower-case words joined by hyphens")),
    ("working day", tell("write a span of time like '3 working days', '15 days' or '2 years'")),
    ("kB|MB", tell("write a size like '10 MB'")),
    (")*/)?", tell("write a document like `permit`, or `other-procedure/permit`")),
    (r"\d+/", tell("write a share like '1/2'")),
)


def problems_of(error: ValidationError, tree: Tree, data: Any, file: str) -> list[Problem]:
    """Every error of pydantic as a problem, up to `MOST`; the branches of a union say it once."""
    errors = error.errors(include_url=False)
    found: dict[Problem, None] = {}
    expressions = {_written(each["loc"], data) for each in errors[:MOST] if each["type"] == "expression"}
    for details in errors[:MOST]:
        if details["type"].startswith("date_") and _written(details["loc"], data) in expressions:
            continue  # a day or an expression: what is wrong with the expression says more
        if swallowed := misplaced.question(_written(details["loc"], data), tree, data, file):
            found[swallowed] = None
            continue
        if details["type"] == "too_short" and _has_inner(details["loc"], errors[:MOST]):
            continue  # its items were written, but none of them is right
        found[_problem(details, tree, data, file)] = None
    problems = list(found)
    if len(errors) > MOST:
        last, text = max(problems), tell("%(count)s more mistakes are not shown", count=len(errors) - MOST)
        problems.append(
            Problem(file, last.line, last.column, "error", text, tell("mend the others first"), "more")
        )
    return problems


def _has_inner(location: tuple[Any, ...], errors: Sequence[Any]) -> bool:
    depth = len(location)
    return any(len(other["loc"]) > depth and other["loc"][:depth] == location for other in errors)


def _problem(details: Any, tree: Tree, data: Any, file: str) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    path = _written(details["loc"], data)
    place, line_column = tree.place(path), None
    text, hint = sentence(details), NOTHING
    last = details["loc"][-1] if details["loc"] else ""
    if kind == "extra_forbidden":
        text, hint = tell("unknown key '%(last)s'", last=last), _unknown_key_hint(str(last), path, data)
        line_column = place.key_line, place.key_column
    elif kind in ("missing", "missing_type"):
        missing = "type" if kind == "missing_type" else last
        text, hint = (
            tell("the key '%(missing)s' is missing", missing=missing),
            tell("add `%(missing)s: …`", missing=missing),
        )
    elif kind == "literal_error":
        text, hint = _not_possible(details["input"], str(context["expected"]))
    elif kind == "string_pattern_mismatch":
        text = tell("'%(value)s' is not written as it must be", value=details["input"])
        hint = next((hint for part, hint in _PATTERNS if part in context["pattern"]), NOTHING)
    elif kind == "expression":
        text, hint = context["text"], context["hint"]
        if place.inner is not None:
            line_column = place.line, place.column + place.inner + context["offset"]
    elif kind == "unknown_plugin":
        place = tree.place((*path, "type"))
        text, hint = context["text"], did_you_mean(context["name"], context["known"])
    elif kind == "tuple_type" and details["input"] is None:
        hint = misplaced.items(place, str(last), tree)
    elif kind == "too_short":
        text = text if context["actual_length"] else tell("nothing stands here")
    elif kind != "value_error" and _wants_text(path, data):
        kind, text, hint = (
            "text",
            tell("a text is needed here"),
            _in_braces(details["input"]),
        )
    if last == "[key]":
        line_column = place.key_line, place.key_column
    line, column = line_column or (place.line, place.column)
    return Problem(file, line, column, "error", text, hint, kind.replace("_", "-"))


def _in_braces(value: Any) -> Told:
    """What to do about a text that YAML took for something else."""
    if isinstance(value, dict) and len(value) == 1 and set(value.values()) == {None}:
        name = next(iter(value))
        return tell('put a text with `{%(name)s}` into quotation marks: "{%(name)s}"', name=name)
    return tell("or one for each language: {ja: …, en: …}")


def _written(location: Iterable[Any], data: Any) -> Path:
    """The part of pydantic's location that stands in the file; what follows names branches of a union."""
    path: Path = ()
    for step in location:
        inside = isinstance(data, dict) and step in data
        inside = inside or (isinstance(data, list) and isinstance(step, int) and step < len(data))
        if not inside:
            break
        data, path = data[step], (*path, step)
    return path


def _unknown_key_hint(key: str, path: Path, data: Any) -> Told:
    if ")" in key:
        return tell("quote the expression: inside { } a comma ends it")
    model = _model_at(path[:-1], data)
    known = [] if model is None else [field.alias or name for name, field in model.model_fields.items()]
    return did_you_mean(key, known) or (
        tell("known: %(known)s", known=", ".join(known)) if known else NOTHING
    )


def _not_possible(value: Any, expected: str) -> tuple[Told, Told]:
    options = [option.strip(" '") for option in expected.replace(" or ", ", ").split(",")]
    near = difflib.get_close_matches(str(value), options, n=1)
    hint = (
        tell("did you mean '%(near)s'?", near=near[0])
        if near
        else tell("one of: %(options)s", options=", ".join(options))
    )
    return tell("'%(value)s' is not possible here", value=value), hint


def _wants_text(path: Path, data: Any) -> bool:
    return bool(path) and _annotation_at(path, data) is Text


def _model_at(path: Path, data: Any) -> type[BaseModel] | None:
    found = _annotation_at(path, data)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _annotation_at(path: Path, data: Any) -> Any:
    """The class that the definition has for `path`; none where it has no fixed one."""
    found: Any = Procedure
    for step in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            fields = found.model_fields
            name = next((name for name, field in fields.items() if step in (name, field.alias)), None)
            found = None if name is None else fields[name].annotation
        else:
            arguments = get_args(found)
            found = arguments[-1 if get_origin(found) is dict else 0] if arguments else None
        data = data[step] if isinstance(data, dict | list) else None  # type: ignore[index]
        found = _plain(found)
        if found is FieldDefinition:
            found = _field_class(data)
    return found


def _plain(annotation: Any) -> Any:
    """`annotation` without ``Annotated`` and without ``None``."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [item for item in get_args(annotation) if item is not type(None)]
        return _plain(rest[0]) if len(rest) == 1 else None
    return annotation


def _field_class(data: Any) -> type[FieldDefinition] | None:
    name = data.get("type") if isinstance(data, dict) else None
    try:
        found: type[FieldDefinition] = registry("forms.fields", "field type")[str(name)].definition
    except UnknownPlugin:
        return None
    return found
