"""What the rail carried out for each job, so that its story needs not the rail's whole log."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_entries",
        sa.Column("job_id", columns.IdType(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("command", sa.String(length=20), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=True),
        sa.Column("signer", sa.String(length=44), nullable=False),
        sa.Column("moves", columns.Json(), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["listed_jobs.id"], name=op.f("fk_job_entries_job_id_listed_jobs")
        ),
        sa.PrimaryKeyConstraint("job_id", "seq", name=op.f("pk_job_entries")),
    )
    with op.batch_alter_table("job_entries", schema=None) as batch_op:
        batch_op.create_index("ix_job_entries_command_at", ["command", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("job_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_job_entries_command_at")
    op.drop_table("job_entries")
