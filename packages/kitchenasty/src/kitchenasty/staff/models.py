"""The people who work in the houses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.kit.identity.links import LinkRow
from kitchenasty.kit.principals import Role
from kitchenasty.kit.tables import Model, Record

IS_OPEN = "settled_at IS NULL"


class StaffMember(Record):
    """Somebody who may sign in to work; deactivated, never deleted, since histories name them.

    `email` is normalised, so it is unique whatever the capitals. `house_ids` lists the houses the
    person may see; None stands for all of them.
    """

    __tablename__ = "staff_members"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(choice(Role))
    phone: Mapped[str | None] = mapped_column(String(40))
    avatar: Mapped[str | None] = mapped_column(String(500))
    house_ids: Mapped[Any | None] = mapped_column(Json)
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PasswordLinkRow(LinkRow):
    """A letter lets somebody choose a new password: once, for an hour."""

    __tablename__ = "staff_password_links"

    staff_id: Mapped[Id] = mapped_column(
        ForeignKey("staff_members.id", ondelete="CASCADE"), index=True
    )


class SecondFactorRow(Model):
    """The secret that somebody's phone makes codes of, sealed under the server's own secret.

    It counts from `confirmed_at` on. `last_step` is that of the last code that was used: none that
    is as old opens anything.
    """

    __tablename__ = "staff_second_factors"

    staff_id: Mapped[Id] = mapped_column(
        ForeignKey("staff_members.id", ondelete="CASCADE"), primary_key=True
    )
    sealed_secret: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCodeRow(Record):
    """A way in without the phone; using it deletes it."""

    __tablename__ = "staff_recovery_codes"

    staff_id: Mapped[Id] = mapped_column(
        ForeignKey("staff_members.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(64))


class InvitationRow(Record):
    """Somebody was asked to join the staff. Of one address, one invitation is open at a time.

    The token is derived from the server's secret, the id and the `round`, which grows with every
    letter, so only the last letter's link opens anything and the database holds no token.
    """

    __tablename__ = "staff_invitations"
    __table_args__ = (
        Index(
            "uq_staff_invitations_open",
            "email",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
    )

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(choice(Role))
    house_ids: Mapped[Any | None] = mapped_column(Json)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    round: Mapped[int]
    invited_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When it was accepted or revoked."""
    member_id: Mapped[Id | None] = mapped_column(ForeignKey("staff_members.id"))
    """Who came of it; empty for one that was revoked."""


class SetUpCode(Model):
    """The one code that lets the first owner in; at most one row, gone once it was used."""

    __tablename__ = "set_up_codes"

    slot: Mapped[str] = mapped_column(String(8), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
