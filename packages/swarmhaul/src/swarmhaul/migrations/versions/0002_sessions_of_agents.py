"""Sessions that a key bound within limits, and what was spent in them."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_sessions",
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.String(length=43), nullable=False),
        sa.Column("asked_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=44), nullable=True),
        sa.Column("once_max", sa.BigInteger(), nullable=False),
        sa.Column("total_max", sa.BigInteger(), nullable=False),
        sa.Column("bid_max", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("signed_text", sa.Text(), nullable=True),
        sa.Column("signature", sa.String(length=88), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_sessions")),
        sa.UniqueConstraint("asked_by", "seat", name=op.f("uq_agent_sessions_asked_by_seat")),
    )
    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_agent_sessions_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "session_spendings",
        sa.Column("session_id", columns.IdType(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["agent_sessions.id"],
            name=op.f("fk_session_spendings_session_id_agent_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "digest", name=op.f("pk_session_spendings")),
    )


def downgrade() -> None:
    op.drop_table("session_spendings")
    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_agent_sessions_expires_at")

    op.drop_table("agent_sessions")
