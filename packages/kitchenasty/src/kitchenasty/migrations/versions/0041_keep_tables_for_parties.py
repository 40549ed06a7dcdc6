"""Keep tables for parties."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

OVERLAP = """SELECT 1 FROM table_stays AS kept WHERE kept.table_id = NEW.table_id
    AND kept.ends_at > NEW.starts_at AND kept.starts_at < NEW.ends_at AND kept.id <> NEW.id"""
REFUSE = "SELECT RAISE(ABORT, 'table_stays_apart')"
TRIGGERS = {
    "table_stays_apart": "INSERT",
    "table_stays_apart_when_moved": "UPDATE OF table_id, starts_at, ends_at",
}


def keep_stays_apart() -> None:
    """No table is kept twice for the same moment, whoever writes and however."""
    if op.get_bind().dialect.name == "postgresql":
        # A trusted extension: whoever owns the database may add it. It compares ids within GiST.
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE table_stays ADD CONSTRAINT table_stays_apart EXCLUDE USING gist "
            "(table_id WITH =, tstzrange(starts_at, ends_at) WITH &&)"
        )
        return
    for name, change in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {change} ON table_stays "
            f"WHEN EXISTS ({OVERLAP}) BEGIN {REFUSE}; END"
        )


def upgrade() -> None:
    op.create_table(
        "reservation_arrivals",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("quarter", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.CheckConstraint("covers >= 0", name=op.f("ck_reservation_arrivals_covers")),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_reservation_arrivals_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("house_id", "quarter", name=op.f("pk_reservation_arrivals")),
    )
    op.create_table(
        "reservation_terms",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("terms", columns.Json(), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_reservation_terms_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("house_id", name=op.f("pk_reservation_terms")),
    )
    op.create_table(
        "reservations",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("customer_id", columns.IdType(length=36), nullable=True),
        sa.Column("guest_name", sa.String(length=120), nullable=False),
        sa.Column("guest_email", sa.String(length=254), nullable=True),
        sa.Column("guest_phone", sa.String(length=40), nullable=True),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("phone_key", sa.String(length=40), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("quarter", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "CONFIRMED",
                "SEATED",
                "COMPLETED",
                "CANCELLED",
                "NO_SHOW",
                name="status",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("GUEST", "STAFF", "WALK_IN", name="source", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("allergies", sa.String(length=300), nullable=True),
        sa.Column("house_note", sa.String(length=500), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("capability_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_reservations_stay")),
        sa.CheckConstraint("party BETWEEN 1 AND 100", name=op.f("ck_reservations_party")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_reservations_customer_id_customers"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["house_id"], ["locations.id"], name=op.f("fk_reservations_house_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint("capability_hash", name=op.f("uq_reservations_capability_hash")),
    )
    op.create_index(
        "ix_reservations_customer_id_starts_at", "reservations", ["customer_id", "starts_at"]
    )
    op.create_index(
        "ix_reservations_house_id_day_starts_at", "reservations", ["house_id", "day", "starts_at"]
    )
    op.create_index("ix_reservations_name_key", "reservations", ["name_key"])
    op.create_index("ix_reservations_phone_key", "reservations", ["phone_key"])

    op.create_table(
        "table_blocks",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("starts_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_table_blocks_time")),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_table_blocks_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_blocks")),
    )
    op.create_index(op.f("ix_table_blocks_house_id"), "table_blocks", ["house_id"])

    op.create_table(
        "table_combinations",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_min", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.CheckConstraint(
            "seats >= 2 AND seats_min BETWEEN 1 AND seats", name=op.f("ck_table_combinations_seats")
        ),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_table_combinations_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_combinations")),
        sa.UniqueConstraint("house_id", "name", name=op.f("uq_table_combinations_house_id_name")),
    )
    op.create_table(
        "combined_tables",
        sa.Column("combination_id", columns.IdType(length=36), nullable=False),
        sa.Column("table_id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["combination_id"],
            ["table_combinations.id"],
            name=op.f("fk_combined_tables_combination_id_table_combinations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["tables.id"],
            name=op.f("fk_combined_tables_table_id_tables"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("combination_id", "table_id", name=op.f("pk_combined_tables")),
    )
    op.create_index(op.f("ix_combined_tables_table_id"), "combined_tables", ["table_id"])

    op.create_table(
        "reservation_history",
        sa.Column("reservation_id", columns.IdType(length=36), nullable=False),
        sa.Column("happened_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("details", columns.Json(), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_reservation_history_reservation_id_reservations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_history")),
    )
    op.create_index(
        op.f("ix_reservation_history_reservation_id"), "reservation_history", ["reservation_id"]
    )

    op.create_table(
        "table_stays",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("table_id", columns.IdType(length=36), nullable=False),
        sa.Column("reservation_id", columns.IdType(length=36), nullable=True),
        sa.Column("block_id", columns.IdType(length=36), nullable=True),
        sa.Column("starts_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.CheckConstraint(
            "(reservation_id IS NULL) <> (block_id IS NULL)", name=op.f("ck_table_stays_one")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_table_stays_time")),
        sa.ForeignKeyConstraint(
            ["block_id"],
            ["table_blocks.id"],
            name=op.f("fk_table_stays_block_id_table_blocks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_table_stays_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_table_stays_reservation_id_reservations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["tables.id"], name=op.f("fk_table_stays_table_id_tables")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_stays")),
    )
    op.create_index(op.f("ix_table_stays_block_id"), "table_stays", ["block_id"])
    op.create_index("ix_table_stays_house_id_ends_at", "table_stays", ["house_id", "ends_at"])
    op.create_index(op.f("ix_table_stays_reservation_id"), "table_stays", ["reservation_id"])
    op.create_index("ix_table_stays_table_id_ends_at", "table_stays", ["table_id", "ends_at"])
    keep_stays_apart()


def downgrade() -> None:
    op.drop_table("table_stays")
    op.drop_table("reservation_history")
    op.drop_table("combined_tables")
    op.drop_table("table_combinations")
    op.drop_table("table_blocks")
    op.drop_table("reservations")
    op.drop_table("reservation_terms")
    op.drop_table("reservation_arrivals")
