"""How long decisions took."""

import sqlalchemy as sa
from alembic import op

revision = "paces"
down_revision = "accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("procedure_id", sa.String(length=60), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_paces_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "procedure_id", name=op.f("pk_paces")),
    )
    op.create_index(
        "ix_applications_decided",
        "applications",
        ["organisation_id", "procedure_id", "decided_at"],
        sqlite_where=sa.text("outcome IS NOT NULL"),
        postgresql_where=sa.text("outcome IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_applications_decided", "applications")
    op.drop_table("paces")
