"""Let owners put letters and texts into words of their own."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wordings",
        sa.Column("pattern", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("body", sa.String(length=4000), nullable=True),
        sa.Column("written_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
        sa.UniqueConstraint(
            "pattern", "locale", "number", name=op.f("uq_wordings_pattern_locale_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("wordings")
