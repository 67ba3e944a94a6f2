"""What people type: words as they are, as they sound, as they are mistyped, several of them, in six languages."""

import random
from collections.abc import Callable, Iterator
from typing import Final

import jaconv

from tools.bench.catalogue.generate import MOST, words_of
from tools.bench.catalogue.vocabulary import Word


def queries(number: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """`number` queries with the name of their sort."""
    chance = random.Random(seed)
    for place in range(number):
        name = list(_SORTS)[place % len(_SORTS)]
        thing, _kind, action, sort = words_of(chance.randrange(MOST))
        yield name, _SORTS[name](thing, action, sort, chance)


def mistyped(word: str, chance: random.Random) -> str:
    """`word` with one letter left out, doubled, swapped or wrong."""
    at = chance.randrange(1, len(word) - 1) if len(word) > 2 else 0
    other = chance.choice("あいうえお") if not word.isascii() else chance.choice("aeiou")
    return chance.choice((
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        word[:at] + other + word[at + 1 :],
    ))  # fmt: skip


_SORTS: Final[dict[str, Callable[[Word, Word, Word, random.Random], str]]] = {
    "thing in kanji": lambda thing, _a, _s, _c: thing[0],
    "thing in kana": lambda thing, _a, _s, _c: thing[1],
    "half-width katakana": lambda thing, _a, _s, _c: jaconv.z2h(jaconv.hira2kata(thing[1]), kana=True),
    "romaji": lambda thing, _a, _s, _c: jaconv.kana2alphabet(thing[1]),
    "thing and action": lambda thing, action, _s, _c: f"{thing[0]} {action[0]}",
    "three words": lambda thing, action, sort, _c: f"{sort[0]} {thing[0]} {action[0]}",
    "English": lambda thing, action, _s, _c: f"{thing[2]} {action[2]}",
    "Chinese": lambda thing, action, _s, _c: f"{thing[3]} {action[3]}",
    "Korean": lambda thing, action, _s, _c: f"{thing[5]} {action[5]}",
    "common word": lambda _t, action, _s, _c: action[0][-2:],
    "mistyped kana": lambda thing, _a, _s, chance: mistyped(thing[1], chance),
    "mistyped English": lambda thing, _a, _s, chance: mistyped(thing[2], chance),
    "mistyped, two words": lambda thing, action, _s, chance: f"{mistyped(thing[1], chance)} {action[0]}",
    "written in one": lambda thing, action, _s, _c: f"{thing[0]}{action[0]}",
    "nothing there is": lambda _t, _a, _s, chance: "".join(chance.choice("qxzvw") for _ in range(7)),
}
