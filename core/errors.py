"""Errors that a person may read, as messages that `translations` can put into the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """An interface text in English (the catalogue's msgid) with its parameters, not yet in anybody's language.

    A parameter may itself be a `Message` or a `translations.text.Text`; both are put into the language at rendering.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        text = self.msgid if self.plural is None or self.params["count"] == 1 else self.plural
        return text % dict(self.params) if self.params else text


def message(msgid: str, /, **params: object) -> Message:
    """Mark `msgid` for extraction and keep its parameters (``%(name)s`` style)."""
    return Message(msgid, params)


def plural(one: str, many: str, /, count: int, **params: object) -> Message:
    """Mark two texts for extraction, for one thing and for another number of them: ``%(count)s files``."""
    return Message(one, {"count": count, **params}, many)


class MadoguchiError(Exception):
    """The root of all errors raised on purpose. Never raise it itself."""


class Refused(MadoguchiError):
    """Raise it when what a person asked for is not possible now and they can read why and what to do next.

    Not for programming errors, and not for single form fields: those have errors of their own.
    """

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Stale(Refused):
    """Raise it when somebody else changed the thing since this person last saw it."""


class NotFound(MadoguchiError):
    """Raise it when there is no such thing, or none that this person may know of (the two look the same outside)."""


class Misconfigured(MadoguchiError):
    """Raise it at start-up when a setting cannot work; the text names the setting and what to write there."""
