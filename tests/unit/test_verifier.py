"""The stand-alone verifier accepts what is sound, and finds and names every kind of tampering."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json
from lotteries import draw, verify
from tests.factories.lottery import result, secret_of

VERIFIER = Path(verify.__file__)
SOUND = result()
Tampering = Callable[[dict[str, Any]], object]


def run(tmp_path: Path, published: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier as a member of the public would: isolated, no site packages, another folder."""
    path = tmp_path / "result.json"
    path.write_text(published if isinstance(published, str) else json.dumps(published, ensure_ascii=False))
    command = [sys.executable, "-I", "-S", "-W", "error", str(VERIFIER), str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)


def test_a_sound_result_holds(tmp_path: Path) -> None:
    done = run(tmp_path, SOUND)
    assert done.returncode == 0, done.stdout
    assert "EVERYTHING HOLDS" in done.stdout


def test_a_withheld_value_is_struck_by_the_rules() -> None:
    struck = result(withheld=1)
    assert verify.verify(struck).good
    struck["rules"].pop("unrevealed")
    assert any("do not allow" in failure for failure in verify.verify(struck).failures)


def test_a_large_result_and_an_empty_pool_hold() -> None:
    assert verify.verify(result(size=1775)).good
    assert verify.verify(result(size=0)).good


def _reseed(published: dict[str, Any]) -> None:
    """What a cheat would do who also recomputes the seed."""
    seed = draw.seed_of(
        bytes.fromhex(published["rules_sha256"]),
        bytes.fromhex(published["pool"]["root"]),
        published["randomness"]["round"],
        bytes.fromhex(published["randomness"]["value"]),
    )
    published["seed"] = seed.hex()


def _entry(key: str, value: object) -> Tampering:
    return lambda published: published["entries"][3].__setitem__(key, value)


def _set(*path: object) -> Tampering:
    def change(published: Any) -> None:
        *way, last, value = path
        for step in way:
            published = published[step]
        published[last] = value

    return change


def _swap_winner(published: dict[str, Any]) -> None:
    entries = published["entries"]
    winner = next(e for e in entries if e["result"] == "won")
    loser = next(e for e in entries if e["result"] == "lost" and e["unit"] == winner["unit"])
    for key in ("rank", "result", "via", "waiting"):
        winner[key], loser[key] = loser[key], winner[key]


def _promote(published: dict[str, Any]) -> None:
    next(e for e in published["entries"] if e["result"] == "lost").update(result="won", via="general")


def _other_value(published: dict[str, Any]) -> None:
    published["randomness"]["value"] = "ab" * 32
    _reseed(published)


def _other_reveal(published: dict[str, Any]) -> None:
    witnesses = published["randomness"]["witnesses"]
    witnesses[0]["revealed"] = "cd" * 32
    published["randomness"]["value"] = draw.value_of(bytes.fromhex(w["revealed"]) for w in witnesses).hex()
    _reseed(published)


def _drop_witnesses(published: dict[str, Any]) -> None:
    for witness in published["randomness"]["witnesses"][1:]:
        witness["revealed"] = None


def _more_seats(published: dict[str, Any]) -> None:
    published["rules"]["units"]["A-101"] = 4


def _rehashed_rules(published: dict[str, Any]) -> None:
    _more_seats(published)
    published["rules_sha256"] = draw.digest_of(published["rules"]).hex()


def _duplicate(published: dict[str, Any]) -> None:
    published["entries"].append(dict(published["entries"][0]))


def _next_waiting(published: dict[str, Any]) -> None:
    next(e for e in published["entries"] if e["waiting"] == 1)["waiting"] = 2


TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "weight": (_entry("weight", 9), "an entry was changed"),
    "unit": (_entry("unit", "C-9"), "know no unit C-9"),
    "salt": (_entry("salt", "00" * 32), "an entry was changed"),
    "lists": (_entry("lists", ["P9"]), "know no list P9"),
    "list twice": (_entry("lists", ["P1", "P1"]), "a list is named twice"),
    "number": (_entry("number", "00000001"), "an entry was changed"),
    "number width": (_entry("number", "1"), "differ in width"),
    "rank": (_entry("rank", 99), "the seed gives"),
    "heavier than allowed": (_entry("weight", 10**9), "'weight' cannot be"),
    "removed entry": (lambda p: p["entries"].pop(), "the file has 59"),
    "added entry": (_duplicate, "occurs twice"),
    "root": (_set("pool", "root", "00" * 32), "the root is not theirs"),
    "tickets": (_set("pool", "tickets", 1), "add up to"),
    "count": (_set("pool", "entries", 61), "published with 61 entries"),
    "rules": (_more_seats, "the rules were changed"),
    "rules rehashed": (_rehashed_rules, "the seed does not follow"),
    "waiting places": (_set("rules", "waiting", 5), "the rules were changed"),
    "shares": (_set("rules", "lists", 0, "share", "9/10"), "exceed the whole"),
    "share text": (_set("rules", "lists", 0, "share", "half"), "such as 1/2"),
    "round": (_set("randomness", "round", "2026-11-22"), "the round promised"),
    "beacon": (_set("randomness", "beacon", "dice"), "cannot check the beacon dice"),
    "commitment": (_set("randomness", "witnesses", 0, "commitment", "00" * 32), "not the one committed to"),
    "revealed value": (_other_reveal, "revealed by 見本 一郎 is not"),
    "witness renamed": (_set("randomness", "witnesses", 0, "name", "someone"), "not those of the rules"),
    "too few witnesses": (_drop_witnesses, "the rules demand 2"),
    "value": (_other_value, "not the hash of the revealed values"),
    "seed": (_set("seed", "00" * 32), "the seed does not follow"),
    "swapped winner": (_swap_winner, "the seed gives"),
    "extra winner": (_promote, "the rules give"),
    "waiting rank": (_next_waiting, "waiting at place 1"),
    "format": (_set("format", "other/1"), "'format' cannot be"),
    "missing part": (lambda p: p.pop("seed"), "'seed' is missing"),
    "extra key": (_entry("name", "見本 太郎"), "'name' does not belong there"),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_found_and_named(kind: str) -> None:
    tamper, expected = TAMPERINGS[kind]
    published = copy.deepcopy(SOUND)
    tamper(published)
    failures = verify.verify(published).failures
    assert any(expected in failure for failure in failures), failures


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"format": 1.5}', '{"format": NaN}', '{"a": 1, "a": 2}', '["\\ud800"]', "[" * 100_000],
)
def test_files_of_another_kind_end_with_a_sentence(tmp_path: Path, text: str) -> None:
    done = run(tmp_path, text)
    assert (done.returncode, done.stderr) == (1, "")
    assert "DOES NOT HOLD" in done.stdout


def test_exit_status_tells(tmp_path: Path) -> None:
    changed = copy.deepcopy(SOUND)
    _swap_winner(changed)
    assert run(tmp_path, changed).returncode == 1
    assert run(tmp_path, SOUND, "--number", "1").returncode == 2


def test_a_secret_opens_ones_own_entry_only(tmp_path: Path) -> None:
    number = SOUND["entries"][0]["number"]
    mine = run(tmp_path, SOUND, "--number", number, "--secret", secret_of(number))
    assert mine.returncode == 0
    assert f"entry {number} is yours" in mine.stdout
    other = run(tmp_path, SOUND, "--number", number, "--secret", "guess")
    assert other.returncode == 1
    assert "does not open" in other.stdout


def _receipt(position: int) -> dict[str, Any]:
    entries = [
        draw.Entry(e["number"], e["weight"], e["unit"], e["salt"], tuple(e["lists"]))
        for e in SOUND["entries"]
    ]
    number = entries[position].number
    return {
        "format": verify.RECEIPT_FORMAT,
        "draw": SOUND["draw"],
        "entry": {**entries[position]._asdict(), "lists": list(entries[position].lists)},
        "secret": secret_of(number),
        "position": position,
        "pool": SOUND["pool"],
        "proof": [node.hex() for node in draw.Tree.over(draw.leaves(entries)).proof(position)],
    }


@pytest.mark.parametrize("position", [0, 7, 58, 59])
def test_receipts_hold(tmp_path: Path, position: int) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(_receipt(position)))
    assert run(tmp_path, SOUND, "--receipt", str(path)).returncode == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_set("entry", "weight", 7), "does not lead"),
        (_set("position", 6), "does not lead"),
        (_set("proof", 0, "00" * 32), "does not lead"),
        (_set("secret", "guess"), "does not open"),
        (_set("draw", "another"), "another draw"),
        (_set("format", "other"), "not in the format"),
        (lambda receipt: receipt.pop("pool"), "cannot be read"),
    ],
)
def test_a_wrong_receipt_is_named(change: Tampering, expected: str) -> None:
    receipt = _receipt(next(n for n, e in enumerate(SOUND["entries"]) if n > 6 and e["weight"] == 1))
    change(receipt)
    assert any(expected in problem for problem in verify.receipt_problems(SOUND, receipt))


def test_a_wholly_forged_result_breaks_the_earlier_commitment() -> None:
    """Whoever redraws everything consistently still contradicts what was published before the randomness existed."""
    before = {
        "format": verify.COMMITMENT_FORMAT,
        **{key: SOUND[key] for key in ("draw", "rules", "rules_sha256", "pool", "commitment")},
        "witnesses": [
            {"name": w["name"], "commitment": w["commitment"]} for w in SOUND["randomness"]["witnesses"]
        ],
    }
    assert list(verify.commitment_problems(SOUND, before)) == []
    forged = result(size=59)
    assert verify.verify(forged).good
    assert "the pool published before the draw was another one" in list(
        verify.commitment_problems(forged, before)
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_its_canonical_json_is_rfc_8785(value: Any) -> None:
    assert verify.canonical(value) == canonical_json(value)
