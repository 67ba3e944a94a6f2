"""What names and words are found by: one spelling for all the ways in which people write the same thing.

Answers themselves stay exactly as typed; a key stands beside them and is never shown.
"""

import unicodedata
from typing import Final

import regex

_UNSEEN: Final = regex.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200d]")
"""Signs that choose a variant of the character before them, and those that have no width."""
_FOLDS: Final = {code: chr(code + 0x60) for code in range(0x3041, 0x3097)} | {
    ord(old): common
    for old, common in zip(
        "髙﨑濵濱邉邊齋齊斎𠮷德嶋嶌澤廣惠眞國來榮條櫻壽瀨瀧彌圓實與假龍兒顯冨峯崗渕嶽桒栁舘舩鷗",
        "高崎浜浜辺辺斉斉斉吉徳島島沢広恵真国来栄条桜寿瀬滝弥円実与仮竜児顕富峰岡淵岳桑柳館船鴎",
        strict=True,
    )
}
"""Hiragana as katakana; old and variant forms of name kanji, told apart in registers, as those that people type."""


def fold_spelling(text: str) -> str:
    """`text` without variants, width, case, kind of kana and old forms of kanji; blanks stay."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold().translate(_FOLDS)


def search_key(text: str) -> str:
    """The same without blanks."""
    return "".join(fold_spelling(text).split())
