"""The sample texts and comments of a procedure's first file."""

from typing import Final, Literal

Tongue = Literal["ja", "en"]
"""The languages its sample texts are written in."""

TEXTS: Final[dict[Tongue, dict[str, str]]] = {
    "ja": {
        "try": "このままで動きます。見本とあるところを書き換えてください。書き方: docs/authors/guide.ja.md",
        "check": "誤りを調べる: flask --app wsgi procedures check {file}",
        "named": "{title}（見本）",
        "summary": "この手続で何ができるかを、1、2文で書きます（見本）。",
        "words": "見本",
        "basis": "根拠となる法令（見本）",
        "periods": "processing_period は標準処理期間、retention は保存期間です。",
        "who": "申請できる方の条件。満たさない方には otherwise の文を示します。",
        "adults": "18歳以上の方が申請できます。",
        "pages": "質問。1ページに1つの話題。",
        "about": "あなたについて", "born": "生年月日", "contact": "連絡先", "request": "申請の内容",
        "copies": "通数", "unit": "通",
        "list": "{item}について", "which_one": "種類", "number": "数", "pieces": "個",
        "first": "見本1", "second": "見本2",
        "rows": "繰り返して聞く質問。repeat は件数、1件の呼び名は row_label です。",
        "details": "「はい」の方へ", "say": "具体的に書いてください（見本）",
        "asked": "id の wanted を変えるときは、ページと手数料の when、例の wanted も変えます。",
        "then": "「はい」のときだけ、このページを示します。",
        "purpose": "何に使いますか", "school": "学校", "other": "その他", "which": "具体的に書いてください",
        "when": "when の条件が成り立つときだけ、たずねます。",
        "home": "希望する住戸", "one": "1号棟", "two": "2号棟",
        "files": "提出書類。要らなければ、この2行を消します。", "paper": "本人確認書類",
        "truth": "入力した内容は事実と相違ありません。",
        "bring": "用意するもの。要らなければ、この行を消します。",
        "find": "for は対象の方です。resident: 住民、business: 事業者。",
        "fee": "手数料", "extra": "追加の手数料",
        "charged": "手数料（円）。各行の合計です。",
        "flow": "決裁の流れ。",
        "issue": "交付する文書。{{name}} のように質問の id を書くと、答えが入ります。繰り返しの id も書けます。",
        "body": "次のとおり認めます（見本）。",
        "who_is": "氏名",
        "lottery": "抽せん。seats は住戸ごとの戸数です。", "witness": "立会人 見本 一郎",
        "examples": "見本の申請者。expect は期待する結果で、pages はその人に出るページを順に書きます。",
        "adult": "18歳以上の方が申請する", "child": "18歳に満たない方は申請できない", "example": "学校に出す",
        "yes": "「はい」と答える", "no": "「いいえ」と答える", "text": "見本の答え",
    },
    "en": {
        "try": "This sample works as it stands; replace what says sample. How: docs/authors/guide.en.md",
        "check": "Find mistakes: flask --app wsgi procedures check {file}",
        "named": "{title} (sample)",
        "summary": "Say in one or two sentences what people get by it (sample).",
        "words": "sample",
        "basis": "The law it stands on (sample)",
        "periods": "processing_period: how long you take to decide; retention: how long the case is kept then.",
        "who": "Who may apply. Whoever may not reads the sentence under otherwise.",
        "adults": "People aged 18 or over can apply.",
        "pages": "The questions, one topic a page.",
        "about": "About you", "born": "Date of birth", "contact": "Contact", "request": "Your request",
        "copies": "Copies", "unit": "copies",
        "list": "Details", "which_one": "Kind", "number": "Number", "pieces": "pieces",
        "first": "Sample 1", "second": "Sample 2",
        "rows": "Asked again for each; repeat says how often. If label names them all, row_label names one.",
        "details": "As you said yes", "say": "Please say more (sample)",
        "asked": "If you change the id wanted, change it under when (page and fee) and in the examples too.",
        "then": "This page is shown only after a yes.",
        "purpose": "What do you need it for?", "school": "School",
        "other": "Something else", "which": "Please say what",
        "when": "Asked only while the condition under when is true.",
        "home": "The home you apply for", "one": "House 1", "two": "House 2",
        "files": "Files to hand in. Delete these two lines if there are none.", "paper": "Proof of identity",
        "truth": "What I have entered is true.",
        "bring": "What to have at hand. Delete this line if it is nothing.",
        "find": "for says for whom it is: resident, business.",
        "fee": "Fee", "extra": "Additional fee",
        "charged": "The fee in yen: the lines are added up.",
        "flow": "How it is decided.",
        "issue": "The document that is issued. {{name}}, the id of a question or of rows, becomes the answer.",
        "body": "This is granted (sample).",
        "who_is": "Name",
        "lottery": "The draw, with the seats of each unit.", "witness": "Witness Ichiro Mihon",
        "examples": "Example applicants. expect is what must come out: pages are those they see, in order.",
        "adult": "somebody of 18 or over applies", "child": "somebody under 18 may not apply",
        "example": "for a school", "yes": "somebody who says yes", "no": "somebody who says no",
        "text": "Sample answer",
    },
}  # fmt: skip

SENTENCES: Final = ("summary", "adults", "truth", "body")
"""Texts that authors replace by sentences, which may have commas and placeholders."""


def tongue_of(language: str) -> Tongue:
    """The one of its languages that somebody reads."""
    return "ja" if language.startswith("ja") else "en"
