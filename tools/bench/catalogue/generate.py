"""Varied procedure files without end: the same seed makes the same files."""

import random
from pathlib import Path
from typing import Any, Final

import yaml

from procedures.finding.occasions import AUDIENCES, CIRCUMSTANCES, LIFE_EVENTS
from tools.bench.catalogue.vocabulary import ACTIONS, SORTS, THINGS, Word

ORGANISATIONS: Final = 40
DEPARTMENTS: Final = ("citizens", "welfare", "children", "environment", "urban", "economy", "tax")
TAGS: Final = ("ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko")
MOST: Final = len(THINGS) * len(ACTIONS) * len(SORTS)

Node = dict[str, Any]


def write(folder: Path, number: int, seed: int = 1) -> list[Path]:
    """Write a catalogue of `number` files (at most `MOST`) with its organisations; returns the files' paths."""
    chance = random.Random(seed)
    combinations = chance.sample(range(MOST), number)
    _organisations(folder)
    paths = []
    for serial, combination in enumerate(combinations):
        department = f"o{serial % ORGANISATIONS:02}-{chance.choice(DEPARTMENTS)}"
        node = procedure(f"p{serial:05}", department, combination, chance)
        path = folder / department / f"{node['procedure']}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.dump(node, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000)
        path.write_text(text)
        paths.append(path)
    return paths


def _organisations(folder: Path) -> None:
    entries = [
        {
            "id": f"o{number:02}",
            "title": {"ja": f"見本{number}市", "en": f"Sample City {number}"},
            "desks": {name: {"ja": f"{name}窓口", "en": name} for name in DEPARTMENTS},
            "departments": {f"o{number:02}-{name}": {"ja": f"{name}課", "en": name} for name in DEPARTMENTS},
        }
        for number in range(ORGANISATIONS)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.dump({"organisations": entries}, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    (folder / "organisations.yaml").write_text(text)


def words_of(combination: int) -> tuple[Word, str, Word, Word]:
    """The thing, the kind, the action and the sort that a number stands for."""
    rest, sort = divmod(combination, len(SORTS))
    thing, action = divmod(rest, len(ACTIONS))
    kind, word = ACTIONS[action]
    return THINGS[thing], kind, word, SORTS[sort]


def procedure(name: str, department: str, combination: int, chance: random.Random) -> Node:
    """One procedure file as data."""
    thing, kind, action, sort = words_of(combination)
    languages = chance.choice((TAGS, TAGS, TAGS, ("ja", "en"), ("ja",)))
    paid = kind in ("certificate", "permit", "inspection") and chance.random() < 0.7
    node: Node = {
        "procedure": name,
        "department": department,
        "kind": kind,
        "language": "ja",
        "title": _text(languages, _title(thing, action, sort)),
        "summary": _text(languages, _summary(thing, action, sort)),
        "find_by": {
            "words": [thing[0], thing[1], action[0], chance.choice(THINGS)[1], thing[2]],
            "life_events": chance.sample(list(LIFE_EVENTS), chance.randint(0, 3)),
            "circumstances": chance.sample(list(CIRCUMSTANCES), chance.choice((0, 0, 1, 2))),
            "for": chance.sample(list(AUDIENCES), chance.randint(1, 2)),
        },
        "law": {
            "basis": f"見本条例第{combination % 90 + 1}条",
            "processing_period": f"{chance.choice((3, 5, 10, 20))} working days",
            "retention": f"{chance.choice((1, 3, 5))} years",
        },
        "minutes": chance.randint(3, 40),
        "desk": department.partition("-")[2],
    }
    _ask(node, languages, chance)
    if paid:
        rate = chance.choice((200, 300, 400, 1200))
        amount = f"{rate} * copies"
        node["fee"] = {"items": [{"label": "手数料", "amount": amount}]}
        node["examples"][0]["expect"]["fee"] = rate * 2
        if chance.random() < 0.3:
            node["fee"]["waive"] = "purpose == 'pension'"
    node["workflow"] = {"uses": "single-review"} if paid else {"uses": "receipt-only"}
    if paid:
        node["issue"] = [
            {"id": "certificate", "title": "見本の証明書", "body": "{name} について証明します。"}
        ]
    return node


def _title(thing: Word, action: Word, sort: Word) -> Word:
    ja = f"{thing[0]}の{action[0]}（{sort[0]}）"
    simple = f"{{{thing[0]}|{thing[1]}}}の{{{action[0]}|{action[1]}}}（{{{sort[0]}|{sort[1]}}}）"
    english = f"{thing[2].capitalize()}: {action[2]} ({sort[2]})"
    return (ja, simple, english, *(f"{thing[i]}{action[i]}（{sort[i]}）" for i in (3, 4, 5)))  # type: ignore[return-value]


def _summary(thing: Word, action: Word, sort: Word) -> Word:
    ja = f"{sort[0]}の方が、{thing[0]}について{action[0]}を行うための手続です。見本の文章です。"
    english = f"Use this for {action[2]} concerning {thing[2]}, for {sort[2]}. A sample text."
    return (ja, ja, english, *(f"{sort[i]}：{thing[i]}，{action[i]}。" for i in (3, 4, 5)))  # type: ignore[return-value]


def _text(languages: tuple[str, ...], word: Word) -> Node:
    return {tag: written for tag, written in zip(TAGS, word, strict=True) if tag in languages}


def _ask(node: Node, languages: tuple[str, ...], chance: random.Random) -> None:
    """Pages, conditions, groups, computed values and an example."""
    node["eligibility"] = [
        {"id": "adult", "when": "age(born, today) >= 18", "otherwise": "18歳以上の方が申請できます。"}
    ]
    first: Node = {
        "id": "about",
        "title": _label(languages, "あなたについて", "About you"),
        "eligibility": True,
    }
    first["fields"] = [
        {"id": "name", "type": "person_name"},
        {"id": "born", "type": "date", "label": "生年月日"},
    ]
    last = {"id": "order", "title": _label(languages, "希望", "Your wish"), "fields": [
        {"id": "copies", "type": "number", "label": _label(languages, "通数", "Copies"), "min": 1, "max": 10},
        {"id": "purpose", "type": "choice", "label": _label(languages, "使いみち", "Purpose"),
         "options": [{"value": value, "label": _label(languages, ja, value)}
                     for value, ja in (("pension", "年金"), ("loan", "融資"), ("other", "その他"))]},
        {"id": "purpose_text", "type": "text", "label": "具体的に", "when": "purpose == 'other'", "max_length": 100},
    ]}  # fmt: skip
    pages = [_page(number, languages, chance) for number in range(chance.randint(0, 4))]
    node["pages"] = [first, {"id": "contact", "title": _label(languages, "連絡先", "Contact"), "fields": [
        {"id": "address", "type": "address"}, {"id": "email", "type": "email"}]}, *pages, last]  # fmt: skip
    node["computed"] = {"applicant_age": "age(born, today)"}
    if any(field["type"] == "group" for page in pages for field in page["fields"]):
        group = next(field["id"] for page in pages for field in page["fields"] if field["type"] == "group")
        node["computed"]["total"] = f"sum(m.amount_{group} for m in {group})"
    if chance.random() < 0.5:
        node["attachments"] = [
            {"id": "identity", "label": _label(languages, "本人確認書類", "Proof of identity")}
        ]
    node["declarations"] = [{"id": "truth", "text": "入力した内容は事実と相違ありません。"}]
    node["signature"] = {"level": chance.choice(("none", "email"))}
    node["examples"] = [{
        "name": "2通申請する", "on": "2026-11-21",
        "answers": {"born": "1990-05-01", "copies": 2, "purpose": "loan"},
        "expect": {"eligible": True, "computed": {"applicant_age": 36}},
    }]  # fmt: skip


def _page(number: int, languages: tuple[str, ...], chance: random.Random) -> Node:
    fields = [
        _field(f"f{number}_{place}", number * 10 + place, languages, chance)
        for place in range(chance.randint(2, 8))
    ]
    switch = f"f{number}_on"
    fields.insert(
        0,
        {
            "id": switch,
            "type": "yes_no",
            "label": _label(languages, f"該当しますか（{number}）", f"Does it apply ({number})?"),
        },
    )
    for field in fields[1:]:
        if chance.random() < 0.3:
            field["when"] = switch
    if chance.random() < 0.3:
        fields.append(_group(f"g{number}", languages))
    page: Node = {
        "id": f"page_{number}",
        "title": _label(languages, f"内容 その{number + 1}", f"Details {number + 1}"),
        "fields": fields,
    }
    if chance.random() < 0.3:
        page["when"] = "applicant_age >= 20"
    return page


def _group(id: str, languages: tuple[str, ...]) -> Node:
    label, rows = _label(languages, "明細", "Items"), {"min": 0, "max": 8}
    return {"id": id, "type": "group", "label": label, "repeat": rows, "fields": [
        {"id": f"name_{id}", "type": "text", "label": _label(languages, "品名", "Item"), "max_length": 50},
        {"id": f"amount_{id}", "type": "money", "label": _label(languages, "金額", "Amount")},
    ]}  # fmt: skip


def _field(id: str, serial: int, languages: tuple[str, ...], chance: random.Random) -> Node:
    type = chance.choice(("text", "long_text", "number", "money", "date", "yes_no", "choice", "phone"))
    field: Node = {
        "id": id,
        "type": type,
        "label": _label(languages, f"項目{serial}の内容", f"Detail {serial}"),
    }
    if type in ("text", "long_text"):
        field["max_length"] = chance.choice((50, 100, 400))
    if type == "choice":
        field["options"] = [
            {"value": value, "label": _label(languages, f"選択肢{value}", value)} for value in "abc"
        ]
    if chance.random() < 0.3:
        field["required"] = False
    return field


def _label(languages: tuple[str, ...], ja: str, en: str) -> str | Node:
    """A text in the languages of the file; the sample says the same in all but Japanese."""
    if len(languages) == 1:
        return ja
    return {tag: ja if tag.startswith("ja") else en for tag in languages}
