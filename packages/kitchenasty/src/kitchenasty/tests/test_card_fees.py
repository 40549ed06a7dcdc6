"""Cards that are left for a fee, over all slices and at the twin: kept, charged once, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import deposits, floor, payments, reservation_terms, reservations, settings
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments.tests.builders import DECLINED
from kitchenasty.reservation_terms import Ask
from kitchenasty.reservations import Booked, Status
from kitchenasty.tests.parlour import (
    OWNER,
    PAYPAL,
    STRIPE,
    TERMS,
    Parlour,
    at_the_same_time,
    look_now,
)

pytestmark = pytest.mark.enable_socket
CHARGED_LATER_DECLINED = "4000000000000341"
"""It may be kept, and every charge is declined: https://docs.stripe.com/testing."""
WANTS_ITS_GUEST = "4000002760003184"


@pytest.fixture
async def cards(parlour: Parlour) -> Parlour:
    """The same restaurant, asking for a card instead: 10 euros for each who does not come."""
    async with parlour.books.writing() as uow:
        await reservation_terms.set_terms(uow, parlour.house.id, replace(TERMS, ask=Ask.CARD))
    return parlour


async def leave(parlour: Parlour, card: str = "4242424242424242") -> Booked:
    booked = await parlour.reserve()
    begun = await parlour.begin(booked)
    attempt = await parlour.attempt(booked)
    assert await parlour.pay(begun, card) == 303
    await look_now(parlour, attempt.id)
    return booked


async def stay_away(parlour: Parlour, clock: HandClock, booked: Booked) -> None:
    clock.now = booked.reservation.starts_at + timedelta(minutes=20)
    async with parlour.books.writing(OWNER) as uow:
        await reservations.note_absence(uow, await parlour.load(booked))
    await parlour.work()


async def press(parlour: Parlour, booked: Booked) -> None:
    async with parlour.books.writing(OWNER) as uow:
        await deposits.charge_fee(uow, booked.reservation.id)


async def cards_at_the_twin(parlour: Parlour) -> int:
    async with httpx.AsyncClient() as client:
        return len((await client.get(f"{parlour.stripe_url}/_books")).json()["kept_cards"])


async def test_what_a_guest_allows_is_kept_as_they_read_it(cards: Parlour) -> None:
    booked = await cards.reserve()
    agreed = booked.reservation.agreed
    assert agreed is not None
    assert booked.reservation.awaits_deposit
    assert agreed.ask is Ask.CARD
    assert agreed.words == (
        "This house asks for a card. Nothing is charged now. If you do not come, or cancel less "
        "than 24 hours before, the house may charge €10.00 for each guest: €80.00, once and "
        "within 7 days. After your visit the card is forgotten."
    )


async def test_a_card_that_is_left_makes_the_table_theirs_and_charges_nothing(
    cards: Parlour,
) -> None:
    booked = await leave(cards)
    after = await cards.load(booked)
    assert after.status is Status.CONFIRMED
    assert not after.awaits_deposit
    assert (await cards.deposit(booked)).kept_card is not None
    assert await cards.account(booked) == (0, 0, 0, 0)
    assert await cards.at_the_twin(booked) == (0, 0)
    letters = await cards.letters()
    assert "deposits.card_kept" in letters
    assert "reservations.confirmed" in letters


async def test_a_card_that_the_bank_declines_is_not_kept(cards: Parlour) -> None:
    booked = await cards.reserve()
    begun = await cards.begin(booked)
    assert await cards.pay(begun, DECLINED) == 200
    await look_now(cards, (await cards.attempt(booked)).id)
    assert (await cards.load(booked)).awaits_deposit


async def test_without_a_card_the_table_is_free_again(cards: Parlour, clock: HandClock) -> None:
    booked = await cards.reserve()
    clock.advance(minutes=16)
    await cards.work()
    assert (await cards.load(booked)).has_lapsed


async def test_a_card_that_comes_late_books_again_or_is_forgotten(
    cards: Parlour, clock: HandClock
) -> None:
    booked = await cards.reserve()
    begun = await cards.begin(booked)
    assert await cards.pay(begun) == 303
    clock.advance(minutes=16)
    async with cards.books.writing() as uow:
        assert await deposits.lapse(uow, booked.reservation.id)
    await cards.work()
    assert (await cards.load(booked)).status is Status.CONFIRMED
    assert (await cards.deposit(booked)).kept_card is not None


async def test_nobody_is_charged_by_itself_and_a_press_charges_once(
    cards: Parlour, clock: HandClock
) -> None:
    booked = await leave(cards)
    await stay_away(cards, clock, booked)
    assert await cards.at_the_twin(booked) == (0, 0)
    await press(cards, booked)
    await cards.work()
    assert await cards.account(booked) == (8_000, 0, 8_000, 0)
    assert await cards.at_the_twin(booked) == (8_000, 0)
    assert (await cards.letters()).count("deposits.charged") == 1
    assert (await cards.deposit(booked)).kept_card is None, "it is forgotten once it was charged"
    with pytest.raises(deposits.NothingToDecide):
        await press(cards, booked)


async def test_of_two_who_press_at_once_one_charges(cards: Parlour, clock: HandClock) -> None:
    """On PostgreSQL it is red without the lock of the reservation; SQLite has one writer anyway."""
    booked = await leave(cards)
    await stay_away(cards, clock, booked)

    async def charge(uow: UnitOfWork) -> None:
        await deposits.charge_fee(uow, booked.reservation.id)

    outcomes = await at_the_same_time(cards.books, booked.reservation.id, charge, count=6)
    refused = [one for one in outcomes if isinstance(one, deposits.NothingToDecide)]
    assert len(refused) == 5, outcomes
    await cards.work()
    assert await cards.at_the_twin(booked) == (8_000, 0)


async def test_a_fee_may_be_given_back(cards: Parlour, clock: HandClock) -> None:
    booked = await leave(cards)
    await stay_away(cards, clock, booked)
    await press(cards, booked)
    await cards.work()
    async with cards.books.writing(OWNER) as uow:
        await deposits.return_deposit(uow, booked.reservation.id, 5_000)
    await cards.work()
    assert await cards.account(booked) == (8_000, 5_000, 3_000, 0)
    assert await cards.at_the_twin(booked) == (8_000, 5_000)


@pytest.mark.parametrize(
    ("card", "said"),
    [(CHARGED_LATER_DECLINED, "declined"), (WANTS_ITS_GUEST, "wants the guest to confirm")],
)
async def test_a_fee_that_the_bank_declines_is_told_and_may_be_tried_again(
    cards: Parlour, clock: HandClock, card: str, said: str
) -> None:
    booked = await leave(cards, card)
    await stay_away(cards, clock, booked)
    for _ in range(2):
        await press(cards, booked)
        await cards.work()
        fee = (await cards.deposit(booked)).fee
        assert fee is not None
        assert fee.state is payments.IntentState.FAILED
        assert fee.failure is not None
        assert said in fee.failure
    assert await cards.account(booked) == (0, 0, 0, 0)
    assert await cards.at_the_twin(booked) == (0, 0)


async def test_cancelled_in_time_the_card_is_forgotten_and_nothing_is_owed(
    cards: Parlour,
) -> None:
    before = await cards_at_the_twin(cards)
    booked = await leave(cards)
    assert await cards_at_the_twin(cards) == before + 1
    await cards.cancel(booked)
    assert (await cards.deposit(booked)).kept_card is None
    assert await cards_at_the_twin(cards) == before
    with pytest.raises(deposits.NothingToDecide, match="No card"):
        await press(cards, booked)


async def test_before_the_card_is_forgotten_who_cancelled_in_time_is_not_charged(
    cards: Parlour,
) -> None:
    booked = await leave(cards)
    async with cards.books.writing(OWNER) as uow:
        held = await reservations.hold_reservation(uow, booked.reservation.id)
        await reservations.cancel(uow, held)
    with pytest.raises(deposits.NothingToDecide, match="in time"):
        await press(cards, booked)


async def test_cancelled_late_the_house_may_charge(cards: Parlour, clock: HandClock) -> None:
    booked = await leave(cards)
    clock.now = booked.reservation.starts_at - timedelta(hours=3)
    await cards.cancel(booked)
    assert await cards.at_the_twin(booked) == (0, 0)
    await press(cards, booked)
    await cards.work()
    assert await cards.at_the_twin(booked) == (8_000, 0)


async def test_after_the_visit_the_card_is_forgotten(cards: Parlour, clock: HandClock) -> None:
    booked = await leave(cards)
    clock.now = booked.reservation.starts_at
    for move in (floor.seat, reservations.complete):
        async with cards.books.writing(OWNER) as uow:
            await move(uow, await cards.load(booked))
        clock.now += timedelta(minutes=30)
    await cards.work()
    assert (await cards.deposit(booked)).kept_card is None
    with pytest.raises(deposits.NothingToDecide):
        await press(cards, booked)


async def test_a_week_later_the_card_is_forgotten_also_where_nobody_decided(
    cards: Parlour, clock: HandClock
) -> None:
    before = await cards_at_the_twin(cards)
    booked = await leave(cards)
    await stay_away(cards, clock, booked)
    clock.now = booked.reservation.starts_at + timedelta(days=6, hours=23)
    await cards.work()
    assert (await cards.deposit(booked)).kept_card is not None
    clock.now += timedelta(hours=2)
    with pytest.raises(deposits.NothingToDecide, match="too late"):
        await press(cards, booked)
    await cards.work()
    assert (await cards.deposit(booked)).kept_card is None
    assert await cards_at_the_twin(cards) == before


async def test_paypal_keeps_no_cards_so_it_is_not_offered(cards: Parlour) -> None:
    booked = await cards.reserve()
    with pytest.raises(payments.PaymentMethodOff):
        await cards.begin(booked, PAYPAL)
    async with cards.books.writing() as uow:
        off: dict[str, settings.Value] = {"stripeEnabled": False}
        await settings.change(uow, payments.PAYMENT, off)
    async with cards.books.reading() as look:
        assert not await reservation_terms.takes_cards(look)
    assert (await cards.reserve("21:30")).reservation.agreed is None


async def test_fewer_guests_are_charged_less(cards: Parlour, clock: HandClock) -> None:
    booked = await leave(cards)
    async with cards.books.writing(OWNER) as uow:
        await floor.resize(uow, await cards.load(booked), 6)
    await cards.work()
    await stay_away(cards, clock, booked)
    await press(cards, booked)
    await cards.work()
    assert await cards.at_the_twin(booked) == (6_000, 0)


async def test_a_message_of_stripe_has_us_look_at_the_card(cards: Parlour) -> None:
    """A guest who closed the page: the message names no card, so we ask for it."""
    booked = await cards.reserve()
    begun = await cards.begin(booked)
    await cards.pay(begun)
    attempt = await cards.attempt(booked)
    told = payments.Told(
        message_id="evt_1", kind="checkout.session.completed", attempt_key=attempt.id, is_hint=True
    )
    async with cards.books.writing() as uow:
        assert await deposits.hear(uow, STRIPE, told) is payments.MessageOutcome.APPLIED
    await cards.work()
    assert (await cards.load(booked)).status is Status.CONFIRMED
