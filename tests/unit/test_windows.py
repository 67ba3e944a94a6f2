"""Two windows on one page: what counts of each question, and that nothing gives way which its writer has not seen."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as some

from applications.journey import keep_raw
from applications.vault import DraftDocument
from applications.windows import Outcome, Shown, Window, decide
from forms.page import PageResult
from forms.types import Raw
from procedures import loader
from procedures.definition import Page

SOURCE = """\
procedure: sample
department: tokyo-taxation
kind: notification
language: ja
title: 見本
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: one
    title: 一枚目
    fields: [{id: a, type: text, label: あ}, {id: b, type: text, label: い}, {id: name, type: person_name}]
signature: {level: none}
workflow: {uses: receipt-only}
"""
PAGE: Page = loader.load(SOURCE).procedure.pages[0]
NAMES = ("a", "b", "name-family", "name-given")
PARTS = some.dictionaries(some.sampled_from("xyz"), some.sampled_from("12345"), min_size=3, max_size=3)
STEPS = some.lists(
    some.tuples(
        some.integers(0, 1),
        some.sampled_from(NAMES),
        some.sampled_from(["", "一", "二", "三"]),
        some.booleans(),
    ),
    max_size=12,
)


def sign(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:6]


def read(raw: Raw) -> PageResult:
    """Everything is asked, and nothing is right yet."""
    return PageResult({}, (), frozenset({"a", "b", "name"}))


class Tab:
    """A window that was opened now."""

    def __init__(self, document: DraftDocument) -> None:
        self.window = Window(document, PAGE, sign)
        self.document = document
        self.written = self.window.written()
        self.holds = {name: "".join(self.window.stands.get(name, [])) for name in NAMES}

    def keep(self) -> None:
        shown = Shown.read(self.written)
        met = self.window.meet({name: [value] for name, value in self.holds.items()}, shown, read)
        self.window.put_beside(met)
        self.document.raw["one"] = {name: list(values) for name, values in met.raw.items()}
        self.window.remember(met, shown)

    def somewhere(self, name: str) -> set[str]:
        """What stands in an input or waits beside it."""
        beside = self.document.beside.get(name.partition("-")[0], {})
        return {"".join(held.get(name, [])) for held in (self.window.stands, beside)}


@given(PARTS, PARTS, PARTS)
def test_what_nobody_else_changed_is_taken(
    stands: dict[str, str], came: dict[str, str], more: dict[str, str]
) -> None:
    shown = {part: {stands[part], more[part]} for part in stands}
    assert decide(stands, came, shown) is Outcome.CAME


@given(PARTS, PARTS)
def test_what_was_left_alone_gives_way(stands: dict[str, str], came: dict[str, str]) -> None:
    outcome = decide(stands, came, {part: {value} for part, value in came.items()})
    assert outcome is (Outcome.CAME if stands == came else Outcome.STANDS)


@given(PARTS, PARTS, PARTS, some.sets(some.sampled_from("xyz")), some.booleans())
def test_nothing_unseen_gives_way_unless_both_are_kept(
    stands: dict[str, str], came: dict[str, str], base: dict[str, str], blank: set[str], open: bool
) -> None:
    outcome = decide(stands, came, {part: {value} for part, value in base.items()}, blank, open)
    there = {part for part in base if stands[part] not in (base[part], came[part])}
    here = {part for part in base if came[part] not in (base[part], stands[part])}
    if outcome is Outcome.CAME:
        assert not there
    elif outcome is Outcome.STANDS:
        assert not here
        assert not open
    elif outcome is Outcome.TOGETHER:
        assert there <= blank
        assert not here & blank, "nobody has emptied it"
    else:
        assert there


@given(STEPS)
def test_what_two_windows_type_is_never_wiped(steps: list[tuple[int, str, str, bool]]) -> None:
    """What each sent last is in its place or beside it, unless it stood in the other window, where somebody left it."""
    document = DraftDocument(raw={"one": {"a": ["始"], "name-family": ["始"]}})
    tabs = Tab(document), Tab(document)
    sent: list[dict[str, str]] = [{}, {}]
    stood = [{name: {tab.holds[name]} for name in NAMES} for tab in tabs]
    for who, name, value, keeps in steps:
        tabs[who].holds[name] = value
        if not keeps:
            continue
        tabs[who].keep()
        for part, held in tabs[who].holds.items():
            stood[who][part].add(held)
            if held != {"a": "始", "name-family": "始"}.get(part, "") or part in sent[who]:
                sent[who][part] = held
        for part in NAMES:
            for one in (0, 1):
                last = sent[one].get(part)
                assert last is None or last in tabs[one].somewhere(part) | stood[1 - one][part]
    for part in {*NAMES} - {*sent[0], *sent[1]}:
        assert "".join(tabs[0].window.stands.get(part, [])) == {"a": "始", "name-family": "始"}.get(part, "")


def test_a_part_that_was_emptied_is_not_filled_again() -> None:
    document = DraftDocument(raw={"one": {"name-family": ["見本"], "name-given": ["始"]}})
    one, other = Tab(document), Tab(document)
    other.holds["name-family_kana"] = "ミホン"
    other.keep()
    one.holds["name-given"] = ""
    one.keep()
    assert document.raw["one"]["name-given"] == [""]
    assert document.beside == {"name": {"name-family": ["見本"], "name-given": ["始"],
                                        "name-family_kana": ["ミホン"]}}  # fmt: skip


@given(STEPS)
def test_windows_that_are_opened_afresh_never_disagree(steps: list[tuple[int, str, str, bool]]) -> None:
    document = DraftDocument()
    for _, name, value, _keeps in steps:
        tab = Tab(document)
        tab.holds[name] = value
        tab.keep()
        assert not document.beside
        assert tab.somewhere(name) == {value, ""}


def test_boxes_without_ticks_stay_so() -> None:
    """A browser sends nothing of them: the answers from before do not come back for that."""
    boxes = "{id: a, type: choices, label: あ, required: false, options: [{value: x, label: 一}]}"
    fields = "{id: a, type: text, label: あ}, {id: b, type: text, label: い}, {id: name, type: person_name}"
    page = loader.load(SOURCE.replace(fields, boxes)).procedure.pages[0]
    document = DraftDocument(answers={"a": ["x"]}, done=[page.id])
    window = Window(document, page, sign)
    assert window.stands == {"a": ["x"]}
    keep_raw(document, page, {})
    assert window.stands == {}
