"""Orders know their table and their party."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("table_id", columns.IdType(length=36), nullable=True))
        batch_op.add_column(sa.Column("table_name", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("reservation_id", columns.IdType(length=36), nullable=True))
        batch_op.create_index(
            "ix_orders_reservation_id",
            ["reservation_id"],
            unique=False,
            sqlite_where=sa.text("reservation_id IS NOT NULL"),
            postgresql_where=sa.text("reservation_id IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_reservation_id")
        batch_op.drop_column("reservation_id")
        batch_op.drop_column("table_name")
        batch_op.drop_column("table_id")
