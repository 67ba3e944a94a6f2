"""Takes a page on a phone and on a desk, light and dark, and notes what reaches beyond a phone's screen."""

from pathlib import Path

from markupsafe import Markup, escape
from playwright.sync_api import Page

from core.settings import ROOT
from tests.browser.conftest import PHONE
from tests.browser.fitting import too_wide

TARGET = ROOT / "build" / "look"
SIZES = {"phone": PHONE, "desk": {"width": 1280, "height": 800}}
SCHEMES = ("light", "dark")
_LONGEST = 12_000
"""Pixels of a page that are taken from its top."""
_CUT = """() => [...document.querySelectorAll("select")].filter((select) => {
  const pen = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(select);
  pen.font = style.font;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 20;
  return [...select.options].some((option) => pen.measureText(option.text).width > room);
}).map((select) => `cut off: ${select.id || select.name}`)"""
"""Lists whose longest choice is wider than the box with its arrow."""


class Camera:
    """Takes pages of one language, each under its number and name."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.rows: list[Markup] = []
        self.faults: list[str] = []

    def take(self, page: Page, name: str) -> None:
        """Take what is shown in every size and scheme."""
        page.locator("form[data-sent]:not([data-waiting])").wait_for(state="detached")
        page.wait_for_load_state()
        name = f"{self.tag}-{len(self.rows) + 1:03}-{name}"
        pictures = []
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            if size == "phone":
                self.faults += [f"{name}: {fault}" for fault in (*too_wide(page), *page.evaluate(_CUT))]
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                pictures.append(_shot(page, TARGET / f"{name}-{size}-{scheme}.png", viewport["width"]))
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        print(name, flush=True)
        self.rows.append(_row(name, pictures))


def _shot(page: Page, path: Path, width: int) -> str:
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, _LONGEST)}
    page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]
    return path.name


def _row(name: str, pictures: list[str]) -> Markup:
    images = (
        Markup('<td><a href="{0}"><img src="{0}" alt="{0}" loading="lazy"></a></td>').format(one)
        for one in pictures
    )
    return Markup("<tr><th>{}</th>{}</tr>").format(name, Markup("").join(images))


def sheet(cameras: list[Camera]) -> None:
    """Write all pictures on one sheet."""
    style = "td{vertical-align:top} img{width:22vw;border:1px solid gray} th{position:sticky;left:0;text-align:left}"
    rows = Markup("").join(row for camera in cameras for row in camera.rows)
    head = f"<!doctype html><meta charset=utf-8><title>Look</title><style>{escape(style)}</style>"
    (TARGET / "index.html").write_text(f"{head}<table>{rows}</table>", encoding="utf-8")
