"""Ask for deposits."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('CREATED', 'REQUIRES_ACTION', 'AUTHORIZED')")


def upgrade() -> None:
    with op.batch_alter_table("reservations") as batch:
        batch.add_column(sa.Column("agreed", columns.Json(), nullable=True))
        batch.add_column(
            sa.Column("awaits_deposit_until", columns.UtcDateTime(timezone=True), nullable=True)
        )
    add_payments()
    add_returns()
    add_kept()


def add_payments() -> None:
    op.create_table(
        "deposit_payments",
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.Column("reservation_id", columns.IdType(length=36), nullable=False),
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("provider_ref", sa.String(length=255), nullable=True),
        sa.Column("charge_ref", sa.String(length=255), nullable=True),
        sa.Column("failure", sa.String(length=200), nullable=True),
        sa.Column("review", sa.String(length=200), nullable=True),
        sa.Column("captured_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_deposit_payments_amount")),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_deposit_payments_reservation_id_reservations"),
        ),
        sa.ForeignKeyConstraint(
            ["house_id"], ["locations.id"], name=op.f("fk_deposit_payments_house_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_payments")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_deposit_payments_provider_ref")),
    )
    op.create_index(
        op.f("ix_deposit_payments_reservation_id"), "deposit_payments", ["reservation_id"]
    )
    op.create_index(
        "uq_deposit_payments_open_attempt",
        "deposit_payments",
        ["reservation_id", "method"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def add_returns() -> None:
    op.create_table(
        "deposit_returns",
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.Column("reservation_id", columns.IdType(length=36), nullable=False),
        sa.Column("payment_id", columns.IdType(length=36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("provider_ref", sa.String(length=255), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_deposit_returns_amount")),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_deposit_returns_reservation_id_reservations"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["deposit_payments.id"],
            name=op.f("fk_deposit_returns_payment_id_deposit_payments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_returns")),
    )
    op.create_index(
        op.f("ix_deposit_returns_reservation_id"), "deposit_returns", ["reservation_id"]
    )
    op.create_index(op.f("ix_deposit_returns_payment_id"), "deposit_returns", ["payment_id"])


def add_kept() -> None:
    op.create_table(
        "deposits_kept",
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.Column("reservation_id", columns.IdType(length=36), nullable=False),
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_deposits_kept_amount")),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_deposits_kept_reservation_id_reservations"),
        ),
        sa.ForeignKeyConstraint(
            ["house_id"], ["locations.id"], name=op.f("fk_deposits_kept_house_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits_kept")),
    )
    op.create_index(op.f("ix_deposits_kept_reservation_id"), "deposits_kept", ["reservation_id"])
    op.create_index(op.f("ix_deposits_kept_created_at"), "deposits_kept", ["created_at"])


def downgrade() -> None:
    op.drop_table("deposits_kept")
    op.drop_table("deposit_returns")
    op.drop_table("deposit_payments")
    with op.batch_alter_table("reservations") as batch:
        batch.drop_column("awaits_deposit_until")
        batch.drop_column("agreed")
