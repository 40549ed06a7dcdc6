"""Ask before advertising."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

WAYS = ("MAIL", "TEXT", "PUSH")
SAID = ("AGREED", "OBJECTED", "TOLD")
PLACES = ("ACCOUNT", "CHECKOUT")


def upgrade() -> None:
    op.create_table(
        "advert_words",
        sa.Column("way", sa.Enum(*WAYS, name="way", native_enum=False, length=32), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("customer_id", columns.IdType(length=36), nullable=True),
        sa.Column("order_id", columns.IdType(length=36), nullable=True),
        sa.Column(
            "said", sa.Enum(*SAID, name="said", native_enum=False, length=32), nullable=False
        ),
        sa.Column(
            "place", sa.Enum(*PLACES, name="place", native_enum=False, length=32), nullable=False
        ),
        sa.Column("wording", sa.String(length=500), nullable=False),
        sa.Column("said_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("counts_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("expires_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_advert_words_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_advert_words_order_id_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advert_words")),
    )
    with op.batch_alter_table("advert_words", schema=None) as batch_op:
        for name in ("customer_id", "expires_at", "order_id", "recipient"):
            batch_op.create_index(f"ix_advert_words_{name}", [name], unique=False)


def downgrade() -> None:
    op.drop_table("advert_words")
