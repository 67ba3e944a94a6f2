"""Taking values out of JSON that may be of any type, and texts out of HTML."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any, Final

from procedures.importing.model import Words

LONGEST_TEXT: Final = 5_000
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS: Final = frozenset(
    (*_HEADINGS, "p", "div", "li", "ul", "ol", "br", "tr", "table", "details", "summary", "section")
)
_UNSEEN: Final = frozenset(("script", "style", "head", "template"))
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """`value` where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a list with their paths."""
    for index, item in enumerate(items(value)):
        if isinstance(item, dict):
            yield f"{path}[{index}]", item


def text(value: Any) -> str:
    """A text or number as text; anything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return clean(value) if isinstance(value, str) else str(value)


def clean(value: str) -> str:
    """`value` without signs that no text has, lines stripped, not endless."""
    rows = [" ".join(row.split()) for row in _CONTROLS.sub(" ", value).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()[:LONGEST_TEXT].strip()


def number(value: Any) -> Decimal | None:
    """A number, also one written as text; none where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    if isinstance(value, str) and not re.fullmatch(r"\s*-?\d{1,20}(\.\d{1,20})?\s*", value, re.ASCII):
        return None
    found = Decimal(value.strip() if isinstance(value, str) else value)
    return found if found.is_finite() and abs(found.adjusted()) <= 20 else None


def whole(value: Any, least: int, most: int) -> int | None:
    """A whole number within limits; none where it is none or too small, `most` where it is larger."""
    found = number(value)
    if found is None or found != found.to_integral_value() or found < least:
        return None
    return int(min(found, Decimal(most)))


def is_true(value: Any) -> bool:
    """Whether it is true, or a text that says so."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def plain(html: str) -> str:
    """The words of an HTML text, with the addresses of its links."""
    if "<" not in html and "&" not in html:
        return clean(html)
    reader = _Words()
    reader.feed(html)
    reader.close()
    return clean("".join(reader.found))


def words(value: Any) -> Words | None:
    """A text, or one by language (``{en: …, cy: …}``), without HTML; none where there is none."""
    if isinstance(value, dict):
        found = {str(tag): plain(each) for tag, each in value.items() if isinstance(each, str)}
        return {tag: each for tag, each in found.items() if each} or None
    said = plain(text(value)) if not isinstance(value, str) else plain(value)
    return {"": said} if said else None


def any_of(found: Words) -> str:
    """The text in whatever language it has first."""
    return next(iter(found.values()))


class _Words(HTMLParser):
    """Gathers what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.found.append("\n・" if tag == "li" else "\n")
        if tag == "a":
            self._links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag == "a" and self._links:
            address = self._links.pop()
            if address.startswith(("http://", "https://", "mailto:")):
                self.found.append(f" ({address.removeprefix('mailto:')})")
        if tag in ("p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4"):
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data.replace("\n", " "))
