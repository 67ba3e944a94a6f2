"""Which of the offered languages a browser's ``Accept-Language`` (RFC 9110, 12.5.4) asks for."""

from collections.abc import Sequence
from functools import lru_cache

from babel.core import get_global

from translations.languages import DEFAULT

LONGEST = 30
"""Ranges of one header that are looked at; browsers send a handful."""


def negotiate(accept_language: str | None, offered: Sequence[str]) -> str:
    """The best of `offered` (BCP 47 tags), the platform's default where nothing fits.

    Tags are compared after Unicode's likely subtags are filled in, so ``zh-TW`` finds ``zh-Hant`` and ``pt-PT``
    finds ``pt``. A script the reader did not ask for never counts as a match.
    """
    return _negotiate(accept_language or "", tuple(offered))


@lru_cache(maxsize=512)
def _negotiate(header: str, offered: tuple[str, ...]) -> str:
    default = DEFAULT if DEFAULT in offered else offered[0]
    for wanted in _ranges(header):
        if wanted == "*":
            return default
        for tag in offered:
            if tag.lower() == wanted.lower():
                return tag
        for tag in offered:
            if _likely(tag)[:2] == _likely(wanted)[:2]:
                return tag
    return default


def _ranges(header: str) -> list[str]:
    """The language ranges, best quality first, refused ones (``q=0``) left out."""
    weighed = []
    for part in header.split(",")[:LONGEST]:
        tag, _, weight = part.strip().partition(";")
        quality = _quality(weight)
        if tag.strip() and quality > 0:
            weighed.append((quality, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _likely(tag: str) -> tuple[str, str, str]:
    """Language, script and region of `tag`, missing ones as Unicode's likely subtags say."""
    first, *others = tag.replace("_", "-").split("-")
    language = first.lower()
    language = get_global("language_aliases").get(language, language)
    script = next((part.title() for part in others if len(part) == 4 and part.isalpha()), "")
    region = next((part.upper() for part in others if len(part) == 2 and part.isalpha()), "")
    likely = get_global("likely_subtags")
    for known in ((language, script, region), (language, region), (language, script), (language,)):
        found = likely.get("_".join(part for part in known if part))
        if found:
            _, likely_script, likely_region = (*found.split("_"), "", "")[:3]
            return language, script or likely_script, region or likely_region
    return language, script, region
