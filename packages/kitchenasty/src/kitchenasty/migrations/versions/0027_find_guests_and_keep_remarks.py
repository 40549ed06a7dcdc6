"""find guests by name and phone, and keep what the house knows of them."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEYS = (("name_key", 200), ("surname_key", 200), ("phone_key", 40))
ONLY_EMAIL = sa.text("phone_key = '' AND guest_email IS NOT NULL")


def upgrade() -> None:
    for name, length in KEYS:
        op.add_column(
            "customers", sa.Column(name, sa.String(length), server_default="", nullable=False)
        )
    op.add_column("customers", sa.Column("allergies", sa.String(300), nullable=True))
    fill_keys()
    for name, _ in KEYS:
        op.create_index(f"ix_customers_{name}", "customers", [name])
    op.create_index("ix_customers_created_at_id", "customers", ["created_at", "id"])
    op.create_index(
        "ix_orders_guest_email",
        "orders",
        ["guest_email"],
        sqlite_where=ONLY_EMAIL,
        postgresql_where=ONLY_EMAIL,
    )
    op.create_table(
        "guest_notes",
        sa.Column("customer_id", columns.IdType(length=36), nullable=False),
        sa.Column("body", sa.String(length=1000), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("written_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_guest_notes_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_notes")),
    )
    op.create_index(op.f("ix_guest_notes_customer_id"), "guest_notes", ["customer_id"])


def fill_keys() -> None:
    """As the application makes them; the databases fold letters in ways of their own."""
    guests = sa.table("customers", *(sa.column(n) for n in ("id", "name", "phone", *dict(KEYS))))
    connection = op.get_bind()
    for row in connection.execute(sa.select(guests.c.id, guests.c.name, guests.c.phone)).all():
        words = row.name.casefold().split()
        digits = "".join(one for one in row.phone or "" if one.isdigit())
        connection.execute(
            guests.update()
            .where(guests.c.id == row.id)
            .values(
                name_key=" ".join(words)[:200],
                surname_key=" ".join((*words[-1:], *words[:-1]))[:200],
                phone_key=digits[:40],
            )
        )


def downgrade() -> None:
    op.drop_table("guest_notes")
    op.drop_index("ix_orders_guest_email", "orders")
    op.drop_index("ix_customers_created_at_id", "customers")
    for name, _ in KEYS:
        op.drop_index(f"ix_customers_{name}", "customers")
        op.drop_column("customers", name)
    op.drop_column("customers", "allergies")
