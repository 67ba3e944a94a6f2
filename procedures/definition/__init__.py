"""The definition of a procedure as frozen data."""

from procedures.definition.base import Model
from procedures.definition.fields import FieldDefinition
from procedures.definition.notices import Notify
from procedures.definition.procedure import (
    AttachmentDefinition,
    Document,
    Example,
    Fee,
    FeeItem,
    LotteryDefinition,
    Page,
    Procedure,
    Requirement,
)
from procedures.definition.renewal import Renewal
from procedures.definition.scoring import Score, ScoreItem
from procedures.definition.workflow import State, Transition, Workflow

__all__ = [
    "AttachmentDefinition",
    "Document",
    "Example",
    "Fee",
    "FeeItem",
    "FieldDefinition",
    "LotteryDefinition",
    "Model",
    "Notify",
    "Page",
    "Procedure",
    "Renewal",
    "Requirement",
    "Score",
    "ScoreItem",
    "State",
    "Transition",
    "Workflow",
]
