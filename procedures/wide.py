"""Full-width signs (全角) where YAML and expressions want half-width ones: the usual slip of a Japanese keyboard."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from core.told import NOTHING, Told, tell

_OTHER: Final = {
    "×": "*", "÷": "/", "−": "-", "≧": ">=", "≦": "<=", "≥": ">=", "≤": "<=", "≠": "!=", "、": ",",
    "“": "'", "”": "'", "‘": "'", "’": "'", "「": "'", "」": "'",
}  # fmt: skip
_TEXT: Final = r"'[^'\n]*'|\"[^\"\n]*\""
_RUN: Final = re.compile(rf"{_TEXT}|(?P<wide>[{''.join(_OTHER)}\uff01-\uff5e]+)")
_IN_YAML: Final[tuple[tuple[re.Pattern[str], Callable[[Mapping[str, Any]], Told]], ...]] = (
    (
        re.compile(r"^[ \t]*\u3000"),
        lambda found: tell("line %(line)s begins with a full-width space: use half-width ones", **found),
    ),
    (
        re.compile(r"[a-z_](：)"),
        lambda found: tell("the `：` in line %(line)s is full-width: write `: `", **found),
    ),
    (
        re.compile(r"(?:: ?|- ?|[\[{{,] ?)([“”])"),
        lambda found: tell('the `%(sign)s` in line %(line)s is no quotation mark: write `"`', **found),
    ),
    (
        re.compile(r"([、，]) ?[a-z_]+[:：]"),
        lambda found: tell("the `%(sign)s` in line %(line)s is full-width: write `, `", **found),
    ),
    (
        re.compile(r"(?:: ?|- ?|^ *)([｛［])|([｝］])"),
        lambda found: tell("the `%(sign)s` in line %(line)s is full-width: write `%(narrow)s`", **found),
    ),
    (
        re.compile(r"^ *(?:- )?[a-z_]+:(?=[^\s:])"),
        lambda found: tell("write a space behind the colon in line %(line)s", **found),
    ),
)


def narrow(text: str) -> str:
    """`text` as it is typed in half width."""
    return "".join(_OTHER.get(sign) or unicodedata.normalize("NFKC", sign) for sign in text)


def in_expression(source: str) -> tuple[str, int] | None:
    """The first run of full-width signs outside of texts, and where it begins."""
    found = next((match for match in _RUN.finditer(source) if match["wide"]), None)
    return (found["wide"], found.start()) if found else None


def in_yaml(source: str, first: int, last: int) -> Told:
    """What to mend in lines `first` to `last` (from 1), the last one first; empty where nothing looks wrong."""
    lines = source.splitlines()
    for line in range(min(last, len(lines)), max(first, 1) - 1, -1):
        for pattern, hint in _IN_YAML:
            found = pattern.search(lines[line - 1])
            if found:
                sign = next(filter(None, found.groups()), "")
                return hint({"line": line, "sign": sign, "narrow": narrow(sign)})
    return NOTHING
