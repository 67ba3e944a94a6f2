"""What an effect of the outbox is. Each is one file in ``workflows/effects`` with ``PLUGIN = TheEffect()``."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from core.context import Context
from core.outbox import Claim
from core.registry import Registry, registry


class Effect(ABC):
    """Something performed after a commit, at least once; performing it twice must look like once.

    The slow part (`work`: render, send) holds no lock; what it made is then kept (`record`) in a short transaction
    together with the note that the effect is done.
    """

    name: ClassVar[str]
    urgent: ClassVar[bool] = False
    """Whether somebody waits for it in front of a screen; it then never waits behind what is not."""

    @abstractmethod
    def work(self, session: Session, ctx: Context, claim: Claim) -> Any:
        """Do the slow part with a session that only reads; what it returns goes to `record`."""

    def record(self, session: Session, ctx: Context, claim: Claim, made: Any) -> None:  # noqa: B027
        """Keep what was `made`, where there is something to keep."""


def by_urgency() -> tuple[list[str], list[str]]:
    """Names of the urgent effects, and of the others."""
    known = effects()
    return [name for name in known if known[name].urgent], [name for name in known if not known[name].urgent]


def effects() -> Registry:
    """All effects by name."""
    return registry("workflows.effects", "effect")
