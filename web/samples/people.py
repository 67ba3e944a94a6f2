"""Invented applicants: the examples of a procedure's own file with other names, addresses and figures."""

import io
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from applications.journey import ATTACHMENTS, Journey
from applications.vault import DraftDocument
from forms import page as pages
from forms.types import Reading
from procedures.definition import FieldDefinition, Procedure
from procedures.definition.base import Json
from procedures.examples import answers_on

FAMILIES = (("見本", "ミホン", "mihon"), ("例示", "レイジ", "reiji"), ("仮名", "カメイ", "kamei"),
            ("架空", "カクウ", "kakuu"), ("試作", "シサク", "shisaku"), ("模擬", "モギ", "mogi"))  # fmt: skip
GIVENS = (("太郎", "タロウ", "taro"), ("花子", "ハナコ", "hanako"), ("一", "ハジメ", "hajime"),
          ("桜", "サクラ", "sakura"), ("翔", "ショウ", "sho"), ("美咲", "ミサキ", "misaki"),
          ("健", "ケン", "ken"), ("葵", "アオイ", "aoi"), ("誠", "マコト", "makoto"), ("結衣", "ユイ", "yui"),
          ("蓮", "レン", "ren"), ("千代", "チヨ", "chiyo"))  # fmt: skip
TOWNS = ("見本町", "例示町", "仮名町", "架空台", "試作通り")
LANGUAGES = ("ja",) * 14 + ("ja-simple",) * 2 + ("en", "en", "zh-Hans", "ko")
_TRIES = 6


@dataclass(frozen=True)
class Applicant:
    """Who fills in a form, told apart by a running number."""

    number: int
    family: tuple[str, str, str]
    given: tuple[str, str, str]
    language: str

    @property
    def email(self) -> str:
        """An address that reaches nobody."""
        return f"{self.given[2]}.{self.family[2]}.{self.number}@example.invalid"

    @property
    def phone(self) -> str:
        """A mobile number as the form stores it."""
        return f"+81901{self.number % 1000:03d}{(self.number * 7919) % 10_000:04d}"


def applicant(random: Random, number: int) -> Applicant:
    """The applicant with this number."""
    return Applicant(number, random.choice(FAMILIES), random.choice(GIVENS), random.choice(LANGUAGES))


def filled(random: Random, procedure: Procedure, who: Applicant, today: date) -> DraftDocument:
    """A form that is right and complete but for its files. Raises `LookupError` where the file has no example."""
    examples = [one for one in procedure.examples if one.expect.eligible and len(one.answers) > 5]
    if not examples:
        raise LookupError(f"{procedure.procedure} has no example of somebody who may apply")
    example = random.choice(examples)
    for base in (answers_on(procedure, example, today), example.answers):  # a round has days of its own
        for boldness in (0.6,) * _TRIES + (0.0,):
            document = _document(procedure, _varied(random, procedure, base, who, boldness), today)
            if _is_right(Journey(procedure, document, today)):
                return document
    raise LookupError(f"the examples of {procedure.procedure} are not right on {today}")


def _document(procedure: Procedure, answers: dict[str, Json], today: date) -> DraftDocument:
    document = DraftDocument(answers=answers, declared=[one.id for one in procedure.declarations])
    document.done = [page.id for page in Journey(procedure, document, today).pages] + [ATTACHMENTS]
    return document


def _is_right(journey: Journey) -> bool:
    answers = journey.document.answers
    return not journey.unmet and not any(
        pages.read(page, pages.inputs(page, answers), answers, Reading(journey.today, journey.values)).errors
        for page in journey.pages
    )


def _varied(
    random: Random, procedure: Procedure, base: Mapping[str, Json], who: Applicant, boldness: float
) -> dict[str, Json]:
    asked_first = {field.id for page in procedure.pages if page.eligibility for field in page.fields}
    answers = deepcopy(dict(base))
    for field in procedure.fields():
        if field.id in answers:
            bold = boldness if field.id not in asked_first or field.subfields() else 0.0
            answers[field.id] = _other(random, field, answers[field.id], who, bold)
    return answers


def _other(random: Random, field: FieldDefinition, stored: Json, who: Applicant, boldness: float) -> Json:
    """Another answer of the same kind; who somebody is always changes, what they want only now and then."""
    if field.subfields():
        subfields = {one.id: one for one in field.subfields()}
        return [
            {key: _other(random, subfields[key], value, who, boldness) for key, value in row.items()}
            for row in stored
        ]
    personal: Mapping[str, Json] = {
        "email": who.email,
        "phone": who.phone,
    }
    if field.type in personal:
        return personal[field.type]
    if field.type == "person_name":
        name = _name(random, who, own=getattr(field, "own", True))
        return {part: name.get(part, text) for part, text in stored.items()}
    if field.type == "address":
        place = f"{random.choice(TOWNS)}{who.number % 9 + 1}-{who.number}-{random.randint(1, 20)}"
        return {**stored, "street": place}
    return _bolder(random, field, stored) if random.random() < boldness else stored


def _name(random: Random, who: Applicant, own: bool) -> dict[str, str]:
    given = who.given if own else random.choice(GIVENS)
    return {
        "family": who.family[0],
        "given": given[0],
        "family_kana": who.family[1],
        "given_kana": given[1],
        "family_roman": who.family[2].title(),
        "given_roman": given[2].title(),
    }


def _bolder(random: Random, field: FieldDefinition, stored: Json) -> Json:
    declared: Any = field
    match field.type:
        case "choice":
            return random.choice([option.value for option in declared.options])
        case "number":
            number = Decimal(stored)
            spread = Decimal(random.choice([1, 1, 2, 3])) if number == number.to_integral_value() else 1
            return str(number * spread)
        case "money":
            return int(stored * random.choice([0.6, 0.8, 0.9, 1]) // 1000 * 1000)
        case "date":
            return (date.fromisoformat(stored) + timedelta(days=random.randint(0, 60))).isoformat()
        case "yes_no":
            return random.random() < 0.5
        case "slot":
            days = [date.fromisoformat(stored["date"]) + timedelta(days=number) for number in range(28)]
            day = random.choice([day for day in days if declared.open_on(day)])
            return {"date": day.isoformat(), "time": random.choice(declared.times)}
    return stored


def picture(random: Random, label: str) -> bytes:
    """A drawing as somebody might hand it in: a PNG with a frame, a shape and the word SAMPLE."""
    image = Image.new("RGB", (480, 340), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((12, 12, 467, 327), outline="black", width=3)
    left, top = random.randint(40, 180), random.randint(60, 140)
    colour = random.choice(["#1a3ee8", "#197a4b", "#b78f00", "#ce0000"])
    pen.rectangle((left, top, left + random.randint(90, 240), top + random.randint(60, 150)), fill=colour)
    pen.text((24, 24), f"SAMPLE {label}", fill="black")
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
