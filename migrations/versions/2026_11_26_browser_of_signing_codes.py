"""Which browser a code for signing was sent for."""

import sqlalchemy as sa
from alembic import op

revision = "signing_browser"
down_revision = "expiring_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signing_codes", sa.Column("browser", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("signing_codes", "browser")
