"""Keep by how much coins rounded what was paid in cash, and what was handed back of it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("payments", "payment_returns")


def upgrade() -> None:
    for table in TABLES:
        rounding = sa.Column("rounding_minor", sa.BigInteger(), nullable=False, server_default="0")
        op.add_column(table, rounding)


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "rounding_minor")
