"""What the API's account doors read and write."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, Stamp, WireStruct, stamp
from kitchenasty import guests, staff
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.identity.signed_in import Place
from kitchenasty.kit.principals import Role

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Phone = Annotated[str, msgspec.Meta(max_length=40)]
StaffPassword = Annotated[str, msgspec.Meta(min_length=6, max_length=256)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class StaffCredentials(Form):
    """`code` is that of the phone, or one of the recovery codes, where an account has a second
    factor; without it the answer is 401 `totp_required`.
    """

    VERBATIM = frozenset({"password"})

    email: Email
    password: StaffPassword
    code: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class GuestCredentials(Form):
    VERBATIM = frozenset({"password"})

    email: Email
    password: Password


class StaffRegistration(Form):
    VERBATIM = frozenset({"password"})

    email: Email
    password: Password
    name: Name
    role: Role = Role.STAFF


class InvitationForm(Form):
    """Without `location_id` the person will work in every house."""

    email: Email
    name: Name | None = None
    role: Role = Role.STAFF
    location_id: Annotated[str, msgspec.Meta(max_length=36)] | None = None

    def to_draft(self) -> staff.InvitationDraft:
        houses = None if self.location_id is None else (self.location_id,)
        return staff.InvitationDraft(
            email=self.email, name=self.name, role=self.role, house_ids=houses
        )


class InvitationAnswer(Form):
    VERBATIM = frozenset({"token", "password"})

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    name: Name
    password: StaffPassword


class InvitationView(WireStruct):
    """An open invitation, as owners see it."""

    id: str
    email: str
    name: str | None
    role: Role
    location_id: str | None
    invited_by: str
    created_at: Stamp
    expires_at: Stamp

    @classmethod
    def of(cls, one: staff.Invitation) -> InvitationView:
        houses = one.house_ids
        return cls(
            id=one.id,
            email=one.email,
            name=one.name,
            role=one.role,
            location_id=houses[0] if houses is not None and len(houses) == 1 else None,
            invited_by=one.invited_by,
            created_at=stamp(one.created_at),
            expires_at=stamp(one.expires_at),
        )


class InvitedTo(WireStruct):
    """What whoever holds the link may know."""

    email: str
    role: Role


class GuestRegistration(Form):
    VERBATIM = frozenset({"password"})

    email: Email
    password: Password
    name: Name
    phone: Phone | None = None


class LetterToken(Form):
    VERBATIM = frozenset({"token"})

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class ForgottenPassword(Form):
    email: Email


class PasswordReset(Form):
    VERBATIM = frozenset({"token", "password"})

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    password: Password


class PasswordChange(Form):
    VERBATIM = frozenset({"current_password", "new_password"})

    current_password: Password
    new_password: Password


class MailboxChange(Form):
    VERBATIM = frozenset({"current_password"})

    email: Email
    current_password: Password


class ProfileChange(Form):
    """What is left out stays as it is."""

    name: Name | UnsetType = UNSET
    phone: Phone | UnsetType | None = UNSET


class PushToken(Form):
    expo_push_token: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class StaffUser(WireStruct):
    id: str
    email: str
    name: str
    role: Role
    phone: str | None
    avatar: str | None

    @classmethod
    def of(cls, member: staff.Member) -> StaffUser:
        return cls(
            id=member.id,
            email=member.email,
            name=member.name,
            role=member.role,
            phone=member.phone,
            avatar=member.avatar,
        )


class CustomerUser(WireStruct):
    """`loyalty_points` is there because the mobile app shows it."""

    id: str
    email: str
    name: str
    phone: str | None
    loyalty_points: int = 0
    email_verified: bool = False

    @classmethod
    def of(cls, guest: guests.Guest, points: int = 0) -> CustomerUser:
        return cls(
            id=guest.id,
            email=guest.email,
            name=guest.name,
            phone=guest.phone,
            loyalty_points=points,
            email_verified=guest.is_confirmed,
        )


class PlaceView(WireStruct):
    """One sign-in: `kind` is PAGE for a browser and API for a program."""

    id: str
    kind: SessionKind
    device: str
    address: str | None
    is_current: bool
    created_at: Stamp
    last_seen_at: Stamp

    @classmethod
    def of(cls, place: Place, *, current: str | None) -> PlaceView:
        return cls(
            id=place.id,
            kind=place.kind,
            device=place.device,
            address=place.address,
            is_current=place.id == current,
            created_at=stamp(place.since),
            last_seen_at=stamp(place.last_seen_at),
        )


class StaffSession(WireStruct):
    """`token` is null where the person was only added: they sign in themselves."""

    token: str | None
    user: StaffUser


class CustomerSession(WireStruct):
    """The customer under both names that clients look for."""

    token: str
    customer: CustomerUser
    user: CustomerUser


class AnyUser(WireStruct):
    """Staff or customer: `role` and `avatar` are there for staff, `loyalty_points` for guests."""

    id: str
    email: str
    name: str
    phone: str | None
    role: Role | UnsetType = UNSET
    avatar: str | UnsetType | None = UNSET
    loyalty_points: int | UnsetType = UNSET


class Me(AnyUser, kw_only=True):
    """Who is signed in: nested under `user` and `customer`, and flat, as different clients read."""

    type: str
    user: AnyUser
    customer: CustomerUser | UnsetType = UNSET

    @classmethod
    def of_staff(cls, member: staff.Member) -> Me:
        fields: dict[str, Any] = {
            "id": member.id,
            "email": member.email,
            "name": member.name,
            "phone": member.phone,
            "role": member.role,
            "avatar": member.avatar,
        }
        return cls(type="staff", user=AnyUser(**fields), **fields)

    @classmethod
    def of_guest(cls, guest: guests.Guest, points: int) -> Me:
        customer = CustomerUser.of(guest, points)
        fields: dict[str, Any] = {
            "id": customer.id,
            "email": customer.email,
            "name": customer.name,
            "phone": customer.phone,
            "loyalty_points": customer.loyalty_points,
        }
        return cls(type="customer", user=AnyUser(**fields), customer=customer, **fields)
