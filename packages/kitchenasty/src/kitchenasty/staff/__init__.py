"""The people who work here: accounts, roles, houses, and the first owner."""

from kitchenasty.staff.first_owner import add_first_owner, has_staff, prepare_set_up
from kitchenasty.staff.people import (
    EmailTaken,
    Member,
    NewMember,
    SetUpRefused,
    StaffFilter,
    StaffMemberNotFound,
)
from kitchenasty.staff.rules import LastOwnerRefused, OwnAccountRefused
from kitchenasty.staff.service import (
    add_member,
    change_member,
    find_account,
    find_principal,
    list_demo_people,
    list_members,
    load_member,
)

__all__ = [
    "EmailTaken",
    "LastOwnerRefused",
    "Member",
    "NewMember",
    "OwnAccountRefused",
    "SetUpRefused",
    "StaffFilter",
    "StaffMemberNotFound",
    "add_first_owner",
    "add_member",
    "change_member",
    "find_account",
    "find_principal",
    "has_staff",
    "list_demo_people",
    "list_members",
    "load_member",
    "prepare_set_up",
]
