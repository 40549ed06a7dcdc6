"""The API's doors to the second factor of the staff: what the office has pages for."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Form, WireStruct, done, ok
from kitchenasty import staff
from kitchenasty.accounts.known import check_current
from kitchenasty.accounts.places import end_other_places
from kitchenasty.accounts.staff_account_routes import id_of
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, writing_for
from kitchenasty.kit.identity import totp
from kitchenasty.kit.principals import Kind


class KnownPassword(Form, kw_only=True):
    VERBATIM = frozenset({"current_password"})

    current_password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class PhoneCode(Form, kw_only=True):
    code: Annotated[str, msgspec.Meta(min_length=6, max_length=40)]


class SecondFactorView(WireStruct, kw_only=True):
    """`isNeeded`: the house asks for one, and nothing else opens without it."""

    is_on: bool
    is_needed: bool
    recovery_codes_left: int


class PhoneSecret(WireStruct, kw_only=True):
    """For an authenticator app: `secret` to type (base32), `address` to draw as a picture."""

    secret: str
    address: str


class RecoveryCodes(WireStruct, kw_only=True):
    """For the day without the phone. Each works once; they are told this once."""

    recovery_codes: list[str]


class SecondFactorApi(ApiController):
    path = "/api/auth/staff/second-factor"
    tags = ["Accounts"]
    opt = access(Access.STAFF, before_second_factor=True)

    @get(operation_id="ShowSecondFactor")
    async def show(self, look: Reading, principal: Actor) -> Envelope[SecondFactorView]:
        """Whether whoever asks has one, and has to."""
        own_id = id_of(principal)
        is_needed = await staff.is_asked_for(look, principal.role) if principal.role else False
        return ok(
            SecondFactorView(
                is_on=await staff.has_second_factor(look, own_id),
                is_needed=is_needed,
                recovery_codes_left=await staff.count_recovery_codes(look, own_id),
            )
        )

    @post(status_code=200, operation_id="BeginSecondFactor")
    async def begin(
        self, request: WebRequest, principal: Actor, data: JSONBody[KnownPassword]
    ) -> Envelope[PhoneSecret]:
        """A fresh secret for a phone; it counts once it is confirmed. 409 if there is one."""
        entrance, visit = entrance_of(request), visit_of(request, principal)
        own_id = await check_current(entrance, visit, data.current_password)
        async with writing_for(request, principal) as uow:
            factor = await staff.begin_second_factor(uow, own_id)
        account = principal.email or principal.name
        address = totp.address_of(factor.secret, issuer=staff.ISSUER, account=account)
        return ok(PhoneSecret(secret=totp.spell(factor.secret), address=address))

    @post("/confirm", status_code=200, operation_id="ConfirmSecondFactor")
    async def confirm(
        self, uow: Work, principal: Actor, data: JSONBody[PhoneCode]
    ) -> Envelope[RecoveryCodes]:
        """It counts from now on, and is asked for at the next sign-in. Every other session ends."""
        own_id = id_of(principal)
        codes = await staff.confirm_second_factor(uow, own_id, data.code)
        await end_other_places(uow, Kind.STAFF, own_id, principal.session_id or "")
        return ok(RecoveryCodes(recovery_codes=codes))

    @post("/codes", status_code=200, operation_id="RenewRecoveryCodes")
    async def renew_codes(
        self, request: WebRequest, principal: Actor, data: JSONBody[KnownPassword]
    ) -> Envelope[RecoveryCodes]:
        """Fresh codes; those before open nothing any more."""
        entrance, visit = entrance_of(request), visit_of(request, principal)
        own_id = await check_current(entrance, visit, data.current_password)
        async with writing_for(request, principal) as uow:
            codes = await staff.renew_recovery_codes(uow, own_id)
        return ok(RecoveryCodes(recovery_codes=codes))

    @post("/off", status_code=200, operation_id="DropSecondFactor")
    async def drop(
        self, request: WebRequest, principal: Actor, data: JSONBody[KnownPassword]
    ) -> Envelope[None]:
        """The password alone opens again. 403 where the house asks for more."""
        entrance, visit = entrance_of(request), visit_of(request, principal)
        own_id = await check_current(entrance, visit, data.current_password)
        async with writing_for(request, principal) as uow:
            await staff.drop_second_factor(uow, own_id)
        return done("Second factor removed")
