"""How people find it: occasions and circumstances that the platform has a page and words for."""

from collections.abc import Iterable, Iterator

from core.told import tell
from procedures.checks.subject import Found, Subject
from procedures.expressions.checker import did_you_mean
from procedures.finding.occasions import CIRCUMSTANCES, LIFE_EVENTS


def occasions(subject: Subject) -> Iterator[Found]:
    """A warning for each that nobody will be led by."""
    find_by = subject.procedure.find_by
    yield from _unknown("life_events", tell("life event"), find_by.life_events, LIFE_EVENTS)
    yield from _unknown("circumstances", tell("circumstance"), find_by.circumstances, CIRCUMSTANCES)


def _unknown(key: str, what: str, named: Iterable[str], known: Iterable[str]) -> Iterator[Found]:
    names = list(known)
    for place, name in enumerate(named):
        if name not in names:
            hint = did_you_mean(name, names) or tell("known: %(names)s", names=", ".join(names))
            text = tell("no %(what)s '%(name)s': nobody is led to the procedure by it", what=what, name=name)
            yield Found(("find_by", key, place), "unknown-occasion", text, hint, severity="warning")


CHECKS = (occasions,)
