"""What must hold on every page, however it is looked at: nothing too wide or too small to press, enough contrast."""

from playwright.sync_api import Page

from tests.browser.conftest import barriers

_TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const scrolls = (element) =>
    element && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter((element) => {
    const { right, left, width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && (right > innerWidth + 1 || left < -1) && !scrolls(element);
  });
  return [...(wide > 0 ? [`the page: ${wide} px`] : []), ...out.map((element) => element.outerHTML.slice(0, 120))];
}"""

_TOO_SMALL = """() => {
  const SIZE = 44, SPACED = 24, EXACT = 0.5;
  const box = (element) => (element.closest(".radio, .checkbox") ?? element).getBoundingClientRect();
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => element.checkVisibility({visibilityProperty: true}))
    .filter((element) => !element.closest(".visually-hidden, .skip"))
    .map((element) => [element, box(element)]);
  const inText = (element) => element.matches("a, button") && getComputedStyle(element).display === "inline" &&
    element.parentElement.textContent.trim() !== element.textContent.trim();
  const near = (rect, other) => {
    const x = rect.left + rect.width / 2, y = rect.top + rect.height / 2;
    const dx = Math.max(other.left - x, 0, x - other.right), dy = Math.max(other.top - y, 0, y - other.bottom);
    return Math.hypot(dx, dy) < SIZE / 2;
  };
  return all.filter(([element, rect]) => rect.height < SIZE - EXACT && !inText(element) &&
      (rect.height < SPACED || all.some(([other, there]) => other !== element && near(rect, there))))
    .map(([element, { width, height }]) => `${width.toFixed()}x${height.toFixed()} ${element.outerHTML.slice(0, 120)}`);
}"""


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the screen without a place of its own to scroll."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def too_small(page: Page) -> list[str]:
    """What is to be pressed and is neither 44 px high nor far enough from the next thing to press."""
    found: list[str] = page.evaluate(_TOO_SMALL)
    return found


def everyhow(page: Page) -> dict[str, list[str]]:
    """The problems of a page as it is looked at: on a narrow phone, with large text, in the dark, in few colours."""
    page.wait_for_load_state("domcontentloaded")
    usual = page.viewport_size
    found: dict[str, list[str]] = {}
    page.set_viewport_size({"width": 320, "height": 640})
    found["narrow"] = too_wide(page)
    found["small"] = too_small(page)
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    found["large text"] = too_wide(page)
    page.evaluate("document.documentElement.style.removeProperty('font-size')")
    page.emulate_media(color_scheme="dark")
    found["dark"] = barriers(page, "color-contrast")
    page.emulate_media(color_scheme="light", forced_colors="active")
    found["forced colours"] = barriers(page, "color-contrast")
    page.emulate_media(forced_colors="none", media="print")
    found["print"] = too_wide(page)
    page.emulate_media(media="screen")
    if usual:
        page.set_viewport_size(usual)
    return {how: problems for how, problems in found.items() if problems}
