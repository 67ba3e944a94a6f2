"""The draw itself: pure functions of the pool, the rules and the seed. No clock, no database, no chance of their own.

The published format (docs/developers/lottery) fixes every byte. Hashes are SHA-256 (FIPS 180-4), the tree over the
pool is RFC 6962's, keys are HMAC-SHA-256 (RFC 2104), rules are hashed as RFC 8785 JSON. A million entries take a few
seconds, so the loops below are plain and hold their look-ups in local names. `lotteries.verify` is a second
implementation that shares nothing with this one.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import islice
from operator import eq, itemgetter
from typing import Any, Literal, NamedTuple, Self

from core.canonical import canonical_json
from core.errors import MadoguchiError

FORMAT = "madoguchi-lottery/1"
GENERAL = "general"
_SEED_PREFIX = b"madoguchi/lottery/1"
_BLOCK = 64

Outcome = Literal["won", "waiting", "lost"]


class BadPool(MadoguchiError):
    """Raised when a pool or its rules cannot be drawn: repeated numbers, unknown units, weights below one."""


class Entry(NamedTuple):
    """One entry of the pool: what its leaf covers. `salt` is hex; `lists` are opaque ids."""

    number: str
    weight: int
    unit: str
    salt: str
    lists: tuple[str, ...]


class Placing(NamedTuple):
    """What the draw gave the entry of the same position in the pool; `waiting` counts from 1 within the unit."""

    rank: int
    result: Outcome
    via: str | None
    waiting: int | None


@dataclass(frozen=True)
class Rules:
    """The part of the published rules that decides: seats by unit, lists with their shares in order, waiting places."""

    units: Mapping[str, int]
    lists: tuple[tuple[str, Fraction], ...]
    waiting: int

    @classmethod
    def of(cls, published: Mapping[str, Any]) -> Self:
        """Read them from the published JSON. Raises `BadPool` where the shares exceed the whole."""
        lists = tuple((entry["id"], Fraction(entry["share"])) for entry in published["lists"])
        if sum(share for _, share in lists) > 1:
            raise BadPool("the shares of the lists exceed the whole")
        return cls(published["units"], lists, published["waiting"])


def digest_of(rules: Mapping[str, Any]) -> bytes:
    """The digest of the published rules."""
    return hashlib.sha256(canonical_json(rules)).digest()


def salt_of(secret: str, number: str) -> str:
    """The salt (hex) by which the holder of `secret`, and nobody else, can show that the entry is theirs."""
    return hashlib.sha256(secret.encode() + number.encode()).hexdigest()


def sorted_pool(entries: Iterable[Entry]) -> list[Entry]:
    """The pool in ascending order of number. Raises `BadPool` for repeated or uneven numbers and weights below one."""
    pool = sorted(entries, key=itemgetter(0))
    numbers = list(map(itemgetter(0), pool))
    if any(map(eq, numbers, islice(numbers, 1, None))):
        raise BadPool("a lottery number occurs twice")
    if len(set(map(len, numbers))) > 1:
        raise BadPool("lottery numbers differ in width")
    if min(map(itemgetter(1), pool), default=1) < 1:
        raise BadPool("a weight is below one")
    return pool


# -- the tree over the pool ---------------------------------------------------------------------------------------


def leaves(pool: Iterable[Entry]) -> list[bytes]:
    """The leaf hash of every entry."""
    written = cache(canonical_json)
    empty, found = hashlib.sha256(b"\x00"), []
    for number, weight, unit, salt, lists in pool:
        leaf = empty.copy()
        leaf.update(
            b'{"lists":%b,"number":"%b","salt":"%b","unit":%b,"weight":%d}'
            % (written(lists), number.encode(), salt.encode(), written(unit), weight)
        )
        found.append(leaf.digest())
    return found


@dataclass(frozen=True)
class Tree:
    """All levels of an RFC 6962 tree, from the leaves up; a last node without a partner rises unchanged."""

    levels: Sequence[Sequence[bytes]]

    @classmethod
    def over(cls, leaves: Sequence[bytes]) -> Self:
        """Build it. A tree over nothing has the root SHA-256("")."""
        inner, levels = hashlib.sha256(b"\x01"), [leaves]
        while len(level := levels[-1]) > 1:
            above = []
            for left, right in zip(level[::2], level[1::2], strict=False):
                node = inner.copy()
                node.update(left + right)
                above.append(node.digest())
            if len(level) % 2:
                above.append(level[-1])
            levels.append(above)
        return cls(levels)

    @property
    def root(self) -> bytes:
        """The root: what is published before the randomness exists."""
        return self.levels[-1][0] if self.levels[0] else hashlib.sha256().digest()

    def proof(self, position: int) -> list[bytes]:
        """The inclusion proof (RFC 9162, 2.1.3) of the leaf at `position`, nearest sibling first."""
        return [self.levels[level][at] for level, at in proof_path(len(self.levels[0]), position)]


def proof_path(size: int, position: int) -> Iterator[tuple[int, int]]:
    """(level, index) of the nodes that prove the leaf at `position` in a tree of `size` leaves."""
    level = 0
    while size > 1:
        sibling = position ^ 1
        if sibling < size:
            yield level, sibling
        level, position, size = level + 1, position // 2, (size + 1) // 2


def proves(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from the leaf at `position` of `size` to `root`."""
    remaining = iter(proof)
    node = leaf
    for level, sibling in proof_path(size, position):
        other = next(remaining, None)
        if other is None:
            return False
        pair = other + node if sibling < position >> level else node + other
        node = hashlib.sha256(b"\x01" + pair).digest()
    return next(remaining, None) is None and node == root


# -- randomness and order -----------------------------------------------------------------------------------------


def value_of(revealed: Iterable[bytes]) -> bytes:
    """The beacon value of the witnesses' ceremony: all revealed values in the witnesses' order, hashed."""
    return hashlib.sha256(b"".join(revealed)).digest()


def seed_of(rules_digest: bytes, root: bytes, beacon_round: str, value: bytes) -> bytes:
    """The seed that everything else follows from."""
    return hashlib.sha256(
        _SEED_PREFIX + rules_digest + root + hashlib.sha256(beacon_round.encode()).digest() + value
    ).digest()


def keys(seed: bytes, pool: Iterable[Entry]) -> list[bytes]:
    """For every entry the least HMAC-SHA-256 of its tickets, followed by its number: sorts by key, ties by number.

    The two keyed states of HMAC are made once and copied; `hmac.digest` would set them up again for every ticket.
    """
    block = seed.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block)).copy
    found = []
    for number, weight, _, _, _ in pool:
        name, least = number.encode(), None
        for ticket in range(weight):
            within = inner()
            within.update(b"%b|%d" % (name, ticket))
            around = outer()
            around.update(within.digest())
            key = around.digest()
            if least is None or key < least:
                least = key
        found.append((least or b"") + name)
    return found


def ranking(seed: bytes, pool: Sequence[Entry]) -> dict[str, list[int]]:
    """Positions in the pool by unit, best rank first."""
    order_of = keys(seed, pool)
    units: dict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(pool):
        units[entry.unit].append(position)
    for positions in units.values():
        positions.sort(key=order_of.__getitem__)
    return dict(units)


# -- allocation ---------------------------------------------------------------------------------------------------


def allocate(rules: Rules, pool: Sequence[Entry], order: Sequence[int], seats: int) -> dict[int, str]:
    """Who gets a seat of one unit, and through which list: the lists in their order, then everyone."""
    won: dict[int, str] = {}
    for name, share in rules.lists:
        left = int(share * seats)
        for position in order:
            if left == 0:
                break
            if position not in won and name in pool[position].lists:
                won[position] = name
                left -= 1
    for position in order:
        if len(won) >= seats:
            break
        won.setdefault(position, GENERAL)
    return won


def place(rules: Rules, seed: bytes, pool: Sequence[Entry]) -> list[Placing]:
    """The whole draw: a placing for every entry, in the pool's order. Raises `BadPool` for a unit without seats."""
    placings: list[Placing] = [Placing(0, "lost", None, None)] * len(pool)
    for unit, order in ranking(seed, pool).items():
        if unit not in rules.units:
            raise BadPool(f"no seats are stated for unit {unit}")
        won = allocate(rules, pool, order, rules.units[unit])
        waiting = 0
        for rank, position in enumerate(order, 1):
            if position in won:
                placings[position] = Placing(rank, "won", won[position], None)
            elif waiting < rules.waiting:
                waiting += 1
                placings[position] = Placing(rank, "waiting", None, waiting)
            else:
                placings[position] = Placing(rank, "lost", None, None)
    return placings
