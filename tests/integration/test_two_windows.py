"""One page of a form in two windows or on two devices: what both changed is shown, and neither wipes the other."""

import html
import re
from functools import partial
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from applications import drafts
from applications.journey import Journey
from applications.windows import MOST_VISITS, Shown, Window, signer
from core import clock
from core.context import Context
from core.outbox import OutboxMessage
from forms.page import read
from forms.types import Reading
from procedures import loader, versions
from tests.factories.applications import CATALOGUE, OWNER, TOKYO, owner
from tests.factories.browsers import Browser, at_once, browser_like
from tests.factories.tabs import Form, Tab
from web.views.apply import asked

ALL = sorted(path.stem for path in CATALOGUE.glob("*/*.yaml") if path.stem != "department")


SOURCE = """\
procedure: two-windows
department: tokyo-taxation
kind: notification
language: ja
title: 見本の届出
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages:
  - id: story
    title: くわしい事情
    fields:
      - {id: note, type: text, label: 備考}
      - {id: reason, type: long_text, label: 理由}
      - id: kind
        type: choice
        label: 種類
        options: [{value: sale, label: 売買}, {value: gift, label: 贈与}, {value: other, label: その他}]
      - {id: detail, type: text, label: くわしく, when: "kind == 'other'"}
      - {id: giver, type: text, label: 贈った方, when: "kind == 'gift'"}
      - id: people
        type: group
        label: 世帯員
        repeat: {min: 1, max: 3}
        fields: [{id: called, type: text, label: 名前}]
      - {id: my_number, type: individual_number}
  - {id: plan, title: 図面, fields: [{id: plan, type: file, label: 図面}, {id: scale, type: text, label: 縮尺}]}
declarations: [{id: truth, text: 記載内容に相違ありません。}]
signature: {level: none}
workflow: {uses: receipt-only}
"""
GIVEN = {"note": "なし", "reason": "売りました。\r\n二行目", "kind": "sale", "people-0-called": "花子",
         "my_number": "6214 9832 0257"}  # fmt: skip


def png(seed: str) -> bytes:
    """A small picture, another one for each seed."""
    sheet = BytesIO()
    Image.new("RGB", (8, 8), f"#{sum(seed.encode()) % 4096:03x}").save(sheet, "PNG")
    return sheet.getvalue()


@pytest.fixture
def browser(app: Flask, catalogue: Context) -> Browser:
    """Somebody on the first page of a form."""
    with catalogue.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")
    OWNER.setdefault("two-windows", TOKYO)
    return Browser(app, catalogue, "two-windows", fresh=True)


def stands(browser: Browser, page: str = "story") -> dict[str, str]:
    """What a window opened now shows."""
    inputs = Tab(browser, page).inputs
    return {
        name: "|".join(values) for name, values in inputs.items() if not name.startswith(("page:", "csrf"))
    }


@pytest.mark.parametrize("procedure", ALL)
@pytest.mark.parametrize("fresh", [True, False], ids=["blank", "filled"])
def test_a_page_that_comes_as_it_was_shown_changes_nothing(
    app: Flask, catalogue: Context, procedure: str, fresh: bool
) -> None:
    OWNER.setdefault(procedure, owner(procedure))
    browser = Browser(app, catalogue, procedure, fresh=fresh)
    with catalogue.database.reading(browser.organisation) as session:
        known = versions.current(session, procedure).procedure
    today = clock.today("Asia/Tokyo")
    for page in known.pages:
        answer = browser.client.get(f"{browser.base}/{page.id}")
        if answer.status_code != 200:
            continue
        sent = Form(answer.text).inputs
        shown = Shown.read(sent["page:shown"][0])
        assert shown
        document = browser.document()
        window = Window(document, page, signer(catalogue, browser.id))
        reading = Reading(today, Journey(known, document, today).values, kept=document.apart)
        met = window.meet(
            asked(page, sent), shown, partial(read, page, answers=document.answers, reading=reading)
        )
        signs = window.signs(met.sent)
        assert not {id: met.sent for id, parts in signs.items() if not shown.signs.issuperset(parts.values())}


def test_what_one_window_saved_the_other_does_not_wipe(app: Flask, catalogue: Context) -> None:
    browser = Browser(app, catalogue, fresh=True)
    browser.send("applicant", applicant_type="person")
    one, other = Tab(browser, "person"), Tab(browser, "person")
    typed = {"name-family": "見本", "name-given": "太郎"}
    read_as = {"name-family_kana": "みほん", "name-given_kana": "たろう"}
    assert not one.type(**typed).keep()
    assert not other.type(**read_as).keep()
    for tab in (one, other, one):
        assert not tab.keep()
    assert stands(browser, "person").items() >= {**typed, **read_as}.items()
    assert not other.type(name__given_kana="たろ").keep(), "typed on where nobody else typed"
    assert stands(browser, "person")["name-given_kana"] == "たろ"
    assert one.send().status_code == 303 or one.answer.headers["X-Go-To"].endswith("/contact")
    assert browser.document().answers["name"]["given_kana"] == "タロ"


class TestOneSideChanged:
    """What only one window changed counts, whichever is sent last."""

    @pytest.mark.parametrize("do", ["keep", "next", "save", "overview", "lang:en", "add:people", "refresh"])
    def test_a_stale_window_brings_nothing_back(self, browser: Browser, do: str) -> None:
        Tab(browser, "story").type(**GIVEN).send()
        stale, fresh = Tab(browser, "story"), Tab(browser, "story")
        fresh.type(note="新しい備考", people__0__called="次郎").send()
        stale.type(reason="買いました。").send(do)
        now = stands(browser)
        assert (now["note"], now["people-0-called"]) == ("新しい備考", "次郎")
        assert now["reason"] == "買いました。"
        assert not Tab(browser, "story").notes

    def test_an_emptied_box_stays_empty(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN).keep()
        stale, fresh = Tab(browser, "story"), Tab(browser, "story")
        fresh.type(note="").keep()
        stale.type(reason="買いました。").keep()
        assert stands(browser)["note"] == ""

    def test_a_window_may_take_back_what_it_sent(self, browser: Browser) -> None:
        tab = Tab(browser, "story")
        for text in ("一", "", "二", "一", ""):
            assert not tab.type(note=text).keep()
            assert stands(browser)["note"] == text

    def test_an_answer_that_got_lost_is_sent_again(self, browser: Browser) -> None:
        """What was taken is written in another way than it was typed."""
        tab = Tab(browser, "story").type(**GIVEN | {"my_number": "６２１４９８３２０２５７"})
        before = dict(tab.inputs)
        assert tab.send().headers["X-Go-To"].endswith("/plan")
        tab.inputs = before
        assert tab.send().headers["X-Go-To"].endswith("/plan")
        assert tab.type(reason="もっと長い理由").send().headers["X-Go-To"].endswith("/plan")
        assert browser.document().answers["reason"] == "もっと長い理由"

    def test_a_page_without_scripts_that_is_gone_back_to(self, browser: Browser) -> None:
        tab = Tab(browser, "story", scripted=False).type(**GIVEN)
        before = dict(tab.inputs)
        tab.send()
        tab.inputs = before
        assert tab.type(note="直した備考").send().status_code == 303
        assert browser.document().answers["note"] == "直した備考"

    def test_a_question_that_a_window_does_not_ask_is_left_alone(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN | {"kind": "other", "detail": "交換"}).send()
        asks, hides = Tab(browser, "story"), Tab(browser, "story")
        hides.type(kind="gift").inputs.pop("detail")
        hides.keep()
        asks.type(kind="other", note="別の備考").keep()
        assert stands(browser)["note"] == "別の備考"
        assert browser.document().raw["story"]["detail"] == ["交換"]


def test_both_are_sent_at_the_same_moment(both: Flask, ctx: Context) -> None:
    browser = Browser(both, ctx)
    shown = [Tab(browser, "contact").inputs for _ in range(2)]
    typed = [{"phone": "03-9999-0000"}, {"address-building": "見本ビル9階"}]
    codes = at_once(
        lambda number: (
            browser_like(both, browser)
            .post(f"{browser.base}/contact", data={**shown[number], **typed[number], "do": "next"})
            .status_code
        )
    )
    assert codes == [303, 303]
    answers = browser.document().answers
    assert (answers["phone"], answers["address"]["building"]) == ("+81399990000", "見本ビル9階")


class TestBothChanged:
    """Where both changed a question, a person sees both before either is let go of."""

    @pytest.mark.parametrize("scripted", [True, False])
    def test_a_press_shows_both_and_the_next_takes_ones_own(self, browser: Browser, scripted: bool) -> None:
        Tab(browser, "story").type(**GIVEN).send()
        one, other = (Tab(browser, "story", scripted) for _ in range(2))
        one.type(note="一つ目の窓", kind="gift", giver="母").send()
        seen = other.type(note="二つ目の窓", reason="買いました。").send()
        assert seen.status_code == (422 if scripted else 200)
        assert 'class="notice notice--warning elsewhere" role="alert"' in seen.text
        assert "There is a problem" not in seen.text
        assert other.notes == {"note": "一つ目の窓"}
        assert (other.inputs["note"], other.inputs["kind"]) == (["二つ目の窓"], ["gift"])
        assert "story" not in browser.document().done
        assert other.send().status_code in (204, 303)
        document = browser.document()
        answers = document.answers
        assert (answers["note"], answers["kind"], answers["giver"]) == ("二つ目の窓", "gift", "母")
        assert "story" in document.done
        assert not document.beside

    def test_what_is_saved_while_typing_keeps_both(self, browser: Browser) -> None:
        one, other = Tab(browser, "story"), Tab(browser, "story")
        assert not one.type(note="一つ目の窓").keep()
        assert other.type(note="二つ目の窓").keep()
        assert other.type(note="二つ目の窓だ").keep()
        again = Tab(browser, "story")
        assert (again.inputs["note"], again.notes) == (["二つ目の窓だ"], {"note": "一つ目の窓"})
        assert one.keep(), "the other window is told as well"
        assert one.type(**GIVEN | {"note": "一つ目の窓"}).send().status_code == 422
        assert (one.inputs["note"], one.notes) == (["一つ目の窓"], {"note": "二つ目の窓だ"})
        assert one.send().status_code == 204
        assert browser.document().answers["note"] == "一つ目の窓"
        assert not Tab(browser, "story").notes

    def test_who_takes_the_other_answer_over_is_not_asked_again(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN).send()
        one, other = Tab(browser, "story"), Tab(browser, "story")
        one.type(note="一つ目の窓").send()
        other.type(note="二つ目の窓").send()
        assert not other.type(note="一つ目の窓").keep()
        assert not browser.document().beside

    def test_the_same_in_both_windows_is_no_question(self, browser: Browser) -> None:
        one, other = Tab(browser, "story"), Tab(browser, "story")
        assert one.type(**GIVEN).send().status_code == 204
        assert other.type(**GIVEN | {"my_number": "621498320257"}).send().status_code == 204

    def test_an_answer_that_was_emptied_elsewhere(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN).send()
        one, other = Tab(browser, "story"), Tab(browser, "story")
        one.type(note="").keep()
        other.type(note="二つ目の窓").send()
        assert other.answer.status_code == 422
        assert "Not answered" in other.answer.text

    def test_rows_are_taken_as_one(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN).send()
        one, other = Tab(browser, "story"), Tab(browser, "story")
        one.send("add:people")
        one.type(people__1__called="三郎").send()
        other.type(people__0__called="次郎").send()
        assert other.answer.status_code == 422
        assert other.notes == {"people": "花子 / 三郎"}

    def test_no_number_is_shown_whole(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN).send()
        one, other = Tab(browser, "story"), Tab(browser, "story")
        one.type(my_number="9876 5432 1018")
        one.inputs.pop("my_number-kept")
        one.send()
        other.type(my_number="1234 5678 9018")
        other.inputs.pop("my_number-kept")
        other.send()
        assert other.answer.status_code == 422
        assert other.notes == {"my_number": "•••• •••• 1018"}
        assert other.type(my_number="1234 5678 9018").send().status_code == 204
        assert not browser.document().beside

    def test_what_another_windows_answer_would_hide_is_shown(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN | {"kind": "other", "detail": "交換"}).send()
        one, other = Tab(browser, "story"), Tab(browser, "story")
        one.type(kind="sale").send()
        other.type(detail="長く書いた事情").send()
        assert other.answer.status_code == 422
        assert other.notes == {"kind": "売買"}
        assert other.inputs["detail"] == ["長く書いた事情"]

    def test_a_page_shown_again_for_its_token_has_seen_nothing_new(self, browser: Browser) -> None:
        """What comes again because a session ended shows what was typed, not what stands by now."""
        browser.client.application.config["WTF_CSRF_ENABLED"] = True
        stale = Tab(browser, "story", scripted=False)
        browser.client.application.config["WTF_CSRF_ENABLED"] = False
        Tab(browser, "story").type(**GIVEN).send()
        showed = stale.inputs["page:shown"]
        browser.client.application.config["WTF_CSRF_ENABLED"] = True
        stale.inputs["csrf_token"] = ["old"]
        answer = browser.client.post(
            f"{browser.base}/story",
            data={**stale.inputs, "note": "古い窓", "do": "next"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        browser.client.application.config["WTF_CSRF_ENABLED"] = False
        assert answer.status_code == 422
        assert Form(answer.text).inputs["page:shown"] == showed

    def test_what_travelled_with_a_lost_cookie_wipes_nothing(self, app: Flask, catalogue: Context) -> None:
        """The way back by a mailed code takes long enough for another window."""
        browser = Browser(app, catalogue)
        stale, other = Tab(browser, "contact"), Tab(browser, "contact")
        other.type(phone="03-9999-0000", address__street="別の窓1-1").send()
        stranger = app.test_client()
        stale.type(phone="03-1111-2222")
        sent = stranger.post(
            f"{browser.base}/contact",
            data={**stale.inputs, "do": "next"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert sent.status_code == 404
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', sent.text)
        data = {name: html.unescape(value) for name, value in hidden}
        there = f"/resume/{browser.id}/return"
        asked = stranger.post(there, data=data | {"do": "code"})
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text)
        data = {name: html.unescape(value) for name, value in hidden}
        assert stranger.post(there, data=data | {"code": mailed_code(browser)}).status_code == 303
        again = Tab(browser, "contact")
        assert again.inputs["phone"] == ["03-1111-2222"]
        assert again.inputs["address-street"] == ["別の窓1-1"]
        assert again.notes == {"phone": "03-9999-0000"}


def mailed_code(browser: Browser) -> str:
    """The code that leads back to the draft."""
    with browser.ctx.database.reading(browser.organisation) as session:
        payloads = session.scalars(sa.select(OutboxMessage.payload)).all()
    [salt] = [payload["salt"] for payload in payloads if payload.get("notice") == "draft_code"]
    return drafts.mailed_code(browser.ctx, browser.id, salt)


class TestFiles:
    """A question for files is taken as one; a file is only let go of when nothing names it any more."""

    def test_both_chose_a_file(self, browser: Browser) -> None:
        Tab(browser, "story").type(**GIVEN).send()
        one, other = Tab(browser, "plan"), Tab(browser, "plan")
        for tab, name in ((one, "one.png"), (other, "other.png")):
            tab.answer = browser.client.post(
                f"{browser.base}/plan/files",
                data={**tab.inputs, "scale": "1/100", "do": "next", "plan-file": (BytesIO(png(name)), name)},
                content_type="multipart/form-data",
                headers={"X-Sent-By": "page"},
            )
        assert other.answer.status_code == 422
        assert other.notes == {"plan": "one.png"}
        other.inputs = Form(other.answer.text).inputs
        last = browser.client.post(f"{browser.base}/plan/files", data={**other.inputs, "do": "next"})
        assert last.status_code == 303
        [kept] = browser.document().answers["plan"]
        assert kept["name"] == "other.png"
        assert [entry["name"] for entry in browser.document().files["-"]] == ["other.png"]


def test_only_the_last_visits_are_known(browser: Browser) -> None:
    tabs = [Tab(browser, "story") for _ in range(MOST_VISITS + 3)]
    for number, tab in enumerate(tabs):
        tab.type(note=str(number)).keep()
    assert len(browser.document().visits) == MOST_VISITS


@pytest.mark.parametrize(
    "written", ["", "x", "12345678.", "12345678.abcde", "見本" * 4 + ".", "12345678." + "ab cde" * 9]
)
def test_a_page_that_says_nothing_sensible_counts_as_it_is(browser: Browser, written: str) -> None:
    tab = Tab(browser, "story").type(**GIVEN)
    tab.inputs["page:shown"] = [written]
    assert tab.send().status_code in (204, 422)
    assert stands(browser)["note"] == "なし"
