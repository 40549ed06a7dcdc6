"""The API's doors for guests' own accounts: confirming, new passwords."""

from __future__ import annotations

from litestar import post
from litestar.params import JSONBody

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty.accounts import moving, recovery
from kitchenasty.accounts.answers import session_of
from kitchenasty.accounts.schemas import (
    CustomerSession,
    ForgottenPassword,
    LetterToken,
    MailboxChange,
    PasswordChange,
    PasswordReset,
)
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, WebRequest, Work

ASKED = "If letters can be sent and this address takes them, one is on its way."


class CustomerAccountApi(ApiController):
    path = "/api/auth/customer"
    tags = ["Accounts"]

    @post("/verify", opt=access(Access.PUBLIC), status_code=200, operation_id="ConfirmAddress")
    async def confirm(self, uow: Work, data: JSONBody[LetterToken]) -> Envelope[None]:
        """Use the token of a letter to confirm the account's address. It works once."""
        await recovery.confirm(uow, data.token)
        return done("Address confirmed")

    @post(
        "/verify/resend", opt=access(Access.CUSTOMER), status_code=200, operation_id="AskToConfirm"
    )
    async def ask_again(self, request: WebRequest, principal: Actor) -> Envelope[None]:
        """The letter that confirms the address once more."""
        await recovery.ask_again(entrance_of(request), visit_of(request, principal))
        return done(ASKED)

    @post("/forgot", opt=access(Access.PUBLIC), status_code=200, operation_id="ForgetPassword")
    async def forget(
        self, request: WebRequest, principal: Actor, data: JSONBody[ForgottenPassword]
    ) -> Envelope[None]:
        """A letter with a token for a new password. The answer is the same for every address."""
        await recovery.ask_for_reset(entrance_of(request), visit_of(request, principal), data.email)
        return done(ASKED)

    @post("/reset", opt=access(Access.PUBLIC), status_code=200, operation_id="ResetPassword")
    async def reset(
        self, request: WebRequest, principal: Actor, data: JSONBody[PasswordReset]
    ) -> Envelope[CustomerSession]:
        """A new password by the token of a letter. All sessions end; `token` is a new one."""
        entrance = entrance_of(request)
        visit = visit_of(request, principal)
        signed_in = await recovery.reset_password(entrance, visit, data.token, data.password)
        return ok(await session_of(entrance, signed_in))

    @post("/password", opt=access(Access.CUSTOMER), status_code=200, operation_id="ChangePassword")
    async def change(
        self, request: WebRequest, principal: Actor, data: JSONBody[PasswordChange]
    ) -> Envelope[CustomerSession]:
        """Another password. All sessions end, this one too; `token` is a new one."""
        entrance = entrance_of(request)
        signed_in = await recovery.change_password(
            entrance,
            visit_of(request, principal),
            current=data.current_password,
            password=data.new_password,
        )
        return ok(await session_of(entrance, signed_in))

    @post("/email", opt=access(Access.CUSTOMER), status_code=200, operation_id="AskToMove")
    async def ask_to_move(
        self, request: WebRequest, principal: Actor, data: JSONBody[MailboxChange]
    ) -> Envelope[None]:
        """A letter to the new address; the account moves there when its token is used."""
        await moving.ask_to_move(
            entrance_of(request),
            visit_of(request, principal),
            current=data.current_password,
            email=data.email,
        )
        return done(ASKED)

    @post("/email/confirm", opt=access(Access.PUBLIC), status_code=200, operation_id="MoveAccount")
    async def move(self, uow: Work, data: JSONBody[LetterToken]) -> Envelope[None]:
        """Use the token of a letter to move the account to its address. It works once."""
        await moving.move(uow, data.token)
        return done("Address changed")
