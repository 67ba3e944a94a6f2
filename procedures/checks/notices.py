"""To whom a procedure makes itself known: residents, not everybody, and not every day."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from core.told import tell
from procedures import calendar
from procedures.checks.subject import Found, Subject
from procedures.facts import ALWAYS

LEAST_DAYS: Final = 28


def audience(subject: Subject) -> Iterator[Found]:
    """Accounts are residents'."""
    procedure = subject.procedure
    if procedure.notify and "resident" not in procedure.find_by.audience:
        text = tell("these mails go to residents, and the procedure is not for them")
        hint = tell("delete it, or write `for: [resident]`")
        yield Found(("notify",), "notify-audience", text, hint, on_key=True)


def rule(subject: Subject) -> Iterator[Found]:
    """The rule asks for something that is not true of everybody."""
    notify = subject.procedure.notify
    if notify and not notify.likely.names - ALWAYS:
        text = tell("this says nothing about a person, so everybody would get the mail")
        yield Found(("notify", "likely"), "notify-everybody", text, tell("ask for age, city or household"))


def pace(subject: Subject) -> Iterator[Found]:
    """Nobody is written to about the same every week."""
    notify, day = subject.procedure.notify, date(2026, 1, 1)
    if notify and (calendar.add(day, notify.again) - day).days < LEAST_DAYS:
        text = tell("nobody gets a mail about the same procedure so often")
        yield Found(("notify", "again"), "notify-again", text, tell("write `again: 4 weeks` or more"))


CHECKS = (audience, rule, pace)
