"""Let accounts move to another address."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter_links", sa.Column("email", sa.String(length=254), nullable=True))


def downgrade() -> None:
    op.drop_column("letter_links", "email")
