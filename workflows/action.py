"""What an action of a state is. Each is one file in ``workflows/actions`` with ``PLUGIN = TheAction()``."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from core.context import Context
from core.registry import Registry, registry
from workflows.case import Case


class Action(ABC):
    """Something that happens when a case enters a state that names it: ``- <name>: <options>``.

    It runs in the transaction of the step, so it only writes; what takes time or leaves the house is an effect.
    """

    name: ClassVar[str]
    Options: ClassVar[type[BaseModel]]
    """What the definition writes behind the name, as a frozen model."""

    @abstractmethod
    def perform(self, session: Session, ctx: Context, case: Case, options: Any) -> None:
        """Do it, once for each time the state is entered."""


def actions() -> Registry:
    """All actions by name."""
    return registry("workflows.actions", "action")
