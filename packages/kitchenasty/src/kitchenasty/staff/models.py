"""The people who work in the houses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.kit.data.columns import Json, Model, Record, choice
from kitchenasty.kit.principals import Role


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


class SetUpCode(Model):
    """The one code that lets the first owner in; at most one row, gone once it was used."""

    __tablename__ = "set_up_codes"

    slot: Mapped[str] = mapped_column(String(8), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
