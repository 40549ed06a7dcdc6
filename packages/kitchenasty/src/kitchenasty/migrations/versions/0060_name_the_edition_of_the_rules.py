"""Name the rules as they are now, so that whoever keeps them in memory sees that they changed."""

import sqlalchemy as sa
from alembic import op

from basis.ids import new_id
from basis.kit.data import columns

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    editions = op.create_table(
        "rule_editions",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", columns.IdType(length=36), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_rule_editions")),
    )
    op.bulk_insert(editions, [{"place": 1, "edition": new_id()}])


def downgrade() -> None:
    op.drop_table("rule_editions")
