"""Texts over the wire, to a server that answers as Twilio does."""

from __future__ import annotations

import base64

import pytest

from basis.kit.background.worker import Worker
from basis.kit.testing import HandClock
from kitchenasty import texting
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import SYSTEM
from kitchenasty.texting import NoCarrier, NumberRefused, TextNotTaken, TextState
from kitchenasty.texting.jobs import sending
from kitchenasty.texting.tests.builders import (
    ACCOUNT,
    ADA_E164,
    HERE,
    PUBLIC_URL,
    SENDER,
    TOKEN,
    WRITERS,
    TwilioTwin,
    ask,
    running_twilio,
    switch_on,
    texts,
)

pytestmark = pytest.mark.enable_socket
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


def worker(books: Books) -> Worker:
    return Worker(books, [sending(WRITERS)])


def lead_to(books: Books, twin: TwilioTwin) -> None:
    books.given = {
        "TWILIO_API_BASE": twin.url,
        "OUTGOING_NETWORKS": HERE,
        "PUBLIC_URL": PUBLIC_URL,
    }


async def test_a_text_goes_out_as_twilio_wants_it(books: Books) -> None:
    await switch_on(books)
    async with running_twilio() as twin:
        lead_to(books, twin)
        text_id = await ask(books, words="\r\nBcc: eve@evil.example\x00 ä€")
        await worker(books).run_due()
    [(path, authorization, fields)] = twin.asked
    assert path == PATH
    assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{ACCOUNT}:{TOKEN}"
    assert fields == {
        "To": ADA_E164,
        "Body": "Checkout\nBcc: eve@evil.example ä€",
        "From": SENDER,
        "StatusCallback": f"{PUBLIC_URL}/api/texting/reports?text={text_id}",
    }
    assert [one.state for one in await texts(books)] == [TextState.SENT]


async def test_a_messaging_service_is_named_as_one(books: Books) -> None:
    service = "MG" + "0b" * 16
    await switch_on(books, sender=service)
    async with running_twilio() as twin:
        lead_to(books, twin)
        await ask(books)
        await worker(books).run_due()
    assert twin.asked[0][2]["MessagingServiceSid"] == service
    assert "From" not in twin.asked[0][2]


@pytest.mark.parametrize(
    ("status", "told", "state", "is_stopped"),
    [
        (400, {"code": 21211, "message": "not a number"}, TextState.GIVEN_UP, False),
        (400, {"code": 21610, "message": "unsubscribed"}, TextState.STOPPED, True),
        (400, "no object", TextState.GIVEN_UP, False),
        (401, {"code": 20003, "message": "Authenticate"}, TextState.WAITING, False),
        (429, {"code": 20429}, TextState.WAITING, False),
        (503, {}, TextState.WAITING, False),
    ],
)
async def test_what_twilio_says_decides_whether_trying_again_helps(
    books: Books, status: int, told: object, state: TextState, is_stopped: bool
) -> None:
    await switch_on(books)
    async with running_twilio() as twin:
        lead_to(books, twin)
        twin.answers.append((status, told))
        await ask(books)
        await worker(books).run_due()
    [text] = await texts(books)
    assert text.state is state
    assert (text.error or "").startswith(str(status))
    async with books.reading() as look:
        assert await texting.is_stopped(look, ADA_E164) is is_stopped


async def test_a_text_waits_while_nobody_answers_and_goes_when_somebody_does(
    books: Books, clock: HandClock
) -> None:
    await switch_on(books)
    async with running_twilio() as gone:
        lead_to(books, gone)
    await ask(books)
    await worker(books).run_due()
    assert [one.state for one in await texts(books)] == [TextState.WAITING]
    clock.advance(seconds=20)
    async with running_twilio() as twin:
        lead_to(books, twin)
        await worker(books).run_due()
    assert [one.state for one in await texts(books)] == [TextState.SENT]


async def test_the_houses_own_network_is_not_called_unless_it_was_named(books: Books) -> None:
    await switch_on(books)
    async with running_twilio() as twin:
        books.given = {"TWILIO_API_BASE": twin.url}
        await ask(books)
        await worker(books).run_due()
    assert twin.asked == []


async def test_a_text_to_try_it_says_what_twilio_says(books: Books) -> None:
    with pytest.raises(NoCarrier):
        await texting.send_test_text(books, SYSTEM, ADA_E164)
    await switch_on(books, dailyLimit=2)
    with pytest.raises(NumberRefused):
        await texting.send_test_text(books, SYSTEM, "030 901820")
    async with running_twilio() as twin:
        lead_to(books, twin)
        assert await texting.send_test_text(books, SYSTEM, "+49 30 901820") == ADA_E164
        twin.answers.append((401, {"message": "Authenticate"}))
        with pytest.raises(TextNotTaken, match="401 Authenticate"):
            await texting.send_test_text(books, SYSTEM, ADA_E164)
        with pytest.raises(TextNotTaken, match="limit of the day"):
            await texting.send_test_text(books, SYSTEM, ADA_E164)
    assert len(twin.asked) == 2
