"""Date the taxes of a house."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tax_rates",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("tax", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("dining", sa.String(length=16), nullable=True),
        sa.Column("millionths", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.CheckConstraint("millionths BETWEEN 0 AND 1000000", name=op.f("ck_tax_rates_rate")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_tax_rates_days")),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_tax_rates_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
    )
    op.create_index(op.f("ix_tax_rates_house_id"), "tax_rates", ["house_id"])
    # What the house computed with until now stays as it was: one category, one way of rounding.
    category = sa.Column("tax_category", sa.String(40), nullable=False, server_default="standard")
    op.add_column("dishes", category)
    policy = sa.Column(
        "rounding_policy", sa.String(32), nullable=False, server_default="by-rate/half-up"
    )
    op.add_column("locations", policy)


def downgrade() -> None:
    op.drop_column("locations", "rounding_policy")
    op.drop_column("dishes", "tax_category")
    op.drop_index(op.f("ix_tax_rates_house_id"), table_name="tax_rates")
    op.drop_table("tax_rates")
