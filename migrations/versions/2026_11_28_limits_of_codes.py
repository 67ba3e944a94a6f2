"""How many codes a draft and an address had, and pages that prove nothing any more."""

import sqlalchemy as sa
from alembic import op

revision = "limits_of_codes"
down_revision = "suggestions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("code_browser", sa.LargeBinary(length=32), nullable=True))
    op.add_column("drafts", sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("drafts", sa.Column("code_sent_count", sa.Integer(), nullable=True))
    op.add_column("drafts", sa.Column("code_counted_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("drafts", sa.Column("proofs_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signing_codes", sa.Column("address_hash", sa.LargeBinary(length=32), nullable=True))
    op.create_index(op.f("ix_signing_codes_address_hash"), "signing_codes", ["address_hash"])
    op.create_index(op.f("ix_holdings_item_id"), "holdings", ["item_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_holdings_item_id"), table_name="holdings")
    op.drop_index(op.f("ix_signing_codes_address_hash"), table_name="signing_codes")
    op.drop_column("signing_codes", "address_hash")
    for name in ("proofs_from", "code_counted_from", "code_sent_count", "code_sent_at", "code_browser"):
        op.drop_column("drafts", name)
