"""What the API's staff doors read and write."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, WireStruct, stamp
from kitchenasty.kit.principals import Role
from kitchenasty.staff.people import Member


class StaffView(WireStruct):
    """`location_id` is the one house of somebody who works in one; `house_ids` says it all."""

    id: str
    email: str
    name: str
    role: Role
    phone: str | None
    avatar: str | None
    is_active: bool
    location_id: str | None
    house_ids: list[str] | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, member: Member) -> StaffView:
        houses = member.house_ids
        return cls(
            id=member.id,
            email=member.email,
            name=member.name,
            role=member.role,
            phone=member.phone,
            avatar=member.avatar,
            is_active=member.is_active,
            location_id=houses[0] if houses is not None and len(houses) == 1 else None,
            house_ids=None if houses is None else list(houses),
            created_at=stamp(member.created_at),
            updated_at=stamp(member.updated_at),
        )


class StaffPatch(Form):
    """What is left out stays; `location_id: null` opens every house."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    phone: Annotated[str, msgspec.Meta(max_length=40)] | UnsetType | None = UNSET
    location_id: Annotated[str, msgspec.Meta(max_length=36)] | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET

    def to_changes(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            "name": self.name,
            "role": self.role,
            "phone": self.phone,
            "is_active": self.is_active,
        }
        changes = {name: value for name, value in given.items() if value is not UNSET}
        if self.location_id is not UNSET:
            changes["house_ids"] = None if self.location_id is None else (self.location_id,)
        return changes
