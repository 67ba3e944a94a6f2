"""What a screen reader says of a part of a page, beside what is expected."""

from playwright.sync_api import Locator, Page, expect


def says(part: Page | Locator, snapshot: str) -> None:
    """The main part of a page, or some other part, is read out like this."""
    where = part.locator("main") if isinstance(part, Page) else part
    expect(where).to_match_aria_snapshot(snapshot)


def described(page: Page, role: str, name: str, words: str) -> None:
    """What is read out after the name of an input or a group of them."""
    found = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    expect(found).to_have_accessible_description(words)
