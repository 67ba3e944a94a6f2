"""Places of slots that applicants book."""

import sqlalchemy as sa
from alembic import op

revision = "0002_slot_places"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slot_places",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource", sa.String(length=130), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("time", sa.String(length=5), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=True),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_slot_places_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_slot_places_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_places")),
        sa.UniqueConstraint(
            "organisation_id",
            "resource",
            "day",
            "time",
            "place",
            name=op.f("uq_slot_places_organisation_id_resource_day_time_place"),
        ),
    )
    for column in ("application_id", "draft_id", "organisation_id"):
        op.create_index(op.f(f"ix_slot_places_{column}"), "slot_places", [column])


def downgrade() -> None:
    op.drop_table("slot_places")
