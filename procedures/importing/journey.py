"""Pages that lead to each other, as a row of pages with conditions.

A page is asked exactly where a branch was taken that leads to it: for every page the branches are found that decide
about it (its control dependences), so that pages behind a join have no condition again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procedures.importing.conditions import ALWAYS, Condition, bounded, every, none_of, some

END = ""
"""Where every way ends."""


@dataclass(frozen=True)
class Way:
    """A link from a page to the next one; without `when` it is taken where no other is."""

    to: str
    when: Condition | None = None


@dataclass(frozen=True)
class Journey:
    """The pages in an order in which each comes after those that lead to it, with their conditions."""

    order: tuple[str, ...]
    conditions: Mapping[str, Condition]
    unreached: tuple[str, ...]
    backward: tuple[tuple[str, str], ...]
    """Links that led back to a page before, which were cut."""


def journey(start: str, ways: Mapping[str, Sequence[Way]]) -> Journey:
    """The journey from `start` through `ways`; pages without ways end it."""
    order, backward = _order(start, ways)
    cut = set(backward)
    taken = {page: _exclusive([way for way in ways[page] if (page, way.to) not in cut]) for page in order}
    after = _after(order, taken)
    conditions: dict[str, Condition] = {}
    for place, page in enumerate(order):
        deciding = [
            bounded(every([conditions[origin], when]))
            for origin in order[:place]
            for to, when in taken[origin]
            if page not in after[origin] and page in after[to]
        ]
        conditions[page] = bounded(some(deciding)) if page not in after[start] else ALWAYS
    unreached = tuple(page for page in ways if page not in conditions)
    return Journey(tuple(order), conditions, unreached, tuple(backward))


def _order(start: str, ways: Mapping[str, Sequence[Way]]) -> tuple[list[str], list[tuple[str, str]]]:
    """Depth first from the start, the last link first, so that branches come before what follows their join."""
    done: list[str] = []
    state: dict[str, str] = {}
    backward: list[tuple[str, str]] = []
    stack: list[tuple[str, list[str]]] = [(start, _targets(start, ways))]
    state[start] = "open"
    while stack:
        page, waiting = stack[-1]
        if not waiting:
            stack.pop()
            state[page] = "done"
            done.append(page)
            continue
        following = waiting.pop(0)
        if state.get(following) == "open":
            backward.append((page, following))
        elif following not in state:
            state[following] = "open"
            stack.append((following, _targets(following, ways)))
    return done[::-1], backward


def _targets(page: str, ways: Mapping[str, Sequence[Way]]) -> list[str]:
    """The pages that `page` leads to, those last in the file first: the others then come before them."""
    places = {name: place for place, name in enumerate(ways)}
    found = dict.fromkeys(way.to for way in ways[page] if way.to in ways)
    return sorted(found, key=lambda name: -places[name])


def _exclusive(ways: Sequence[Way]) -> list[tuple[str, Condition]]:
    """Each way with the whole condition on which it is taken: the first that holds, else the last without one."""
    found: list[tuple[str, Condition]] = []
    before: list[Condition] = []
    default = END
    for way in ways:
        if way.when is None:
            default = way.to
            continue
        found.append((way.to, bounded(every([way.when, *map(none_of, before)]))))
        before.append(way.when)
    return [*found, (default, bounded(every(map(none_of, before))))]


def _after(order: Sequence[str], taken: Mapping[str, Sequence[tuple[str, Condition]]]) -> dict[str, set[str]]:
    """For each page those that are asked on every way from it, itself included (its post-dominators)."""
    after: dict[str, set[str]] = {END: {END}}
    for page in reversed(order):
        following = [after.get(to, {END}) for to, _ in taken[page]]
        after[page] = {page} | set.intersection(*following)
    return after
