"""Units that people type behind a number, though they stand there already: ２通, 3名, 45 ㎡."""

from functools import lru_cache
from typing import Final

import regex

from forms.inputs import fold
from translations import furigana
from translations.text import Text

LONGEST: Final = 40
"""Characters that are looked at."""
_TYPED: Final = regex.compile(r"(?P<number>[-+]?[\d.][\d., ]*) *(?P<unit>[^\d., +-].*)")
_COUNTERS: Final = """
    通 つう|枚 まい|部 ぶ|冊 さつ|件 けん|人 名 にん めい ひと|個 こ コ ヶ ケ ヵ|つ|台 だい|本 ほん ぼん ぽん
    |匹 ひき|頭 とう|羽 わ|席 せき|点 てん
"""
"""What things and people are counted in, spellings of one together: whichever is typed, the number means the same."""
_TOGETHER: Final = """
    回 かい|室 しつ|戸 こ|棟 とう|世帯 せたい|区画 くかく|箱 はこ|口 くち|組 くみ|袋 ふくろ|歳 才 さい
"""
"""Counters of what holds several, or is no thing: where a question has a unit, they are taken only as its own."""
_MEASURES: Final = """
    ㎡ 平米 平方メートル|m メートル|cm センチ センチメートル|km キロ キロメートル|g グラム|kg キロ キログラム
    |kw キロワット|か月 ヶ月 ケ月 ヵ月 カ月 箇月 かげつ|年 年間 ねん|日 日間 にち|週 週間 しゅう|時間 じかん
    |分 分間 ふん ぷん|階 かい
"""
"""Spellings of units that are taken only where they are the question's own."""


def _spelt(text: str) -> str:
    """The same for all ways to write a unit in letters, width and number."""
    text = fold(text).casefold().replace(" ", "").replace("^", "")
    return text.removesuffix("s") if text.isascii() else text


def _families(table: str) -> list[frozenset[str]]:
    return [frozenset(map(_spelt, family.split())) for family in table.split("|")]


_COUNTED: Final = frozenset[str]().union(*_families(_COUNTERS))
_ANY: Final = _COUNTED.union(*_families(_TOGETHER))
_FAMILIES: Final = [*_families(_COUNTERS), *_families(_TOGETHER), *_families(_MEASURES)]


def without_unit(typed: str, unit: Text | None) -> str:
    """The number alone of a folded text, where what follows it can only be `unit` or counts things as that does."""
    found = _TYPED.fullmatch(typed) if len(typed) <= LONGEST else None
    if found is None:
        return typed
    spelt = _spelt(found["unit"])
    named = _named(unit) if unit is not None else _ANY
    counts = spelt in _COUNTED and not named.isdisjoint(_COUNTED)
    return found["number"].strip() if counts or spelt in _alike(named) else typed


@lru_cache(maxsize=512)
def _named(unit: Text) -> frozenset[str]:
    """A question's unit in its languages."""
    return frozenset(_spelt(furigana.strip(text)) for text in unit.as_dict().values())


@lru_cache(maxsize=512)
def _alike(named: frozenset[str]) -> frozenset[str]:
    """The same with other spellings of it."""
    return named.union(*(family for family in _FAMILIES if not family.isdisjoint(named)))
