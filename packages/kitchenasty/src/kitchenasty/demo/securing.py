"""Tables that ask for money first, at the house that does: waited for, paid, kept, and a fee.

The demo calls no provider, so what one would have told of a payment is told here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from basis.errors import DomainError
from kitchenasty import availability, deposits, locations, payments, reservation_terms, reservations
from kitchenasty.demo.seats import invent
from kitchenasty.demo.written import Written
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservation_terms import Ask, Terms
from kitchenasty.reservations import Reservation, Source

SEED = 6071
DAYS_LOOKED_AT = 7
BOOKED_BEFORE = timedelta(days=8)
TIME_TO_PAY = timedelta(hours=48)
NOTED_AFTER = timedelta(minutes=30)
DECIDED_AFTER = timedelta(hours=10)


def terms_of(written: Written) -> Terms | None:
    """What a house asks of its guests, where it asks something."""
    asked = written.get("asks")
    if asked is None:
        return None
    return Terms(
        ask=Ask.DEPOSIT,
        ask_minor=asked["each_minor"],
        ask_party=asked["from_party"],
        ask_notice_hours=asked["notice_hours"],
    )


async def secure_tables(uow: UnitOfWork, house: locations.House, written: Written) -> None:
    """One table that waits for its deposit, one that is paid, one whose party did not come, and one
    whose card was charged. Only that the first is free again when nobody pays is still to be done.
    """
    terms = terms_of(written)
    if terms is None:
        return
    now, chance = uow.now, Random(SEED)  # noqa: S311  # the demo must be the same each time
    await reservation_terms.set_terms(uow, house.id, terms)
    ahead = [now.date() + timedelta(days=days) for days in range(2, 2 + DAYS_LOOKED_AT)]
    back = [now.date() - timedelta(days=days) for days in range(1, 1 + DAYS_LOOKED_AT)]
    await ask(uow, chance, house, terms, ahead)
    await pay(uow, chance, house, terms, ahead)
    await stay_away(uow, chance, house, terms, back)
    await charge(uow, chance, house, replace(terms, ask=Ask.CARD), back)
    uow.now = now
    uow.events.clear()
    uow.told.clear()
    uow.jobs[:] = [job for job in uow.jobs if job["name"] == reservations.LAPSE_JOB]


async def pay(
    uow: UnitOfWork, chance: Random, house: locations.House, terms: Terms, days: list[date]
) -> None:
    asked = await ask(uow, chance, house, terms, days)
    if asked is not None:
        await tell_paid(uow, asked)


async def stay_away(
    uow: UnitOfWork, chance: Random, house: locations.House, terms: Terms, days: list[date]
) -> None:
    """Paid, not there, and kept by the house."""
    asked = await ask(uow, chance, house, terms, days)
    if asked is None:
        return
    await tell_paid(uow, asked)
    await note_absence(uow, asked)
    await deposits.keep_deposit(uow, asked.id)


async def charge(
    uow: UnitOfWork, chance: Random, house: locations.House, terms: Terms, days: list[date]
) -> None:
    """A card was left, nobody came, and the house charged the fee."""
    asked = await ask(uow, chance, house, terms, days)
    if asked is None:
        return
    kind = deposits.AttemptKind.CARD
    left = await open_attempt(uow, asked, kind)
    kept = payments.Found(payments.IntentState.AUTHORIZED, charge_ref=f"demo_{left.id}")
    await deposits.settle(uow, left.id, kept)
    await note_absence(uow, asked)
    uow.now += DECIDED_AFTER
    await deposits.charge_fee(uow, asked.id)
    fee = (await deposits.load_deposit(uow, asked.id, house.currency)).fee
    assert fee is not None, "it was asked for a moment ago"
    await deposits.settle(uow, fee.id, captured(fee))
    await deposits.forget_card(uow, left.id)


async def ask(
    uow: UnitOfWork, chance: Random, house: locations.House, terms: Terms, days: list[date]
) -> Reservation | None:
    """Booked some time before and asked for money; None in a week in which nothing is free."""
    now = uow.now
    for wish in wishes(house, terms, days):
        try:
            uow.now = min(now, begin_of(house, wish.day) - BOOKED_BEFORE)
            plan = await availability.plan(uow, wish)
            booked = await reservations.book(uow, plan, invent(chance), source=Source.STAFF)
        except DomainError:
            continue
        made = booked.reservation
        agreed = reservation_terms.agreed_of(terms, made.party, house.currency, made.starts_at)
        until = min(max(now, uow.now) + TIME_TO_PAY, made.starts_at)
        return await reservations.ask_for_money(uow, made, agreed, until)
    return None


def wishes(house: locations.House, terms: Terms, days: list[date]) -> Iterator[availability.Wish]:
    for day in days:
        for shown in ("18:30", "19:30", "20:30", "12:30", "13:30"):
            yield availability.Wish(house_id=house.id, day=day, shown=shown, party=terms.ask_party)


def begin_of(house: locations.House, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(house.zone)).astimezone(UTC)


async def open_attempt(
    uow: UnitOfWork, asked: Reservation, kind: deposits.AttemptKind
) -> deposits.Attempt:
    assert asked.agreed is not None, "money was asked of them"
    return await deposits.open_attempt(
        uow, asked, payments.PaymentMethod.STRIPE, asked.agreed.amount, kind=kind
    )


async def tell_paid(uow: UnitOfWork, asked: Reservation) -> None:
    attempt = await open_attempt(uow, asked, deposits.AttemptKind.PAYMENT)
    await deposits.settle(uow, attempt.id, captured(attempt))


def captured(attempt: deposits.Attempt) -> payments.Found:
    return payments.Found(
        payments.IntentState.CAPTURED, charge_ref=f"demo_{attempt.id}", amount=attempt.amount
    )


async def note_absence(uow: UnitOfWork, asked: Reservation) -> None:
    uow.now = asked.starts_at + NOTED_AFTER
    fresh = await reservations.load_reservation(uow, asked.id)
    await reservations.note_absence(uow, fresh)
