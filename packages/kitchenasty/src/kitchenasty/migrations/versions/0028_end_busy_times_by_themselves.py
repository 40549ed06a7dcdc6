"""Let a house say until when it is busy."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    until = sa.Column("busy_until", columns.UtcDateTime(timezone=True), nullable=True)
    op.add_column("locations", until)


def downgrade() -> None:
    op.drop_column("locations", "busy_until")
