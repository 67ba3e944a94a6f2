"""Sentences to whoever writes procedures: English as they stand, sayable in another language when they are shown."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Self


class Told(str):
    """A sentence in English that knows how it was made: the catalogue's msgid and what is filled in.

    Being a text it is compared, sorted and kept as one; nothing is looked up before somebody reads it. Whatever is done
    to it as to a text (cut, joined, formatted) makes a plain text of it, so a sentence is put together by `tell` only.
    """

    __slots__ = ("msgid", "params")
    msgid: str
    params: Mapping[str, Any]

    def __new__(cls, msgid: str, params: Mapping[str, Any] | None = None) -> Self:
        """Things that call themselves (`told`) are filled in by that."""
        given = {name: getattr(value, "told", value) for name, value in (params or {}).items()}
        made = super().__new__(cls, msgid % given if given else msgid)
        made.msgid, made.params = msgid, given
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.msgid, dict(self.params))


class Series(Told):
    """Several sentences or words after each other; each is said in the reader's language."""

    __slots__ = ()

    def __new__(cls, msgid: str, params: Mapping[str, Any] | None = None) -> Self:
        """`msgid` is what stands between them."""
        parts = tuple((params or {}).get("parts", ()))
        made = str.__new__(cls, msgid.join(parts))
        made.msgid, made.params = msgid, {"parts": parts}
        return made


def tell(msgid: str, /, **params: Any) -> Told:
    """Mark `msgid` for the catalogue of authors' texts and fill in its parameters (``%(name)s`` style)."""
    return Told(msgid, params)


def series(parts: Iterable[str], between: str = ", ") -> Series:
    """`parts` after each other."""
    return Series(between, {"parts": tuple(parts)})


NOTHING: Final = Told("")


def packed(text: str) -> Any:
    """`text` as JSON, so that it can be kept and said in another language later."""
    if isinstance(text, Series):
        return {"between": text.msgid, "parts": [packed(part) for part in text.params["parts"]]}
    if isinstance(text, Told):
        return {"say": text.msgid, "with": {name: packed(value) for name, value in text.params.items()}}
    return str(text)


def unpacked(kept: Any) -> str:
    """The text that was `packed`."""
    if not isinstance(kept, Mapping):
        return str(kept)
    if "between" in kept:
        return series(map(unpacked, kept["parts"]), kept["between"])
    return Told(kept["say"], {name: unpacked(value) for name, value in kept["with"].items()})
