"""A request of the API that may come twice: done once, answered the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Response
from litestar.params import HeaderParameter

from basis.kit.data.idempotency import KEY_LENGTH_MAX, answer_once, hash_text
from basis.kit.http.api import WireResponse
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.web import WebRequest

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(name="Idempotency-Key", required=False, max_length=KEY_LENGTH_MAX),
]
"""Made by the client for one intent, and sent again with every retry of it."""


async def answer_request(
    request: WebRequest,
    uow: UnitOfWork,
    key: str | None,
    act: Callable[[], Awaitable[tuple[int, bytes]]],
) -> Response[Any]:
    """What `act` answers (status and body), or what it answered when this person sent the same
    request under the same key before. Without a key it acts. Raises as `answer_once` does.
    """
    if key is None:
        status, content = await act()
        return WireResponse(content, status_code=status)
    answer = await answer_once(
        uow,
        # A path may be longer than what a scope has room for.
        scope=f"{uow.actor.label} POST {hash_text(request.url.path.encode())}",
        key=key,
        body=await request.body(),
        act=act,
    )
    return WireResponse(answer.content, status_code=answer.status)
