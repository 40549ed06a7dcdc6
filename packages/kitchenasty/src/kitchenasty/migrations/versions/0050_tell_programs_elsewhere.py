"""Tell programs elsewhere what happens."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("topics", columns.Json(), nullable=False),
        sa.Column("house_id", columns.IdType(length=36), nullable=True),
        sa.Column("is_on", columns.Flag(), nullable=False),
        sa.Column(
            "off_reason",
            sa.Enum("BY_HAND", "GONE", "FAILING", name="offreason", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("off_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failing_since", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("old_secret", sa.String(length=200), nullable=True),
        sa.Column("old_until", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_webhook_endpoints_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    with op.batch_alter_table("webhook_endpoints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_endpoints_house_id"), ["house_id"], unique=False
        )

    op.create_table(
        "webhook_deliveries",
        sa.Column("endpoint_id", columns.IdType(length=36), nullable=False),
        sa.Column("event_id", columns.IdType(length=36), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "WAITING", "DELIVERED", "DEAD", name="deliverystate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("try_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("settled_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id_webhook_endpoints"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "endpoint_id", "event_id", name=op.f("uq_webhook_deliveries_endpoint_id_event_id")
        ),
    )
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_webhook_deliveries_of_endpoint", ["endpoint_id", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_webhook_deliveries_until", ["until"], unique=False)
        batch_op.create_index(
            "ix_webhook_deliveries_waiting",
            ["endpoint_id", "try_at"],
            unique=False,
            sqlite_where=sa.text("state = 'WAITING'"),
            postgresql_where=sa.text("state = 'WAITING'"),
        )

    op.create_table(
        "webhook_tries",
        sa.Column("delivery_id", columns.IdType(length=36), nullable=False),
        sa.Column("tried_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(length=32), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_tries_delivery_id_webhook_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_tries")),
    )
    with op.batch_alter_table("webhook_tries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_tries_delivery_id"), ["delivery_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("webhook_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_tries_delivery_id"))

    op.drop_table("webhook_tries")
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_webhook_deliveries_waiting",
            sqlite_where=sa.text("state = 'WAITING'"),
            postgresql_where=sa.text("state = 'WAITING'"),
        )
        batch_op.drop_index("ix_webhook_deliveries_until")
        batch_op.drop_index("ix_webhook_deliveries_of_endpoint")

    op.drop_table("webhook_deliveries")
    with op.batch_alter_table("webhook_endpoints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_endpoints_house_id"))

    op.drop_table("webhook_endpoints")
