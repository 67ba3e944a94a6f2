"""What pydantic finds, as a sentence an author understands, for every kind of error that the models can give."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from core.told import NOTHING, Told, tell

WHOLE: Final = tell("a whole number is needed here")
NUMBER: Final = tell("a number is needed here")
TRUTH: Final = tell("yes or no is needed here")
KEYS: Final = tell("keys with values are needed here")
LIST: Final = tell("a list is needed here")
TEXT: Final = tell("a text is needed here")
DAY: Final = tell("a day that exists is needed here")
MOMENT: Final = tell("a day that exists, and a time, are needed here")

SIMPLE: Final[Mapping[str, Told]] = {
    "int_parsing": WHOLE,
    "int_type": WHOLE,
    "decimal_parsing": NUMBER,
    "decimal_type": NUMBER,
    "bool_parsing": TRUTH,
    "bool_type": TRUTH,
    "dict_type": KEYS,
    "model_type": KEYS,
    "tuple_type": LIST,
    "string_type": TEXT,
    "date_from_datetime_parsing": DAY,
    "datetime_from_date_parsing": MOMENT,
}
"""Errors that need nothing filled in."""
FILLED: Final[Mapping[str, Callable[[Mapping[str, Any]], Told]]] = {
    "greater_than_equal": lambda found: tell("at least %(limit)s is needed here", limit=found["ge"]),
    "less_than_equal": lambda found: tell("at most %(limit)s is possible here", limit=found["le"]),
    "too_short": lambda found: tell("at least %(count)s are needed here", count=found["min_length"]),
    "expression": lambda found: found["text"],
    "unknown_plugin": lambda found: found["text"],
    "value_error": lambda found: _own(found["error"]),
}
"""Errors with what is filled in, of pydantic's context."""
RARE: Final[Mapping[str, Told]] = {
    "missing": tell("a key is missing here"),
    "missing_type": tell("a field needs a `type`"),
    "not_a_field": tell("a field is written as {id: …, type: …}"),
    "extra_forbidden": tell("this key is not known here"),
    "literal_error": tell("this is not possible here"),
    "string_pattern_mismatch": tell("this is not written as it must be"),
    "int_from_float": WHOLE,
    "int_parsing_size": tell("this number is too large"),
    "finite_number": NUMBER,
    "decimal_max_digits": tell("this number is too large"),
    "mapping_type": KEYS,
    "model_attributes_type": KEYS,
    "list_type": LIST,
    "string_unicode": TEXT,
    "string_too_long": tell("this text is too long"),
    "string_too_short": tell("this text is too short"),
    "too_long": tell("this list is too long"),
    "is_instance_of": TEXT,
    "invalid_key": tell("a key is a plain word"),
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_inexact": tell("a day without a time is needed here"),
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "recursion_loop": tell("this is nested too deep"),
    "recursion_depth_exceeded": tell("this is nested too deep"),
}
"""Errors for which the problem has more precise words, or that YAML hardly leads to."""


def sentence(details: Mapping[str, Any]) -> Told:
    """What one of pydantic's errors says to an author."""
    kind = details["type"]
    if kind in FILLED:
        return FILLED[kind](details.get("ctx", {}))
    return SIMPLE.get(kind) or RARE.get(kind) or tell("%(english)s", english=details["msg"])


def _own(error: Exception) -> Told:
    """What our own models say."""
    text = error.args[0] if error.args else NOTHING
    return text if isinstance(text, Told) else tell("%(english)s", english=text)
