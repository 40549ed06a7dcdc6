"""Couriers bid for what they can carry in time and for the money, and strangers' parts fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swarmhaul.agents import Offer, Profile, propose
from swarmhaul.agents.offers import OFFERS_MAX
from swarmhaul.agents.tests.builders import EAST, MIDDLE, NOON, WEST, errand, profile
from swarmhaul.matching import Bid, Place, Trip, find_chain, open_book


def bids_of(name: str, offers: list[Offer]) -> list[Bid]:
    return [
        Bid(
            id=f"{name}-{number}",
            operator=name,
            pickup=offer.part.pickup.place,
            dropoff=offer.part.dropoff.place,
            cost=offer.cost,
            pickup_until=offer.pickup_until,
            arrives_by=offer.arrives_by,
        )
        for number, offer in enumerate(offers)
    ]


def test_two_who_know_half_a_town_each_carry_a_load_across_it() -> None:
    """D-28: the agents of the post bid for the whole way only, and relays never formed."""
    wish = errand()
    trip = Trip(
        origin=wish.origin,
        destination=wish.destination,
        budget=wish.budget,
        ready_at=wish.ready_at,
        deliver_by=wish.deliver_by,
    )
    bids: list[Bid] = []
    for name, place in (("west", WEST), ("east", EAST)):
        halved = profile(place, name=name, reach_m=5_500)
        offers = propose(halved, wish, now=NOON, at=place, hubs=[MIDDLE])
        assert offers, f"{name} rides its half"
        assert all(offer.part.share < 1 for offer in offers), f"{name} rides no more than that"
        bids += bids_of(name, offers)
    chain = find_chain(trip, open_book(bids, trip))
    assert chain is not None
    assert [one.rpartition("-")[0] for one in chain.bids] == ["west", "east"]


def test_whoever_knows_the_whole_town_bids_for_all_of_it_and_for_parts() -> None:
    shares = {offer.part.share for offer in propose(profile(), errand(), now=NOON, at=MIDDLE)}
    assert 1 in shares
    assert len(shares) > 1


def test_what_is_too_heavy_too_big_too_late_or_too_dear_is_left_alone() -> None:
    for wish in (
        errand(grams=60_001),
        errand(millilitres=200_001),
        errand(deliver_by=NOON + 2_400),
        errand(budget=1_000),
    ):
        assert propose(profile(), wish, now=NOON, at=MIDDLE) == []
    assert propose(profile(), errand(), now=NOON + 8_800, at=MIDDLE) == []


def test_a_courier_far_away_does_not_come() -> None:
    assert propose(profile(Place(52.0, -6.26)), errand(), now=NOON, at=Place(52.0, -6.26)) == []


@given(
    st.integers(1, 60), st.integers(5, 130), st.integers(0, 10**8), st.integers(0, 10**9),
    st.integers(0, 20_000), st.integers(600, 40_000), st.integers(1, 10**12),
)  # fmt: skip
def test_an_offer_covers_its_costs_fits_the_budget_and_is_in_time(
    kilograms: int, kmh: int, per_km: int, per_hour: int, margin: int, hurry: int, budget: int
) -> None:
    vehicle = profile().vehicle
    made = Profile(
        name="x", latitude=MIDDLE.latitude, longitude=MIDDLE.longitude, reach_m=20_000,
        margin=margin, minimum=1,
        vehicle=type(vehicle)(
            name="x", carries_kg=60, carries_litres=200, kmh=kmh, per_km=per_km, per_hour=per_hour
        ),
    )  # fmt: skip
    wish = errand(grams=kilograms * 1_000, deliver_by=NOON + 1_800 + hurry, budget=budget)
    offers = propose(made, wish, now=NOON, at=MIDDLE)
    assert len(offers) <= OFFERS_MAX
    for offer in offers:
        assert 0 < offer.floor <= offer.cost <= budget
        assert wish.ready_at <= offer.pickup_until < offer.arrives_by <= wish.deliver_by
