"""The first file of a procedure: it works as it stands, and its comments say what to change."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from procedures.schema import STORED, SWITCH

Tongue = Literal["ja", "en"]
"""The languages its sample texts are written in."""


@dataclass(frozen=True)
class Wish:
    """What the author answered. `fee` is in yen for each copy or case, 0 for none; `adults`: only from 18 years."""

    procedure: str
    department: str
    kind: str
    language: Tongue
    title: str
    desk: str
    fee: int = 0
    adults: bool = False


_WORKFLOWS: Final = {"certificate": "single-review", "notification": "receipt-only", "lottery": "lottery"}
_TEXTS: Final[dict[Tongue, dict[str, str]]] = {
    "ja": {
        "try": "このままで動きます。見本とあるところを書き換えてください。項目の説明: docs/authors/reference.md",
        "check": "誤りを調べる: flask --app wsgi procedures check {file}",
        "summary": "この手続で何ができるかを、1、2文で書きます（見本）。",
        "words": "見本",
        "basis": "根拠となる法令（見本）",
        "who": "申請できる方の条件。満たさない方には otherwise の文を示します。",
        "adults": "18歳以上の方が申請できます。",
        "pages": "質問。1ページに1つの話題。型の一覧は docs/authors/procedures.md にあります。",
        "about": "あなたについて", "born": "生年月日", "contact": "連絡先", "request": "申請の内容",
        "copies": "通数", "unit": "通",
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
        "adult": "18歳以上の方が申請する", "child": "18歳に満たない方は申請できない", "example": "学校に出す",
    },
    "en": {
        "try": "This sample works as it stands; replace what says sample. Every key: docs/authors/reference.md",
        "check": "Find mistakes: flask --app wsgi procedures check {file}",
        "summary": "Say in one or two sentences what people get by it (sample).",
        "words": "sample",
        "basis": "The law it stands on (sample)",
        "who": "Who may apply. Whoever may not reads the sentence under otherwise.",
        "adults": "People aged 18 or over can apply.",
        "pages": "The questions, one topic a page. The types are listed in docs/authors/procedures.md.",
        "about": "About you", "born": "Date of birth", "contact": "Contact", "request": "Your request",
        "copies": "Copies", "unit": "copies",
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
        "adult": "somebody of 18 or over applies", "child": "somebody under 18 may not apply",
        "example": "for a school",
    },
}  # fmt: skip


def starter(wish: Wish, file: Path) -> str:
    """The text of `file`."""
    return _Starter(wish, file).text()


class _Starter:
    """Puts the parts together that this kind of procedure needs."""

    def __init__(self, wish: Wish, file: Path) -> None:
        self._wish, self._file = wish, file
        self._words = _TEXTS[wish.language]
        self._workflow = _WORKFLOWS.get(wish.kind, "review-and-approve")
        self._document = {"single-review": "certificate", "review-and-approve": "permit"}.get(self._workflow)

    def text(self) -> str:
        parts = [
            self._head(),
            self._who(),
            self._pages(),
            self._handing_in(),
            self._decision(),
            self._examples(),
        ]
        return "\n".join(part for part in parts if part)

    def _says(self, name: str) -> str:
        return self._words[name].format(file=self._file.name)

    def _head(self) -> str:
        wish, says = self._wish, self._says
        switch = SWITCH + os.path.relpath(STORED, self._file.parent)
        return f"""\
{switch}
# {says("try")}
# {says("check")}
procedure: {wish.procedure}
department: {wish.department}
kind: {wish.kind}
language: {wish.language}
title: {json.dumps(wish.title, ensure_ascii=False)}
summary: {says("summary")}
find_by: {{words: [{says("words")}], for: [resident]}}
law: {{basis: {says("basis")}, processing_period: 10 working days, retention: 3 years}}
minutes: 5
desk: {wish.desk}
"""

    def _who(self) -> str:
        if not self._wish.adults:
            return ""
        return f"""\
# {self._says("who")}
eligibility:
  - {{id: adult, when: "age(born, today) >= 18", otherwise: {self._says("adults")}}}
"""

    def _pages(self) -> str:
        says = self._says
        flag = "\n    eligibility: true" if self._wish.adults else ""
        return f"""\
# {says("pages")}
pages:
  - id: about_you
    title: {says("about")}{flag}
    fields:
      - {{id: name, type: person_name}}
      - {{id: born, type: date, label: {says("born")}, max: today}}
  - id: contact
    title: {says("contact")}
    fields:
      - {{id: address, type: address}}
      - {{id: email, type: email}}
  - id: request
    title: {says("request")}
    fields:
{self._question()}
"""

    def _question(self) -> str:
        says = self._says
        if self._wish.kind == "lottery":
            return f"""\
      - id: home
        type: choice
        label: {says("home")}
        options: [{{value: one, label: {says("one")}}}, {{value: two, label: {says("two")}}}]"""
        copies = f"""\
      - {{id: copies, type: number, label: {says("copies")}, min: 1, max: 10, unit: {says("unit")}}}
"""
        return f"""\
{copies if self._wish.kind == "certificate" else ""}\
      - id: purpose
        type: choice
        label: {says("purpose")}
        options: [{{value: school, label: {says("school")}}}, {{value: other, label: {says("other")}}}]
      # {says("when")}
      - {{id: purpose_text, type: text, label: {says("which")}, when: "purpose == 'other'"}}"""

    def _handing_in(self) -> str:
        says = self._says
        fee = self._wish.fee if self._document else 0
        amount = f'"{fee} * copies"' if self._wish.kind == "certificate" else str(fee)
        moment = "before_review" if self._workflow == "single-review" else "after_approval"
        charged = f"""
# {says("charged")}
fee:
  when: {moment}
  items: [{{label: {says("fee")}, amount: {amount}}}]
"""
        return f"""\
# {says("files")}
attachments:
  - {{id: identity, label: {says("paper")}, accept: [pdf, jpeg, png]}}

declarations: [{{id: truth, text: {says("truth")}}}]
signature: {{level: email}}
{charged if fee else ""}"""

    def _decision(self) -> str:
        says = self._says
        flow = f"# {says('flow')}\nworkflow: {{uses: {self._workflow}}}\n"
        if self._wish.kind == "lottery":
            return f"""\
{flow}
# {says("lottery")}
lottery:
  unit: home
  units: {{one: 2, two: 3}}
  weight: "1"
  waiting: 5
  witnesses: [{says("witness")}]
"""
        if self._document is None:
            return flow
        title = json.dumps(self._wish.title, ensure_ascii=False)
        return f"""\
{flow}
# {says("issue")}
issue:
  - id: {self._document}
    template: {self._document}
    title: {title}
    body: {says("body")}
    rows: [{{label: {says("who_is")}, value: "{{name}}"}}]
"""

    def _examples(self) -> str:
        says, wish = self._says, self._wish
        asked = "home: one" if wish.kind == "lottery" else "purpose: school"
        asked = f"copies: 2\n      {asked}" if wish.kind == "certificate" else asked
        fee = (wish.fee * 2 if wish.kind == "certificate" else wish.fee) if self._document else 0
        name = "{family: 見本, given: 太郎, family_kana: ミホン, given_kana: タロウ}"
        home = "{postcode: '1638001', prefecture: 東京都, city: 新宿区, street: 西新宿2丁目8番1号}"
        refused = f"""\
  - name: {says("child")}
    on: 2026-11-21
    answers: {{name: {name}, born: 2015-05-01}}
    expect: {{eligible: false}}
"""
        return f"""\
# {says("examples")}
examples:
  - name: {says("adult") if wish.adults else says("example")}
    on: 2026-11-21
    answers:
      name: {name}
      born: 1990-05-01
      address: {home}
      email: taro@example.invalid
      {asked}
    expect: {{eligible: true, pages: [about_you, contact, request], fee: {fee}}}
{refused if wish.adults else ""}"""
