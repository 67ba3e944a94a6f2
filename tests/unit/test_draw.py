"""The fast draw against plain reference implementations written from the published page, and its win rates."""

import hashlib
import hmac
import json
import random
from collections import Counter
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotteries import draw
from tests.factories.lottery import pool

UNITS = st.sampled_from(["A-101", 'B"2\\', "棟\u0001𠮷", "é"])
ENTRIES = st.lists(
    st.builds(
        draw.Entry,
        st.integers(0, 9999).map("{:04d}".format),
        st.integers(1, 7),
        UNITS,
        st.binary(min_size=32, max_size=32).map(bytes.hex),
        st.sets(st.sampled_from(["P1", "P2", "P3"])).map(lambda ids: tuple(sorted(ids))),
    ),
    max_size=40,
    unique_by=lambda entry: entry.number,
)
RULES = st.fixed_dictionaries(
    {
        "units": st.fixed_dictionaries({u: st.integers(0, 9) for u in ["A-101", 'B"2\\', "棟\u0001𠮷", "é"]}),
        "lists": st.permutations([("P1", "1/2"), ("P2", "1/3"), ("P3", "1/7")]).map(
            lambda lists: [{"id": id, "share": share} for id, share in lists]
        ),
        "waiting": st.integers(0, 9),
    }
)


def H(data: bytes) -> bytes:  # noqa: N802
    return hashlib.sha256(data).digest()


# -- the reference: as the published page says it, slowly -----------------------------------------------------------


def reference_leaf(entry: draw.Entry) -> bytes:
    fields = {**entry._asdict(), "lists": list(entry.lists)}
    return H(b"\0" + json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def reference_root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else H(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return H(b"\1" + reference_root(leaves[:half]) + reference_root(leaves[half:]))


def reference_path(position: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) < 2:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if position < half:
        return [*reference_path(position, leaves[:half]), reference_root(leaves[half:])]
    return [*reference_path(position - half, leaves[half:]), reference_root(leaves[:half])]


def reference_key(seed: bytes, entry: draw.Entry) -> tuple[bytes, str]:
    tickets = (f"{entry.number}|{k}".encode() for k in range(entry.weight))
    return min(hmac.new(seed, ticket, "sha256").digest() for ticket in tickets), entry.number


def reference_draw(rules: dict[str, Any], seed: bytes, entries: list[draw.Entry]) -> dict[str, draw.Placing]:
    found = {}
    for unit, seats in rules["units"].items():
        order = sorted((e for e in entries if e.unit == unit), key=lambda e: reference_key(seed, e))
        won: dict[str, str] = {}
        for preference in rules["lists"]:
            quota = floor(Fraction(preference["share"]) * seats)
            free = [e.number for e in order if preference["id"] in e.lists and e.number not in won]
            won |= dict.fromkeys(free[:quota], preference["id"])
        free = [e.number for e in order if e.number not in won]
        won |= dict.fromkeys(free[: seats - len(won)], "general")
        rest = [e.number for e in order if e.number not in won]
        for rank, entry in enumerate(order, 1):
            if entry.number in won:
                found[entry.number] = draw.Placing(rank, "won", won[entry.number], None)
            elif (place := rest.index(entry.number) + 1) <= rules["waiting"]:
                found[entry.number] = draw.Placing(rank, "waiting", None, place)
            else:
                found[entry.number] = draw.Placing(rank, "lost", None, None)
    return found


# -- the fast one agrees --------------------------------------------------------------------------------------------


@given(ENTRIES)
def test_leaves_root_and_proofs(entries: list[draw.Entry]) -> None:
    sorted_pool = draw.sorted_pool(entries)
    leaves = draw.leaves(sorted_pool)
    tree = draw.Tree.over(leaves)
    assert leaves == [reference_leaf(entry) for entry in sorted_pool]
    assert tree.root == reference_root(leaves)
    for position, leaf in enumerate(leaves):
        proof = tree.proof(position)
        assert proof == reference_path(position, leaves)
        assert draw.proves(leaf, position, len(leaves), proof, tree.root)
        assert not draw.proves(H(leaf), position, len(leaves), proof, tree.root)
        assert not draw.proves(leaf, position, len(leaves), [*proof, leaf], tree.root)


@given(RULES, st.binary(min_size=32, max_size=32), ENTRIES)
@settings(max_examples=200)
def test_placings(rules: dict[str, Any], seed: bytes, entries: list[draw.Entry]) -> None:
    sorted_pool = draw.sorted_pool(entries)
    placings = draw.place(draw.Rules.of(rules), seed, sorted_pool)
    named = {entry.number: placing for entry, placing in zip(sorted_pool, placings, strict=True)}
    assert named == reference_draw(rules, seed, entries)
    for unit, seats in rules["units"].items():
        results = Counter(named[e.number].result for e in entries if e.unit == unit)
        assert results["won"] == min(seats, sum(results.values()))


@given(st.randoms(use_true_random=False), ENTRIES)
def test_the_order_of_arrival_changes_nothing(chance: random.Random, entries: list[draw.Entry]) -> None:
    mixed = chance.sample(entries, len(entries))
    assert draw.sorted_pool(mixed) == draw.sorted_pool(entries)


def test_the_seed_is_the_published_formula() -> None:
    rules, root, value = b"r" * 32, b"p" * 32, b"v" * 32
    expected = H(b"madoguchi/lottery/1" + rules + root + H(b"2026-11-21") + value)
    assert draw.seed_of(rules, root, "2026-11-21", value) == expected


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([draw.Entry("0001", 1, "A", "", ()), draw.Entry("0001", 5, "A", "", ())], "twice"),
        ([draw.Entry("0001", 1, "A", "", ()), draw.Entry("00002", 1, "A", "", ())], "width"),
        ([draw.Entry("0001", 0, "A", "", ())], "below one"),
    ],
)
def test_a_bad_pool_is_refused(entries: list[draw.Entry], problem: str) -> None:
    with pytest.raises(draw.BadPool, match=problem):
        draw.sorted_pool(entries)


def test_shares_beyond_the_whole_and_unknown_units_are_refused() -> None:
    lists = [{"id": "P1", "share": "2/3"}, {"id": "P2", "share": "1/2"}]
    with pytest.raises(draw.BadPool, match="exceed"):
        draw.Rules.of({"units": {}, "lists": lists, "waiting": 0})
    with pytest.raises(draw.BadPool, match="no seats"):
        draw.place(draw.Rules.of({"units": {}, "lists": [], "waiting": 0}), b"", pool(3, {"A": 1}))


def test_win_rates_of_toeis_example() -> None:
    """1,775 balls, 28 dwellings: 甲優遇 (×5) and 乙優遇 (×7) win as often as with physical balls.

    A physical draw of the same households (weight balls each, later balls of a winner passed over) is the measure;
    its win rates are about 1.60, 7.68 and 10.57 per cent.
    """
    weights = [1] * 700 + [5] * 110 + [7] * 75
    assert sum(weights) == 1775
    seats, rounds = 28, 400
    entries = [draw.Entry(f"{n:04d}", w, "A", "", ()) for n, w in enumerate(weights)]
    rules = draw.Rules.of({"units": {"A": seats}, "lists": [], "waiting": 0})
    keyed, balls, chance = Counter[int](), Counter[int](), random.Random(2022)  # noqa: S311
    urn = [n for n, weight in enumerate(weights) for _ in range(weight)]
    for turn in range(rounds):
        placings = draw.place(rules, H(b"%d" % turn), entries)
        keyed.update(w for w, placing in zip(weights, placings, strict=True) if placing.result == "won")
        drawn = dict.fromkeys(chance.sample(urn, seats * 8))
        balls.update(weights[n] for n in list(drawn)[:seats])
    for weight, physical in ((1, 0.0160), (5, 0.0768), (7, 0.1057)):
        households = weights.count(weight)
        ours, theirs = keyed[weight] / households / rounds, balls[weight] / households / rounds
        assert ours == pytest.approx(theirs, rel=0.05), weight
        assert ours == pytest.approx(physical, rel=0.05), weight
    assert sum(keyed.values()) == sum(balls.values()) == seats * rounds
