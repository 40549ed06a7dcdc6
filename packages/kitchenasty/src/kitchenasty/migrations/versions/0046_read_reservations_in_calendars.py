"""Read reservations in calendars."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_links",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("capability_hash", sa.String(length=64), nullable=False),
        sa.Column("shows_details", columns.Flag(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_calendar_links_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_links")),
        sa.UniqueConstraint("capability_hash", name=op.f("uq_calendar_links_capability_hash")),
    )
    with op.batch_alter_table("calendar_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_links_house_id"), ["house_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("calendar_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_links_house_id"))

    op.drop_table("calendar_links")
