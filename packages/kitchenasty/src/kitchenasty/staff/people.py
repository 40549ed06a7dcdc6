"""The staff as values: what is known of a member, what is asked for, what may be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from basis.errors import Conflict, Forbidden, Invalid, NotFound
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty.kit.principals import Role
from kitchenasty.staff.rules import Houses, Standing

NAME_LENGTH_MAX = 200
PHONE_LENGTH_MAX = 40


class StaffMemberNotFound(NotFound):
    """There is nobody of this id on the staff."""

    def __init__(self) -> None:
        super().__init__("Staff member not found.")


class EmailTaken(Conflict):
    """Two accounts cannot share an e-mail address."""

    def __init__(self) -> None:
        super().__init__("Email already registered")


class NameRefused(Invalid):
    """A name is needed, and it has a length that fits on a screen."""

    def __init__(self) -> None:
        super().__init__(
            Sentence.of("Please give a name of at most {most} characters.", most=NAME_LENGTH_MAX)
        )


class PhoneRefused(Invalid):
    def __init__(self) -> None:
        super().__init__(
            Sentence.of("A phone number has at most {most} characters.", most=PHONE_LENGTH_MAX)
        )


class SetUpRefused(Forbidden):
    """The code is wrong or was used, or the house has its owner already."""

    def __init__(self) -> None:
        super().__init__(
            "This set-up code does not work. The server prints a fresh one each time it starts "
            "until the first owner exists."
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff. `house_ids` is None for every house."""

    id: str
    email: str
    name: str
    role: Role
    phone: str | None
    avatar: str | None
    house_ids: tuple[str, ...] | None
    is_active: bool
    created_at: datetime
    updated_at: datetime

    @property
    def houses(self) -> Houses:
        return None if self.house_ids is None else frozenset(self.house_ids)

    @property
    def standing(self) -> Standing:
        return Standing(role=self.role, is_active=self.is_active)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Somebody to be added, with what they typed."""

    email: str
    name: str
    role: Role = Role.STAFF
    house_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """Which of the staff to list; None leaves a question open."""

    role: Role | None = None
    is_active: bool | None = None
    search: str | None = None


def member_of(row: tuple[Any, ...]) -> Member:
    """A member from the columns of `queries.MEMBER_COLUMNS`."""
    (
        staff_id,
        email,
        name,
        role,
        phone,
        avatar,
        house_ids,
        is_active,
        created_at,
        updated_at,
    ) = row
    return Member(
        id=staff_id,
        email=email,
        name=name,
        role=Role(role),
        phone=phone,
        avatar=avatar,
        house_ids=None if house_ids is None else tuple(house_ids),
        is_active=is_active,
        created_at=created_at,
        updated_at=updated_at,
    )


def check_phone(phone: str | None) -> str | None:
    """The number in one line, None for none. Raises PhoneRefused."""
    plain = one_line(phone or "")
    if len(plain) > PHONE_LENGTH_MAX:
        raise PhoneRefused
    return plain or None


def check_name(name: str) -> str:
    """The name without outer blanks; raises NameRefused."""
    plain = one_line(name)
    if not plain or len(plain) > NAME_LENGTH_MAX:
        raise NameRefused
    return plain
