"""What a level of signature is. Each is one file in ``signing/levels`` with ``PLUGIN = TheLevel()``."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from sqlalchemy.orm import Session

from applications.models import Draft
from core.context import Context
from core.errors import Message, Refused
from core.registry import Registry, registry
from signing.content import Content

CODE_PURPOSE = "signing"
"""What codes for signing are derived for (`core.codes`)."""


class TooSoon(Refused):
    """Raise it where a code cannot be sent again yet; the one that was sent last still counts."""


class TooMany(Refused):
    """Raise it where no code can be sent and none is out: whoever signs has to be told what to do."""


@dataclass(frozen=True)
class Signing:
    """One attempt at signing a draft: what, by whom it claims to be, from which browser."""

    draft: Draft
    content: Content
    email: str | None
    nonce: str
    """A secret of the browser that it began in."""
    origin: str = ""
    """Network address it comes from, kept encrypted as evidence."""


@dataclass(frozen=True)
class Check:
    """The outcome of checking what the applicant handed in: a problem to show, or the evidence to keep."""

    problem: Message | None = None
    evidence: dict[str, str] = field(default_factory=dict)


class SignatureLevel(ABC):
    """A way to sign."""

    name: ClassVar[str]
    label: ClassVar[Message]
    """What the applicant will do."""
    signed: ClassVar[Message]
    """What the applicant did, for the desk."""
    asks_code: ClassVar[bool]
    """Whether `begin` sends a code that the applicant has to type."""

    @abstractmethod
    def begin(self, session: Session, ctx: Context, signing: Signing) -> None:
        """Start: send what the applicant needs. Raises `Refused` where that is not possible now."""

    @abstractmethod
    def check(self, session: Session, ctx: Context, signing: Signing, typed: str) -> Check:
        """Judge what the applicant `typed`. A wrong try is an answer, not an exception: it must be committed."""


def levels() -> Registry:
    """All levels by name."""
    return registry("signing.levels", "signature level")


def level(name: str) -> SignatureLevel:
    """The level `name`. Raises `core.registry.UnknownPlugin`."""
    found: SignatureLevel = levels()[name]
    return found
