"""Asking where a procedure belongs: a department and a desk that are there, or new ones, which are written down."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click

from accounts import enlarging, organisations
from core.told import Told, series, tell
from procedures.definition import base
from translations.text import Text
from web.telling import agreed, ask, echo, said, worded

_SIGNS: Final = {"departments": base.SLUG, "desks": base.IDENTIFIER}
_NEW: Final = {
    "departments": tell("'%(answer)s' is not there yet. Add it as a new department?"),
    "desks": tell("'%(answer)s' is not there yet. Add it as a new desk?"),
}
_TO_ADD: Final = {
    "departments": tell(
        "'%(answer)s' is none of the list. For a new department write an id in lower-case letters, e.g. city-parks"
    ),
    "desks": tell(
        "'%(answer)s' is none of the list. For a new desk write an id in lower-case letters, e.g. gardens"
    ),
}
_ADDED: Final = {"departments": tell("the department %(id)s"), "desks": tell("the desk %(id)s")}


@dataclass
class Workplace:
    """Department and desk as they are answered; what is new is kept until `write`, so that giving up leaves nothing."""

    folder: Path
    languages: Sequence[str]
    _new: dict[enlarging.Part, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    _owner: str = ""

    def department(self) -> str:
        """The department's id."""
        entries = organisations.read(self.folder)
        known = {id: title for entry in entries for id, title in entry.departments.items()}
        question = tell("Department; for a new one, an id for it, e.g. city-parks")
        answer = _chosen(question, "departments", known)
        if answer in known:
            self._owner = next(entry.id for entry in entries if answer in entry.departments)
            return answer
        owners = {entry.id: str(entry.title) for entry in entries}
        only = next(iter(owners)) if len(owners) == 1 else None
        self._owner = only or listed(tell("Organisation it belongs to"), owners)
        self._new["departments"] = (answer, worded(tell("Its name"), self.languages))
        return answer

    def desk(self) -> str:
        """The id of a desk of the department's organisation; where the department is new, Enter gives it one."""
        desks = next(each.desks for each in organisations.read(self.folder) if each.id == self._owner)
        department, titles = self._new.get("departments", (None, {}))
        own = department and department.replace("-", "_")
        question = tell("Desk that works on it; for a new one, an id, e.g. gardens")
        answer = _chosen(question, "desks", desks, own)
        if answer not in desks:
            named = titles if answer == own else worded(tell("Its name"), self.languages)
            self._new["desks"] = (answer, named)
        return answer

    def write(self) -> None:
        """Write down what is new."""
        for part, (id, titles) in self._new.items():
            enlarging.add(self.folder, self._owner, part, id, titles)
        added = series(tell(_ADDED[part].msgid, id=id) for part, (id, _) in self._new.items())
        if self._new:
            echo(tell("added to %(file)s: %(id)s", file=self.folder / "organisations.yaml", id=added))


def listed(question: Told, choices: Mapping[str, str]) -> Any:
    """Ask for one of `choices`, which are shown line by line with what they mean."""
    _show(choices)
    while True:
        answer = ask(question)
        found = _meant(answer, {id: _words(meaning) for id, meaning in choices.items()})
        if found:
            return found
        words = ", ".join(choices)
        echo(
            tell("Error: %(text)s", text=tell("'%(value)s' is none of: %(words)s", value=answer, words=words))
        )


def _chosen(question: Told, part: enlarging.Part, known: Mapping[str, Text], usual: str | None = None) -> str:
    """One that is known, by its id or its name in any language, or the id of a new one that the author agreed to.

    Enter alone chooses `usual`.
    """
    _show({id: str(title) for id, title in known.items()})
    while True:
        answer = str(ask(question, usual)).strip()
        found = _meant(answer, {id: list(title.as_dict().values()) for id, title in known.items()})
        if found or answer == usual:
            return found or answer
        if not re.match(_SIGNS[part].pattern, answer):
            echo(tell("Error: %(text)s", text=tell(_TO_ADD[part].msgid, answer=answer)))
        elif agreed(tell(_NEW[part].msgid, answer=answer)):
            return answer


def _words(meaning: str) -> list[str]:
    """What one may answer instead of an id: how it is called, which is said before what it leads to."""
    names = [re.split("[:。]", text)[0] for text in (str(meaning), said(meaning))]
    return [word for name in names for word in (name, *name.split("・"))]


def _show(choices: Mapping[str, str]) -> None:
    width = max(map(len, choices), default=0)
    click.echo("\n".join(f"  {id:{width}}  {said(meaning)}" for id, meaning in choices.items()))


def _meant(answer: str, names: Mapping[str, Sequence[str]]) -> str | None:
    """The id of which `answer` is the id or a name."""
    return answer if answer in names else next((id for id, names in names.items() if answer in names), None)
