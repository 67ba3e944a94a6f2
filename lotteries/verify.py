#!/usr/bin/env python3
"""Check the published result of a lottery, trusting nobody: Python's standard library and this one file are enough.

    python verify.py RESULT.json                                  recompute the whole draw
    python verify.py RESULT.json --commitment COMMITMENT.json     … and compare with what was published before the draw
    python verify.py RESULT.json --number 48310275 --secret …     … and prove which entry is yours
    python verify.py RESULT.json --receipt RECEIPT.json           … and check the receipt you were given

Exit status: 0 everything holds, 1 something does not (each thing is named), 2 the command itself was wrong.

Format madoguchi-lottery/1, all hashes SHA-256: leaf = H(00 ‖ canonical JSON of lists, number, salt, unit, weight); the
tree is RFC 6962's, leaves in ascending order of number; seed = H("madoguchi/lottery/1" ‖ rules digest ‖ root ‖
H(round) ‖ value); an entry's key is the least HMAC-SHA-256(seed, number ‖ "|" ‖ k) for k below its weight; rank is
the place in ascending (key, number) within the unit; seats go by list in the stated order, then to everyone.
"""

from __future__ import annotations  # lets older Pythons run this file

import argparse
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

FORMAT = "madoguchi-lottery/1"
COMMITMENT_FORMAT = "madoguchi-lottery-commitment/1"
RECEIPT_FORMAT = "madoguchi-lottery-receipt/1"
HEAVIEST = 10_000
SHOWN = 5

Json = Any
Test = Callable[[Any], bool]
Outcome = tuple[str, "str | None", "int | None"]

_HEX = re.compile(r"[0-9a-f]{64}")
_SHARE = re.compile(r"[0-9]{1,6}/[1-9][0-9]{0,5}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Unreadable(Exception):
    """The file is not a result in the format; nothing more can be checked."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


# -- JSON: strict reading, canonical writing (RFC 8785) -----------------------------------------------------------


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Unreadable("a key occurs twice in one JSON object")
    return made


def _refuse(text: str) -> NoReturn:
    raise Unreadable(f"numbers other than whole ones do not occur in this format: {text}")


def parse(content: bytes) -> Json:
    """The JSON of `content`; repeated keys, fractions, infinities and halves of surrogate pairs are refused."""
    try:
        found = json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse
        )
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not readable as JSON: {error}") from error
    return found


def read(path: str) -> Json:
    """The JSON of a file."""
    try:
        return parse(Path(path).read_bytes())
    except (OSError, Unreadable) as error:
        raise Unreadable(f"{path}: {error}") from error


def canonical(value: Json) -> bytes:
    """RFC 8785 bytes: keys sorted by UTF-16 code units, no spaces, only the necessary escapes."""
    return _written(value).encode("utf-8")


def _written(value: Json) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53):
        return json.dumps(value)
    raise Unreadable(f"{value!r} has no place in canonical JSON here")


# -- the report ---------------------------------------------------------------------------------------------------


class Report:
    """What was checked, in order, and what did not hold."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failures: list[str] = []
        self.readable = False

    def check(self, title: str, problems: Iterable[str], note: str = "") -> bool:
        """Note one check with the list of its problems; none means that it holds."""
        problems = list(problems)
        aside = f" ({note})" if note and not problems else ""
        self.lines.append(f"{'FAILED' if problems else 'ok':7}{title}{aside}")
        for problem in problems[:SHOWN]:
            self.lines.append(f"         - {problem}")
        if len(problems) > SHOWN:
            self.lines.append(f"         - and {len(problems) - SHOWN} more")
        self.failures += problems
        return not problems

    @property
    def good(self) -> bool:
        """Whether everything held."""
        return not self.failures

    def text(self) -> str:
        """The report as lines for a person."""
        last = (
            "EVERYTHING HOLDS: the result follows from the rules, the pool and the witnesses' values."
            if self.good
            else f"DOES NOT HOLD: {len(self.failures)} problem(s) found, named above. Do not trust this file."
        )
        return "\n".join((*self.lines, "", last))


# -- shape --------------------------------------------------------------------------------------------------------


def is_hex(value: Json) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_text(value: Json) -> bool:
    return isinstance(value, str) and value != ""


def is_optional(test: Test) -> Test:
    return lambda value: value is None or test(value)


def is_list_of(test: Test) -> Test:
    return lambda value: isinstance(value, list) and all(map(test, value))


def is_object(value: Json) -> bool:
    return isinstance(value, dict)


def is_moment(value: Json) -> bool:
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def is_anything(_value: Json) -> bool:
    return True


SHAPE: dict[str, dict[str, Test]] = {
    "": {
        "format": lambda value: value == FORMAT,
        "draw": is_text,
        "rules": is_object,
        "rules_sha256": is_hex,
        "pool": is_object,
        "commitment": is_object,
        "randomness": is_object,
        "seed": is_hex,
        "entries": is_list_of(is_object),
    },
    "pool": {"root": is_hex, "entries": is_count, "tickets": is_count},
    "commitment": {
        "published_at": is_moment,
        "beacon": is_text,
        "round": is_text,
        "fallback": is_anything,
        "timestamp": is_anything,
    },
    "randomness": {
        "beacon": is_text,
        "round": is_text,
        "value": is_hex,
        "witnesses": is_list_of(is_object),
    },
}
WITNESS: dict[str, Test] = {"name": is_text, "commitment": is_hex, "revealed": is_optional(is_hex)}
ENTRY: dict[str, Test] = {
    "number": lambda value: isinstance(value, str) and value.isascii() and value.isdigit(),
    "weight": lambda value: is_count(value) and 0 < value <= HEAVIEST,
    "unit": is_text,
    "salt": is_hex,
    "lists": is_list_of(is_text),
    "rank": lambda value: is_count(value) and value > 0,
    "result": lambda value: value in ("won", "waiting", "lost"),
    "via": is_optional(is_text),
    "waiting": is_optional(lambda value: is_count(value) and value > 0),
}
RULES: dict[str, Test] = {
    "units": lambda value: isinstance(value, dict) and all(map(is_count, value.values())),
    "lists": is_list_of(is_object),
    "waiting": is_count,
}


def misshapen(
    value: dict[str, Json], shape: dict[str, Test], where: str, more_keys: bool = False
) -> Iterator[str]:
    """Problems of one object against its shape."""
    for key, test in shape.items():
        if key not in value:
            yield f"{where}: '{key}' is missing"
        elif not test(value[key]):
            yield f"{where}: '{key}' cannot be {json.dumps(value[key], ensure_ascii=False)[:60]}"
    if not more_keys:
        for key in sorted(value.keys() - shape.keys()):
            yield f"{where}: '{key}' does not belong there"


def shape_problems(result: Json) -> Iterator[str]:
    if not isinstance(result, dict):
        yield "the file is not a JSON object"
        return
    for part, shape in SHAPE.items():
        value = result if part == "" else result.get(part)
        if isinstance(value, dict):
            yield from misshapen(value, shape, part or "the result")
    rules = result.get("rules")
    if isinstance(rules, dict):
        yield from misshapen(rules, RULES, "rules", more_keys=True)
        yield from share_problems(rules.get("lists"))
    for place, witness in enumerate(_dicts(result.get("randomness"), "witnesses"), 1):
        yield from misshapen(witness, WITNESS, f"witness {place}")
    for place, entry in enumerate(_dicts(result, "entries"), 1):
        yield from misshapen(entry, ENTRY, f"entry {entry.get('number', f'at place {place}')}")


def _dicts(value: Json, key: str) -> list[dict[str, Json]]:
    found = value.get(key) if isinstance(value, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def share_problems(lists: Json) -> Iterator[str]:
    total, seen = Fraction(0), set[str]()
    for entry in lists if isinstance(lists, list) else ():
        name, share = (entry.get("id"), entry.get("share")) if isinstance(entry, dict) else (None, None)
        if not name or not isinstance(name, str) or not isinstance(share, str) or not _SHARE.fullmatch(share):
            yield "rules: a list needs an id and a share such as 1/2"
            continue
        if name in seen:
            yield f"rules: the list {name} occurs twice"
        seen.add(name)
        total += Fraction(share)
    if total > 1:
        yield "rules: the shares of the lists exceed the whole"


# -- the pool -----------------------------------------------------------------------------------------------------


def leaf_of(entry: dict[str, Json]) -> bytes:
    covered = ("lists", "number", "salt", "unit", "weight")
    return sha256(b"\x00" + canonical({key: entry[key] for key in covered}))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1: the left subtree takes the largest power of two below the number of leaves."""
    if not leaves:
        return sha256(b"")
    stack: list[
        tuple[int, bytes]
    ] = []  # perfect subtrees still waiting for a right neighbour, as (height, hash)
    for leaf in leaves:
        height, node = 0, leaf
        while stack and stack[-1][0] == height:
            node = sha256(b"\x01" + stack.pop()[1] + node)
            height += 1
        stack.append((height, node))
    node = stack.pop()[1]
    while stack:
        node = sha256(b"\x01" + stack.pop()[1] + node)
    return node


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether the inclusion proof leads from the leaf to the root."""
    if not 0 <= index < size:
        return False
    first, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = sha256(b"\x01" + sibling + node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and node == root


def pool_problems(result: Json) -> Iterator[str]:
    rules, entries = result["rules"], result["entries"]
    known = {entry["id"] for entry in rules["lists"]}
    widths, seen = {len(entry["number"]) for entry in entries}, set[str]()
    if len(widths) > 1:
        yield "lottery numbers differ in width"
    for entry in entries:
        number = entry["number"]
        if number in seen:
            yield f"the lottery number {number} occurs twice"
        seen.add(number)
        if entry["unit"] not in rules["units"]:
            yield f"entry {number}: the rules know no unit {entry['unit']}"
        if unknown := sorted(set(entry["lists"]) - known):
            yield f"entry {number}: the rules know no list {', '.join(unknown)}"
        if len(set(entry["lists"])) != len(entry["lists"]):
            yield f"entry {number}: a list is named twice"


def total_problems(result: Json) -> Iterator[str]:
    pool, entries = result["pool"], result["entries"]
    tickets = sum(entry["weight"] for entry in entries)
    if pool["entries"] != len(entries):
        yield f"the pool was published with {pool['entries']} entries, the file has {len(entries)}"
    if pool["tickets"] != tickets:
        yield f"the pool was published with {pool['tickets']} tickets, the entries' weights add up to {tickets}"


# -- randomness ---------------------------------------------------------------------------------------------------


def beacon_problems(result: Json) -> Iterator[str]:
    promised, used = result["commitment"], result["randomness"]
    for key in ("beacon", "round"):
        if promised[key] != used[key]:
            yield f"the {key} promised was {promised[key]}, the one used is {used[key]}"
    if used["beacon"] != "witnesses":
        yield f"this program cannot check the beacon {used['beacon']}"


def witness_problems(result: Json) -> Iterator[str]:
    rules, witnesses = result["rules"], result["randomness"]["witnesses"]
    names = [witness["name"] for witness in witnesses]
    if "witnesses" in rules and rules["witnesses"] != names:
        yield "the witnesses are not those of the rules, in their order"
    if len(set(names)) != len(names):
        yield "a witness occurs twice"
    for witness in witnesses:
        if witness["revealed"] is None:
            continue
        if sha256(bytes.fromhex(witness["revealed"])).hex() != witness["commitment"]:
            yield f"the value revealed by {witness['name']} is not the one committed to"
    revealed = sum(witness["revealed"] is not None for witness in witnesses)
    if revealed < len(witnesses) and rules.get("unrevealed") != "struck":
        yield "a witness did not reveal, and the rules do not allow to go on without"
    least = rules.get("least_witnesses", 1)
    if not is_count(least) or revealed < max(least, 1):
        yield f"{revealed} witness(es) revealed a value, the rules demand {least}"


def value_problems(result: Json) -> Iterator[str]:
    used = result["randomness"]
    values = [bytes.fromhex(w["revealed"]) for w in used["witnesses"] if w["revealed"] is not None]
    if sha256(b"".join(values)).hex() != used["value"]:
        yield "the value of the ceremony is not the hash of the revealed values"


def seed_problems(result: Json) -> Iterator[str]:
    seed = sha256(
        b"madoguchi/lottery/1"
        + bytes.fromhex(result["rules_sha256"])
        + bytes.fromhex(result["pool"]["root"])
        + sha256(result["randomness"]["round"].encode())
        + bytes.fromhex(result["randomness"]["value"])
    )
    if seed.hex() != result["seed"]:
        yield "the seed does not follow from rules, root, round and value"


# -- order and allocation -----------------------------------------------------------------------------------------


def key_of(seed: bytes, entry: dict[str, Json]) -> bytes:
    number = entry["number"].encode()
    return min(hmac.digest(seed, number + b"|%d" % ticket, "sha256") for ticket in range(entry["weight"]))


def ordered(result: Json) -> dict[str, list[dict[str, Json]]]:
    """Entries by unit, best rank first."""
    seed = bytes.fromhex(result["seed"])
    units: dict[str, list[tuple[bytes, str, dict[str, Json]]]] = {}
    for entry in result["entries"]:
        units.setdefault(entry["unit"], []).append((key_of(seed, entry), entry["number"], entry))
    for members in units.values():
        members.sort(key=lambda member: member[:2])
    return {unit: [entry for _, _, entry in members] for unit, members in units.items()}


def expected_of(rules: Json, unit: str, order: list[dict[str, Json]]) -> dict[str, Outcome]:
    """{number: (result, via, waiting)} for the entries of one unit, best rank first."""
    seats: int = rules["units"][unit]
    won: dict[str, str] = {}
    for entry in rules["lists"]:
        takers = [e["number"] for e in order if entry["id"] in e["lists"] and e["number"] not in won]
        for number in takers[: Fraction(entry["share"]) * seats // 1]:
            won[number] = entry["id"]
    for entry in order:
        if len(won) < seats and entry["number"] not in won:
            won[entry["number"]] = "general"
    rest = [entry["number"] for entry in order if entry["number"] not in won]
    waiting = {number: place for place, number in enumerate(rest[: rules["waiting"]], 1)}
    expected: dict[str, Outcome] = dict.fromkeys(rest, ("lost", None, None))
    expected |= {number: ("won", via, None) for number, via in won.items()}
    expected |= {number: ("waiting", None, place) for number, place in waiting.items()}
    return expected


def rank_problems(order: dict[str, list[dict[str, Json]]]) -> Iterator[str]:
    for members in order.values():
        for rank, entry in enumerate(members, 1):
            if entry["rank"] != rank:
                yield f"entry {entry['number']} has rank {entry['rank']}, the seed gives {rank}"


def allocation_problems(rules: Json, order: dict[str, list[dict[str, Json]]]) -> Iterator[str]:
    for unit, members in order.items():
        expected = expected_of(rules, unit, members)
        for entry in members:
            stated, due = (entry["result"], entry["via"], entry["waiting"]), expected[entry["number"]]
            if stated != due:
                yield f"entry {entry['number']}: the file says {_said(stated)}, the rules give {_said(due)}"


def _said(outcome: Outcome) -> str:
    result, via, waiting = outcome
    return result + (f" via {via}" if via else "") + (f" at place {waiting}" if waiting else "")


# -- what else a person may hold ----------------------------------------------------------------------------------


def commitment_problems(result: Json, before: Json) -> Iterator[str]:
    """Whether the result keeps what was published before the randomness existed."""
    if not isinstance(before, dict) or before.get("format") != COMMITMENT_FORMAT:
        yield f"the commitment file is not in the format {COMMITMENT_FORMAT}"
        return
    for key, title in (("draw", "name of the draw"), ("rules", "rules"), ("rules_sha256", "rules digest"),
                       ("pool", "pool"), ("commitment", "commitment")):  # fmt: skip
        if before.get(key) != result[key]:
            yield f"the {title} published before the draw was another one"
    now = [{"name": w["name"], "commitment": w["commitment"]} for w in result["randomness"]["witnesses"]]
    if before.get("witnesses") != now:
        yield "the witnesses' commitments published before the draw were others"


def own_entry(result: Json, number: str, secret: str) -> tuple[list[str], str]:
    """(problems, what the entry got) for the holder of a number and its secret."""
    entry = next((entry for entry in result["entries"] if entry["number"] == number), None)
    if entry is None:
        return [f"there is no entry {number}"], ""
    if sha256(secret.encode() + number.encode()).hex() != entry["salt"]:
        return [f"the secret does not open entry {number}: it is somebody else's, or it was mistyped"], ""
    outcome = _said((entry["result"], entry["via"], entry["waiting"]))
    return [], f"unit {entry['unit']}, weight {entry['weight']}, rank {entry['rank']}: {outcome}"


def receipt_problems(result: Json, receipt: Json) -> Iterator[str]:
    """Whether a receipt's entry is in the pool that was drawn, unchanged."""
    try:
        entry, secret, pool = receipt["entry"], receipt["secret"], receipt["pool"]
        proof = [bytes.fromhex(node) for node in receipt["proof"]]
        known = receipt["format"] == RECEIPT_FORMAT
        leaf, root = leaf_of(entry), bytes.fromhex(pool["root"])
        salt = sha256(secret.encode() + entry["number"].encode()).hex()
        fits = included(leaf, receipt["position"], pool["entries"], proof, root)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield f"the receipt cannot be read: {error!r}"
        return
    if not known:
        yield f"the receipt is not in the format {RECEIPT_FORMAT}"
    if receipt.get("draw") != result["draw"] or pool["root"] != result["pool"]["root"]:
        yield "the receipt is of another draw, or the pool was changed after it was given"
    if not fits:
        yield "the receipt's proof does not lead to the pool's root"
    if salt != entry["salt"]:
        yield "the receipt's secret does not open its entry"
    drawn = next((e for e in result["entries"] if e["number"] == entry["number"]), None)
    if drawn is None or any(drawn.get(key) != value for key, value in entry.items()):
        yield f"entry {entry['number']} of the receipt is missing in the result or was changed"


# -- the whole ----------------------------------------------------------------------------------------------------


def verify(result: Json) -> Report:
    """Recompute a result from its own rules, entries and revealed values."""
    report = Report()
    if not report.check("the file has the published format", shape_problems(result)):
        return report
    report.readable = True
    pool, randomness = result["pool"], result["randomness"]
    digest = sha256(canonical(result["rules"])).hex()
    changed = digest != result["rules_sha256"]
    report.check("the rules match their digest", ["the rules were changed"] * changed, digest)
    known = report.check("numbers are unique; units and lists are those of the rules", pool_problems(result))
    by_number = sorted(result["entries"], key=lambda entry: str(entry["number"]))
    root = root_of([leaf_of(entry) for entry in by_number]).hex()
    altered = root != pool["root"]
    report.check("the entries match the pool's root",
                 ["an entry was changed, added or removed, or the root is not theirs"] * altered, root)  # fmt: skip
    totals = f"{pool['entries']} entries, {pool['tickets']} tickets"
    report.check("entries and tickets add up", total_problems(result), totals)
    report.check(
        "the randomness is of the promised beacon and round", beacon_problems(result), randomness["round"]
    )
    report.check(
        "the witnesses revealed what they had committed to", witness_problems(result), _turnout(randomness)
    )
    report.check("the value is that of the witnesses", value_problems(result))
    report.check("the seed follows", seed_problems(result), result["seed"])
    if known:
        order = ordered(result)
        report.check("every rank follows from the seed", rank_problems(order))
        report.check(
            "every result follows from ranks, lists, seats", allocation_problems(result["rules"], order)
        )
    return report


def _turnout(randomness: Json) -> str:
    names = [witness["name"] for witness in randomness["witnesses"] if witness["revealed"] is None]
    all_of_them = len(randomness["witnesses"])
    struck = f", struck: {', '.join(names)}" if names else ""
    return f"{all_of_them - len(names)} of {all_of_them}{struck}"


def examine(given: argparse.Namespace) -> Report:
    """All checks that the command line asks for."""
    result = read(given.result)
    report = verify(result)
    if not report.readable:
        return report
    if given.commitment:
        problems = commitment_problems(result, read(given.commitment))
        report.check("the result keeps what was published before the draw", problems)
    if given.receipt:
        problems = receipt_problems(result, read(given.receipt))
        report.check("the receipt's entry took part, unchanged", problems)
    if given.number:
        wrong, outcome = own_entry(result, given.number, given.secret)
        report.check(f"entry {given.number} is yours", wrong, outcome)
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(description="Check the published result of a lottery.")
    parser.add_argument("result", help="the result's JSON file")
    parser.add_argument("--commitment", help="the JSON file that was published before the draw")
    parser.add_argument("--receipt", help="the receipt (JSON) that an applicant was given")
    parser.add_argument("--number", help="a lottery number …")
    parser.add_argument("--secret", help="… and the secret that belongs to it")
    given = parser.parse_args(arguments)
    if (given.number is None) != (given.secret is None):
        parser.error("--number and --secret belong together")
    try:
        report = examine(given)
    except Unreadable as error:
        report = Report()
        report.check("the files can be read", [str(error)])
    sys.stdout.buffer.write(report.text().encode(sys.stdout.encoding or "utf-8", "replace") + b"\n")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
