"""ask about cookies by version.

No door has ever written into the two tables that are changed, so there is nothing to fill in.
"""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cookie_questions",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked", columns.Json(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_cookie_questions")),
    )
    with op.batch_alter_table("cookie_categories", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cookies", columns.Json(), nullable=False))
        batch_op.add_column(sa.Column("script_url", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("script_site", sa.String(length=100), nullable=False))

    with op.batch_alter_table("cookie_consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(length=60), nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False))
        batch_op.drop_index(batch_op.f("ix_cookie_consents_category_id"))
        batch_op.create_index(
            "ix_cookie_consents_category_id_accepted", ["category_id", "accepted"], unique=False
        )
        batch_op.drop_constraint(
            batch_op.f("fk_cookie_consents_category_id_cookie_categories"), type_="foreignkey"
        )


def downgrade() -> None:
    with op.batch_alter_table("cookie_consents", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_cookie_consents_category_id_cookie_categories"),
            "cookie_categories",
            ["category_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.drop_index("ix_cookie_consents_category_id_accepted")
        batch_op.create_index(
            batch_op.f("ix_cookie_consents_category_id"), ["category_id"], unique=False
        )
        batch_op.drop_column("version")
        batch_op.drop_column("category")

    with op.batch_alter_table("cookie_categories", schema=None) as batch_op:
        batch_op.drop_column("script_site")
        batch_op.drop_column("script_url")
        batch_op.drop_column("cookies")

    op.drop_table("cookie_questions")
