"""Make one request of a key and its body, whoever sends it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEX = "ix_idempotency_keys_request_hash"


def upgrade() -> None:
    op.add_column("idempotency_keys", sa.Column("request_hash", sa.String(64), nullable=True))
    op.create_index(INDEX, "idempotency_keys", ["request_hash"], unique=True)


def downgrade() -> None:
    op.drop_index(INDEX, "idempotency_keys")
    op.drop_column("idempotency_keys", "request_hash")
