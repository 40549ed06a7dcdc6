"""Invite people to the staff."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    role = sa.Enum("STAFF", "MANAGER", "SUPER_ADMIN", name="role", native_enum=False, length=32)
    op.create_table(
        "staff_invitations",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("role", role, nullable=False),
        sa.Column("house_ids", columns.Json(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("member_id", columns.IdType(length=36), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["staff_members.id"],
            name=op.f("fk_staff_invitations_member_id_staff_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_invitations_token_hash")),
    )
    op.create_index(
        "uq_staff_invitations_open",
        "staff_invitations",
        ["email"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_staff_invitations_open", table_name="staff_invitations")
    op.drop_table("staff_invitations")
