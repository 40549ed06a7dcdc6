"""The doors at which Twilio tells us what became of texts, and what was answered."""

from __future__ import annotations

from typing import Annotated

from litestar import post
from litestar.params import QueryParameter

from basis.kit.http.api import ApiController
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.guesses import Guess
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.limits import FORGED_MESSAGE_PER_ADDRESS
from kitchenasty.texting import hearing

MESSAGE_BYTES_MAX = 32_768
SIGNATURE = "x-twilio-signature"

TextId = Annotated[str, QueryParameter(name="text", max_length=64)]


class TextingApi(ApiController):
    path = "/api/texting"
    tags = ["Texts"]
    opt = access(Access.PUBLIC)

    @post("/reports", status_code=204, operation_id="HearTextReport",
          request_max_body_size=MESSAGE_BYTES_MAX)  # fmt: skip
    async def hear_report(self, request: WebRequest, text_id: TextId) -> None:
        """What Twilio says became of a text, signed with the token of the account: 400
        NotFromTwilio when it is not. What came before is taken and changes nothing.
        """
        with Guess(request, FORGED_MESSAGE_PER_ADDRESS, "text", wrong=hearing.NotFromTwilio):
            await hearing.hear_report(request.app.state.books, await told(request), text_id)

    @post("/answers", status_code=204, operation_id="HearTextAnswer",
          request_max_body_size=MESSAGE_BYTES_MAX)  # fmt: skip
    async def hear_answer(self, request: WebRequest) -> None:
        """What somebody answered to a text: STOP ends all texts to the number, START allows them
        again. 400 NotFromTwilio when Twilio did not sign it. Nothing is said back: that would be
        one more text to pay for.
        """
        with Guess(request, FORGED_MESSAGE_PER_ADDRESS, "text", wrong=hearing.NotFromTwilio):
            await hearing.hear_answer(request.app.state.books, await told(request))


async def told(request: WebRequest) -> hearing.Told:
    form = await request.form()
    query = request.scope["query_string"].decode("latin-1")
    path = f"{request.url.path}?{query}" if query else request.url.path
    fields = tuple((str(name), str(value)) for name, value in form.multi_items())
    return hearing.Told(path, fields, request.headers.get(SIGNATURE, ""))
