"""Count routes by hour."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

COUNTED = (
    "answers",
    "refused",
    "failed",
    "within_2_ms",
    "within_5_ms",
    "within_10_ms",
    "within_25_ms",
    "within_50_ms",
    "within_100_ms",
    "within_250_ms",
    "within_500_ms",
    "within_1000_ms",
    "within_2500_ms",
    "within_10000_ms",
    "slower",
)


def upgrade() -> None:
    op.create_table(
        "route_hours",
        sa.Column("hour", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.PrimaryKeyConstraint("hour", "method", "route", name=op.f("pk_route_hours")),
    )


def downgrade() -> None:
    op.drop_table("route_hours")
