"""Keep deposits and set menus."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The check belongs to the column: SQLite cannot give one to a table that is there.
    deposit = sa.Column(
        "deposit_minor",
        sa.BigInteger(),
        sa.CheckConstraint("deposit_minor >= 0", name=op.f("ck_dishes_deposit")),
        server_default="0",
        nullable=False,
    )
    op.add_column("dishes", deposit)
    components = sa.Column("components", columns.Json(), server_default="[]", nullable=False)
    op.add_column("dishes", components)


def downgrade() -> None:
    op.drop_column("dishes", "components")
    with op.batch_alter_table("dishes") as table:
        table.drop_constraint(op.f("ck_dishes_deposit"), type_="check")
        table.drop_column("deposit_minor")
