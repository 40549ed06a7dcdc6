"""Tell phones."""

import sqlalchemy as sa
from alembic import op

from basis.ids import new_id
from basis.kit.data import columns

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

CUSTOMERS = sa.table(
    "customers",
    sa.column("id", columns.IdType(length=36)),
    sa.column("push_token", sa.String(length=200)),
    sa.column("updated_at", columns.UtcDateTime(timezone=True)),
)
FOLLOWERS = sa.table(
    "push_followers",
    sa.column("id", columns.IdType(length=36)),
    sa.column("way", sa.String(length=32)),
    sa.column("endpoint", sa.String(length=1000)),
    sa.column("about", sa.String(length=32)),
    sa.column("about_id", columns.IdType(length=36)),
    sa.column("locale", sa.String(length=16)),
    sa.column("created_at", columns.UtcDateTime(timezone=True)),
)
ABOUTS = ("order", "reservation", "waiting", "kitchen", "account")


def upgrade() -> None:
    op.create_table(
        "push_followers",
        sa.Column(
            "way",
            sa.Enum("WEB", "EXPO", name="way", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("public_key", sa.String(length=100), nullable=True),
        sa.Column("auth_secret", sa.String(length=40), nullable=True),
        sa.Column(
            "about",
            sa.Enum(*ABOUTS, name="about", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("about_id", columns.IdType(length=36), nullable=False),
        sa.Column("session_id", columns.IdType(length=36), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", columns.IdType(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_push_followers_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_followers")),
        sa.UniqueConstraint(
            "endpoint",
            "about",
            "about_id",
            name=op.f("uq_push_followers_endpoint_about_about_id"),
        ),
    )
    with op.batch_alter_table("push_followers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_push_followers_about_about_id", ["about", "about_id"], unique=False
        )
        batch_op.create_index("ix_push_followers_created_at", ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_push_followers_session_id"), ["session_id"], unique=False
        )
    op.create_table(
        "push_keys",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("public_key", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("made_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_push_keys")),
    )
    move_tokens()
    # Both databases can; a copy of the table would take what refers to it along.
    op.execute("ALTER TABLE customers DROP COLUMN push_token")


def move_tokens() -> None:
    """A token was kept with its guest, and is a phone that follows their account from now on."""
    known = op.get_bind().execute(
        sa.select(CUSTOMERS.c.id, CUSTOMERS.c.push_token, CUSTOMERS.c.updated_at)
        .where(CUSTOMERS.c.push_token.is_not(None))
        .order_by(CUSTOMERS.c.updated_at)
    )
    latest = {token: (guest_id, at) for guest_id, token, at in known}
    for token, (guest_id, at) in latest.items():
        op.get_bind().execute(
            FOLLOWERS.insert().values(
                id=new_id(),
                way="EXPO",
                endpoint=token,
                about="account",
                about_id=guest_id,
                locale="en",
                created_at=at,
            )
        )


def downgrade() -> None:
    op.add_column("customers", sa.Column("push_token", sa.String(length=200), nullable=True))
    op.drop_table("push_keys")
    with op.batch_alter_table("push_followers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_followers_session_id"))
        batch_op.drop_index("ix_push_followers_created_at")
        batch_op.drop_index("ix_push_followers_about_about_id")
    op.drop_table("push_followers")
