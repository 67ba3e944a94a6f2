"""The first file of a procedure: it works as it stands, and its comments say what to change."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from procedures.schema import STORED, SWITCH
from procedures.starter_texts import SENTENCES, TEXTS, Tongue, tongue_of
from procedures.yaml_writer import Noted, Quoted, Section, document


@dataclass(frozen=True)
class Wish:
    """What the author answered. `adults`: only from 18 years."""

    procedure: str
    department: str
    kind: str
    language: str
    title: str
    desk: str
    fee: int = 0
    """Yen for a case (for a copy, where copies are asked for); 0 for none."""
    adults: bool = False
    others: Mapping[str, str] = field(default_factory=dict)
    """The title in further languages; every text is written in all of them."""
    item: Mapping[str, str] = field(default_factory=dict)
    """What one of the things is called, in each language, that are asked about as often as needed; empty for none."""
    each: int = 0
    """Yen for each of them."""
    question: Mapping[str, str] = field(default_factory=dict)
    """What is answered by yes or no, in each language, and leads to one more page; empty for none."""
    extra: int = 0
    """Yen after a yes."""

    @property
    def tongue(self) -> Tongue:
        """The language of sample texts and comments."""
        return tongue_of(self.language)

    def said(self, in_language: Callable[[str], str]) -> str | dict[str, str]:
        """A text of the file: plain where it has one language, else one for each."""
        if not self.others:
            return in_language(self.language)
        return {language: in_language(language) for language in (self.language, *self.others)}

    @property
    def workflow(self) -> str:
        """The ready-made workflow its kind usually has."""
        return _WORKFLOWS.get(self.kind, "review-and-approve")

    @property
    def document(self) -> Literal["certificate", "permit"] | None:
        """The document that this workflow issues."""
        return _DOCUMENTS.get(self.workflow)

    @property
    def moment(self) -> str:
        """When this workflow waits for the fee."""
        return "before_review" if self.workflow == "single-review" else "after_approval"


_WORKFLOWS: Final = {"certificate": "single-review", "notification": "receipt-only", "lottery": "lottery"}
_DOCUMENTS: Final[Mapping[str, Literal["certificate", "permit"]]] = {
    "single-review": "certificate",
    "review-and-approve": "permit",
}


def starter(wish: Wish, file: Path) -> str:
    """The text of `file`."""
    return _Starter(wish, file).text()


def short(file: Path) -> str:
    """The path as one types it: from where the commands are run, where it lies below."""
    here = Path.cwd()
    return str(file.resolve().relative_to(here) if file.resolve().is_relative_to(here) else file)


def says(wish: Wish, name: str, file: Path) -> str:
    """A sample text in the language of the author."""
    return TEXTS[wish.tongue][name].format(file=short(file))


def texts(wish: Wish, name: str) -> str | dict[str, str]:
    """A sample text in every language of the file."""

    def said(language: str) -> str:
        text = TEXTS[tongue_of(language)][name].format(item=wish.item.get(language, ""))
        return Quoted(text) if name in SENTENCES else text

    return wish.said(said)


def comments(wish: Wish, file: Path, *names: str) -> tuple[str, ...]:
    """The first lines of a file: where its schema is, and the sentences called `names`."""
    switch = SWITCH + os.path.relpath(STORED, file.parent)
    return switch.removeprefix("# "), *(says(wish, name, file) for name in names)


def decision(wish: Wish, file: Path, name: str | None) -> list[Section]:
    """The workflow with what it issues; a document has a row for the field `name`."""
    flow = Section({"workflow": {"uses": wish.workflow}}, (says(wish, "flow", file),))
    if wish.document is None:
        return [flow]
    issued = {
        "id": wish.document,
        "template": wish.document,
        "title": wish.said(
            lambda language: TEXTS[tongue_of(language)]["named"].format(title=_called(wish, language))
        ),
        "body": texts(wish, "body"),
    }
    rows = [{"label": texts(wish, "who_is"), "value": f"{{{name}}}"}]
    return [
        flow,
        Section({"issue": [{**issued, **({"rows": rows} if name else {})}]}, (says(wish, "issue", file),)),
    ]


def _title(wish: Wish) -> str | dict[str, str]:
    return wish.said(lambda language: _called(wish, language))


def _called(wish: Wish, language: str) -> str:
    return wish.others.get(language, wish.title)


_NAME: Final = {"family": "見本", "given": "太郎", "family_kana": "ミホン", "given_kana": "タロウ"}
_HOME: Final = {
    "postcode": "1638001",
    "prefecture": "東京都",
    "city": "新宿区",
    "street": "西新宿2丁目8番1号",
}


class _Starter:
    """Puts the parts together that this kind of procedure needs."""

    def __init__(self, wish: Wish, file: Path) -> None:
        self._wish, self._file = wish, file

    def text(self) -> str:
        lottery = self._wish.kind == "lottery"
        return document(
            [
                self._head(),
                *([self._who()] if self._wish.adults else []),
                self._pages(),
                *self._handing_in(),
                *decision(self._wish, self._file, "name"),
                *([self._lottery()] if lottery else []),
                self._examples(),
            ]
        )

    def _says(self, name: str) -> str:
        return says(self._wish, name, self._file)

    def _text(self, name: str) -> str | dict[str, str]:
        return texts(self._wish, name)

    def _head(self) -> Section:
        wish = self._wish
        words = [self._words(language) for language in (wish.language, *wish.others)]
        law = {"basis": self._text("basis"), "processing_period": "10 working days", "retention": "3 years"}
        data = {
            "procedure": wish.procedure,
            "department": wish.department,
            "kind": wish.kind,
            "language": wish.language,
            "title": _title(wish),
            "summary": self._text("summary"),
            "find_by": Noted((self._says("find"),), {"words": words, "for": ["resident"]}),
            "law": Noted((self._says("periods"),), law),
            "bring": Noted((self._says("bring"),), [self._text("paper")]),
            "minutes": 5,
            "desk": wish.desk,
        }
        return Section(data, comments(wish, self._file, "try"))

    @staticmethod
    def _words(language: str) -> str:
        return TEXTS[tongue_of(language)]["words"]

    def _who(self) -> Section:
        rule = {"id": "adult", "when": "age(born, today) >= 18", "otherwise": self._text("adults")}
        return Section({"eligibility": [rule]}, (self._says("who"),))

    def _pages(self) -> Section:
        wish = self._wish
        born = {"id": "born", "type": "date", "label": self._text("born"), "max": "today"}
        about = {
            "id": "about_you",
            "title": self._text("about"),
            **({"eligibility": True} if wish.adults else {}),
            "fields": [{"id": "name", "type": "person_name"}, *([born] if wish.adults else [])],
        }
        contact = {
            "id": "contact",
            "title": self._text("contact"),
            "fields": [{"id": "address", "type": "address"}, {"id": "email", "type": "email"}],
        }
        request = {"id": "request", "title": self._text("request"), "fields": self._questions()}
        pages = [
            about,
            contact,
            *([self._list()] if wish.item else []),
            request,
            *([self._after_yes()] if wish.question else []),
        ]
        return Section({"pages": pages}, (self._says("pages"),))

    def _list(self) -> dict[str, Any]:
        """The page with the rows."""
        called = self._wish.said(lambda language: self._wish.item[language])
        rows = {
            "id": "items",
            "type": "group",
            "label": called,
            "repeat": {"min": 1, "max": 10},
            "fields": [
                self._choice("item_kind", "which_one", "first", "second"),
                self._number("item_number", "number", "pieces"),
            ],
        }
        return {
            "id": "list",
            "title": self._text("list"),
            "fields": [Noted((self._says("rows"),), rows)],
        }

    def _number(self, id: str, label: str, unit: str) -> dict[str, Any]:
        named = {"id": id, "type": "number", "label": self._text(label)}
        return {**named, "min": 1, "max": 10, "unit": self._text(unit)}

    def _questions(self) -> list[Any]:
        """The questions about what is applied for."""
        copies = [self._number("copies", "copies", "unit")] if self._wish.kind == "certificate" else []
        home = [self._choice("home", "home", "one", "two")] if self._wish.kind == "lottery" else []
        if self._wish.question:
            return [*copies, *home, self._yes_or_no()]
        return [*copies, *(home or self._purpose())]

    def _yes_or_no(self) -> Noted:
        asked = self._wish.said(lambda language: self._wish.question[language])
        return Noted((self._says("asked"),), {"id": "wanted", "type": "yes_no", "label": asked})

    def _after_yes(self) -> dict[str, Any]:
        """The page that is shown after a yes."""
        say = {"id": "details", "type": "text", "label": self._text("say")}
        return {
            "id": "after_yes",
            "title": self._text("details"),
            "when": Noted((self._says("then"),), "wanted"),
            "fields": [say],
        }

    def _purpose(self) -> list[Any]:
        """A choice, and a text after one of its options."""
        which = {
            "id": "purpose_text",
            "type": "text",
            "label": self._text("which"),
            "when": "purpose == 'other'",
        }
        return [
            self._choice("purpose", "purpose", "school", "other"),
            Noted((self._says("when"),), which),
        ]

    def _choice(self, id: str, label: str, *values: str) -> dict[str, Any]:
        options = [{"value": value, "label": self._text(value)} for value in values]
        return {"id": id, "type": "choice", "label": self._text(label), "options": options}

    def _handing_in(self) -> list[Section]:
        paper = {"id": "identity", "label": self._text("paper")}
        truth = {
            "declarations": [{"id": "truth", "text": self._text("truth")}],
            "signature": {"level": "email"},
        }
        sections = [Section({"attachments": [paper]}, (self._says("files"),)), Section(truth)]
        lines = self._lines() if self._wish.document else []
        if not lines:
            return sections
        fee = {"when": self._wish.moment, "items": lines}
        return [*sections, Section({"fee": fee}, (self._says("charged"),))]

    def _lines(self) -> list[dict[str, Any]]:
        """The lines of the fee."""
        wish, lines = self._wish, []
        if wish.fee:
            amount = f"{wish.fee} * copies" if wish.kind == "certificate" else str(wish.fee)
            lines.append({"label": self._text("fee"), "amount": amount})
        if wish.each:
            called = wish.said(lambda language: wish.item[language])
            lines.append({"label": called, "amount": f"{wish.each} * len(items)"})
        if wish.extra:
            lines.append({"label": self._text("extra"), "amount": str(wish.extra), "when": "wanted"})
        return lines

    def _lottery(self) -> Section:
        drawn = {
            "unit": "home",
            "units": {"one": 2, "two": 3},
            "weight": "1",
            "waiting": 5,
            "witnesses": [self._says("witness")],
        }
        return Section({"lottery": drawn}, (self._says("lottery"),))

    def _examples(self) -> Section:
        wish = self._wish
        refused = {
            "name": self._says("child"),
            "on": "2026-11-21",
            "answers": {"name": _NAME, "born": "2015-05-01"},
            "expect": {"eligible": False},
        }
        served = [True, False] if wish.question else [None]
        examples = [*map(self._served, served), *([refused] if wish.adults else [])]
        return Section({"examples": examples}, (self._says("examples"),))

    def _served(self, yes: bool | None) -> dict[str, Any]:
        """Somebody who gets what they apply for; `yes` is their answer to the question, none: it is not asked."""
        wish = self._wish
        rows = [{"item_kind": kind, "item_number": number} for kind, number in (("first", 4), ("second", 1))]
        pages = ["about_you", "contact", *(["list"] if wish.item else []), "request"]
        charged = wish.fee * (2 if wish.kind == "certificate" else 1) + wish.each * 2
        named = "adult" if wish.adults else "example"
        return {
            "name": self._says(named if yes is None else "yes" if yes else "no"),
            "on": "2026-11-21",
            "answers": {
                "name": _NAME,
                **({"born": "1990-05-01"} if wish.adults else {}),
                "address": _HOME,
                "email": "taro@example.invalid",
                **({"items": rows} if wish.item else {}),
                **({"copies": 2} if wish.kind == "certificate" else {}),
                **({"home": "one"} if wish.kind == "lottery" else {}),
                **({"purpose": "school"} if yes is None and wish.kind != "lottery" else {}),
                **({} if yes is None else {"wanted": "yes" if yes else "no"}),
                **({"details": self._says("text")} if yes else {}),
            },
            "expect": {
                "eligible": True,
                "pages": [*pages, *(["after_yes"] if yes else [])],
                "fee": charged + (wish.extra if yes else 0) if wish.document else 0,
            },
        }
