"""How people find it: occasions and circumstances that the platform has a page and words for."""

from collections.abc import Iterable, Iterator

from procedures.checks.subject import Found, Subject
from procedures.expressions.checker import did_you_mean
from procedures.finding.occasions import CIRCUMSTANCES, LIFE_EVENTS


def occasions(subject: Subject) -> Iterator[Found]:
    """A warning for each that nobody will be led by."""
    find_by = subject.procedure.find_by
    yield from _unknown("life_events", "life event", find_by.life_events, LIFE_EVENTS)
    yield from _unknown("circumstances", "circumstance", find_by.circumstances, CIRCUMSTANCES)


def _unknown(key: str, what: str, named: Iterable[str], known: Iterable[str]) -> Iterator[Found]:
    names = list(known)
    for place, name in enumerate(named):
        if name not in names:
            hint = did_you_mean(name, names) or f"known: {', '.join(names)}"
            text = f"no {what} '{name}': nobody is led to the procedure by it"
            yield Found(("find_by", key, place), "unknown-occasion", text, hint, severity="warning")


CHECKS = (occasions,)
