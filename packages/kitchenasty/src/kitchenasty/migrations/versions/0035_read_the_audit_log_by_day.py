"""Read the audit log by day."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLE = "audit_rows"
ADDED = {"action": "action", "entity": "entity", "happened_at": None}


def upgrade() -> None:
    op.drop_index("ix_audit_rows_actor_id", table_name=TABLE)
    op.create_index("ix_audit_rows_actor_id", TABLE, ["actor_id", "happened_at", "id"])
    for name, column in ADDED.items():
        columns = [column, "happened_at", "id"] if column else ["happened_at", "id"]
        op.create_index(f"ix_audit_rows_{name}", TABLE, columns)


def downgrade() -> None:
    for name in ADDED:
        op.drop_index(f"ix_audit_rows_{name}", table_name=TABLE)
    op.drop_index("ix_audit_rows_actor_id", table_name=TABLE)
    op.create_index("ix_audit_rows_actor_id", TABLE, ["actor_id", "id"])
