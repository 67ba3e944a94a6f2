"""Invented pools, and a whole published result drawn from one."""

import random
from typing import Any

from lotteries import draw

VALUES = [bytes([n]) * 32 for n in (7, 11, 13)]
NAMES = ["見本 一郎", "見本 二子", "見本 三太"]
SECRET = "SECRET{number}"


def secret_of(number: str) -> str:
    return SECRET.format(number=number)


def pool(size: int, units: dict[str, int], lists: int = 2, seed: int = 1) -> list[draw.Entry]:
    """`size` entries with weights 1, 5 and 7 and some preference lists."""
    chance = random.Random(seed)  # noqa: S311
    numbers = sorted(f"{n:08d}" for n in chance.sample(range(10**8), size))
    return [
        draw.Entry(
            number,
            chance.choice((1, 1, 1, 5, 7)),
            chance.choice(sorted(units)),
            draw.salt_of(secret_of(number), number),
            tuple(f"P{n}" for n in range(1, lists + 1) if chance.random() < 0.2),
        )
        for number in numbers
    ]


def result(size: int = 60, waiting: int = 4, withheld: int | None = None) -> dict[str, Any]:
    """A published result; the witness at place `withheld` did not reveal."""
    units = {"A-101": 3, "B-2 棟": 5}
    rules: dict[str, Any] = {
        "units": units,
        "lists": [{"id": "P1", "share": "1/2"}, {"id": "P2", "share": "1/4"}],
        "waiting": waiting,
        "witnesses": NAMES,
        "least_witnesses": 2,
        "unrevealed": "struck",
    }
    entries = pool(size, units)
    root = draw.Tree.over(draw.leaves(entries)).root
    witnesses = [
        {
            "name": name,
            "commitment": draw.value_of([value]).hex(),
            "revealed": None if place == withheld else value.hex(),
        }
        for place, (name, value) in enumerate(zip(NAMES, VALUES, strict=True))
    ]
    value = draw.value_of(v for place, v in enumerate(VALUES) if place != withheld)
    seed = draw.seed_of(draw.digest_of(rules), root, "2026-11-21", value)
    placings = draw.place(draw.Rules.of(rules), seed, entries)
    return {
        "format": draw.FORMAT,
        "draw": "public-housing-2026-11",
        "rules": rules,
        "rules_sha256": draw.digest_of(rules).hex(),
        "pool": {"root": root.hex(), "entries": size, "tickets": sum(e.weight for e in entries)},
        "commitment": {
            "published_at": "2026-11-20T03:00:00Z",
            "beacon": "witnesses",
            "round": "2026-11-21",
            "fallback": None,
            "timestamp": None,
        },
        "randomness": {
            "beacon": "witnesses",
            "round": "2026-11-21",
            "value": value.hex(),
            "witnesses": witnesses,
        },
        "seed": seed.hex(),
        "entries": [
            {**entry._asdict(), "lists": list(entry.lists), **placing._asdict()}
            for entry, placing in zip(entries, placings, strict=True)
        ],
    }
