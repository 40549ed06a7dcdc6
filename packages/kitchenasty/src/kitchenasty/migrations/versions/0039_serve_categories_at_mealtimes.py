"""serve categories at mealtimes; pictures of dishes and houses are in the library."""

import sqlalchemy as sa
from alembic import op

from basis.ids import new_id
from basis.kit.data import columns

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

SHOWING = ("dishes", "categories", "locations")
ASSETS = sa.table(
    "media_assets",
    sa.column("id", columns.IdType(length=36)),
    sa.column("path", sa.String()),
    sa.column("original_name", sa.String()),
    sa.column("alt", sa.String()),
    sa.column("bytes", sa.Integer()),
    sa.column("uploaded_by_name", sa.String()),
    sa.column("created_at", columns.UtcDateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table(
        "category_mealtimes",
        sa.Column("category_id", columns.IdType(length=36), nullable=False),
        sa.Column("mealtime_id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_category_mealtimes_category_id_categories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mealtime_id"],
            ["mealtimes.id"],
            name=op.f("fk_category_mealtimes_mealtime_id_mealtimes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("category_id", "mealtime_id", name=op.f("pk_category_mealtimes")),
    )
    with op.batch_alter_table("category_mealtimes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_category_mealtimes_mealtime_id"), ["mealtime_id"], unique=False
        )
    shelve_what_is_shown()


def shelve_what_is_shown() -> None:
    """Pictures came into the library only through its own doors. From now on a picture that is
    shown is there, so that it can be held while somebody chooses it.
    """
    books = op.get_bind()
    known = {path for (path,) in books.execute(sa.select(ASSETS.c.path))}
    for name in SHOWING:
        rows = sa.table(
            name,
            sa.column("image", sa.String()),
            sa.column("name", sa.String()),
            sa.column("updated_at", columns.UtcDateTime(timezone=True)),
        )
        since = sa.func.min(rows.c.updated_at, type_=rows.c.updated_at.type)
        shown = sa.select(rows.c.image, sa.func.min(rows.c.name), since)
        for path, name_of_first, at in books.execute(
            shown.where(rows.c.image.like("/uploads/%")).group_by(rows.c.image)
        ).fetchall():
            if path not in known:
                known.add(path)
                books.execute(
                    sa.insert(ASSETS).values(
                        id=new_id(),
                        path=path,
                        original_name=name_of_first,
                        alt="",
                        bytes=0,
                        uploaded_by_name="",
                        created_at=at,
                    )
                )


def downgrade() -> None:
    with op.batch_alter_table("category_mealtimes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_mealtimes_mealtime_id"))
    op.drop_table("category_mealtimes")
