"""Limits of Form.io's components, and their texts."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from core.told import tell
from procedures.importing.common import limit_number, limit_pattern, limit_text
from procedures.importing.model import Form, Question, Words
from procedures.importing.values import is_true, mapping, plain, text, whole, words


def said(component: Mapping[str, Any], key: str) -> Words | None:
    """A text with its translations, where Open Forms keeps them beside the component."""
    own = words(component.get(key))
    known = mapping(mapping(component.get("openForms")).get("translations"))
    translated = {str(tag): plain(text(mapping(each).get(key))) for tag, each in known.items()}
    found = {tag: each for tag, each in translated.items() if each}
    return {**(own or {}), **found} or None


def _text_limits(form: Form, question: Question, component: Mapping[str, Any]) -> None:
    validate = mapping(component.get("validate"))
    limit_text(form, question, validate.get("minLength"), validate.get("maxLength"))
    limit_pattern(form, question, validate.get("pattern"))
    if text(component.get("inputMask")):
        form.left_out(
            question.path,
            tell("the mask %(component)s", component=text(component.get("inputMask"))[:40]),
            tell("say in `help` how it is written"),
        )


def _number_limits(_form: Form, question: Question, component: Mapping[str, Any]) -> None:
    validate = mapping(component.get("validate"))
    decimals = whole(component.get("decimalLimit"), 0, 6)
    if is_true(validate.get("integer")):
        decimals = 0
    if text(component.get("type")) == "currency" and decimals is None:
        decimals = 2
    limit_number(question, validate.get("min"), validate.get("max"), decimals)
    unit = said(component, "suffix") or said(component, "currency")
    if unit:
        question.options["unit"] = unit


def _money_limits(_form: Form, question: Question, component: Mapping[str, Any]) -> None:
    validate = mapping(component.get("validate"))
    low, high = whole(validate.get("min"), 0, 10**15), whole(validate.get("max"), 0, 10**15)
    if low is not None:
        question.options["min"] = low
    if high is not None and high >= (low or 0):
        question.options["max"] = high


def _date_limits(form: Form, question: Question, component: Mapping[str, Any]) -> None:
    picker, own = mapping(component.get("datePicker")), mapping(component.get("openForms"))
    for key, limit in (("minDate", "min"), ("maxDate", "max")):
        rule = mapping(own.get(key))
        mode, today = text(rule.get("mode")), rule.get("includeToday") is True
        fixed = re.match(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", text(picker.get(key)), re.ASCII)
        if (mode, limit) in (("future", "min"), ("past", "max")) and today:
            question.options[limit] = "today"
        elif fixed is not None and mode in ("", "fixedValue"):
            question.options[limit] = fixed[0]
        elif mode or text(picker.get(key)):
            form.left_out(
                question.path,
                tell("the limit %(key)s", key=key),
                tell("write `%(limit)s` with a day or an expression", limit=limit),
            )
    low, high = question.options.get("min"), question.options.get("max")
    if low and high and "today" not in (low, high) and low > high:
        del question.options["max"]


def _choices_limits(_form: Form, question: Question, component: Mapping[str, Any]) -> None:
    validate = mapping(component.get("validate"))
    low, high = (
        whole(validate.get("minSelectedCount"), 1, 100),
        whole(validate.get("maxSelectedCount"), 1, 100),
    )
    if low is not None and (high is None or low <= high):
        question.options["min"] = low
    if high is not None:
        question.options["max"] = high


def no_limits(_form: Form, _question: Question, _component: Mapping[str, Any]) -> None:
    """Types without limits."""


LIMITS: Final[Mapping[str, Callable[[Form, Question, Mapping[str, Any]], None]]] = {
    "text": _text_limits,
    "long_text": _text_limits,
    "number": _number_limits,
    "money": _money_limits,
    "date": _date_limits,
    "datetime": _date_limits,
    "choices": _choices_limits,
}
