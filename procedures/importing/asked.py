"""The pages and questions of a foreign form as data of a procedure file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from core.told import Told, tell
from procedures.importing import expressions
from procedures.importing.conditions import Condition
from procedures.importing.expressions import CannotSay, Scope, Target
from procedures.importing.model import Choice, Form, Note, Page, Question
from procedures.importing.names import Names, Values
from procedures.importing.texts import Speaker
from procedures.yaml_writer import Noted

MOST: Final = {"choice": 500, "choices": 100}
MOST_IN_GROUP: Final = 40
SILENT: Final = ("content", "computed")
"""Types that ask nothing."""
OWN_LABELS: Final = ("person_name", "address", "email", "phone")
"""Types that have a label in every language."""
TO_EVERYBODY: Final = tell("it is asked of everybody so far")

Position = tuple[int, int]
"""A page and a place on it; before all its questions a page's place is -1."""


@dataclass(frozen=True)
class Place:
    """Where a condition stands: what comes before it, and the row of the group it is in."""

    path: str
    before: Position | None = None
    group: str | None = None
    row: frozenset[str] = frozenset()


class Asked:
    """Gives every question its id, says conditions, and makes data of pages."""

    def __init__(self, form: Form, speaker: Speaker, say: Callable[[str], str] = str) -> None:
        self._form, self._speaker, self._put = form, speaker, say
        self.scope = Scope()
        self.renamed: list[tuple[str, str]] = []
        self._names, self._page_names = Names(), Names()
        self._ids: dict[int, str] = {}
        self._values: dict[int, dict[str, str]] = {}
        self._positions: dict[str, Position] = {}
        form.pages = [page for page in form.pages if self._is_kept(page)]
        for page in form.pages:
            self._name(page.questions, None)

    def id_of(self, question: Question) -> str:
        """The id that `question` got."""
        return self._ids[id(question)]

    def _is_kept(self, page: Page) -> bool:
        page.questions = [question for question in page.questions if self._is_usable(question)]
        return bool(page.questions or page.intro)

    def _is_usable(self, question: Question) -> bool:
        """Whether the language takes it; what it does not take is noted."""
        form, most = self._form, MOST.get(question.type)
        if question.type == "group":
            question.fields = [inner for inner in question.fields if self._is_usable(inner)]
            for lost in question.fields[MOST_IN_GROUP:]:
                form.left_out(
                    lost.path,
                    tell("a group takes %(most_in_group)s questions", most_in_group=MOST_IN_GROUP),
                    tell("ask it outside of it"),
                )
            question.fields = question.fields[:MOST_IN_GROUP]
            if all(inner.type in SILENT for inner in question.fields):
                form.left_out(question.path, tell("a repeating group without questions"))
                return False
        if most is not None and not question.choices:
            form.left_out(
                question.path,
                tell("the choice '%(name)s' without options", name=question.name),
                tell("say what is on offer"),
            )
            return False
        if most is not None and len(question.choices) > most:
            what = tell(
                "the choice '%(name)s' with %(choices)s options",
                name=question.name,
                choices=len(question.choices),
            )
            form.left_out(question.path, what, tell("write them into a CSV file and ask with `lookup`"))
            return False
        return True

    def _name(self, questions: Iterable[Question], group: Question | None) -> None:
        inside = self.id_of(group) if group else None
        for question in questions:
            wish = question.wish or question.name
            wishes = [wish, f"{inside} {wish}" if inside else question.name]
            given = self._names.give(*wishes, otherwise=question.type)
            self._ids[id(question)] = given
            self.rename(f"{group.name}.{question.name}" if group and question.name else question.name, given)
            values = Values()
            options = {
                each.value: values.give(each.value, self._speaker.own(each.label))
                for each in question.choices
            }
            self._values[id(question)] = options
            if question.type not in SILENT:
                self.scope.add(question.name, Target(given, question.type, options, inside))
            self._name(question.fields, question)

    def rename(self, name: str, given: str) -> None:
        """Keep record of an id that differs from its name in the source."""
        if name and name.rsplit(".", 1)[-1] != given:
            self.renamed.append((name, given))

    def say(self, condition: Condition | None, place: Place, effect: Told = TO_EVERYBODY) -> str | None:
        """The expression of `condition`; none where there is none, or where it cannot be said, which is noted."""
        if condition is None:
            return None
        try:
            text = expressions.expression(condition, self.scope, place.group)
        except CannotSay as error:
            self._form.left_out(place.path, tell("its condition (%(error)s)", error=error.args[0]), effect)
            return None
        late = self._late(text, place)
        if late is not None:
            self._form.left_out(
                place.path, tell("its condition (it depends on '%(late)s', asked later)", late=late), effect
            )
            return None
        return text

    def _late(self, text: str, place: Place) -> str | None:
        """A field that is asked only after `place`."""
        if place.before is None:
            return None
        names = sorted(expressions.names(text) - place.row)
        return next((name for name in names if self._positions.get(name, place.before) >= place.before), None)

    def ask_first(self, wanted: frozenset[str]) -> set[int]:
        """Put the pages that ask for `wanted` first, with those that their own conditions need, and say which."""
        early: set[int] = set()
        while wanted:
            pages = [
                page for page in self._form.pages if id(page) not in early and self._ids_of(page) & wanted
            ]
            early |= {id(page) for page in pages}
            wanted = frozenset().union(*(self._needs(page) for page in pages))
        self._form.pages.sort(key=lambda page: id(page) not in early)
        self._positions = {
            self.id_of(question): (turn, place)
            for turn, page in enumerate(self._form.pages)
            for place, question in enumerate(page.questions)
        }
        return early

    def _ids_of(self, page: Page) -> set[str]:
        return {self.id_of(question) for question in page.questions}

    def _needs(self, page: Page) -> frozenset[str]:
        """The fields that the conditions of a page and its questions ask for."""
        found: frozenset[str] = frozenset()
        for condition in (page.when, *(question.when for question in page.questions)):
            if condition is not None:
                try:
                    found |= expressions.names(expressions.expression(condition, self.scope))
                except CannotSay:
                    continue
        return found

    def page(self, page: Page, turn: int, is_early: bool) -> Any:
        """The data of a page."""
        title = self._speaker.own(page.title)
        data: dict[str, Any] = {
            "id": self._page_names.give(page.name, title, otherwise="page"),
            "title": self._speaker.say(page.title),
        }
        if page.intro:
            data["intro"] = self._speaker.say(page.intro)
        when = self.say(page.when, Place(page.path, (turn, -1)))
        if when:
            data["when"] = when
        if is_early:
            data["eligibility"] = True
        labels: set[str] = set()
        data["fields"] = [
            self._question(question, Place(question.path, (turn, place)), labels)
            for place, question in enumerate(page.questions)
        ]
        return self.noted(page.path, data)

    def noted(self, path: str, data: dict[str, Any]) -> Any:
        """`data` with what is to be done about it in a comment above."""
        notes = [note for note in self._form.noted.get(path, ()) if note.do]
        lines = tuple(f"TODO: {self._todo(note)}" for note in notes)
        return Noted(lines, data) if lines else data

    def _todo(self, note: Note) -> str:
        said = note.said(self._put)
        return self._put(tell("check: %(what)s", what=said)) if note.sort == "changed" else said

    def _question(self, question: Question, place: Place, labels: set[str]) -> Any:
        data: dict[str, Any] = {"id": self.id_of(question), "type": question.type}
        silent = question.type in SILENT
        if question.label or not (silent or question.type in OWN_LABELS):
            data["label"] = self._label(question, labels)
        if question.help:
            data["help"] = self._speaker.say(question.help)
        when = self.say(question.when, place)
        if when:
            data["when"] = when
        if not question.required and not silent:
            data["required"] = False
        for key, value in question.options.items():
            data[key] = self._speaker.say(value) if key in ("text", "unit", "row_label") else value
        if question.choices:
            data["options"] = [self._option(question, each, place) for each in question.choices]
        if question.fields:
            data["fields"] = self._rows(question, place)
        return self.noted(question.path, data)

    def _rows(self, group: Question, place: Place) -> list[Any]:
        labels: set[str] = set()
        row: frozenset[str] = frozenset()
        found = []
        for inner in group.fields:
            found.append(
                self._question(inner, Place(inner.path, place.before, self.id_of(group), row), labels)
            )
            row |= {self.id_of(inner)}
        return found

    def _label(self, question: Question, labels: set[str]) -> Any:
        """A label that no other question on the page has."""
        words = question.label or {"": question.name or question.type}
        own = self._speaker.own(words)
        if own not in labels:
            labels.add(own)
            return self._speaker.say(words)
        legend = f"{self._speaker.own(question.legend)}: " if question.legend else ""
        wish, number = f"{legend}{own}", 2
        while wish in labels:
            wish, number = f"{legend}{own} ({number})", number + 1
        labels.add(wish)
        what = tell("its label stands twice on the page and is '%(wish)s' now", wish=wish)
        self._form.changed(question.path, what, tell("say what makes the two different"))
        return wish

    def _option(self, question: Question, choice: Choice, place: Place) -> dict[str, Any]:
        data: dict[str, Any] = {
            "value": self._values[id(question)][choice.value],
            "label": self._speaker.say(choice.label),
        }
        if choice.hint:
            data["hint"] = self._speaker.say(choice.hint)
        when = self.say(
            choice.when, place, tell("the option '%(value)s' is always offered so far", value=choice.value)
        )
        return {**data, "when": when} if when else data
