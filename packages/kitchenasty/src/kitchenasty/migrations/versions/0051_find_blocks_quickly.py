"""Find what is blocked without reading all that is booked."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

NAME = "ix_table_stays_blocked"
IS_BLOCK = "block_id IS NOT NULL"


def upgrade() -> None:
    op.create_index(
        NAME,
        "table_stays",
        ["house_id", "ends_at"],
        sqlite_where=sa.text(IS_BLOCK),
        postgresql_where=sa.text(IS_BLOCK),
    )


def downgrade() -> None:
    op.drop_index(
        NAME,
        table_name="table_stays",
        sqlite_where=sa.text(IS_BLOCK),
        postgresql_where=sa.text(IS_BLOCK),
    )
