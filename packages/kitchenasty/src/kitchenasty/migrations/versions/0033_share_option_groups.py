"""share option groups."""

import sqlalchemy as sa
from alembic import op

from basis.kit.data import columns

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# Groups and values keep their ids: carts and orders name them.
LINK = """
INSERT INTO dish_options (dish_id, group_id, sort_order)
SELECT dish_id, id, sort_order FROM option_groups WHERE NOT is_retired
"""
# On the way back a group is one dish's again: the first of those that share it.
UNLINK = """
UPDATE option_groups SET
  dish_id = (SELECT l.dish_id FROM dish_options l
             WHERE l.group_id = option_groups.id ORDER BY l.dish_id LIMIT 1),
  sort_order = COALESCE((SELECT l.sort_order FROM dish_options l
                         WHERE l.group_id = option_groups.id ORDER BY l.dish_id LIMIT 1), 0)
"""
FORGET_VALUES = """
DELETE FROM option_values
WHERE group_id IN (SELECT id FROM option_groups WHERE dish_id IS NULL)
"""
FORGET = "DELETE FROM option_groups WHERE dish_id IS NULL"


def upgrade() -> None:
    op.create_table(
        "dish_options",
        sa.Column("dish_id", columns.IdType(length=36), nullable=False),
        sa.Column("group_id", columns.IdType(length=36), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dish_id"],
            ["dishes.id"],
            name=op.f("fk_dish_options_dish_id_dishes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["option_groups.id"],
            name=op.f("fk_dish_options_group_id_option_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dish_id", "group_id", name=op.f("pk_dish_options")),
    )
    with op.batch_alter_table("dish_options", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dish_options_group_id"), ["group_id"], unique=False)
    op.execute(LINK)
    with op.batch_alter_table("option_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_option_groups_dish_id"))
        batch_op.drop_constraint(batch_op.f("fk_option_groups_dish_id_dishes"), type_="foreignkey")
        batch_op.drop_column("dish_id")
        batch_op.drop_column("sort_order")


def downgrade() -> None:
    with op.batch_alter_table("option_groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dish_id", columns.IdType(length=36), nullable=True))
        batch_op.add_column(sa.Column("sort_order", sa.Integer(), nullable=True))
    op.execute(UNLINK)
    op.execute(FORGET_VALUES)
    op.execute(FORGET)
    with op.batch_alter_table("option_groups", schema=None) as batch_op:
        batch_op.alter_column("dish_id", existing_type=columns.IdType(length=36), nullable=False)
        batch_op.alter_column("sort_order", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_option_groups_dish_id_dishes"),
            "dishes",
            ["dish_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_index(batch_op.f("ix_option_groups_dish_id"), ["dish_id"], unique=False)
    op.drop_table("dish_options")
