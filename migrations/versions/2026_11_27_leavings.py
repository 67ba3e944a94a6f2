"""Why people gave up."""

import sqlalchemy as sa
from alembic import op

revision = "leavings"
down_revision = "renewals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leavings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("comment_key", sa.LargeBinary(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_leavings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leavings")),
    )
    op.create_index(op.f("ix_leavings_organisation_id"), "leavings", ["organisation_id"])
    op.create_index("ix_leavings_summary", "leavings", ["organisation_id", "procedure_id", "page", "reason"])


def downgrade() -> None:
    op.drop_table("leavings")
