"""Drafts and applications know the issued document that they renew."""

import sqlalchemy as sa
from alembic import op

revision = "renewals"
down_revision = "signing_browser"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("renews", sa.String(length=32), nullable=True))
    op.add_column("applications", sa.Column("renews", sa.String(length=32), nullable=True))
    op.create_index(
        "ix_applications_renews",
        "applications",
        ["renews"],
        sqlite_where=sa.text("renews IS NOT NULL"),
        postgresql_where=sa.text("renews IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_applications_renews", "applications")
    op.drop_column("applications", "renews")
    op.drop_column("drafts", "renews")
