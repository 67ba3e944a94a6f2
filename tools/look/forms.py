"""A form from its first page to the end, with mistakes; and every kind of question: empty, wrong, with long texts."""

import json
from collections.abc import Iterator
from typing import Any

import yaml
from playwright.sync_api import Browser, Page, expect

from core.context import Context
from procedures import loader, versions
from tests.browser.people import Resident, press
from tests.browser.platform import Platform
from tests.factories.applications import TOKYO
from tests.factories.fields import SAMPLES, SILENT
from tools.look.camera import Camera
from tools.look.many import MANY

_A_PAGE = 4
_LONG = "都の条例にもとづいて設置する屋外広告物（看板・広告塔・アーチなど）の表示面積と高さについての説明"
_HEAD: dict[str, Any] = {
    "department": "tokyo-taxation",
    "kind": "notification",
    "language": "ja",
    "title": f"{_LONG}の届出（見本）",
    "summary": _LONG * 3,
    "law": {"basis": "見本条例 第1条", "retention": "1 year"},
    "desk": "tax",
    "declarations": [{"id": "truth", "text": _LONG * 2}],
    "signature": {"level": "none"},
    "workflow": {"uses": "receipt-only"},
}


def publish(ctx: Context) -> None:
    """Publish procedures with every kind of question, a page each, and long texts wherever there may be some."""
    for number, page in enumerate(_pages(), 1):
        source = _source({**_HEAD, "procedure": f"questions-{number}", "pages": [page]})
        with ctx.database.writing(TOKYO) as session:
            versions.publish(session, loader.load(source), "command")


def publish_many(ctx: Context) -> None:
    """Publish so many procedures that lists of them are long."""
    for number in range(MANY):
        head = _HEAD | {
            "procedure": f"sample-{number}",
            "title": f"見本の届出 その{number + 1}",
            "summary": _LONG,
        }
        fields = [{"id": "remark", "type": "text", "label": "備考"}]
        source = yaml.safe_dump(
            head | {"pages": [{"id": "one", "title": "一", "fields": fields}]}, allow_unicode=True
        )
        with ctx.database.writing(TOKYO) as session:
            versions.publish(session, loader.load(source), "command")


def _source(file: dict[str, Any]) -> str:
    plain = json.loads(json.dumps(file))  # values that stand twice are written twice
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)


def _pages() -> Iterator[dict[str, Any]]:
    options = [{"value": f"v{n}", "label": f"{_LONG} {n}"} for n in range(20)]
    towns = [{"value": f"v{n}", "label": f"見本町{n}丁目"} for n in range(MANY)]
    many = [
        {"type": "choice", "label": "町名", "options": towns},
        {"type": "choices", "label": "該当するもの", "options": options, "help": _LONG},
    ]
    fields = [options for options, *_ in SAMPLES] + SILENT + many
    for start in range(0, len(fields), _A_PAGE):
        number = start // _A_PAGE + 1
        asked = [_long(one, f"q{start + place}") for place, one in enumerate(fields[start : start + _A_PAGE])]
        yield {"id": f"p{number}", "title": f"{_LONG} {number}", "intro": _LONG * 2, "fields": asked}


def _long(options: dict[str, Any], id: str) -> dict[str, Any]:
    long = {} if options["type"] in {"content", "computed"} else {"help": _LONG}
    return {"id": id, **options, **long}


def questions(browser: Browser, platform: Platform, camera: Camera) -> None:
    """Take each page with questions, first as it is, then sent empty, then with rows added."""
    page, resident = _somebody(browser, platform, camera)
    for number, _ in enumerate(_pages(), 1):
        page.goto(f"/{TOKYO}/questions-{number}/")
        if number == 1:
            camera.take(page, "long-procedure")
        resident.start()
        page.wait_for_url(f"**/p{number}")
        camera.take(page, f"questions-{number}")
        resident.go_on()
        camera.take(page, f"questions-{number}-wrong")
        more = [button.get_attribute("value") for button in page.locator("button[value^='add:']").all()]
        for button in filter(None, more):
            press(page, button)
            camera.take(page, f"questions-{number}-more")
    page.context.close()


def journey(browser: Browser, platform: Platform, camera: Camera) -> None:
    """Apply for a certificate, with mistakes on the way, pay, and say how it was."""
    page, resident = _somebody(browser, platform, camera)
    for steps in (_filling, _sending, _paying):
        for name in steps(page, resident):
            camera.take(page, name)
    page.context.close()


def _filling(page: Page, resident: Resident) -> Iterator[str]:
    page.goto("/tokyo/tax-certificate/")
    resident.start()
    yield "choice"
    resident.go_on()
    yield "choice-wrong"
    resident.choose("applicant_type=person")
    resident.go_on()
    resident.go_on()
    yield "name-wrong"
    resident.name_is(family="見本" * 15)
    resident.go_on()
    yield "address"
    resident.lives_at()
    yield "address-found"
    resident.type(email=resident.email, phone="03-1234-5678")
    resident.go_on()
    resident.choose("kind=no_arrears")
    yield "kinds"
    resident.go_on()
    resident.type(copies="2")
    resident.go_on()
    resident.choose("purpose=loan")
    page.context.set_offline(True)
    page.click("#page-form .actions button[value=next]")
    page.locator("form[data-waiting]").wait_for()
    yield "waiting-for-the-line"
    page.context.set_offline(False)
    page.wait_for_url("**/check")


def _sending(page: Page, resident: Resident) -> Iterator[str]:
    yield "check"
    resident.go_on()
    yield "check-wrong"
    press(page, "save")
    page.wait_for_url("**/save")
    yield "save"
    page.go_back()
    resident.declare_all()
    resident.go_on()
    yield "sign"
    page.fill("#code", "000000")
    press(page, "sign")
    yield "sign-wrong"
    resident.sign()
    page.wait_for_url("**/filed")
    yield "filed"


def _paying(page: Page, resident: Resident) -> Iterator[str]:
    reference = resident.reference()
    page.goto(f"/pay/{reference}")
    yield "pay"
    page.click("button[name=provider][value=demo]")
    page.locator("button[name=do][value=paid]").wait_for()
    yield "pay-at-the-provider"
    page.click("button[name=do][value=paid]")
    page.goto(f"/status/{reference}")
    yield "status-after-paying"
    page.goto(f"/rate/{reference}/submission")
    page.locator("main form input[name=score]").first.check()
    page.locator("main form .button").first.click()
    page.wait_for_load_state("domcontentloaded")
    yield "rated"


def public(browser: Browser, platform: Platform, camera: Camera) -> None:
    """Take what addresses with parameters show, and the page without a connection."""
    page, _resident = _somebody(browser, platform, camera)
    for name, path in (
        ("found", "/?q=税"),
        ("found-by-a-typing-error", "/?q=certifcate"),
        ("nothing-found", "/?q=zzzz"),
        ("narrowed", "/?for=business"),
        ("guide-event", "/guide/?for=resident"),
        ("guide-who", "/guide/?for=resident&event=any"),
        ("procedure-housing", "/tokyo/public-housing/"),
        ("nothing-there", "/nothing"),
        ("offline", "/offline"),
    ):
        page.goto(path)
        camera.take(page, name)
    page.context.close()


def long_lists(browser: Browser, platform: Platform, camera: Camera) -> None:
    """Take lists of so many procedures."""
    page, _resident = _somebody(browser, platform, camera)
    for name, path in (
        ("many", "/"),
        ("many-found", "/?q=見本"),
        ("many-of-one", "/tokyo/"),
        ("many-last", "/?page=20"),
    ):
        page.goto(path)
        camera.take(page, name)
    page.context.close()


def _somebody(browser: Browser, platform: Platform, camera: Camera) -> tuple[Page, Resident]:
    page = browser.new_page(
        base_url=platform.url, locale=camera.tag, timezone_id="Asia/Tokyo", reduced_motion="reduce",
        service_workers="block", viewport={"width": 360, "height": 740},
    )  # fmt: skip
    page.context.add_cookies([{"name": "language", "value": camera.tag, "url": platform.url}])
    page.goto("/status")
    expect(page.locator("html")).to_have_attribute("lang", camera.tag)
    return page, Resident(page, platform, f"look-{camera.tag}@example.invalid")
