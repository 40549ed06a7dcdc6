"""Print dockets."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

TROUBLES = ("AWAY", "PAPER", "COVER", "SILENT", "FORBIDDEN")
STATES = ("WAITING", "PRINTED", "GIVEN_UP")


def upgrade() -> None:
    op.create_table(
        "printers",
        sa.Column("house_id", columns.IdType(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("answers", columns.Flag(), nullable=False),
        sa.Column("is_on", columns.Flag(), nullable=False),
        sa.Column(
            "trouble",
            sa.Enum(*TROUBLES, name="trouble", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("trouble_since", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("printed_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["house_id"],
            ["locations.id"],
            name=op.f("fk_printers_house_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printers")),
    )
    with op.batch_alter_table("printers", schema=None) as batch_op:
        batch_op.create_index("ix_printers_house_id", ["house_id"], unique=False)
    make_printouts()


def make_printouts() -> None:
    op.create_table(
        "printouts",
        sa.Column("printer_id", columns.IdType(length=36), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("about_id", columns.IdType(length=36), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="printoutstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("is_doubtful", columns.Flag(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("useful_until", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["printer_id"],
            ["printers.id"],
            name=op.f("fk_printouts_printer_id_printers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printouts")),
    )
    with op.batch_alter_table("printouts", schema=None) as batch_op:
        batch_op.create_index("ix_printouts_printer_id_key", ["printer_id", "key"], unique=True)
        batch_op.create_index(
            "ix_printouts_waiting",
            ["printer_id", "try_at"],
            unique=False,
            sqlite_where=sa.text("state = 'WAITING'"),
            postgresql_where=sa.text("state = 'WAITING'"),
        )
        batch_op.create_index("ix_printouts_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_printouts_about_id", ["about_id"], unique=False)


def downgrade() -> None:
    op.drop_table("printouts")
    op.drop_table("printers")
