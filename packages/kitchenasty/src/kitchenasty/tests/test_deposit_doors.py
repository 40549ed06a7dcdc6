"""The doors of deposits over HTTP: the guest's pages, the office's panel and terms."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from basis.ids import new_code
from basis.kit.testing import HandClock
from kitchenasty import deposits, reservation_terms, staff
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.reservation_terms import Ask
from kitchenasty.reservations import Status
from kitchenasty.tests.parlour import DAY, OWNER, Parlour, captured

pytestmark = pytest.mark.enable_socket
Client = httpx.AsyncClient
OURS = {"origin": "http://house.example"}


async def reserve(client: Client, parlour: Parlour, party: int = 8) -> str:
    """The address of the reservation's page."""
    here = f"/at/{parlour.house.slug}/reserve"
    form = await client.get(here, params={"party": party, "date": DAY.isoformat()})
    asks = "This house asks for a deposit of €10.00 for each guest: €80.00." in form.text
    assert asks is (party == 8)
    wish = {"party": party, "date": DAY.isoformat(), "time": "19:00", "name": "Anna", "phone": "1"}
    answer = await client.post(here, data=wish, headers=OURS)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def open_office(parlour: Parlour, kind: SessionKind = SessionKind.PAGE) -> dict[str, str]:
    """The headers of the owner's browser, or of a program of theirs."""
    async with parlour.books.writing() as uow:
        newcomer = staff.NewMember(
            email=f"{new_code(8).lower()}@house.example", name="Rosa", role=Role.SUPER_ADMIN
        )
        owner = await staff.add_member(uow, newcomer, password_hash="none")
        token = await open_session(uow, kind=kind, subject_kind=Kind.STAFF, subject_id=owner.id)
    if kind is SessionKind.PAGE:
        return {"cookie": f"session={token}"}
    return {"authorization": f"Bearer {token}"}


async def test_a_guest_reads_pays_and_cancels_in_time(client: Client, parlour: Parlour) -> None:
    there = await reserve(client, parlour)
    page = (await client.get(there)).text
    assert "Waiting for the deposit" in page
    assert f'href="{there}/deposit"' in page
    ways = (await client.get(f"{there}/deposit")).text
    assert "Deposit: €80.00" in ways
    assert "at least 24 hours before" in ways
    leaving = await client.post(f"{there}/deposit", data={"method": "STRIPE"}, headers=OURS)
    [url] = re.findall(r'content="0; url=([^"]+)"', leaving.text)
    assert "We wait for word" in (await client.get(f"{there}/deposit/paid")).text
    async with httpx.AsyncClient() as guest:
        assert (await guest.post(url, data={"card": "4242424242424242"})).status_code == 303
    back = await client.get(f"{there}/deposit/paid")
    assert back.headers["location"] == there
    paid = (await client.get(there)).text
    assert "you get all of it back" in paid
    assert (await client.get(f"{there}/deposit")).status_code == 303
    assert (await client.post(f"{there}/cancel", headers=OURS)).status_code == 303
    await parlour.work()
    assert "Given back" in (await client.get(there)).text


async def test_a_small_party_sees_nothing_of_it(client: Client, parlour: Parlour) -> None:
    page = (await client.get(await reserve(client, parlour, party=2))).text
    assert "Deposit" not in page


async def test_the_office_keeps_the_table_without_and_gives_back(
    client: Client, parlour: Parlour
) -> None:
    booked = await parlour.reserve()
    await parlour.begin(booked)
    await parlour.tell((await parlour.attempt(booked)).id, captured())
    owner = await open_office(parlour)
    day = f"/admin/tables/{parlour.house.id}?day={DAY.isoformat()}&party={booked.reservation.id}"
    assert "Still the guest" in (await client.get(day, headers=owner)).text
    acts = f"/admin/tables/{parlour.house.id}/parties/{booked.reservation.id}/deposit"
    refused = await client.post(acts, data={"step": "waive"}, headers=owner | OURS)
    assert "waits for no deposit" in refused.text
    back = {"step": "give-back", "amount": "30"}
    done = await client.post(f"{acts}/return", data=back, headers=owner | OURS)
    assert done.status_code == 303
    assert await parlour.account(booked) == (8_000, 3_000, 0, 5_000)
    too_much = back | {"amount": "50.01"}
    answer = await client.post(f"{acts}/return", data=too_much, headers=owner | OURS)
    assert "€50.00 is left" in answer.text


async def test_the_house_says_what_it_asks(client: Client, parlour: Parlour) -> None:
    owner = await open_office(parlour)
    there = f"/admin/houses/{parlour.house.id}/reservations"
    assert "pays a deposit" in (await client.get(there, headers=owner)).text
    typed = {
        "own": "on", "isOn": "on", "interval": "30", "turns": "2: 90", "lastSeating": "60",
        "notice": "60", "advance": "60", "partyMax": "10", "changeUntil": "120", "late": "15",
        "offer": "15", "reminder": "24", "ask": "DEPOSIT", "askAmount": "12.50", "askParty": "4",
        "askHours": "48", "askDays": ["5", "6"],
    }  # fmt: skip
    answer = await client.post(there, data=typed, headers=owner | OURS)
    assert answer.status_code == 303, answer.text
    async with parlour.books.reading() as look:
        terms = await reservation_terms.load_terms(look, parlour.house.id)
    assert (terms.ask, terms.ask_minor, terms.ask_party) == (Ask.DEPOSIT, 1_250, 4)
    assert (terms.ask_notice_hours, terms.ask_weekdays) == (48, (5, 6))
    nothing = typed | {"askAmount": ""}
    refused = await client.post(there, data=nothing, headers=owner | OURS)
    assert "how much you ask" in refused.text


async def test_programs_read_what_became_of_the_money(client: Client, parlour: Parlour) -> None:
    there = "/api/reservations/{}/deposit"
    token = await open_office(parlour, SessionKind.API)
    small = await parlour.reserve("21:00", party=2)
    nothing = (await client.get(there.format(small.reservation.id), headers=token)).json()["data"]
    assert (nothing["ask"], nothing["amount"], nothing["paid"]) == ("NONE", 0, 0)
    booked = await parlour.reserve()
    mine = there.format(booked.reservation.id)
    waiting = (await client.get(mine, headers=token)).json()["data"]
    assert (waiting["ask"], waiting["amount"], waiting["currency"]) == ("DEPOSIT", 80, "EUR")
    assert waiting["payUntil"] is not None
    await parlour.begin(booked)
    await parlour.tell((await parlour.attempt(booked)).id, captured())
    async with parlour.books.writing(OWNER) as uow:
        await deposits.return_deposit(uow, booked.reservation.id, 3_000)
        await deposits.keep_deposit(uow, booked.reservation.id)
        await deposits.return_deposit(uow, booked.reservation.id, 1_000)
    told = (await client.get(mine, headers=token)).json()["data"]
    sums = [told[name] for name in ("paid", "returned", "kept", "used", "left")]
    assert sums == [80, 40, 40, 0, 0]
    assert [one["amount"] for one in told["returns"]] == [30, 10]
    assert told["payUntil"] is None
    for path in (there.format("nothing"), there.format("0" * 36)):
        assert (await client.get(path, headers=token)).status_code == 404
    assert (await client.get(mine)).status_code == 401


async def test_the_report_says_what_was_kept_on_its_day(
    client: Client, parlour: Parlour, clock: HandClock
) -> None:
    """Paid on one day, kept on another, and let go of in part on a third."""
    booked = await parlour.reserve()
    await parlour.begin(booked)
    await parlour.tell((await parlour.attempt(booked)).id, captured())
    paid_on = clock.now.date()
    clock.now = booked.reservation.starts_at - timedelta(hours=2)
    await parlour.cancel(booked)
    kept_on = clock.now.date()
    clock.advance(minutes=24 * 60)
    async with parlour.books.writing(OWNER) as uow:
        await deposits.return_deposit(uow, booked.reservation.id, 3_000)
    owner = await open_office(parlour)
    days = (paid_on, kept_on, clock.now.date())
    found = [await kept_in_report(client, owner, f"{day}") for day in days]
    assert found == ["", "€80.00", "-€30.00"]
    page = await client.get(f"/admin/reports?from={paid_on}&to={days[-1]}", headers=owner)
    assert "€50.00" in page.text


async def kept_in_report(client: Client, headers: dict[str, str], day: str) -> str:
    """The figure above its words; nothing where nothing was kept."""
    page = await client.get(f"/admin/reports?from={day}&to={day}", headers=headers)
    figure = r'report-figure">([^<]+)</strong><span>Deposits and fees kept</span>'
    found = re.search(figure, page.text)
    return found[1] if found else ""


async def test_a_link_that_opens_nothing_leads_nowhere(client: Client, parlour: Parlour) -> None:
    booked = await parlour.reserve()
    assert booked.reservation.status is Status.PENDING
    for path in ("/r/nothing/deposit", "/r/nothing/deposit/paid"):
        assert (await client.get(path)).status_code == 404
    async with parlour.books.reading() as look:
        assert not await deposits.list_open_attempts(look, booked.reservation.id)
