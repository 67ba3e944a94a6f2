"""Ready-made workflows: ``procedures/workflows/<name>.yaml``, used as they are or overridden in part."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from procedures import yaml_reader
from procedures.problems import DefinitionErrors, Problem

FOLDER: Final = Path(__file__).parent / "workflows"


def names() -> list[str]:
    """The names of the ready-made workflows."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def explanation(name: str) -> str:
    """The sentence at the top of the ready-made workflow `name`."""
    return (FOLDER / f"{name}.yaml").read_text().partition("\n")[0].lstrip("# ")


@cache
def workflow(name: str) -> dict[str, Any]:
    """The ready-made workflow `name`, one of `names()`, as plain data. Raises `DefinitionErrors`."""
    path = FOLDER / f"{name}.yaml"
    tree = yaml_reader.read(path.read_text())
    if tree.mistakes:
        raise DefinitionErrors(
            [Problem(path.name, at.line, at.column, "error", text, hint, code)
             for at, code, text, hint in tree.mistakes]
        )  # fmt: skip
    data: dict[str, Any] = tree.data
    return data


def merged(own: dict[str, Any]) -> dict[str, Any]:
    """`own` (with ``uses``) laid over its ready-made workflow: state by state, key by key, transition by transition.

    A state or transition of none takes away the ready-made one; texts and lists replace as a whole.
    """
    base = workflow(own["uses"])
    return {**base, **own, "states": _each(_state, base["states"], own.get("states"))}


def _each(over: Callable[[Any, Any], Any], base: Any, own: Any) -> Any:
    """The things of `base` and `own` by name; `over` lays one of `own` over its namesake."""
    if own is None or not isinstance(own, dict):
        return base if own is None else own
    both = {name: over(base.get(name), own[name]) if name in own else base[name] for name in {**base, **own}}
    return {name: thing for name, thing in both.items() if thing is not None}


def _state(base: Any, own: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(own, dict):
        return own
    if "transitions" not in own:
        return {**base, **own}
    transitions = _each(_transition, base.get("transitions", {}), own["transitions"])
    return {**base, **own, "transitions": transitions}


def _transition(base: Any, own: Any) -> Any:
    return {**base, **own} if isinstance(base, dict) and isinstance(own, dict) else own
