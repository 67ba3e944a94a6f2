"""One page of a form in two windows, or on two devices: each question is taken by itself, and nothing gives way unseen.

A page says what it showed when it was made (`Shown`). What comes from it is held against that and against what stands
in the draft by then: what only one side changed counts; where both changed a question, the newest counts and the other
is put beside it, until a page that shows both is sent.
"""

import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from secrets import token_urlsafe
from typing import Final

from applications.vault import DraftDocument
from core.context import Context
from forms import apart, prefill
from forms import page as form_page
from forms.page import PageResult
from forms.types import Raw, type_of
from procedures.definition import Page
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition

Inputs = dict[str, list[str]]
Signs = dict[str, str]
"""By part of a question, what says nothing of an answer but whether it is the same as another."""
MOST_VISITS: Final = 8
"""Pages that are known to have sent something; of an older one it is only known what it showed when it was made."""
MOST_PARTS: Final = 8
"""A question of more inputs, such as a ranking, is taken as one."""
_LENGTH: Final = 6
_FOUND: Final = "-found"
"""How the input ends that says what a look-up found: it is shown and never sent."""
_WRITTEN: Final = re.compile(rf"([\w-]{{8}})\.((?:[\w-]{{{_LENGTH}}})*)")


class Outcome(Enum):
    """What counts of a question from now on."""

    CAME = "came"
    STANDS = "stands"
    TOGETHER = "together"
    """What stands fills parts that the page left empty; of the others what came counts."""
    BOTH = "both"
    """What came counts, and what stands is put beside it."""


def decide(
    stands: Signs,
    came: Signs,
    shown: Mapping[str, Container[str]],
    blank: Container[str] = (),
    open: bool = False,
) -> Outcome:
    """What counts of a question, by its parts, where a page that showed one of `shown` sends `came`.

    Nothing came in the parts `blank`. `open`: the page shows what waits beside what stands, so a person has to choose.
    """
    differ = [part for part in came if came[part] != stands[part]]
    here = {part for part in differ if came[part] not in shown[part]}
    there = {part for part in differ if stands[part] not in shown[part]}
    if not there:
        return Outcome.CAME
    if open:
        return Outcome.BOTH
    if not here:
        return Outcome.STANDS
    complete = here.isdisjoint(there) and all(part in blank for part in there)
    return Outcome.TOGETHER if complete else Outcome.BOTH


@dataclass(frozen=True)
class Shown:
    """What a page showed when it was made: signs of answers, which say nothing but whether two are the same."""

    visit: str
    """Which time a page was made, also while its fields are refreshed."""
    signs: frozenset[str]

    @classmethod
    def read(cls, written: str) -> "Shown | None":
        """From the page's hidden input; none where no page wrote it."""
        found = _WRITTEN.fullmatch(written)
        return cls(found[1], frozenset(_each(found[2]))) if found else None


@dataclass(frozen=True)
class Arrival:
    """What came from a page, held against what stood."""

    raw: Raw
    """What counts from now on."""
    sent: Raw
    """What the page itself shows: what came, and what it does not ask."""
    displaced: Mapping[str, Inputs]
    """What gave way, by field."""
    told: frozenset[str] = frozenset()
    """The parts of which the page knows by now what counts."""


@dataclass(frozen=True)
class Window:
    """A page of a draft, which may be open in several windows."""

    document: DraftDocument
    page: Page
    sign: Callable[[str], str]

    @property
    def stands(self) -> Raw:
        """What its inputs hold: what was typed, else the answers, else what was filled in for them."""
        document = self.document
        if typed := document.raw.get(self.page.id):
            return typed
        filled = document.prefill.get("values")
        answers = prefill.on_page(self.page, filled, document.answers) if filled else document.answers
        return form_page.inputs(self.page, answers)

    def signs(self, raw: Raw, like: Raw | None = None) -> dict[str, Signs]:
        """By question and part, a sign for what it holds; also for the parts that `like` has beyond.

        Numbers that are kept apart count by the digits that may be shown.
        """
        if apart.is_asked(self.page.fields):
            raw = apart.without_ids(self.page, raw)
        held, beyond = _by_field(self.page, raw), _by_field(self.page, like or {})
        return {
            field.id: {
                part: self.sign(json.dumps([part, _plain(inputs)]))
                for part, inputs in _parts(field, held[field.id], beyond[field.id]).items()
            }
            for field in self.page.fields
            if field.id in held
        }

    def written(self) -> str:
        """What a page that is made now says of what it shows: see `Shown`."""
        questions = (*self.signs(self.stands).values(), *self._waiting().values())
        return f"{token_urlsafe(6)}.{''.join(sign for parts in questions for sign in parts.values())}"

    @property
    def beside(self) -> dict[str, Inputs]:
        """What was entered in another window and gave way, by field, where it is not what stands there anyway."""
        waiting = self._waiting()
        if not waiting:
            return {}
        stands = self.signs(self.stands, _joined(self.document.beside[id] for id in waiting))
        return {id: self.document.beside[id] for id, signs in waiting.items() if signs != stands[id]}

    def unseen(self, shown: Shown | None) -> bool:
        """Whether something was put beside an answer since the page was made."""
        seen = shown.signs if shown else frozenset()
        waiting = self._waiting()
        return any(not seen.issuperset(waiting[id].values()) for id in self.beside)

    def meet(self, came: Raw, shown: Shown | None, read: Callable[[Raw], PageResult]) -> Arrival:
        """What counts of `came`, from a page that showed `shown`. `read` is asked where one answer hides another."""
        if shown is None:
            return Arrival(came, came, {})
        stood, typed = _by_field(self.page, self.stands), _by_field(self.page, came)
        silent = {id for id in typed if not typed[id] and stood[id]}  # an empty box sends nothing as well
        unasked = silent - read(came).visible if silent else silent
        typed |= {id: stood[id] for id in unasked}
        sent = _joined(typed.values())
        before, now = self.signs(self.stands, sent), self.signs(sent, self.stands)
        nothing, waiting, knows = self.signs({}, {**self.stands, **sent}), self._waiting(), self._knows(shown)
        outcomes: dict[str, Outcome] = {}
        for id in typed:
            blank = {part for part, sign in now[id].items() if sign == nothing[id][part]}
            known = {part: knows.get(part, shown.signs) for part in now[id]}
            outcomes[id] = decide(before[id], now[id], known, blank, waiting.get(id) == now[id])
        here = {
            id
            for id, parts in now.items()
            if id not in unasked
            and any(sign not in knows.get(part, shown.signs) for part, sign in parts.items())
        }
        raw = _joined(_counts(outcomes[id], stood[id], typed[id]) for id in typed)
        kept = {id for id, one in outcomes.items() if one is Outcome.STANDS}
        if kept and here & read(sent).visible - read(raw).visible:
            # What another window answered would hide what was typed in this one: that is for a person to judge.
            outcomes |= dict.fromkeys(kept, Outcome.BOTH)
            raw = sent
        told = {
            part
            for id, one in outcomes.items()
            if one is not Outcome.STANDS and id not in unasked
            for part, sign in now[id].items()
            if one is not Outcome.TOGETHER or sign != nothing[id][part]
        }
        displaced = {id: stood[id] for id, one in outcomes.items() if one is Outcome.BOTH}
        if displaced:
            alike = _alike(read(raw).answers, read(self.stands).answers)
            displaced = {id: inputs for id, inputs in displaced.items() if id not in alike}
        return Arrival(raw, sent, displaced, frozenset(told))

    def put_beside(self, arrival: Arrival) -> None:
        """Keep what gives way, before the draft takes what came."""
        self.document.beside.update(arrival.displaced)

    def remember(self, arrival: Arrival, shown: Shown | None) -> None:
        """Note what the page has sent, once the draft has taken it."""
        beside = self.beside
        for field in self.page.fields:
            if field.id not in beside:
                self.document.beside.pop(field.id, None)
        if shown is None:
            return
        known = self.document.visits.pop(shown.visit, {})
        sent, stands = (
            _flat(self.signs(arrival.sent, self.stands)),
            _flat(self.signs(self.stands, arrival.sent)),
        )
        for part in arrival.told:
            if part in known or sent[part] not in shown.signs or stands[part] != sent[part]:
                known[part] = sent[part] if stands[part] == sent[part] else sent[part] + stands[part]
        self.document.visits[shown.visit] = known
        for visit in list(self.document.visits)[:-MOST_VISITS]:
            del self.document.visits[visit]

    def settle(self) -> None:
        """A page that showed everything was sent: what stands beside its answers is not wanted."""
        for field in self.page.fields:
            self.document.beside.pop(field.id, None)

    def _waiting(self) -> dict[str, Signs]:
        """Signs of what waits beside the answers of the page."""
        ids = {field.id for field in self.page.fields}
        waiting = {id: inputs for id, inputs in self.document.beside.items() if id in ids}
        if not waiting:
            return {}
        signs = self.signs(_joined(waiting.values()), self.stands)
        return {id: signs[id] for id in waiting}

    def _knows(self, shown: Shown) -> dict[str, list[str]]:
        """What the page has sent last, by part, as it was typed and as it was taken."""
        return {part: _each(signs) for part, signs in self.document.visits.get(shown.visit, {}).items()}


def signer(ctx: Context, draft_id: str) -> Callable[[str], str]:
    """What makes signs for the pages of a draft: keyed, so that nobody finds an answer by trying all."""
    key = ctx.keyring.derive("page-shown")
    return lambda text: urlsafe_b64encode(hmac.digest(key, f"{draft_id}:{text}".encode(), "sha256"))[
        :_LENGTH
    ].decode()


def _alike(one: Mapping[str, Json], other: Mapping[str, Json]) -> set[str]:
    """The fields that both answer, in the same way."""
    return {id for id, answer in one.items() if answer is not None and answer == other.get(id)}


def _by_field(page: Page, raw: Raw) -> dict[str, Inputs]:
    found: dict[str, Inputs] = {field.id: {} for field in page.fields if type_of(field).asks}
    for name, values in raw.items():
        inputs = found.get(name.partition("-")[0])
        if inputs is not None:
            inputs[name] = list(values)
    return found


def _parts(field: FieldDefinition, held: Inputs, beyond: Inputs) -> dict[str, Inputs]:
    """The inputs of a question by what may be changed in one window and left in another: rows and files may not."""
    kind = type_of(field)
    if field.subfields() or kind.takes_files or kind.apart or len(kind.parts) > MOST_PARTS:
        return {field.id: held}
    names = [f"{field.id}-{part}" if part else field.id for part in kind.parts]
    found = [name for name in {**held, **beyond} if not name.endswith(_FOUND)]
    return {name: {name: held.get(name, [])} for name in dict.fromkeys((*names, *found))}


def _counts(outcome: Outcome, stood: Inputs, typed: Inputs) -> Inputs:
    """The inputs of a question from now on."""
    if outcome is Outcome.TOGETHER:
        return {**stood, **{name: values for name, values in typed.items() if any(map(str.strip, values))}}
    return stood if outcome is Outcome.STANDS else typed


def _flat(signs: Mapping[str, Signs]) -> dict[str, str]:
    return {part: sign for parts in signs.values() for part, sign in parts.items()}


def _plain(inputs: Inputs) -> list[tuple[str, list[str]]]:
    """As a browser sends it back where nobody changed anything."""
    return sorted(
        (name, texts)
        for name, values in inputs.items()
        if (texts := [value.replace("\r\n", "\n").strip() for value in values if value.strip()])
        and not name.endswith(_FOUND)
    )


def _joined(parts: Iterable[Inputs]) -> Inputs:
    return {name: values for part in parts for name, values in part.items()}


def _each(signs: str) -> list[str]:
    return [signs[at : at + _LENGTH] for at in range(0, len(signs), _LENGTH)]
