"""Reference numbers (受付番号): unique, easy to read aloud, without a meaning that could point at a person."""

from core.identifiers import code, grouped, normalise_code

RANDOM = 8
"""Random signs of a reference number."""
_CLEAR = str.maketrans("IO", "JQ")


def prefix_of(procedure_id: str) -> str:
    """Two or three letters that tell procedures apart at a glance: ``tax-certificate`` → ``TC``."""
    words = procedure_id.split("-")
    letters = "".join(word[0] for word in words[:3]) if len(words) > 1 else procedure_id[:2]
    return letters.upper().translate(_CLEAR)


def new_reference(procedure_id: str) -> str:
    """A new number like ``TC-8F3K-29QD`` (40 random bits; the database keeps it unique)."""
    return f"{prefix_of(procedure_id)}-{grouped(code(RANDOM))}"


def normalise(typed: str) -> str:
    """What a person typed, in the form that is stored; text that can be no reference gives a harmless one."""
    signs = normalise_code(typed)
    head, tail = signs[:-RANDOM], signs[-RANDOM:]
    return f"{head}-{grouped(tail)}"
