"""The first file of a procedure: it works as it stands, and its comments say what to change."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from procedures.schema import STORED, SWITCH
from procedures.yaml_writer import Noted, Quoted, Section, document

Tongue = Literal["ja", "en"]
"""The languages its sample texts are written in."""


@dataclass(frozen=True)
class Wish:
    """What the author answered. `fee` is in yen for a case, copy or item, 0 for none; `adults`: only from 18 years."""

    procedure: str
    department: str
    kind: str
    language: str
    title: str
    desk: str
    fee: int = 0
    adults: bool = False
    others: Mapping[str, str] = field(default_factory=dict)
    """The title in further languages; every text is written in all of them."""
    item: Mapping[str, str] = field(default_factory=dict)
    """What one of the things is called, in each language, that are asked about as often as needed; empty for none."""
    each: bool = False
    """Whether the fee is paid for each of them."""

    @property
    def tongue(self) -> Tongue:
        """The language of sample texts and comments."""
        return _tongue(self.language)

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


def _tongue(language: str) -> Tongue:
    return "ja" if language.startswith("ja") else "en"


_WORKFLOWS: Final = {"certificate": "single-review", "notification": "receipt-only", "lottery": "lottery"}
_DOCUMENTS: Final[Mapping[str, Literal["certificate", "permit"]]] = {
    "single-review": "certificate",
    "review-and-approve": "permit",
}
_TEXTS: Final[dict[Tongue, dict[str, str]]] = {
    "ja": {
        "try": "このままで動きます。見本とあるところを書き換えてください。書き方: docs/authors/guide.ja.md",
        "check": "誤りを調べる: flask --app wsgi procedures check {file}",
        "summary": "この手続で何ができるかを、1、2文で書きます（見本）。",
        "words": "見本",
        "basis": "根拠となる法令（見本）",
        "who": "申請できる方の条件。満たさない方には otherwise の文を示します。",
        "adults": "18歳以上の方が申請できます。",
        "pages": "質問。1ページに1つの話題。型の一覧は docs/authors/procedures.ja.md にあります。",
        "about": "あなたについて", "born": "生年月日", "contact": "連絡先", "request": "申請の内容",
        "copies": "通数", "unit": "通",
        "list": "{item}について", "which_one": "{item}の名前", "number": "年齢", "years": "歳",
        "rows": "何件でも入力できる行。式では len(items)、any(i.item_age < 6 for i in items) のように使います。",
        "purpose": "何に使いますか", "school": "学校", "other": "その他", "which": "具体的に書いてください",
        "when": "when の条件が成り立つときだけ、たずねます。",
        "home": "希望する住戸", "one": "1号棟", "two": "2号棟",
        "files": "提出書類。要らなければ、この2行を消します。", "paper": "本人確認書類",
        "truth": "入力した内容は事実と相違ありません。",
        "fee": "手数料", "charged": "手数料（円）。計算式も書けます。",
        "flow": "決裁の流れ。flask --app wsgi procedures graph {file} で図になります。",
        "issue": "交付する文書。{{name}} のように書くと、答えが入ります。", "body": "次のとおり認めます（見本）。",
        "who_is": "氏名",
        "lottery": "抽せん。seats は住戸ごとの戸数です。", "witness": "立会人 見本 一郎",
        "examples": "見本の申請者。期待どおりになるかを flask --app wsgi procedures test {file} で確かめます。",
        "first": "見本1", "second": "見本2",
        "adult": "18歳以上の方が申請する", "child": "18歳に満たない方は申請できない", "example": "学校に出す",
    },
    "en": {
        "try": "This sample works as it stands; replace what says sample. How: docs/authors/guide.en.md",
        "check": "Find mistakes: flask --app wsgi procedures check {file}",
        "summary": "Say in one or two sentences what people get by it (sample).",
        "words": "sample",
        "basis": "The law it stands on (sample)",
        "who": "Who may apply. Whoever may not reads the sentence under otherwise.",
        "adults": "People aged 18 or over can apply.",
        "pages": "The questions, one topic a page. The types are listed in docs/authors/procedures.md.",
        "about": "About you", "born": "Date of birth", "contact": "Contact", "request": "Your request",
        "copies": "Copies", "unit": "copies",
        "list": "{item} details", "which_one": "{item} name", "number": "Age", "years": "years",
        "rows": "Rows, as many as needed. In expressions: len(items), any(i.item_age < 6 for i in items).",
        "purpose": "What do you need it for?", "school": "School",
        "other": "Something else", "which": "Please say what",
        "when": "Asked only while the condition under when is true.",
        "home": "The home you apply for", "one": "House 1", "two": "House 2",
        "files": "Files to hand in. Delete these two lines if there are none.", "paper": "Proof of identity",
        "truth": "What I have entered is true.",
        "fee": "Fee", "charged": "The fee in yen; it may be calculated.",
        "flow": "How it is decided. flask --app wsgi procedures graph {file} draws it.",
        "issue": "The document that is issued; {{name}} is replaced by the answer.",
        "body": "This is granted (sample).",
        "who_is": "Name",
        "lottery": "The draw, with the seats of each unit.", "witness": "Witness Ichiro Mihon",
        "examples": "Example applicants. flask --app wsgi procedures test {file} runs them.",
        "first": "sample 1", "second": "sample 2",
        "adult": "somebody of 18 or over applies", "child": "somebody under 18 may not apply",
        "example": "for a school",
    },
}  # fmt: skip


_SENTENCES: Final = ("summary", "adults", "truth", "body")
"""Texts that authors replace by sentences, which may have commas and placeholders."""


def starter(wish: Wish, file: Path) -> str:
    """The text of `file`."""
    return _Starter(wish, file).text()


def short(file: Path) -> str:
    """The path as one types it: from where the commands are run, where it lies below."""
    here = Path.cwd()
    return str(file.resolve().relative_to(here) if file.resolve().is_relative_to(here) else file)


def says(wish: Wish, name: str, file: Path) -> str:
    """A sample text in the language of the author."""
    return _TEXTS[wish.tongue][name].format(file=short(file))


def texts(wish: Wish, name: str) -> str | dict[str, str]:
    """A sample text in every language of the file."""

    def said(language: str) -> str:
        text = _TEXTS[_tongue(language)][name].format(item=wish.item.get(language, ""))
        return Quoted(text) if name in _SENTENCES else text

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
        "title": _title(wish),
        "body": texts(wish, "body"),
    }
    rows = [{"label": texts(wish, "who_is"), "value": f"{{{name}}}"}]
    return [
        flow,
        Section({"issue": [{**issued, **({"rows": rows} if name else {})}]}, (says(wish, "issue", file),)),
    ]


def _title(wish: Wish) -> str | dict[str, str]:
    return wish.said(lambda language: wish.others.get(language, wish.title))


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
        data = {
            "procedure": wish.procedure,
            "department": wish.department,
            "kind": wish.kind,
            "language": wish.language,
            "title": _title(wish),
            "summary": self._text("summary"),
            "find_by": {"words": words, "for": ["resident"]},
            "law": {
                "basis": self._text("basis"),
                "processing_period": "10 working days",
                "retention": "3 years",
            },
            "bring": [self._text("paper")],
            "minutes": 5,
            "desk": wish.desk,
        }
        return Section(data, comments(wish, self._file, "try", "check"))

    @staticmethod
    def _words(language: str) -> str:
        return _TEXTS[_tongue(language)]["words"]

    def _who(self) -> Section:
        rule = {"id": "adult", "when": "age(born, today) >= 18", "otherwise": self._text("adults")}
        return Section({"eligibility": [rule]}, (self._says("who"),))

    def _pages(self) -> Section:
        born = {"id": "born", "type": "date", "label": self._text("born"), "max": "today"}
        about = {
            "id": "about_you",
            "title": self._text("about"),
            **({"eligibility": True} if self._wish.adults else {}),
            "fields": [{"id": "name", "type": "person_name"}, born],
        }
        contact = {
            "id": "contact",
            "title": self._text("contact"),
            "fields": [{"id": "address", "type": "address"}, {"id": "email", "type": "email"}],
        }
        request = {"id": "request", "title": self._text("request"), "fields": self._questions()}
        pages = [about, contact, *([self._list()] if self._wish.item else []), request]
        return Section({"pages": pages}, (self._says("pages"),))

    def _list(self) -> dict[str, Any]:
        """The page with the rows."""
        called = self._wish.said(lambda language: self._wish.item[language])
        age = {
            "id": "item_age",
            "type": "number",
            "label": self._text("number"),
            "min": 0,
            "max": 120,
            "unit": self._text("years"),
        }
        rows = {
            "id": "items",
            "type": "group",
            "label": called,
            "row_label": called,
            "repeat": {"min": 1, "max": 10},
            "fields": [{"id": "item_name", "type": "text", "label": self._text("which_one")}, age],
        }
        return {
            "id": "list",
            "title": self._text("list"),
            "fields": [Noted((self._says("rows"),), rows)],
        }

    def _questions(self) -> list[Any]:
        if self._wish.kind == "lottery":
            return [self._choice("home", "home", "one", "two")]
        copies = {
            "id": "copies",
            "type": "number",
            "label": self._text("copies"),
            "min": 1,
            "max": 10,
            "unit": self._text("unit"),
        }
        which = {
            "id": "purpose_text",
            "type": "text",
            "label": self._text("which"),
            "when": "purpose == 'other'",
        }
        return [
            *([copies] if self._wish.kind == "certificate" else []),
            self._choice("purpose", "purpose", "school", "other"),
            Noted((self._says("when"),), which),
        ]

    def _choice(self, id: str, label: str, *values: str) -> dict[str, Any]:
        options = [{"value": value, "label": self._text(value)} for value in values]
        return {"id": id, "type": "choice", "label": self._text(label), "options": options}

    def _handing_in(self) -> list[Section]:
        paper = {"id": "identity", "label": self._text("paper"), "accept": ["pdf", "jpeg", "png"]}
        truth = {
            "declarations": [{"id": "truth", "text": self._text("truth")}],
            "signature": {"level": "email"},
        }
        sections = [Section({"attachments": [paper]}, (self._says("files"),)), Section(truth)]
        if not (self._wish.fee and self._wish.document):
            return sections
        counted = "len(items)" if self._wish.each else "copies" if self._wish.kind == "certificate" else ""
        amount = f"{self._wish.fee} * {counted}" if counted else str(self._wish.fee)
        fee = {"when": self._wish.moment, "items": [{"label": self._text("fee"), "amount": amount}]}
        return [*sections, Section({"fee": fee}, (self._says("charged"),))]

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
        name = {"family": "見本", "given": "太郎", "family_kana": "ミホン", "given_kana": "タロウ"}
        home = {
            "postcode": "1638001",
            "prefecture": "東京都",
            "city": "新宿区",
            "street": "西新宿2丁目8番1号",
        }
        certificate = wish.kind == "certificate"
        asked = {"home": "one"} if wish.kind == "lottery" else {"purpose": "school"}
        charged = (wish.fee * 2 if certificate or wish.each else wish.fee) if wish.document else 0
        rows = [
            {"item_name": self._says(name), "item_age": age} for name, age in (("first", 4), ("second", 40))
        ]
        pages = ["about_you", "contact", *(["list"] if wish.item else []), "request"]
        served = {
            "name": self._says("adult" if wish.adults else "example"),
            "on": "2026-11-21",
            "answers": {
                "name": name,
                "born": "1990-05-01",
                "address": home,
                "email": "taro@example.invalid",
                **({"items": rows} if wish.item else {}),
                **({"copies": 2} if certificate else {}),
                **asked,
            },
            "expect": {"eligible": True, "pages": pages, "fee": charged},
        }
        refused = {
            "name": self._says("child"),
            "on": "2026-11-21",
            "answers": {"name": name, "born": "2015-05-01"},
            "expect": {"eligible": False},
        }
        examples = [served, *([refused] if wish.adults else [])]
        return Section({"examples": examples}, (self._says("examples"),))
