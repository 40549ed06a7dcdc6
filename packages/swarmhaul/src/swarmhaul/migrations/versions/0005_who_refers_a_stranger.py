"""Referrals: what the observer thought of whoever refers, and how many strangers somebody referred."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trust", sa.BigInteger(), server_default="0", nullable=False))
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("referrals", sa.Integer(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.drop_column("referrals")
    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.drop_column("trust")
