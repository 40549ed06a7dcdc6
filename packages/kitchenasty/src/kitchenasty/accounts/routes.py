"""The API's account doors: sign-in, registration, who am I, sign-out."""

from __future__ import annotations

from litestar import get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty import guests, loyalty, push, staff
from kitchenasty.accounts import second_step, service
from kitchenasty.accounts.answers import session_of
from kitchenasty.accounts.schemas import (
    CustomerSession,
    CustomerUser,
    GuestCredentials,
    GuestRegistration,
    Me,
    ProfileChange,
    PushToken,
    StaffCredentials,
    StaffRegistration,
    StaffSession,
    StaffUser,
)
from kitchenasty.kit.http.access import Access, access, credentials_of
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.kit.identity.sign_in import SignInRefused
from kitchenasty.kit.principals import Kind


class AccountsApi(ApiController):
    path = "/api/auth"
    tags = ["Accounts"]

    @post("/staff/login", opt=access(Access.PUBLIC), status_code=200, operation_id="SignStaffIn")
    async def sign_staff_in(
        self, request: WebRequest, principal: Actor, data: JSONBody[StaffCredentials]
    ) -> Envelope[StaffSession]:
        """A bearer token for somebody of the staff. 401 says the same whatever was wrong, but for
        `totp_required`: the password is right, and `code` is asked for too.
        """
        entrance = entrance_of(request)
        signed_in = await second_step.sign_in(
            entrance,
            visit_of(request, principal),
            email=data.email,
            password=data.password,
            kinds=(Kind.STAFF,),
            code=data.code,
        )
        async with entrance.books.reading() as look:
            member = await staff.load_member(look, signed_in.subject_id)
        return ok(StaffSession(token=signed_in.token, user=StaffUser.of(member)))

    @post("/staff/register", opt=access(Access.SUPER_ADMIN), operation_id="RegisterStaff")
    async def register_staff(
        self, request: WebRequest, principal: Actor, data: JSONBody[StaffRegistration]
    ) -> Envelope[StaffSession]:
        """Add somebody to the staff. They sign in themselves, so `token` is null."""
        newcomer = staff.NewMember(email=data.email, name=data.name, role=data.role)
        visit = visit_of(request, principal)
        member = await service.register_member(entrance_of(request), visit, newcomer, data.password)
        return ok(StaffSession(token=None, user=StaffUser.of(member)))

    @post("/customer/register", opt=access(Access.PUBLIC), operation_id="RegisterCustomer")
    async def register_customer(
        self, request: WebRequest, principal: Actor, data: JSONBody[GuestRegistration]
    ) -> Envelope[CustomerSession]:
        """Open a guest's account and sign in. Whether the address has one already is not told here,
        but by a letter to it.
        """
        newcomer = guests.NewGuest(email=data.email, name=data.name, phone=data.phone)
        visit = visit_of(request, principal)
        guest, signed_in = await service.register_guest(
            entrance_of(request), visit, newcomer, data.password
        )
        customer = CustomerUser.of(guest)
        return ok(CustomerSession(token=signed_in.token, customer=customer, user=customer))

    @post(
        "/customer/login", opt=access(Access.PUBLIC), status_code=200, operation_id="SignCustomerIn"
    )
    async def sign_customer_in(
        self, request: WebRequest, principal: Actor, data: JSONBody[GuestCredentials]
    ) -> Envelope[CustomerSession]:
        """A bearer token for a guest. 401 says the same whatever was wrong."""
        entrance = entrance_of(request)
        signed_in = await second_step.sign_in(
            entrance,
            visit_of(request, principal),
            email=data.email,
            password=data.password,
            kinds=(Kind.CUSTOMER,),
        )
        return ok(await session_of(entrance, signed_in))

    @get(
        "/me",
        opt=access(Access.SIGNED_IN, before_second_factor=True),
        operation_id="ShowMe",
    )
    async def tell_me(self, look: Reading, principal: Actor) -> Envelope[Me]:
        """Whose token this is, as the account is now."""
        if principal.id is None:
            raise SignInRefused
        if principal.is_staff:
            return ok(Me.of_staff(await staff.load_member(look, principal.id)))
        guest = await guests.load_guest(look, principal.id)
        return ok(Me.of_guest(guest, await loyalty.load_balance(look, guest.id)))

    @patch("/me", opt=access(Access.SIGNED_IN), operation_id="ChangeMe")
    async def change_me(
        self, uow: Work, principal: Actor, data: JSONBody[ProfileChange]
    ) -> Envelope[Me]:
        """Another name or phone number of whoever asks."""
        if principal.id is None:
            raise SignInRefused
        if principal.is_staff:
            own = await staff.load_member(uow, principal.id)
            member = await staff.change_profile(
                uow,
                name=own.name if data.name is UNSET else data.name,
                phone=own.phone if data.phone is UNSET else data.phone,
            )
            return ok(Me.of_staff(member))
        known = await guests.load_guest(uow, principal.id)
        changed = await guests.change_profile(
            uow,
            principal.id,
            name=known.name if data.name is UNSET else data.name,
            phone=known.phone if data.phone is UNSET else data.phone,
        )
        return ok(Me.of_guest(changed, await loyalty.load_balance(uow, changed.id)))

    @post(
        "/logout",
        opt=access(Access.SIGNED_IN, before_second_factor=True),
        status_code=200,
        operation_id="SignOut",
    )
    async def sign_out(self, request: WebRequest, uow: Work) -> Envelope[None]:
        """End this token, at once and for good."""
        token, door = credentials_of(request)
        if token is not None:
            await service.sign_out(uow, token, door)
        return done("Signed out")

    @post("/push-token", opt=access(Access.CUSTOMER), status_code=200, operation_id="KeepPushToken")
    async def keep_push_token(
        self, uow: Work, principal: Actor, data: JSONBody[PushToken]
    ) -> Envelope[None]:
        """Where the guest's phone can be told that the food is ready."""
        if principal.id is None:
            raise SignInRefused
        await push.follow_account(
            uow, data.expo_push_token, principal.id, session_id=principal.session_id
        )
        return done("Push token saved")
