"""Let guests wait for a table."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_parties",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("customer_id", columns.IdType(length=36), nullable=True),
        sa.Column("guest_name", sa.String(length=120), nullable=False),
        sa.Column("guest_email", sa.String(length=254), nullable=True),
        sa.Column("guest_phone", sa.String(length=40), nullable=True),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "WAITING",
                "OFFERED",
                "BOOKED",
                "LEFT",
                "LAPSED",
                name="waitstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("capability_hash", sa.String(length=64), nullable=False),
        sa.Column("block_id", columns.IdType(length=36), nullable=True),
        sa.Column("offer_starts_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("offer_ends_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("offered_until_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reservation_id", columns.IdType(length=36), nullable=True),
        sa.Column("joined_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.CheckConstraint("party BETWEEN 1 AND 100", name=op.f("ck_waiting_parties_party")),
        sa.CheckConstraint("until_at >= since_at", name=op.f("ck_waiting_parties_window")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_waiting_parties_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_waiting_parties_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_waiting_parties_reservation_id_reservations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_parties")),
        sa.UniqueConstraint("capability_hash", name=op.f("uq_waiting_parties_capability_hash")),
    )
    op.create_index("ix_waiting_parties_customer_id", "waiting_parties", ["customer_id"])
    op.create_index("ix_waiting_parties_day", "waiting_parties", ["day"])
    op.create_index("ix_waiting_parties_house_id_day", "waiting_parties", ["house_id", "day"])
    op.create_index(
        "ix_waiting_parties_open",
        "waiting_parties",
        ["house_id", "joined_at"],
        sqlite_where=sa.text("state IN ('WAITING', 'OFFERED')"),
        postgresql_where=sa.text("state IN ('WAITING', 'OFFERED')"),
    )
    op.create_index("ix_waiting_parties_reservation_id", "waiting_parties", ["reservation_id"])


def downgrade() -> None:
    op.drop_table("waiting_parties")
