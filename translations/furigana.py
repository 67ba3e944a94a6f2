"""Readings above kanji: ``{申請|しんせい}`` in a text becomes ``<ruby>``."""

import re

from markupsafe import Markup, escape

MARK = re.compile(r"\{([^{}|<>]+)\|([^{}|<>]+)\}")
RUBY = r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>"


def to_html(text: str) -> Markup:
    """`text` escaped for HTML, its readings as ruby."""
    html = str(escape(text))
    return Markup(MARK.sub(RUBY, html) if "{" in html else html)  # noqa: S704 - escaped before


def strip(text: str) -> str:
    """`text` without readings, for titles, attributes and comparison."""
    return MARK.sub(r"\1", text) if "{" in text else text


def in_brackets(text: str) -> str:
    """`text` with readings in brackets after the word, for plain mails: ``申請（しんせい）``."""
    return MARK.sub(r"\1（\2）", text) if "{" in text else text
