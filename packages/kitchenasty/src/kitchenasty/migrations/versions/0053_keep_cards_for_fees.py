"""Keep cards for fees, and what a provider took instead."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

ONE_OPEN = "uq_deposit_payments_open_attempt"
OPEN = sa.text("state IN ('CREATED', 'REQUIRES_ACTION', 'AUTHORIZED')")
TO_REVIEW = sa.text("review IS NOT NULL AND reviewed_at IS NULL")
TIMES = ("reviewed_at", "forgotten_at")


def upgrade() -> None:
    kind = sa.Column("kind", sa.String(length=32), server_default="PAYMENT", nullable=False)
    op.add_column("deposit_payments", kind)
    op.add_column("deposit_payments", sa.Column("told_minor", sa.BigInteger(), nullable=True))
    for name in TIMES:
        at = sa.Column(name, columns.UtcDateTime(timezone=True), nullable=True)
        op.add_column("deposit_payments", at)
    op.drop_index(ONE_OPEN, "deposit_payments")
    add_one_open("reservation_id", "method", "kind")
    op.create_index(
        "ix_deposit_payments_to_review",
        "deposit_payments",
        ["house_id"],
        sqlite_where=TO_REVIEW,
        postgresql_where=TO_REVIEW,
    )


def add_one_open(*names: str) -> None:
    op.create_index(
        ONE_OPEN,
        "deposit_payments",
        list(names),
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_deposit_payments_to_review", "deposit_payments")
    op.drop_index(ONE_OPEN, "deposit_payments")
    # A card is no deposit, and what it was charged is one no more.
    op.execute("DELETE FROM deposit_payments WHERE kind = 'CARD'")
    add_one_open("reservation_id", "method")
    for name in ("kind", "told_minor", *TIMES):
        op.drop_column("deposit_payments", name)
