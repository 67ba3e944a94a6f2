"""Residents who want to hear of procedures that may be for them, and what they were written to about."""

import sqlalchemy as sa
from alembic import op

revision = "suggestions"
down_revision = "leavings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_consents",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_notice_consents_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notice_consents")),
    )
    op.create_index(op.f("ix_notice_consents_looked_at"), "notice_consents", ["looked_at"])
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("procedure_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_suggestions_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint(
            "account_id", "procedure_hash", name=op.f("uq_suggestions_account_id_procedure_hash")
        ),
    )
    op.create_index(op.f("ix_suggestions_account_id"), "suggestions", ["account_id"])


def downgrade() -> None:
    op.drop_table("suggestions")
    op.drop_table("notice_consents")
