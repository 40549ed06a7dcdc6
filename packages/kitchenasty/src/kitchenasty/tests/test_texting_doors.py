"""What Twilio says is believed if Twilio signed it; the office sees what became of each text."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from kitchenasty import settings, texting
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import Role
from kitchenasty.texting import TextState
from kitchenasty.texting.tests.builders import (
    ACCOUNT,
    ADA_E164,
    HERE,
    PUBLIC_URL,
    TOKEN,
    ask,
    running_twilio,
    signature_of,
    switch_on,
    texts,
    worker,
)

REPORTS, ANSWERS = "/api/texting/reports", "/api/texting/answers"
PAGE = "/admin/settings/texting"


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, rate_limits=False)


@pytest.fixture(autouse=True)
async def _on(books: Books) -> None:
    books.given = {"PUBLIC_URL": PUBLIC_URL}
    await switch_on(books)


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "o@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "o@bistro.example")
    return client


async def sent(books: Books) -> str:
    text_id = await ask(books)
    await worker(books).run_due()
    assert text_id is not None
    return text_id


async def knock(
    client: httpx.AsyncClient, path: str, fields: dict[str, str], *, token: str = TOKEN
) -> int:
    whole = {"AccountSid": ACCOUNT, **fields}
    signature = signature_of(path, whole, token)
    answer = await client.post(path, data=whole, headers={"x-twilio-signature": signature})
    return answer.status_code


async def state_of(books: Books, text_id: str) -> TextState:
    return next(one.state for one in await texts(books) if one.id == text_id)


async def test_a_signed_report_says_what_became_of_a_text_and_nothing_takes_it_back(
    client: httpx.AsyncClient, books: Books
) -> None:
    text_id = await sent(books)
    path = f"{REPORTS}?text={text_id}"
    for status in ("sent", "delivered", "delivered", "failed", "sent", "leek"):
        assert await knock(client, path, {"MessageStatus": status, "To": ADA_E164}) == 204
    assert await state_of(books, text_id) is TextState.DELIVERED


async def test_a_text_that_did_not_arrive_says_why_and_can_be_sent_again(
    client: httpx.AsyncClient, books: Books
) -> None:
    text_id = await sent(books)
    path = f"{REPORTS}?text={text_id}"
    fields = {"MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert await knock(client, path, fields) == 204
    [text] = await texts(books)
    assert text.state is TextState.GIVEN_UP
    assert text.error == "Not delivered. Twilio says: 30003"
    async with books.writing() as uow:
        await texting.send_text_again(uow, text_id)
    assert await state_of(books, text_id) is TextState.WAITING


@pytest.mark.parametrize("path", [f"{REPORTS}?text=x", ANSWERS])
async def test_what_twilio_did_not_sign_is_refused(
    client: httpx.AsyncClient, books: Books, path: str
) -> None:
    text_id = await sent(books)
    there = path.replace("=x", f"={text_id}")
    fields = {"MessageStatus": "failed", "From": ADA_E164, "Body": "STOP"}
    assert await knock(client, there, fields, token="another token") == 400
    unsigned = await client.post(there, data={"AccountSid": ACCOUNT, **fields})
    assert (unsigned.status_code, unsigned.json()["code"]) == (400, "NotFromTwilio")
    assert await knock(client, there, fields | {"AccountSid": "AC" + "0" * 32}) == 400
    async with books.reading() as look:
        assert not await texting.is_stopped(look, ADA_E164)
    assert await state_of(books, text_id) is TextState.SENT


async def test_a_signature_is_good_for_its_own_text_alone(
    client: httpx.AsyncClient, books: Books
) -> None:
    text_id = await sent(books)
    fields = {"AccountSid": ACCOUNT, "MessageStatus": "failed"}
    signature = signature_of(f"{REPORTS}?text=other", fields)
    answer = await client.post(
        f"{REPORTS}?text={text_id}", data=fields, headers={"x-twilio-signature": signature}
    )
    assert answer.status_code == 400


async def test_a_house_without_an_account_believes_nobody(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        await settings.change(
            uow, texting.TEXTING, {"carrier": "off", "account": ""}, forgotten=["token"]
        )
    assert await knock(client, ANSWERS, {"From": ADA_E164, "Body": "STOP"}, token="") == 400


@pytest.mark.parametrize("words", ["STOP", " stop. ", "Stop All", "unsubscribe", "Stopp"])
async def test_stop_is_obeyed_and_start_lets_texts_through_again(
    client: httpx.AsyncClient, books: Books, words: str
) -> None:
    assert await knock(client, ANSWERS, {"From": ADA_E164, "Body": words}) == 204
    stopped = await ask(books, "one")
    await worker(books).run_due()
    assert await state_of(books, str(stopped)) is TextState.STOPPED
    assert await knock(client, ANSWERS, {"From": ADA_E164, "Body": "start"}) == 204
    again = await ask(books, "two")
    await worker(books).run_due()
    assert await state_of(books, str(again)) is TextState.SENT


async def test_other_answers_change_nothing_and_are_not_answered(
    client: httpx.AsyncClient, books: Books
) -> None:
    fields = {"From": ADA_E164, "Body": "please don't stop"}
    assert await knock(client, ANSWERS, fields) == 204
    async with books.reading() as look:
        assert not await texting.is_stopped(look, ADA_E164)


async def test_the_carrier_that_keeps_its_own_list_is_believed(
    client: httpx.AsyncClient, books: Books
) -> None:
    fields = {"From": ADA_E164, "Body": "Hör auf", "OptOutType": "STOP"}
    assert await knock(client, ANSWERS, fields) == 204
    async with books.reading() as look:
        assert await texting.is_stopped(look, ADA_E164)


@pytest.mark.enable_socket
async def test_the_button_sends_a_text_and_tells_what_twilio_says(
    owner: httpx.AsyncClient, books: Books
) -> None:
    async with running_twilio() as twin:
        books.given = {"TWILIO_API_BASE": twin.url, "OUTGOING_NETWORKS": HERE}
        done = await owner.post(f"{PAGE}/test", data={"to": "+49 30 901820"}, headers=OWN)
        assert f"took a text to {ADA_E164}" in done.text
        twin.answers.append((401, {"message": "<b>Authenticate</b>"}))
        refused = await owner.post(f"{PAGE}/test", data={"to": ADA_E164}, headers=OWN)
        nobody = await owner.post(f"{PAGE}/test", data={"to": "the bar"}, headers=OWN)
    assert refused.status_code == 409
    assert "401 &lt;b&gt;Authenticate&lt;/b&gt;" in refused.text
    assert nobody.status_code == 400
    assert len(twin.asked) == 2


async def test_the_office_shows_each_text_and_tries_again_what_was_given_up(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await switch_on(books, dailyLimit=1)
    await ask(books, "one")
    last = await ask(books, "two")
    await worker(books).run_due()
    page = (await owner.get("/admin/texts")).text
    assert "Segments sent today: 1 of at most 1." in page
    assert "The limit of the day was reached." in page
    answer = await owner.post(f"/admin/texts/{last}/again", headers=OWN)
    assert answer.status_code == 303
    assert await state_of(books, str(last)) is TextState.WAITING
    unknown = await owner.post("/admin/texts/leek/again", headers=OWN)
    assert unknown.status_code == 404


async def test_a_house_that_only_looks_shows_what_guests_would_read(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await switch_on(books, carrier="shown")
    await ask(books, words=" <b>soon</b>")
    await worker(books).run_due()
    page = (await owner.get("/admin/texts")).text
    assert "Checkout &lt;b&gt;soon&lt;/b&gt;" in page
    assert "Nothing is sent" in page


async def test_the_token_is_never_shown(owner: httpx.AsyncClient) -> None:
    page = await owner.get(PAGE)
    assert TOKEN not in page.text
    assert f"{PUBLIC_URL}{ANSWERS}" in page.text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"account": ""}, "carrier"),
        ({"sender": ""}, "carrier"),
        ({"sender": "A name that is too long"}, "sender"),
        ({"sender": "1234"}, "sender"),
        ({"account": "AC1"}, "account"),
        ({"dailyLimit": 0}, "dailyLimit"),
        ({"account": "AC" + "0c" * 16}, "token"),
    ],
)
async def test_what_could_not_work_is_refused_at_its_field(
    books: Books, given: dict[str, settings.Value], field: str
) -> None:
    with pytest.raises(settings.SettingRefused) as refused:
        async with books.writing() as uow:
            await settings.change(uow, texting.TEXTING, given)
    assert list(refused.value.problems) == [field]
