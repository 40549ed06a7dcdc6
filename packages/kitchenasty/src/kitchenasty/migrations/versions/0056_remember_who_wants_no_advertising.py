"""Remember who wants no advertising by mail."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stopped_mail",
        sa.Column("sign", sa.String(length=64), nullable=False),
        sa.Column("stopped_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sign", name=op.f("pk_stopped_mail")),
    )


def downgrade() -> None:
    op.drop_table("stopped_mail")
