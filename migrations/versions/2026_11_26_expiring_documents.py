"""An index of issued documents by the day on which they expire."""

from alembic import op

revision = "expiring_documents"
down_revision = "messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_issued_documents_valid_until"), "issued_documents", ["valid_until"])


def downgrade() -> None:
    op.drop_index(op.f("ix_issued_documents_valid_until"), "issued_documents")
