"""What readers of several formats say alike."""

import re
from decimal import Decimal
from typing import Any, Final

from core.told import tell
from procedures.importing.model import Form, Question
from procedures.importing.values import number, text, whole

LONGEST: Final = {"text": 2000, "long_text": 20_000}
"""The limits of our types of text."""
USUAL: Final = {"text": 200, "long_text": 2000}
"""Their limits where a file says nothing."""
_KINDS: Final = {
    r"[0-9]": "digits",
    r"\d": "digits",
    r"[0-9A-Za-z]": "alphanumeric",
    r"[A-Za-z0-9]": "alphanumeric",
    r"[a-zA-Z0-9]": "alphanumeric",
    r"[0-9a-zA-Z]": "alphanumeric",
    r"[A-Za-z0-9-]": "alphanumeric",
    r"[a-zA-Z0-9-]": "alphanumeric",
    r"[ァ-ヶー]": "katakana",
    r"[ァ-ンー]": "katakana",
    r"[ぁ-んー]": "hiragana",
}
_REPEATED: Final = re.compile(
    r"\^?(?P<kind>\[[^\]]+\]|\\d)(?P<times>\*|\+|\{(?P<low>\d{1,4})(?P<comma>,)?(?P<high>\d{1,4})?\})\$?"
)
_SIZES: Final = {"": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000}
_FILES: Final = {
    "pdf": ("pdf",),
    "jpg": ("jpeg",),
    "jpeg": ("jpeg",),
    "png": ("png",),
    "heic": ("heic",),
    "image/*": ("jpeg", "png", "heic"),
}
MOST_MEGABYTES: Final = 100


def limit_text(form: Form, question: Question, least: Any, most: Any) -> None:
    """The numbers of characters; a text whose limit is long becomes one of several lines."""
    low, high = whole(least, 1, LONGEST["long_text"]), whole(most, 1, LONGEST["long_text"])
    if question.type == "text" and high is not None and high > LONGEST["text"]:
        form.changed(
            question.path, tell("up to %(high)s characters", high=high), tell("it has several lines now")
        )
        question.type = "long_text"
    if low is not None and (high is None or low <= high):
        question.options["min_length"] = min(low, high or USUAL[question.type])
    if high is not None:
        question.options["max_length"] = high


def limit_pattern(form: Form, question: Question, pattern: Any) -> None:
    """A regular expression, where it is one of the few that the language has words for."""
    written = text(pattern)
    if not written or question.type != "text":
        return
    found = _REPEATED.fullmatch(written)
    kind = _KINDS.get(found["kind"]) if found else None
    if found is None or kind is None:
        form.left_out(
            question.path,
            tell("the pattern %(written)s", written=written[:80]),
            tell("say in `help` how it is written"),
        )
        return
    question.options["pattern"] = kind
    if found["low"]:
        high = found["high"] or ("" if found["comma"] else found["low"])
        if not high or int(high) >= int(found["low"]):
            limit_text(form, question, found["low"], high or None)


def limit_number(
    question: Question, least: Any, most: Any, decimals: int | None, beyond: tuple[Any, Any] = (None, None)
) -> None:
    """Limits and decimals of a number; `beyond` are limits that it may not reach itself."""
    places = decimals if decimals is not None else 6
    step = Decimal(1).scaleb(-places)
    low, high = number(least), number(most)
    above, below = number(beyond[0]), number(beyond[1])
    low = above + step if above is not None and (low is None or above >= low) else low
    high = below - step if below is not None and (high is None or below <= high) else high
    question.options["min"] = _plain(low)
    if high is not None and (low is None or low <= high):
        question.options["max"] = _plain(high)
    if places:
        question.options["decimals"] = min(places, 6)


def _plain(value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def kinds_of_file(form: Form, path: str, patterns: list[str]) -> tuple[str, ...]:
    """The kinds of files that the platform takes among those named as MIME types or endings."""
    found: dict[str, None] = {}
    lost = []
    for pattern in patterns:
        wanted = pattern.strip().lower()
        kinds = _FILES.get(wanted) or _FILES.get(wanted.rsplit("/", 1)[-1].lstrip(".*"), ())
        found.update(dict.fromkeys(kinds))
        lost += [] if kinds or wanted in ("", "*", "*/*") else [pattern[:40]]
    if lost:
        form.left_out(
            path,
            tell("kinds of files: %(lost)s", lost=", ".join(lost[:8])),
            tell("PDF and pictures can be handed in"),
        )
    return tuple(found)


def size_of_file(form: Form, path: str, value: Any) -> str | None:
    """`10MB` as the language writes it."""
    found = re.fullmatch(r"\s*(\d{1,9})(?:\.\d+)?\s*([kmg]?b?)\s*", text(value).lower(), re.ASCII)
    if found is None:
        return None
    size = int(found[1]) * _SIZES.get(
        found[2] if found[2].endswith("b") or not found[2] else f"{found[2]}b", 1
    )
    if size < 1000:
        return None
    if size > MOST_MEGABYTES * 1_000_000:
        form.changed(
            path,
            tell("files up to %(found)s", found=found[0].strip()),
            tell("%(most_megabytes)s MB at most now", most_megabytes=MOST_MEGABYTES),
        )
        size = MOST_MEGABYTES * 1_000_000
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} kB"
