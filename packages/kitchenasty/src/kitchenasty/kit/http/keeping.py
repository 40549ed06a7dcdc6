"""A form that is kept; or shown again with what was typed, beside what was wrong with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response

from basis.errors import DomainError
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.web import WebRequest, back_to, writing_for
from kitchenasty.kit.principals import Principal

Keep = Callable[[UnitOfWork], Awaitable[str]]
ShowAgain = Callable[[Look, DomainError], Awaitable[Response[Any]]]


async def keep_or_show_again(
    request: WebRequest,
    principal: Principal,
    keep: Keep,
    show_again: ShowAgain,
    *,
    refused: type[DomainError] | tuple[type[DomainError], ...] = DomainError,
) -> Response[Any]:
    """`keep` does what the form asks for and answers where the browser goes next. If it refuses,
    nothing of it remains, and `show_again` gets what stands there now with the refusal. Other
    refusals than those of `refused` are raised.
    """
    try:
        async with writing_for(request, principal) as uow:
            there = await keep(uow)
    except refused as refusal:
        async with request.app.state.books.reading(principal) as look:
            return await show_again(look, refusal)
    return back_to(there)
