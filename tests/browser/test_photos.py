"""Photos of a phone: several HEIC files at once, over a bad line, each upright and without its place at the desk."""

import io
import re
from uuid import uuid4

import pillow_heif
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, Route, expect

from procedures import loader, versions
from tests.browser.conftest import PICTURES, Look
from tests.browser.people import Clerk, Resident, sent
from tests.browser.platform import Platform
from tests.factories.applications import TOKYO

SOURCE = """\
procedure: photos
department: tokyo-taxation
kind: permit
language: ja
title: 写真の見本
summary: 見本です。
law: {basis: 見本条例 第1条, retention: 1 year}
desk: tax
pages: [{id: contact, title: 連絡先, fields: [{id: email, type: email}]}]
attachments:
  - {id: photos, label: 今の様子の写真, accept: [jpeg, png, heic], max_files: 3}
  - {id: identity, label: 本人確認書類, accept: [jpeg, heic]}
signature: {level: none}
workflow: {uses: single-review}
issue: [{id: certificate, title: 見本, body: 見本}]
"""
CLERK = "reviewer@tokyo.example.invalid"


@pytest.fixture(autouse=True)
def _published(platform: Platform) -> None:
    with platform.ctx.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(SOURCE), "command")


def heic(name: str, orientation: int, size: tuple[int, int] = (800, 600)) -> FilePayload:
    """A photo of a house, red roof up, as a phone held that way keeps it: HEIC with EXIF data that tell its place."""
    pillow_heif.register_heif_opener()
    upright = Image.effect_noise(size, 60).convert("RGB")
    pen, (wide, high) = ImageDraw.Draw(upright), size
    pen.polygon([(wide // 2, high // 8), (wide // 4, high // 2), (3 * wide // 4, high // 2)], fill="#c62828")
    pen.rectangle((wide // 3, high // 2, 2 * wide // 3, 7 * high // 8), fill="#f5e6c8")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SAMPLE PHONE"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 41.0, 22.0), 3: "E", 4: (139.0, 41.0, 30.0)})
    turned = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    output = io.BytesIO()
    held = upright.transpose(turned[orientation]) if orientation in turned else upright
    held.save(output, "HEIF", exif=exif.tobytes(), quality=70)
    return {"name": name, "mimeType": "image/heic", "buffer": output.getvalue()}


def to_the_files(page: Page, platform: Platform) -> Resident:
    """Somebody at the attachments."""
    resident = Resident(page, platform, f"photo-{uuid4().hex[:8]}@example.invalid")
    page.goto(f"/{TOKYO}/photos/")
    page.click("form[action$='/start'] button")
    resident.type(email=resident.email)
    resident.go_on()
    page.wait_for_url("**/attachments")
    return resident


def test_several_photos_over_a_bad_line(page: Page, platform: Platform, look: Look) -> None:
    resident = to_the_files(page, platform)
    page.set_input_files("#file-photos", [heic("IMG_0001.HEIC", 6), heic("IMG_0002.HEIC", 3)])
    page.set_input_files("#file-identity", heic("免許証.heic", 8, (600, 400)))
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.method)
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/attachments", lose_the_first_answer)
    page.click("#page-form button[value=upload] >> nth=0")
    expect(page.get_by_role("button", name="もう一度送る")).to_be_visible()
    look(page, "photos-waiting")
    page.get_by_role("button", name="もう一度送る").click()
    sent(page)
    expect(page.locator(".files li")).to_have_count(3)
    expect(page.locator(".error-summary")).to_have_count(0)
    look(page, "photos-there")
    page.context.set_offline(True)
    page.set_input_files("#file-photos", heic("IMG_0003.HEIC", 1))
    page.click("#page-form .actions button[value=next]")
    expect(page.get_by_role("button", name="もう一度送る")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/check")
    expect(page.locator("main")).to_contain_text("IMG_0003.HEIC")
    resident.go_on()
    page.wait_for_url("**/filed")
    reference = resident.reference()
    desk = Clerk(page, CLERK)
    desk.sign_in()
    desk.open("tax", reference)
    look(page, "photos-desk")
    links = page.locator("main a", has_text=re.compile(r"\.heic", re.I)).all()
    assert len(links) == 4
    for number, link in enumerate(links):
        upright(page, str(link.get_attribute("href")), f"photo-{number}")


def upright(page: Page, address: str, name: str) -> None:
    """The kept photo: wider than high, its roof above its wall, and nothing of the phone or the place in it."""
    answer = page.request.get(address)
    assert ".jpg" in answer.headers["content-disposition"], "what is JPEG now is saved as such"
    content = answer.body()
    (PICTURES / f"{name}.jpg").write_bytes(content)
    assert b"SAMPLE PHONE" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.format == "JPEG"
        assert not kept.getexif()
        wide, high = kept.size
        assert wide > high
        roof, wall = (kept.getpixel((wide // 2, high * part // 16)) for part in (6, 11))
    assert isinstance(roof, tuple)
    assert isinstance(wall, tuple)
    assert roof[1] + 60 < wall[1], "the roof is red, the wall is not"


def test_one_that_is_no_photo_loses_no_other(scriptless: Page, platform: Platform, look: Look) -> None:
    page = scriptless
    resident = to_the_files(page, platform)
    broken: FilePayload = {
        "name": "壊れた.heic",
        "mimeType": "image/heic",
        "buffer": heic("x", 1)["buffer"][:900],
    }
    page.set_input_files("#file-photos", [broken, heic("IMG_0004.HEIC", 6)])
    resident.go_on()
    expect(page.locator(".error-summary li")).to_have_count(2)
    expect(page.locator(".files li")).to_have_count(1)
    look(page, "photos-broken")
