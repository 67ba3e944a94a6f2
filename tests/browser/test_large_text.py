"""Text of twice the size on the narrowest phones, in the language with readings above its kanji."""

import pytest
from playwright.sync_api import Page

from tests.browser.fitting import too_wide
from tests.browser.people import Resident
from tests.browser.platform import Platform


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/mihon/building-plan-viewing/",
        "/tokyo/public-housing/eligibility",
        "/tokyo/licence-renewal-booking/",
        "/tokyo/fire-prevention-manager/",
    ],
)
def test_nothing_is_wider_than_the_screen(page: Page, platform: Platform, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    Resident(page, platform, "large@example.invalid").read_in("ja-simple")
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert too_wide(page) == []
