"""Remind guests of their tables."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reservation_reminders",
        sa.Column("reservation_id", columns.IdType(length=36), nullable=False),
        sa.Column("starts_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_reservation_reminders_reservation_id_reservations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "reservation_id", "starts_at", name=op.f("pk_reservation_reminders")
        ),
    )


def downgrade() -> None:
    op.drop_table("reservation_reminders")
