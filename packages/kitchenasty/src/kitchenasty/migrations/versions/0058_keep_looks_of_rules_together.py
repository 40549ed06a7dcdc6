"""Keep once for each event which rules were asked; a row for each only of those that said more than
no.
"""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

ID = columns.IdType()
INSTANT = columns.UtcDateTime()


def upgrade() -> None:
    op.create_table(
        "rule_audiences",
        sa.Column("id", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_audiences")),
    )
    op.create_table(
        "rule_audience_members",
        sa.Column("audience_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"],
            ["rule_audiences.id"],
            name=op.f("fk_rule_audience_members_audience_id_rule_audiences"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["rule_versions.id"],
            name=op.f("fk_rule_audience_members_version_id_rule_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "audience_id", name=op.f("pk_rule_audience_members")),
    )
    op.create_index(
        "ix_rule_audience_members_audience_id", "rule_audience_members", ["audience_id"]
    )
    op.create_table(
        "rule_looks",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("audience_id", ID, nullable=False),
        sa.Column("ran_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"],
            ["rule_audiences.id"],
            name=op.f("fk_rule_looks_audience_id_rule_audiences"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "audience_id", name=op.f("pk_rule_looks")),
    )
    op.create_index("ix_rule_looks_audience_id_ran_at", "rule_looks", ["audience_id", "ran_at"])
    op.create_index("ix_rule_looks_ran_at", "rule_looks", ["ran_at"])
    # What was kept so far: each version was an audience of its own.
    op.execute("INSERT INTO rule_audiences (id) SELECT DISTINCT version_id FROM rule_runs")
    op.execute(
        "INSERT INTO rule_audience_members (audience_id, version_id) "
        "SELECT DISTINCT version_id, version_id FROM rule_runs"
    )
    op.execute(
        "INSERT INTO rule_looks (event_id, audience_id, ran_at) "
        "SELECT event_id, version_id, ran_at FROM rule_runs"
    )
    op.execute("DELETE FROM rule_runs WHERE outcome = 'NO'")


def downgrade() -> None:
    for table in ("rule_looks", "rule_audience_members", "rule_audiences"):
        op.drop_table(table)
