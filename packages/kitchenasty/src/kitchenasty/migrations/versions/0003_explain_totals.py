"""Keep how the total of an order came about."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Until now there was one way of rounding, so that is the policy of all orders in the books.
    policy = sa.Column(
        "rounding_policy", sa.String(32), nullable=False, server_default="by-rate/half-up"
    )
    op.add_column("orders", policy)
    op.add_column("orders", sa.Column("explanation", columns.Json(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "explanation")
    op.drop_column("orders", "rounding_policy")
