"""A delivery goes to the market when it is accepted, and comes back as delivered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kitchenasty import handoff
from kitchenasty.handoff import HandoffState
from kitchenasty.orders import OrderStatus
from swarmhaul.market import JobStatus, JobView
from swarmhaul.market.tests.builders import ADA, BEN, CYD
from tests.handoff.conftest import RAILS
from tests.handoff.town import DRAFT, END, HOME, PURSE, Town

TWO = ((ADA, 1_500_000), (BEN, 2_500_000))


@pytest.mark.parametrize("rail_name", RAILS)
async def test_two_couriers_bring_it_and_the_books_agree_to_the_lamport(town: Town) -> None:
    order_id = await town.accepted()
    key = (await town.terms()).key
    job = await town.relay(order_id, *TWO)
    assert [leg.agent for leg in job.legs] == [ADA.public, BEN.public]
    await town.accept(job, ADA, BEN)
    await town.visit()
    assert (await town.found(order_id)).state is HandoffState.FOUND
    assert await town.status(order_id) is OrderStatus.CONFIRMED

    await town.arrive(job, 0, ADA)
    await town.confirm(job, 0, ADA, BEN)
    await town.visit()
    assert (await town.found(order_id)).state is HandoffState.CARRIED
    assert await town.status(order_id) is OrderStatus.OUT_FOR_DELIVERY

    await town.arrive(job, 1, BEN)
    await town.visit()
    assert (await town.found(order_id)).state is HandoffState.ARRIVED
    assert town.balance(BEN) == PURSE, "nobody has said yet that it was received"

    town.clock.advance(seconds=DRAFT.confirm_seconds)
    await town.visit()
    await town.visit()
    done = await town.found(order_id)
    assert done.state is HandoffState.DELIVERED
    assert await town.status(order_id) is OrderStatus.DELIVERED
    assert done.paid == sum(pay for _, pay in TWO)
    assert [town.balance(who) - PURSE for who, _ in TWO] == [pay for _, pay in TWO]
    rest = (await town.job(order_id)).terms.budget - done.paid
    assert town.purse(key) + rest == PURSE - done.paid


async def test_the_guests_word_ends_the_wait(town: Town) -> None:
    order_id, job = await arrived(town)
    async with town.books.writing() as uow:
        await handoff.hear_guest(uow, order_id, is_received=True)
    await town.visit()
    await town.visit()
    assert await town.status(order_id) is OrderStatus.DELIVERED
    assert town.balance(CYD) == PURSE + job.legs[0].pay


async def test_a_guest_who_has_nothing_stops_the_money(town: Town) -> None:
    order_id, _ = await arrived(town)
    async with town.books.writing() as uow:
        await handoff.hear_guest(uow, order_id, is_received=False)
    await town.visit()
    town.clock.advance(seconds=DRAFT.confirm_seconds)
    await town.visit()
    assert (await town.found(order_id)).state is HandoffState.DISPUTED
    assert await town.status(order_id) is OrderStatus.OUT_FOR_DELIVERY
    assert town.balance(CYD) == PURSE
    async with town.books.writing() as uow:
        await handoff.hear_guest(uow, order_id, is_received=True)
    assert (await town.found(order_id)).is_received is False


async def arrived(town: Town) -> tuple[str, JobView]:
    """One courier says it is there."""
    order_id = await town.accepted()
    job = await town.relay(order_id, (CYD, 3_000_000))
    await town.accept(job, CYD)
    await town.arrive(job, 0, CYD)
    await town.visit()
    return order_id, job


async def test_the_market_reads_of_a_home_which_square_it_lies_in(town: Town) -> None:
    order_id = await town.accepted(note="Ring twice")
    job = await town.job(order_id)
    told = job.statement
    for secret in ("Hidden", "Anna", "Berg", "5550101", "anna@", "80331", "twice", order_id):
        assert secret not in told
    there = job.terms.destination
    exact = tuple(round(one * 1_000_000) for one in END)
    assert (there.latitude_e6, there.longitude_e6) != exact
    assert there.place.metres_to(type(there.place)(*END)) < job.terms.radius_m
    beside = HOME | {"lat": END[0] - 0.0001, "lng": END[1] - 0.0001}
    other = await town.job(await town.accepted(address=beside))
    assert other.terms.destination == there


async def test_an_address_without_a_place_goes_to_the_place_of_its_postal_code(town: Town) -> None:
    unplaced = HOME | {"lat": None, "lng": None}
    order_id = await town.accepted(address=unplaced)
    assert (await town.found(order_id)).state is HandoffState.IMPOSSIBLE
    terms = await town.terms()
    async with town.books.writing() as uow:
        places = handoff.read_places(f"803 {END[0]} {END[1]}")
        draft = replace(DRAFT, places=places)
        await handoff.set_terms(uow, town.house.id, draft, version=terms.version)
    placed = await town.accepted(address=unplaced)
    assert (await town.found(placed)).state is HandoffState.LISTED


async def test_nobody_bids_and_the_money_is_back_by_itself(town: Town) -> None:
    order_id = await town.accepted()
    key = (await town.terms()).key
    budget = (await town.found(order_id)).budget
    assert town.purse(key) == PURSE - budget
    town.clock.advance(seconds=120)
    await town.relay(order_id)
    await town.visit()
    await town.visit()
    await town.visit()
    assert (await town.found(order_id)).state is HandoffState.NOBODY
    assert await town.status(order_id) is OrderStatus.CONFIRMED
    assert town.purse(key) == PURSE
    async with town.books.writing() as uow:
        await handoff.try_again(uow, order_id, budget=DRAFT.most)
    await town.visit()
    again = await town.found(order_id)
    assert (again.attempt, again.state, again.budget) == (2, HandoffState.LISTED, DRAFT.most)


async def test_a_cancelled_order_is_taken_back_with_its_money(town: Town) -> None:
    order_id = await town.accepted()
    await town.move(order_id, OrderStatus.CANCELLED)
    await town.visit()
    await town.visit()
    assert (await town.job(order_id)).status is JobStatus.REFUNDED
    assert (await town.found(order_id)).state is HandoffState.WITHDRAWN
    assert town.purse((await town.terms()).key) == PURSE


async def test_too_little_money_is_said_and_lists_nothing(town: Town) -> None:
    terms = await town.terms()
    async with town.books.writing() as uow:
        rich = replace(DRAFT, base=2 * PURSE, most=2 * PURSE)
        await handoff.set_terms(uow, town.house.id, rich, version=terms.version)
    order_id = await town.accepted()
    told = await town.found(order_id)
    assert (told.state, told.reason) == (HandoffState.REFUSED, "InsufficientFunds")
    assert (await town.terms()).is_short


async def test_a_house_that_brings_itself_tells_the_market_nothing(town: Town) -> None:
    terms = await town.terms()
    async with town.books.writing() as uow:
        draft = replace(DRAFT, is_on=False)
        await handoff.set_terms(uow, town.house.id, draft, version=terms.version)
    order_id = await town.accepted()
    async with town.books.reading() as look:
        assert await handoff.list_handoffs(look, order_id) == []
