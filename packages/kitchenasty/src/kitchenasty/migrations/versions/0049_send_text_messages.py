"""send text messages."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

STATES = ("WAITING", "SENT", "DELIVERED", "GIVEN_UP", "NEEDLESS", "STOPPED", "SHOWN")


def upgrade() -> None:
    op.create_table(
        "text_messages",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=16), nullable=False),
        sa.Column("about_id", columns.IdType(length=36), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("facts", columns.Json(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="textstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("useful_until", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("settled_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("carrier_ref", sa.String(length=64), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(length=1000), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_text_messages_key")),
    )
    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.create_index("ix_text_messages_about_id", ["about_id"], unique=False)
        batch_op.create_index("ix_text_messages_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_text_messages_state_created_at", ["state", "created_at"], unique=False
        )
    op.create_table(
        "stopped_numbers",
        sa.Column("sign", sa.String(length=64), nullable=False),
        sa.Column("stopped_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sign", name=op.f("pk_stopped_numbers")),
    )
    op.create_table(
        "text_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_text_days")),
    )


def downgrade() -> None:
    op.drop_table("text_days")
    op.drop_table("stopped_numbers")
    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_text_messages_state_created_at")
        batch_op.drop_index("ix_text_messages_created_at_id")
        batch_op.drop_index("ix_text_messages_about_id")
    op.drop_table("text_messages")
