"""Table of how long decisions took."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, OrganisationOwned


class Pace(OrganisationOwned, Base):
    """How long past cases of one procedure took, in whole days; see `workflows.pace`. Names nobody."""

    __tablename__ = "paces"

    organisation_id: Mapped[str] = mapped_column(
        sa.String(40), sa.ForeignKey("organisations.id"), primary_key=True
    )
    procedure_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    cases: Mapped[int]
    half: Mapped[int]
    """Within so many days half of them were decided."""
    most: Mapped[int]
    """Within so many days nine of ten were decided."""
    measured_at: Mapped[datetime] = mapped_column(default=clock.now)
