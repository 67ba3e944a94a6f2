"""Readings above kanji: ``{申請|しんせい}`` in a text becomes ``<ruby>``."""

import re

from markupsafe import Markup, escape

MARK = re.compile(r"\{([^{}|<>]+)\|([^{}|<>]+)\}")
DAYS = {
    "2": "ふつか", "3": "みっか", "4": "よっか", "5": "いつか", "6": "むいか", "7": "なのか", "8": "ようか",
    "9": "ここのか", "10": "とおか", "14": "じゅうよっか", "20": "はつか", "24": "にじゅうよっか",
}  # fmt: skip
"""So many days are not read as their number."""
_COUNTED = re.compile(r"(?<![\d.,])(\d+)\{(日\|にち|分\|ふん|分間\|ふんかん)\}")
_HARD = "013468"
"""Numbers that end so make ぷん of the ふん behind them."""
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


def counted(text: str) -> str:
    """`text` with the readings of days and minutes as the numbers that were put before them ask for: 3日, 10分."""
    return _COUNTED.sub(_counted, text) if "{" in text else text


def _counted(found: re.Match[str]) -> str:
    number, unit = found.groups()
    if unit.startswith("分"):
        return f"{number}{{{unit.replace('ふん', 'ぷん') if number[-1] in _HARD else unit}}}"
    return f"{{{number}日|{DAYS[number]}}}" if number in DAYS else found[0]
