"""The statement by which an agent took a bid back. Of those that are gone already there is none."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bids", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawal_text", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("withdrawal_signature", sa.String(length=88), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bids", schema=None) as batch_op:
        batch_op.drop_column("withdrawal_signature")
        batch_op.drop_column("withdrawal_text")
