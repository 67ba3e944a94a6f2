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
from functools import cache
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
    complete = all(part in blank for part in there) and not any(part in blank for part in here)
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
        if self.page.id in document.raw:  # also where nothing came: boxes without ticks send nothing
            return document.raw[self.page.id]
        filled = document.prefill.get("values")
        answers = prefill.on_page(self.page, filled, document.answers) if filled else document.answers
        return form_page.inputs(self.page, answers)

    def signs(self, raw: Raw, like: Raw | None = None) -> dict[str, Signs]:
        """By question and part, a sign for what it holds; also for the parts that `like` has beyond."""
        held, beyond = _by_field(self.page, self._typed(raw)), _by_field(self.page, self._typed(like or {}))
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
        signs = (*_flat(self.signs(self.stands)).values(), *self._waiting().values())
        return f"{token_urlsafe(6)}.{''.join(signs)}"

    def beside(self, counts: Raw) -> dict[str, Inputs]:
        """What was entered in another window and gave way, by field, where it is not what `counts` anyway."""
        waiting = self._waiting()
        now = self._whole(counts) if waiting else {}
        return {id: self.document.beside[id] for id, sign in waiting.items() if now[id] != sign}

    def unseen(self, shown: Shown | None, counts: Raw) -> bool:
        """Whether something was put beside what `counts` since the page was made."""
        seen = shown.signs if shown else frozenset()
        waiting = self._waiting()
        return any(waiting[id] not in seen for id in self.beside(counts))

    def meet(self, came: Raw, shown: Shown | None, read: Callable[[Raw], PageResult]) -> Arrival:
        """What counts of `came`, from a page that showed `shown`. `read` is asked where one answer hides another."""
        if shown is None:
            return Arrival(came, came, {})
        stood, typed = _by_field(self.page, self.stands), _by_field(self.page, came)
        silent = {id for id in typed if not typed[id] and stood[id]}  # an empty box sends nothing as well
        unasked = silent - read(came).visible if silent else silent
        typed |= {id: stood[id] for id in unasked}
        sent = _joined(typed.values())
        outcomes = self._outcomes(sent, shown)
        raw = _joined(_counts(outcomes[id], stood[id], typed[id]) for id in typed)
        left = {id for id, one in outcomes.items() if one in (Outcome.STANDS, Outcome.TOGETHER)}
        if left and (self._changed(sent, shown) - unasked) & read(sent).visible - read(raw).visible:
            # What another window answered would hide what was typed in this one: that is for a person to judge.
            outcomes, raw = outcomes | dict.fromkeys(left, Outcome.BOTH), sent
        displaced = {id: stood[id] for id, one in outcomes.items() if one is Outcome.BOTH}
        if displaced:
            now, before = read(raw), read(self.stands)
            wanted = now.visible - _alike(now.answers, before.answers)
            displaced = {id: inputs for id, inputs in displaced.items() if id in wanted}
        told = self._told(sent, {id: one for id, one in outcomes.items() if id not in unasked})
        return Arrival(raw, sent, displaced, told)

    def put_beside(self, arrival: Arrival) -> None:
        """Keep what gives way, before the draft takes what came."""
        self.document.beside.update(arrival.displaced)

    def remember(self, arrival: Arrival, shown: Shown | None) -> None:
        """Note what the page has sent, once the draft has taken it."""
        beside = self.beside(self.stands)
        for field in self.page.fields:
            if field.id not in beside:
                self.document.beside.pop(field.id, None)
        if shown is None:
            return
        known = self.document.visits.pop(shown.visit, {})
        sent = _flat(self.signs(arrival.sent, self.stands))
        stands = _flat(self.signs(self.stands, arrival.sent))
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

    def _outcomes(self, sent: Raw, shown: Shown) -> dict[str, Outcome]:
        """What counts of each question."""
        waiting, knows = self._waiting(), self._knows(shown)
        before = self.signs(self.stands, sent)
        if not waiting and all(sign in knows.get(part, shown.signs) for part, sign in _flat(before).items()):
            return dict.fromkeys(before, Outcome.CAME)  # as nearly always: nobody else was here
        now = self.signs(sent, self.stands)
        nothing, whole = _flat(self.signs({}, {**self.stands, **sent})), self._whole(sent)
        return {
            id: decide(
                before[id],
                parts,
                {part: knows.get(part, shown.signs) for part in parts},
                blank={part for part, sign in parts.items() if sign == nothing[part]},
                open=waiting.get(id) == whole[id],
            )
            for id, parts in now.items()
        }

    def _changed(self, sent: Raw, shown: Shown) -> set[str]:
        """The questions that were answered otherwise since the page was made or last heard of."""
        knows = self._knows(shown)
        return {
            id
            for id, parts in self.signs(sent).items()
            if any(sign not in knows.get(part, shown.signs) for part, sign in parts.items())
        }

    def _told(self, sent: Raw, outcomes: Mapping[str, Outcome]) -> frozenset[str]:
        """The parts of which the page knows by now what counts: not those that another window has filled."""
        together = Outcome.TOGETHER in outcomes.values()
        nothing = _flat(self.signs({}, {**self.stands, **sent})) if together else {}
        return frozenset(
            part
            for id, parts in self.signs(sent, self.stands).items()
            if outcomes.get(id, Outcome.STANDS) is not Outcome.STANDS
            for part, sign in parts.items()
            if outcomes[id] is not Outcome.TOGETHER or sign != nothing[part]
        )

    def _waiting(self) -> dict[str, str]:
        """Signs of what waits beside the answers of the page, by field."""
        ids = {field.id for field in self.page.fields}
        waiting = {id: inputs for id, inputs in self.document.beside.items() if id in ids}
        signs = self._whole(_joined(waiting.values())) if waiting else {}
        return {id: signs[id] for id in waiting}

    def _whole(self, raw: Raw) -> dict[str, str]:
        """A sign for each question as a whole."""
        held = _by_field(self.page, self._typed(raw))
        return {id: self.sign(json.dumps([id, "whole", _plain(inputs)])) for id, inputs in held.items()}

    def _typed(self, raw: Raw) -> Raw:
        """What signs are made of: what people type, and of numbers that are kept apart what may be shown."""
        aids = tuple(ending for field in self.page.fields for ending in form_page.aids(field))
        if aids:
            raw = {name: values for name, values in raw.items() if not name.endswith(aids)}
        return apart.without_ids(self.page, raw) if apart.is_asked(self.page.fields) else raw

    def _knows(self, shown: Shown) -> dict[str, list[str]]:
        """What the page has sent last, by part, as it was typed and as it was taken."""
        return {part: _each(signs) for part, signs in self.document.visits.get(shown.visit, {}).items()}


def signer(ctx: Context, draft_id: str) -> Callable[[str], str]:
    """What makes signs for the pages of a draft: keyed, so that nobody finds an answer by trying all."""
    key = ctx.keyring.derive("page-shown")

    @cache
    def sign(text: str) -> str:
        digest = hmac.digest(key, f"{draft_id}:{text}".encode(), "sha256")
        return urlsafe_b64encode(digest)[:_LENGTH].decode()

    return sign


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
    names = [field.id, *(f"{field.id}-{part}" for part in kind.parts if part)]
    return {name: {name: held.get(name, [])} for name in dict.fromkeys((*names, *held, *beyond))}


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
    )


def _joined(parts: Iterable[Inputs]) -> Inputs:
    return {name: values for part in parts for name, values in part.items()}


def _each(signs: str) -> list[str]:
    return [signs[at : at + _LENGTH] for at in range(0, len(signs), _LENGTH)]
