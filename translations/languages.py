"""The languages of the platform: how each is called, written, looked up and replaced where something is missing."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Language:
    """One language: its BCP 47 tag, its own name, Babel's locale, the gettext folder, and where to look next."""

    tag: str
    name: str
    locale: str
    folder: str
    falls_back_to: tuple[str, ...] = ()
    direction: str = "ltr"


LANGUAGES = {
    language.tag: language
    for language in (
        Language("ja", "日本語", "ja", "ja"),
        Language("ja-simple", "やさしい日本語", "ja", "ja@simple", ("ja",)),
        Language("en", "English", "en", "en"),
        Language("zh-Hans", "简体中文", "zh_Hans", "zh_Hans"),
        Language("zh-Hant", "繁體中文", "zh_Hant", "zh_Hant"),
        Language("ko", "한국어", "ko", "ko"),
    )
}
PSEUDO = {
    language.tag: language
    for language in (
        Language("en-XA", "[Åççéñţš one two]", "en", "", ("en",)),
        Language("ar-XB", "\u202eRight to left\u202c", "en", "", ("en",), "rtl"),
    )
}
"""Made of English for trying out pages, see `translations.pseudo`; never offered in production."""
DEFAULT = "ja"


def find(tag: str) -> Language:
    """The language of `tag`, real or pseudo; the default where it is unknown."""
    return LANGUAGES.get(tag) or PSEUDO.get(tag) or LANGUAGES[DEFAULT]


@cache
def fallbacks(tag: str) -> tuple[str, ...]:
    """The tags to try for a reader of `tag`, itself first. An unknown tag stands for itself."""
    language = LANGUAGES.get(tag) or PSEUDO.get(tag)
    return (tag, *language.falls_back_to) if language else (tag,)
