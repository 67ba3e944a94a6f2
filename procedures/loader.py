"""From a YAML file to a `Procedure`: read, merge what lies elsewhere, validate, name the language of its texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from core.told import NOTHING, tell
from procedures import library, stored, tables, yaml_reader
from procedures.definition import Procedure
from procedures.expressions.checker import did_you_mean
from procedures.messages import problems_of
from procedures.problems import DefinitionErrors, Problem
from procedures.yaml_reader import Tree

INLINE: Final = "procedure.yaml"
"""What a definition is called in problems that was not read from a file."""


@dataclass(frozen=True)
class Loaded:
    """A definition with its source and the place of everything in it."""

    procedure: Procedure
    source: str
    file: str = INLINE
    tree: Tree = field(default_factory=Tree, repr=False)


class ExampleErrors(DefinitionErrors):
    """Raised where nothing but answers of examples is wrong.

    `rest` is the file without its examples, `right` with those of them that are right.
    """

    def __init__(self, problems: Sequence[Problem], rest: Loaded, right: Loaded) -> None:
        super().__init__(problems)
        self.rest, self.right = rest, right


def load(source: Path | str) -> Loaded:
    """Load a file, or a text in place of one. Raises `DefinitionErrors` with every mistake of its shape.

    What it means (names, types, states that lead nowhere) is checked by `procedures.checks`.
    """
    if isinstance(source, Path):
        return _load(_read(source), str(source), source.parent)
    return _load(source, INLINE, None)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problem = Problem(
            str(path), line, 1, "error", tell("the file is not UTF-8"), tell("save it as UTF-8"), "encoding"
        )
        raise DefinitionErrors([problem]) from None
    except OSError as error:
        text, hint = tell("the file cannot be read: %(strerror)s", strerror=error.strerror), NOTHING
        if isinstance(error, FileNotFoundError):
            hint = tell("write its whole path, like procedures/catalogue/<department>/<procedure>.yaml")
        problem = Problem(str(path), 1, 1, "error", text, hint, "file")
        raise DefinitionErrors([problem]) from None


def _load(text: str, file: str, folder: Path | None) -> Loaded:
    tree = yaml_reader.read(text)
    problems = [
        Problem(file, at.line, at.column, "error", wrong, hint, code)
        for at, code, wrong, hint in tree.mistakes
    ]
    if tree.data is None:
        raise DefinitionErrors(problems)
    data = tables.with_tables(_with_workflow(tree, file, problems), tree, file, folder, problems)
    try:
        procedure = Procedure.model_validate(data)
    except ValidationError as error:
        cut = {problem.line for problem in problems if problem.code == "comma"}
        more = problems_of(error, tree, data, file)
        problems += [each for each in more if not (each.code == "expression" and each.line in cut)]
        raise DefinitionErrors(problems) from None
    compiled = compiled_form(procedure)
    _name_language(compiled, procedure.language)
    if problems:
        raise DefinitionErrors(problems)
    spoilt: set[str | int] = set()
    for path, wrong, hint in stored.store_examples(procedure, compiled):
        spoilt.add(path[1])
        at = tree.place(path)
        problems.append(Problem(file, at.line, at.column, "error", wrong, hint, "example"))
    if problems:
        right = [example for place, example in enumerate(compiled["examples"]) if place not in spoilt]
        some = (Procedure.model_validate({**compiled, "examples": those}) for those in ([], right))
        raise ExampleErrors(problems, *(Loaded(procedure, text, file, tree) for procedure in some))
    return Loaded(Procedure.model_validate(compiled), text, file, tree)


def compiled_form(procedure: Procedure) -> dict[str, Any]:
    """The definition as JSON, from which ``Procedure.model_validate`` makes an equal one."""
    return procedure.model_dump(mode="json", by_alias=True)


def _with_workflow(tree: Tree, file: str, problems: list[Problem]) -> Any:
    """The data with the ready-made workflow merged in; an unknown one is a problem."""
    data = tree.data
    own = data.get("workflow") if isinstance(data, dict) else None
    if not isinstance(own, dict) or "uses" not in own:
        return data
    known = library.names()
    if own["uses"] in known:
        return {**data, "workflow": library.merged(own)}
    at = tree.place(("workflow", "uses"))
    text = tell("no workflow named '%(own)s'; known: %(known)s", own=own["uses"], known=", ".join(known))
    hint = did_you_mean(str(own["uses"]), known)
    problems.append(Problem(file, at.line, at.column, "error", text, hint, "unknown-workflow"))
    return {**data, "workflow": {"start": "received", "states": {"received": {"outcome": "approved"}}}}


def _name_language(node: Any, language: str) -> None:
    """Give every plain text (tagged ``""`` so far) the language the file is written in."""
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        if isinstance(child, dict) and "" in child:
            child[language] = child.pop("")
        else:
            _name_language(child, language)
