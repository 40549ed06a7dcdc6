"""Hold unpaid orders back; payments are attempts with states."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATES = ("CREATED", "REQUIRES_ACTION", "AUTHORIZED", "CAPTURED", "PARTLY_REFUNDED", "REFUNDED",
          "FAILED", "EXPIRED")  # fmt: skip
OPEN_ATTEMPT = sa.text(
    "state IN ('CREATED', 'REQUIRES_ACTION', 'AUTHORIZED') AND method IN ('STRIPE', 'PAYPAL')"
)
STATE_OF = (
    "CASE status WHEN 'PENDING' THEN 'CREATED' WHEN 'COMPLETED' THEN 'CAPTURED' "
    "WHEN 'REFUNDED' THEN 'REFUNDED' ELSE 'EXPIRED' END"
)
STATUS_OF = (
    "CASE state WHEN 'CAPTURED' THEN 'COMPLETED' WHEN 'PARTLY_REFUNDED' THEN 'COMPLETED' "
    "WHEN 'REFUNDED' THEN 'REFUNDED' WHEN 'FAILED' THEN 'FAILED' WHEN 'EXPIRED' THEN 'FAILED' "
    "ELSE 'PENDING' END"
)


def upgrade() -> None:
    op.add_column(
        "orders",
        sa.Column("awaits_payment_until", columns.UtcDateTime(timezone=True), nullable=True),
    )
    for name in ("is_hosted", "is_surplus"):
        op.add_column(
            "payments", sa.Column(name, columns.Flag(), nullable=False, server_default=sa.false())
        )
    for name, length in (
        ("provider_ref", 255),
        ("charge_ref", 255),
        ("failure", 200),
        ("review", 200),
    ):
        op.add_column("payments", sa.Column(name, sa.String(length), nullable=True))
    op.add_column("payments", sa.Column("tendered_minor", sa.BigInteger(), nullable=True))
    states = sa.Enum(*STATES, name="intentstate", native_enum=False, length=32)
    op.add_column("payments", sa.Column("state", states, nullable=False, server_default="CREATED"))
    op.execute(f"UPDATE payments SET state = {STATE_OF}")  # noqa: S608  # our own words
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_column("status")
        for name in ("is_hosted", "is_surplus", "state"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_payments_provider_ref"), ["provider_ref"])
        batch_op.create_index(
            "uq_payments_open_attempt",
            ["order_id", "method", "is_hosted"],
            unique=True,
            sqlite_where=OPEN_ATTEMPT,
            postgresql_where=OPEN_ATTEMPT,
        )


def downgrade() -> None:
    status = sa.Enum(
        "PENDING", "COMPLETED", "FAILED", "REFUNDED",
        name="paymentstatus", native_enum=False, length=32,
    )  # fmt: skip
    op.add_column("payments", sa.Column("status", status, nullable=False, server_default="PENDING"))
    op.execute(f"UPDATE payments SET status = {STATUS_OF}")  # noqa: S608  # our own words
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payments_open_attempt",
            sqlite_where=OPEN_ATTEMPT,
            postgresql_where=OPEN_ATTEMPT,
        )
        batch_op.drop_constraint(batch_op.f("uq_payments_provider_ref"), type_="unique")
        batch_op.alter_column("status", server_default=None)
        for name in ("state", "is_hosted", "is_surplus", "provider_ref", "charge_ref", "failure",
                     "review", "tendered_minor"):  # fmt: skip
            batch_op.drop_column(name)
    op.drop_column("orders", "awaits_payment_until")
