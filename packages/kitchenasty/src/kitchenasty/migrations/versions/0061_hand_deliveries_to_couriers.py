"""Hand deliveries to couriers."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handoff_terms",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("is_on", columns.Flag(), nullable=False),
        sa.Column("market_url", sa.String(length=300), nullable=False),
        sa.Column("market", columns.Json(), nullable=True),
        sa.Column("key", sa.String(length=44), nullable=False),
        sa.Column("sealed_key", sa.String(length=200), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("per_km", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=False),
        sa.Column("volume_ml", sa.Integer(), nullable=False),
        sa.Column("bid_seconds", sa.Integer(), nullable=False),
        sa.Column("confirm_seconds", sa.Integer(), nullable=False),
        sa.Column("places", columns.Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("spoke_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=80), nullable=True),
        sa.Column("trouble_since", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("look_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_handoff_terms_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("house_id", name=op.f("pk_handoff_terms")),
    )
    with op.batch_alter_table("handoff_terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_terms_look_at"), ["look_at"], unique=False)

    op.create_table(
        "handoffs",
        sa.Column("order_id", columns.IdType(length=36), nullable=False),
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "WAITING",
                "LISTED",
                "LEFT",
                "FOUND",
                "CARRIED",
                "ARRIVED",
                "DISPUTED",
                "DELIVERED",
                "NOBODY",
                "REFUSED",
                "IMPOSSIBLE",
                "BROKEN",
                "WITHDRAWN",
                name="handoffstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_wanted_back", columns.Flag(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("legs", columns.Json(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_received", columns.Flag(), nullable=True),
        sa.Column("ended_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_handoffs_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_handoffs_order_id_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("order_id", "attempt", name=op.f("uq_handoffs_order_id_attempt")),
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_handoffs_house_id_created_at", ["house_id", "created_at"], unique=False
        )
        batch_op.create_index(
            "ix_handoffs_open",
            ["house_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_handoffs_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_handoffs_house_id_created_at")

    op.drop_table("handoffs")
    with op.batch_alter_table("handoff_terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handoff_terms_look_at"))

    op.drop_table("handoff_terms")
