"""Place tables on the plan of their room; find reservations by e-mail."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_places",
        sa.Column("table_id", columns.IdType(length=36), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("is_round", columns.Flag(), nullable=False),
        sa.CheckConstraint("width >= 1 AND height >= 1", name=op.f("ck_table_places_size")),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["tables.id"],
            name=op.f("fk_table_places_table_id_tables"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("table_id", name=op.f("pk_table_places")),
    )
    op.create_index("ix_reservations_guest_email", "reservations", ["guest_email"])


def downgrade() -> None:
    op.drop_index("ix_reservations_guest_email", table_name="reservations")
    op.drop_table("table_places")
