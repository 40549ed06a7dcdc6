"""tag guests."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest_tags",
        sa.Column("customer_id", columns.IdType(length=36), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("tagged_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_guest_tags_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_tags")),
        sa.UniqueConstraint("customer_id", "tag", name=op.f("uq_guest_tags_customer_id_tag")),
    )


def downgrade() -> None:
    op.drop_table("guest_tags")
