"""From a form as its reader understood it to the text of a procedure file that passes the checks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.told import Told, tell
from procedures.importing import expressions
from procedures.importing.asked import Asked, Place
from procedures.importing.model import FeeLine, Form, HandIn, Refusal
from procedures.importing.names import Names
from procedures.importing.texts import Speaker
from procedures.starter import Wish, comments, decision, says
from procedures.yaml_writer import Noted, Section, document


@dataclass(frozen=True)
class Written:
    """The text of the file, and which ids were made of which names."""

    text: str
    renamed: list[tuple[str, str]]


class Writer:
    """Writes one form; what cannot be said becomes a note of the form."""

    def __init__(self, form: Form, wish: Wish, file: Path, say: Callable[[str], str] = str) -> None:
        self._form, self._wish, self._file, self._say = form, wish, file, say
        self._speaker = Speaker(wish.language)
        self._asked = Asked(form, self._speaker, say)

    def write(self) -> Written:
        """The whole file."""
        refusals = self._refusals()
        names = [expressions.names(text) for _, text in refusals]
        early = self._asked.ask_first(frozenset().union(*names))
        pages = [
            self._asked.page(page, turn, id(page) in early) for turn, page in enumerate(self._form.pages)
        ]
        sections = [
            self._head(),
            *self._requirements(refusals),
            Section({"pages": pages}, (self._says("pages"),)),
            *self._handing_in(),
            *self._fee(),
            *decision(self._wish, self._file, self._person()),
        ]
        self._about_the_whole()
        return Written(document(sections), self._asked.renamed)

    def _says(self, name: str) -> str:
        return says(self._wish, name, self._file)

    def _head(self) -> Section:
        wish, form = self._wish, self._form
        law = {
            "basis": self._says("basis"),
            "processing_period": "10 working days",
            "retention": "3 years",
        }
        sample = self._todo(
            "summary", tell("say in a sentence or two what people get by it"), self._says("summary")
        )
        data: dict[str, Any] = {
            "procedure": wish.procedure,
            "department": wish.department,
            "kind": wish.kind,
            "language": wish.language,
            "title": self._title(),
            "summary": self._speaker.say(form.summary) if form.summary else sample,
            "law": self._todo(
                "law", tell("the law, the usual time of processing, and how long cases are kept"), law
            ),
            "desk": wish.desk,
        }
        return Section(data, comments(wish, self._file, "check"))

    def _title(self) -> Any:
        """The form's own title in all its languages, unless the author gave another."""
        title = self._form.title
        return (
            self._speaker.say(title)
            if title and self._speaker.own(title) == self._wish.title
            else self._wish.title
        )

    def _todo(self, key: str, what: Told, value: Any) -> Noted:
        if key != "summary" or not self._form.summary:
            self._form.to_do(key, what, tell("a sample stands there so far"))
        return Noted((f"TODO: {self._say(what)}",), value)

    def _refusals(self) -> list[tuple[Refusal, str]]:
        """The refusals that can be said, with their expressions."""
        effect = tell("say it under `eligibility`")
        found = [
            (refusal, self._asked.say(refusal.when, Place(refusal.path), effect))
            for refusal in self._form.refusals
        ]
        return [(refusal, text) for refusal, text in found if text is not None]

    def _requirements(self, refusals: list[tuple[Refusal, str]]) -> list[Section]:
        names = Names()
        rules = [
            {
                "id": names.give(refusal.name, otherwise="requirement"),
                "when": f"not ({text})",
                "otherwise": self._speaker.say(refusal.otherwise),
            }
            for refusal, text in refusals
        ]
        return [Section({"eligibility": rules}, (self._says("who"),))] if rules else []

    def _handing_in(self) -> list[Section]:
        names, found = Names(), []
        if self._form.files:
            found.append(
                Section({"attachments": [self._file_asked(file, names) for file in self._form.files]})
            )
        if self._form.declarations:
            texts = [
                {"id": names.give("declaration", otherwise="declaration"), "text": self._speaker.say(words)}
                for words in self._form.declarations
            ]
            found.append(Section({"declarations": texts}))
        return found

    def _file_asked(self, file: HandIn, names: Names) -> Any:
        name = names.give(file.wish or file.name, otherwise="file")
        self._asked.rename(file.name, name)
        data: dict[str, Any] = {"id": name, "label": self._speaker.say(file.label)}
        if file.help:
            data["help"] = self._speaker.say(file.help)
        if file.kinds:
            data["accept"] = list(file.kinds)
        if file.most > 1:
            data["max_files"] = file.most
        if file.size:
            data["max_size"] = file.size
        if not file.required:
            data["required"] = False
        when = self._asked.say(file.when, Place(file.path))
        return self._asked.noted(file.path, {**data, "when": when} if when else data)

    def _fee(self) -> list[Section]:
        form, wish = self._form, self._wish
        if wish.document is not None and form.fees:
            lines = [self._fee_line(line) for line in form.fees]
            return [Section({"fee": {"when": wish.moment, "items": lines}})]
        for line in form.fees:
            form.left_out(
                line.path,
                tell("the fee of %(amount)s", amount=line.amount),
                tell("the kind %(kind)s has no step for paying", kind=wish.kind),
            )
        return []

    def _fee_line(self, line: FeeLine) -> Any:
        what = tell("say the amount in yen; in the source it is %(amount)s", amount=line.amount)
        self._form.to_do(line.path, what, tell("it is 0 so far"))
        target = self._asked.scope.find(line.times, None) if line.times else None
        if line.times and (target is None or target.type != "number" or target.group):
            self._form.left_out(
                line.path, tell("multiplied by '%(times)s'", times=line.times), tell("write it into `amount`")
            )
            target = None
        amount = f"0 * {target.id}" if target else 0
        when = self._asked.say(line.when, Place(line.path), tell("it is charged to everybody so far"))
        data: dict[str, Any] = {"label": self._speaker.say(line.label), "amount": amount}
        return self._asked.noted(line.path, {**data, "when": when} if when else data)

    def _person(self) -> str | None:
        """The field that a document calls the applicant by."""
        fields = (question for page in self._form.pages for question in page.questions)
        found = next((each for each in fields if each.type == "person_name"), None)
        return self._asked.id_of(found) if found else None

    def _about_the_whole(self) -> None:
        """What is to be done wherever a form came from."""
        self._form.to_do(
            "workflow", tell("how it is decided: `%(workflow)s` so far", workflow=self._wish.workflow)
        )
        self._form.to_do("examples", tell("write example applicants, and run `procedures test`"))
        if self._speaker.dropped:
            tags = ", ".join(sorted(self._speaker.dropped))
            self._form.left_out(
                "", tell("texts in languages that this platform does not have: %(tags)s", tags=tags)
            )
        if self._speaker.mixed:
            what = tell("some texts are not in %(language)s", language=self._wish.language)
            self._form.changed("", what, tell("translate them, or name another --language"))
