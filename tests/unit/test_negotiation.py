"""Browsers' language wishes."""

import pytest

from translations.languages import LANGUAGES
from translations.negotiation import negotiate

OFFERED = (*LANGUAGES, "pt", "fil")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-TW, zh, en", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("pt-PT", "pt"),
        ("tl", "fil"),
        ("en-GB;q=0.8, ko;q=0.9", "ko"),
        ("en;q=0, ko;q=0.1", "ko"),
        ("ja-simple, ja", "ja-simple"),
        ("JA-jp", "ja"),
        ("fr, en;q=0.5", "en"),
        ("fr", "ja"),
        ("zh-Latn", "ja"),
        ("*", "ja"),
        ("", "ja"),
        (None, "ja"),
        ("garbage;;q=x,,;", "ja"),
        ("en;q=nan, ko;q=0.5", "ko"),
        (",".join(["xx"] * 100_000) + ",en", "ja"),
    ],
)
def test_the_best_offered_language_is_found(header: str | None, expected: str) -> None:
    assert negotiate(header, OFFERED) == expected


def test_without_the_default_the_first_offered_is_taken() -> None:
    assert negotiate("fr", ("en", "ko")) == "en"
