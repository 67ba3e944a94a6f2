"""Accounts of residents, and effects that belong to no organisation."""

import sqlalchemy as sa
from alembic import op

revision = "accounts"
down_revision = "proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("account_key", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("email_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_hash", name=op.f("uq_accounts_email_hash")),
    )
    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_key", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
        sa.UniqueConstraint(
            "email_hash", "browser_hash", name=op.f("uq_sign_in_codes_email_hash_browser_hash")
        ),
    )
    op.create_index(op.f("ix_sign_in_codes_sent_at"), "sign_in_codes", ["sent_at"], unique=False)

    op.create_table(
        "account_identities",
        sa.Column("subject_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_account_identities_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subject_hash", name=op.f("pk_account_identities")),
    )
    op.create_index(
        op.f("ix_account_identities_account_id"), "account_identities", ["account_id"], unique=False
    )

    op.create_table(
        "account_sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("acr", sa.String(length=200), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_account_sessions_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_sessions")),
    )
    op.create_index(op.f("ix_account_sessions_account_id"), "account_sessions", ["account_id"], unique=False)

    op.create_table(
        "mandates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mandate_key", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("delegate_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("delegate_id", sa.String(length=32), nullable=True),
        sa.Column("procedures", sa.JSON(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("invited_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_mandates_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["accounts.account_id"], name=op.f("fk_mandates_delegate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    op.create_index(op.f("ix_mandates_account_id"), "mandates", ["account_id"], unique=False)
    op.create_index(op.f("ix_mandates_delegate_hash"), "mandates", ["delegate_hash"], unique=False)
    op.create_index(op.f("ix_mandates_delegate_id"), "mandates", ["delegate_id"], unique=False)
    op.create_table(
        "holdings",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("mandate_id", sa.String(length=32), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_holdings_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_holdings_mandate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_holdings_organisation")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", "item_id", name=op.f("pk_holdings")),
    )
    op.create_index(op.f("ix_holdings_mandate_id"), "holdings", ["mandate_id"], unique=False)
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.String(length=40), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE organisation_id IS NULL")
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.String(length=40), nullable=False)

    op.drop_table("holdings")
    op.drop_table("mandates")
    op.drop_table("account_sessions")
    op.drop_table("account_identities")
    op.drop_table("sign_in_codes")
    op.drop_table("accounts")
