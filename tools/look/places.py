"""Every page by its address: both organisations filled, and whoever may see a page looks at it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Error, Page

from core.context import Context
from core.settings import Settings
from signing import seal
from tests.browser.platform import Platform
from tests.factories import draws
from tests.factories.addresses import World, access_of, calls
from tests.factories.applications import MIHON, SIGNS, TOKYO, filed, publish
from tests.factories.organisations import DESK, Office, office
from tools.look import many
from tools.look.camera import Camera
from tools.look.many import MANY
from web import demonstration, jobs, keys, schema
from web.app import create_app

_LONG: dict[str, Any] = {
    "name": {
        "family": "𠮷野髙﨑長宗我部",
        "given": "寿限無寿限無五劫の擦り切れ",
        "family_kana": "ヨシノ",
        "given_kana": "ジュゲム",
    },
    "company": "株式会社見本東京広告看板製作所ホールディングス西日本事業統括本部第二営業部",
}
WRONG = frozenset({
    "apply.show", "attachments.form", "correction.form", "desk.ask_correction", "finish.check", "lotteries.show",
    "messages.show", "my.ask_deletion", "my_companies.new", "my_mandates.new", "my_profile.edit", "my_sign_in.form",
    "resume.code", "satisfaction.rate", "sign_in.form", "status.find", "status_access.ask", "status_access.code",
    "together.choose", "verify.form",
})  # fmt: skip
"""Forms that are also sent as they are: what is wrong then is a state of the page."""

TAKEN_LATER = frozenset({"eligibility.show", "lotteries.listing"})
"""What their made-up addresses would not find: these are taken with addresses of their own, see `_states`."""


def filled(folder: Path) -> World:
    """Both organisations with people, drafts and cases in every state; before the platform starts on `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ctx = Context(Settings(data_dir=folder, rate_limits=False))
    keys.make(ctx)
    seal.prepare(folder)
    schema.upgrade(ctx.database)
    publish(ctx)
    demonstration.sign_ins(ctx)
    many.draw(ctx)
    offices = {id: office(ctx, id) for id in (TOKYO, MIHON)}
    queue = [filed(ctx, SIGNS, number % 2).application.id for number in range(MANY)]
    offices[MIHON].more["story"] = many.crowd(ctx, offices[MIHON], queue)
    offices[MIHON].more |= {
        name: filed(ctx, SIGNS, example, **{name: long}).application
        for example, (name, long) in enumerate(_LONG.items())
    }
    jobs.drain(ctx)
    return World(create_app(ctx.settings), ctx, offices)


def pages(browser: Browser, platform: Platform, world: World, camera: Camera) -> None:
    """Take every page that an address leads to, then the other states that a case can be in."""
    for of in world.offices.values():
        own = of.id == TOKYO
        people = {
            access: open_page(browser, platform, camera.tag, client)
            for access, client in (
                ("clerk", of.desk(world.app)),
                ("resident", of.holder(world.app)),
                ("guest", of.resident(world.app)),
                ("nobody", world.app.test_client()),
            )
        }
        for endpoint, access, path in _addresses(world, of):
            if own or endpoint in {"catalogue.procedure", "desk.case", "desk.ask_correction"}:
                who = (
                    access if access in people else "nobody" if endpoint.endswith("sign_in.form") else "guest"
                )
                _visit(people[who], path, endpoint, camera)
        for name, page, path in _states(of, people):
            if _opens(page, path):
                camera.take(page, f"{of.id}-{name}")
        for page in people.values():
            page.context.close()


def _addresses(world: World, of: Office) -> Iterator[tuple[str, str, str]]:
    for rule, method, path in calls(world, of):
        if method == "GET" and rule.endpoint not in TAKEN_LATER | {"static"}:
            yield rule.endpoint, access_of(world, rule).partition(":")[0], path


def _states(of: Office, people: dict[str, Page]) -> Iterator[tuple[str, Page, str]]:
    if of.drawn:
        yield "winners", people["nobody"], f"/lotteries/{draws.DRAW}/list?unit=1003"
        yield "waiting-list", people["nobody"], f"/lotteries/{draws.DRAW}/list?unit=1003&list=waiting"
        yield "eligibility", people["nobody"], f"/{of.id}/public-housing/eligibility"
    yield "queue", people["clerk"], f"/desk/{DESK[of.id]}"
    yield "queue-end", people["clerk"], f"/desk/{DESK[of.id]}?show=all&page=20"
    yield "queue-empty", people["clerk"], f"/desk/{DESK[of.id]}?show=mine"
    more = {name: case for name, case in of.more.items() if name in _LONG}
    cases = {"decided": of.decided, "asked": of.asked, "unpaid": of.unpaid, "drawn": of.drawn, **more}
    for name, case in cases.items():
        if case is None:
            continue
        yield f"case-{name}", people["clerk"], f"/desk/cases/{case.id}"
        yield f"status-{name}", people["guest"], f"/status/{case.reference}"


def _visit(page: Page, path: str, endpoint: str, camera: Camera) -> None:
    if not _opens(page, path):
        return
    camera.take(page, endpoint)
    if endpoint in WRONG:
        button = page.locator(
            "main form :is(.actions button.button, button.button:only-of-type):visible"
        ).first
        if button.count():
            button.click()
            page.wait_for_load_state("domcontentloaded")
            camera.take(page, f"{endpoint}-wrong")


def _opens(page: Page, path: str) -> bool:
    """Whether the address leads to a page of its own, not to a file and not elsewhere."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in str(error) or "net::ERR_ABORTED" in str(error):
            return False
        raise
    html = answer is not None and answer.headers.get("content-type", "").startswith("text/html")
    return html and page.url.removeprefix(page.evaluate("location.origin")) == path


def open_page(browser: Browser, platform: Platform, tag: str, client: FlaskClient) -> Page:
    """A page with what the test client `client` has in its session."""
    page = browser.new_page(
        base_url=platform.url,
        locale=tag,
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
        service_workers="block",
    )
    kept = client.get_cookie("session")
    cookies = {"language": tag, **({"session": kept.value} if kept else {})}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": platform.url} for name, value in cookies.items()]
    )
    return page
