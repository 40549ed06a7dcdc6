"""Setting up a phone as one's second factor, and the codes on paper for the day without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody
from markupsafe import Markup

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import accounts, staff
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import (
    Actor,
    WebRequest,
    back_to,
    writing_for,
)
from kitchenasty.kit.identity import totp
from kitchenasty.kit.principals import Kind, Principal

HERE = "/admin/me/second-factor"
Line = Annotated[str, msgspec.Meta(max_length=500)]


class KnownForm(Form):
    VERBATIM = frozenset({"current"})

    current: Line = ""


class ConfirmForm(Form):
    code: Line = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The secret for a phone: a picture to scan, and the same to type."""

    picture: Markup
    typed: str


class SecondFactorPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.STAFF, before_second_factor=True)

    @get("/")
    async def show_second_factor(self, request: WebRequest, principal: Actor) -> Response[Any]:
        return await show(request, principal)

    @post("/")
    async def begin(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[KnownForm]
    ) -> Response[Any]:
        """Whoever finds an open office and a cup of tea does not know the password."""
        entrance, visit = entrance_of(request), visit_of(request, principal)
        try:
            own_id = await accounts.check_current(entrance, visit, data.current)
            async with writing_for(request, principal) as uow:
                await staff.begin_second_factor(uow, own_id)
        except DomainError as refusal:
            return await show(request, principal, refusal=refusal)
        return back_to(HERE)

    @post("/confirm", status_code=200)
    async def confirm(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[ConfirmForm]
    ) -> Response[Any]:
        """The answer is the page with the recovery codes, since no address may have them. Wherever
        the account was signed in with the password alone, it is signed out.
        """
        own_id = principal.id or ""
        try:
            async with writing_for(request, principal) as uow:
                codes = await staff.confirm_second_factor(uow, own_id, data.code)
                kept = principal.session_id or ""
                await accounts.end_other_places(uow, Kind.STAFF, own_id, kept)
        except DomainError as refusal:
            return await show(request, principal, refusal=refusal)
        return await show(request, principal, codes=codes)

    @post("/codes", status_code=200)
    async def renew_codes(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[KnownForm]
    ) -> Response[Any]:
        entrance, visit = entrance_of(request), visit_of(request, principal)
        try:
            own_id = await accounts.check_current(entrance, visit, data.current)
            async with writing_for(request, principal) as uow:
                codes = await staff.renew_recovery_codes(uow, own_id)
        except DomainError as refusal:
            return await show(request, principal, refusal=refusal)
        return await show(request, principal, codes=codes)

    @post("/off")
    async def drop(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[KnownForm]
    ) -> Response[Any]:
        entrance, visit = entrance_of(request), visit_of(request, principal)
        try:
            own_id = await accounts.check_current(entrance, visit, data.current)
            async with writing_for(request, principal) as uow:
                await staff.drop_second_factor(uow, own_id)
        except DomainError as refusal:
            return await show(request, principal, refusal=refusal)
        return back_to("/admin/me?told=factor-off")


async def show(
    request: WebRequest,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    codes: list[str] | None = None,
) -> Response[Any]:
    """No browser keeps this page: a secret is on it."""
    own_id = principal.id or ""
    async with entrance_of(request).books.reading(principal) as look:
        factor = await staff.find_second_factor(look, own_id)
        codes_left = await staff.count_recovery_codes(look, own_id)
        is_needed = await staff.is_asked_for(look, principal.role) if principal.role else False
    is_on = factor is not None and factor.is_confirmed
    return office_page(
        "dashboard/second_factor.html",
        request,
        principal,
        refusal=refusal,
        is_on=is_on,
        is_needed=is_needed,
        drawn=None if factor is None or is_on else draw(factor, principal),
        codes=codes,
        codes_left=codes_left,
    )


def draw(factor: staff.SecondFactor, principal: Principal) -> Drawn:
    address = totp.address_of(
        factor.secret, issuer=staff.ISSUER, account=principal.email or principal.name
    )
    import segno  # noqa: PLC0415  # 4 MB, for the day on which somebody sets a factor up

    # Made here and nowhere else: a picture drawn by somebody else's server would tell the secret.
    svg = segno.make(address, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="office-code", lineclass=None
    )
    return Drawn(Markup(svg), totp.spell(factor.secret))  # noqa: S704  # segno writes squares, no text
