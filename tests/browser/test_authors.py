"""Authors at work: the preview that follows the file, and the page on which a second person confirms."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from accounts import clerks
from applications.announcing import announce
from core.settings import ROOT, Settings
from procedures import proposals
from procedures.compiling import compiled
from procedures.loader import load
from tests.browser.conftest import PHONE, Look
from tests.browser.platform import Platform
from tests.fixtures.servers import free_port
from web.preview import preview_app

CATALOGUE = ROOT / "procedures" / "catalogue"
NAME = "tokyo-taxation/tax-certificate.yaml"
PASSWORD = "a password for authors"
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that is being written, in a catalogue of its own."""
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    return tmp_path / "catalogue" / NAME


@pytest.fixture
def preview(file: Path, tmp_path: Path) -> Iterator[str]:
    """The address of its preview."""
    settings = Settings(data_dir=tmp_path, catalogue_dir=tmp_path / "catalogue")
    app = preview_app(file, settings, tmp_path / "preview")
    port = free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}/preview/"
    server.shutdown()
    app.extensions["madoguchi"].database.dispose()


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_preview_follows_the_file(
    chromium: Browser, preview: str, file: Path, look: Look, screen: dict[str, int]
) -> None:
    context = chromium.new_context(viewport=screen)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(preview)
    page.locator("[name=example]").select_option(index=1)
    page.locator("[name=page]").select_option("contact")
    form = page.frame_locator("iframe")
    form.get_by_role("heading", name="住所と連絡先").wait_for()
    assert "@example.invalid" in form.get_by_label("メールアドレス").input_value()
    change(file, "title: 住所と連絡先", "title: 連絡先の見本")
    form.get_by_role("heading", name="連絡先の見本").wait_for()
    change(file, "minutes:", "minuts:")
    page.get_by_text("unknown key 'minuts'").wait_for()
    assert page.locator(".problems code").first.inner_text().startswith("minuts:")
    form.get_by_role("heading", name="連絡先の見本").wait_for()
    look(page, f"preview-mistake-{screen['width']}")
    change(file, "minuts:", "minutes:")
    page.get_by_text("unknown key").wait_for(state="detached")
    page.locator("[name=language]").select_option("ko")
    form.locator("html[lang=ko]").wait_for()
    context.close()


@pytest.fixture
def proposal(platform: Platform, tmp_path: Path, file: Path) -> str:
    """A proposal of a colleague at the platform; its id."""
    with platform.ctx.database.writing("tokyo") as session:
        for name in ("author-one", "author-two"):
            if not any(each.email.startswith(name) for each in clerks.all_of_them(session)):
                clerks.add(
                    session,
                    f"{name}@tokyo.example.invalid",
                    f"見本 {name}",
                    PASSWORD,
                    [("author", "*")],
                    "command",
                )
        proposer = clerks.by_email(session, "author-one@tokyo.example.invalid")
        change(file, "type: phone", "type: text, label: 日中に連絡がつく電話番号またはその他の連絡先")
        change(file, "minutes: ", "minutes: 1")
        found = announce(session, platform.ctx, compiled(load(file)), file, None)
        assert found
        for older in proposals.all_open(session):
            proposals.reject(session, older, "command")
        made = proposals.propose(
            session, found.procedure_id, found.digest, found.base, str(file), f"clerk:{proposer.id}",
            [each.as_dict() for each in found.changes], found.impact.as_dict(),
        )  # fmt: skip
        return made.id


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_second_person_confirms(
    page: Page, proposal: str, look: Look, file: Path, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)  # type: ignore[arg-type]
    page.goto("/sign-in")
    page.get_by_label("メールアドレス").fill("author-two@tokyo.example.invalid")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.get_by_role("link", name="手続", exact=True).click()
    look(page, f"authors-{screen['width']}")
    page.locator(f"a[href$='{proposal}']").click()
    look(page, f"proposal-{screen['width']}")
    page.get_by_label("パスワード（もう一度入力）").fill("not the password")
    page.get_by_role("button", name="確認して公開する").click()
    page.get_by_text("パスワードが違います").first.wait_for()
    look(page, f"proposal-wrong-{screen['width']}")
    change(file, "minutes: 1", "minutes: 2")  # nothing is published on the platform that other tests use
    page.get_by_label("パスワード（もう一度入力）").fill(PASSWORD)
    page.get_by_role("button", name="確認して公開する").click()
    page.get_by_text("提案の後にファイルが変更された").first.wait_for()
