"""The page that recomputes a draw in the browser agrees with the verifier, and sends nothing."""

import copy
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from lotteries import verify
from tests.browser.conftest import Look
from tests.factories.lottery import result
from tests.unit.test_verifier import TAMPERINGS


def judge(page: Page, published: dict[str, Any]) -> tuple[str | None, list[str | None]]:
    """What the page says of a result file: its verdict, and the checks that failed."""
    page.evaluate("delete document.querySelector('[data-draw-check] [role=status]').dataset.verdict")
    content = json.dumps(published, ensure_ascii=False).encode()
    page.set_input_files(
        "#result-file", {"name": "result.json", "mimeType": "application/json", "buffer": content}
    )
    page.wait_for_selector("[data-verdict]")
    bad = page.locator("[data-check]:has(.tag--bad)").all()
    return page.get_attribute("[data-verdict]", "data-verdict"), [
        it.get_attribute("data-check") for it in bad
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_sound_result_holds(page: Page, look: Look, language: str) -> None:
    page.goto("/lotteries")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "icon" not in request.url else None)
    assert judge(page, result(size=300)) == ("good", [])
    assert judge(page, result(withheld=1)) == ("good", [])
    assert asked == []
    look(page, f"lottery-check-{language}")


def test_every_tampering_is_found(page: Page) -> None:
    page.goto("/lotteries")
    sound = result()
    for kind, (tamper, _) in TAMPERINGS.items():
        changed = copy.deepcopy(sound)
        tamper(changed)
        assert not verify.verify(changed).good
        verdict, failed = judge(page, changed)
        assert verdict == "bad", kind
        assert failed, kind


def test_without_scripts_the_page_offers_the_program(scriptless: Page) -> None:
    scriptless.goto("/lotteries")
    assert scriptless.locator("#result-file").is_hidden()
    assert scriptless.get_by_role("link", name="verify.py").is_visible()
