"""A bank account in Japan, to which money is paid; also by the symbol and number of the Japan Post Bank (ゆうちょ)."""

import unicodedata
from typing import Any, Final, Literal

import jaconv
import regex

from core.errors import Message, message
from forms.inputs import digits, first, fold, longer_than
from forms.readings import is_latin
from forms.types import EMPTY, Action, FieldError, FieldType, Line, Parsed, Raw, Reading
from procedures.definition.base import Json
from procedures.definition.fields import FieldDefinition
from procedures.expressions import TEXT, UNANSWERED, Choice, Row, Type, Value

KINDS: Final = {
    "ordinary": message("Ordinary account"),
    "current": message("Current account"),
    "savings": message("Savings account"),
}
JAPAN_POST_BANK: Final = "9900"
_DIGITS: Final = {"bank": 4, "branch": 3, "number": 7}
_WRONG: Final = {
    "bank": message("Enter the four digits of the bank code, such as 0001."),
    "branch": message("Enter the three digits of the branch code, such as 001."),
    "kind": message("Choose the kind of account."),
    "number": message("Enter the account number in up to seven digits."),
    "holder": message(
        "Enter the account holder as in the passbook: in katakana, such as ミホン タロウ, or in Latin letters."
    ),
}
_POST: Final = message("Enter the symbol and the number as in the passbook, such as 10530 and 12345671.")
_SHORTER: Final = message("Shorten the name to %(limit)s characters.", limit=60)
_HOLDER: Final = regex.compile(r"[ア-ヴー0-9A-Z ().\-/&,]+")
_LARGE: Final = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")


class BankAccountField(FieldDefinition):
    """An account: codes of bank and branch, kind, number of seven digits, holder in katakana as banks write it."""

    type: Literal["bank_account"] = "bank_account"

    def expression_type(self) -> Type:
        texts = dict.fromkeys(("bank", "branch", "number", "holder"), TEXT)
        return Row({**texts, "kind": Choice(tuple(KINDS))})

    def expression_value(self, stored: Json) -> Value:
        return UNANSWERED if stored is None else dict(stored)


class BankAccountType(FieldType[BankAccountField]):
    """A bank account."""

    name = "bank_account"
    definition = BankAccountField
    label = message("Bank account")
    parts = ("bank", "branch", "kind", "number", "holder", "symbol", "post_number")

    def parse(self, field: BankAccountField, raw: Raw, name: str, reading: Reading) -> Parsed:
        raw, errors = self._converted(raw, name)
        if errors:
            return Parsed(None, errors)
        typed = {part: first(raw, f"{name}-{part}") for part in _WRONG}
        if not field.required and not any(typed.values()):
            return EMPTY
        value = {part: _folded(part, text) for part, text in typed.items()}
        errors = tuple(
            FieldError(f"{name}-{part}", why) for part, text in value.items() if (why := _wrong(part, text))
        )
        return Parsed(None, errors) if errors else Parsed(value)

    def raw(self, field: BankAccountField, stored: Json, name: str) -> dict[str, list[str]]:
        return {f"{name}-{part}": [(stored or {}).get(part, "")] for part in self.parts}

    def lines(self, field: BankAccountField, stored: Json, language: str) -> list[Line]:
        codes = message("Bank %(bank)s, branch %(branch)s", bank=stored["bank"], branch=stored["branch"])
        return [codes, KINDS[stored["kind"]], stored["number"], stored["holder"]]

    def content(self, *_: Any) -> Any:
        return KINDS

    def act(
        self, field: BankAccountField, action: Action, raw: Raw, name: str
    ) -> tuple[Raw, tuple[FieldError, ...]]:
        """``convert``: fill in branch, kind and number from the symbol and number of the Japan Post Bank."""
        if action.verb != "convert" or action.target != name:
            return raw, ()
        if not any(_post_inputs(raw, name)):
            return raw, (FieldError(f"{name}-symbol", _POST),)
        return self._converted(raw, name)

    def _converted(self, raw: Raw, name: str) -> tuple[Raw, tuple[FieldError, ...]]:
        """The inputs with what symbol and number stand for in place of both, so that it is done without the button."""
        symbol, number = _post_inputs(raw, name)
        if not symbol and not number:
            return raw, ()
        found = converted(symbol, number)
        if found is None:
            return raw, (FieldError(f"{name}-symbol", _POST),)
        parts = {**found, "symbol": "", "post_number": ""}
        return {**raw, **{f"{name}-{part}": [text] for part, text in parts.items()}}, ()


def converted(symbol: str, number: str) -> dict[str, str] | None:
    """What other banks call the Japan Post Bank's account of `symbol` and `number`; None where there is none such.

    The rule it publishes: symbols that begin with 1 are ordinary accounts of the branch "digits 2 and 3, then 8", whose
    number leaves out the last digit, always 1; those with 0 are current accounts of the branch with 9.
    """
    typed = symbol + number
    if not (typed.isascii() and typed.isdecimal()) or len(symbol) != 5 or not symbol.endswith("0"):
        return None
    if symbol[0] == "1" and 2 <= len(number) <= 8 and number[-1] == "1":
        branch, kind, account = symbol[1:3] + "8", "ordinary", number[:-1]
    elif symbol[0] == "0" and 1 <= len(number) <= 6:
        branch, kind, account = symbol[1:3] + "9", "current", number
    else:
        return None
    return {"bank": JAPAN_POST_BANK, "branch": branch, "kind": kind, "number": account.zfill(7)}


def _post_inputs(raw: Raw, name: str) -> tuple[str, str]:
    return digits(first(raw, f"{name}-symbol"))[:20], digits(first(raw, f"{name}-post_number"))[:20]


def _folded(part: str, text: str) -> str:
    if part == "holder":
        return _as_banks_write(text)
    if part == "kind":
        return text
    text = digits(text)
    return text.zfill(7) if part == "number" and text else text


def _as_banks_write(text: str) -> str:
    """Katakana without small letters; Latin letters in capitals without accents, digits and signs in half width."""
    if is_latin(text):
        text = "".join(
            sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
        )
    kana = str(jaconv.hira2kata(jaconv.h2z(text))).translate(_LARGE).replace("・", ".")
    return "".join(sign if sign == "ー" else fold(sign) or " " for sign in kana).upper()


def _wrong(part: str, text: str) -> Message | None:
    if part in _DIGITS:
        sound = text.isascii() and text.isdigit() and len(text) == _DIGITS[part]
    elif part == "kind":
        sound = text in KINDS
    else:
        if longer_than(text, 60):
            return _SHORTER
        sound = _HOLDER.fullmatch(text) is not None
    return None if sound else _WRONG[part]


PLUGIN = BankAccountType()
