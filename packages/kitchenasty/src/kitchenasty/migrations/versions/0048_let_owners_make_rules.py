"""Let owners make rules."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ID = columns.IdType(length=36)
INSTANT = columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_on", columns.Flag(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
    )
    op.create_table(
        "rule_versions",
        sa.Column("rule_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("written", columns.Json(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by_name", sa.String(length=120), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["rules.id"],
            name=op.f("fk_rule_versions_rule_id_rules"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_versions")),
        sa.UniqueConstraint("rule_id", "number", name=op.f("uq_rule_versions_rule_id_number")),
    )
    op.create_table(
        "rule_facts",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("facts", columns.Json(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_rule_facts")),
    )
    op.create_index("ix_rule_facts_happened_at", "rule_facts", ["happened_at"])
    op.create_index("ix_rule_facts_topic_happened_at", "rule_facts", ["topic", "happened_at"])
    op.create_table(
        "rule_runs",
        sa.Column("rule_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "ACTED",
                "NO",
                "UNKNOWN",
                "CUT",
                "UNREADABLE",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ran_at", INSTANT, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["rules.id"], name=op.f("fk_rule_runs_rule_id_rules"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["rule_versions.id"],
            name=op.f("fk_rule_runs_version_id_rule_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_runs")),
        sa.UniqueConstraint(
            "version_id", "event_id", name=op.f("uq_rule_runs_version_id_event_id")
        ),
    )
    op.create_index("ix_rule_runs_event_id", "rule_runs", ["event_id"])
    op.create_index("ix_rule_runs_ran_at", "rule_runs", ["ran_at"])
    op.create_index("ix_rule_runs_rule_id_id", "rule_runs", ["rule_id", "id"])
    op.create_table(
        "rule_effects",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("texts", columns.Json(), nullable=False),
        sa.Column("about", columns.Json(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("DONE", "REFUSED", name="effectstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["rule_versions.id"],
            name=op.f("fk_rule_effects_version_id_rule_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_effects")),
        sa.UniqueConstraint(
            "version_id",
            "event_id",
            "step",
            "recipient",
            name=op.f("uq_rule_effects_version_id_event_id_step_recipient"),
        ),
    )
    op.create_index("ix_rule_effects_done_at", "rule_effects", ["done_at"])
    op.create_index("ix_rule_effects_event_id", "rule_effects", ["event_id"])


def downgrade() -> None:
    for table in ("rule_effects", "rule_runs", "rule_facts", "rule_versions", "rules"):
        op.drop_table(table)
