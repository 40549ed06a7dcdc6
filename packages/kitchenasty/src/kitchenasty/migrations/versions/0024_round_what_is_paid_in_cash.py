"""Keep by how much coins rounded what was paid in cash."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rounding = sa.Column("rounding_minor", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("payments", rounding)
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.alter_column("rounding_minor", server_default=None)


def downgrade() -> None:
    op.drop_column("payments", "rounding_minor")
