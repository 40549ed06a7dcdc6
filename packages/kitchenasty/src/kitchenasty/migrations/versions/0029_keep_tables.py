"""Keep the tables of each house."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tables",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_min", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", columns.Flag(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.CheckConstraint(
            "seats >= 1 AND seats_min BETWEEN 1 AND seats", name=op.f("ck_tables_seats")
        ),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_tables_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tables")),
        sa.UniqueConstraint("house_id", "name", name=op.f("uq_tables_house_id_name")),
    )
    op.create_index(op.f("ix_tables_house_id"), "tables", ["house_id"])


def downgrade() -> None:
    op.drop_table("tables")
