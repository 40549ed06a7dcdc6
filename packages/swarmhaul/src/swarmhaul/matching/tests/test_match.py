"""The matcher finds what trying everything finds."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from swarmhaul.matching import Bid, BidUnfit, Chain, Nudge, Place, Trip, find_chain, open_book
from swarmhaul.matching.tests.brute import cheapest, metres
from swarmhaul.matching.tests.draws import Draw, draw

STRENGTH = 800
A, B, C = Place(48.10, 11.50), Place(48.12, 11.53), Place(48.14, 11.56)
FAR = Place(48.16, 11.59)
TRIP = Trip(origin=A, destination=C, budget=1_000)


def bid(name: str, pickup: Place, dropoff: Place, cost: int, **fields: object) -> Bid:
    start = 1_000 if pickup == A else 3_000
    given = {
        "operator": f"op-{name}",
        "pickup_until": start,
        "arrives_by": start + 600,
        "score": 5_000,
    }
    return Bid(id=name, pickup=pickup, dropoff=dropoff, cost=cost, **(given | fields))  # type: ignore[arg-type]


def match(bids: list[Bid], trip: Trip = TRIP, strength: int = STRENGTH) -> Chain | None:
    return find_chain(trip, open_book(bids, trip, Nudge(strength)))


def differences(seeds: range) -> tuple[list[int], int, int]:
    """Draws in which the matcher and brute force disagree; how many had a chain, and a relay."""
    wrong, feasible, relays = [], 0, 0
    for seed in seeds:
        drawn = draw(seed)
        strength = random.Random(seed).choice([0, 800, 2_000])
        expected = cheapest(drawn.trip, drawn.bids, strength)
        found = match(drawn.bids, drawn.trip, strength)
        got = found and (found.compared_as, len(found.bids))
        if got != expected or (found and not (found.is_proven and carries(found, drawn))):
            wrong.append(seed)
        feasible += expected is not None
        relays += expected is not None and expected[1] > 1
    return wrong, feasible, relays


def carries(found: Chain, drawn: Draw) -> bool:
    """Whether the chain keeps every rule of its job."""
    trip, bids = drawn.trip, {one.id: one for one in drawn.bids}
    legs = [bids[name] for name in found.bids]
    here, then = trip.origin, trip.ready_at
    for leg in legs:
        if metres(here, leg.pickup) > trip.radius_m or then > leg.pickup_until:
            return False
        here, then = leg.dropoff, leg.arrives_by + trip.dwell_seconds
    return (
        metres(here, trip.destination) <= trip.radius_m
        and legs[-1].arrives_by <= trip.deliver_by
        and len({leg.operator for leg in legs}) == len(legs) <= trip.leg_count_max
        and found.cost == sum(leg.cost for leg in legs) <= trip.budget
    )


def test_equals_brute_force_on_1000_draws() -> None:
    wrong, feasible, relays = differences(range(1_000))
    print(f"M1: 1000 draws, {feasible} feasible, {relays} relays, {len(wrong)} unlike brute force")
    assert wrong == []
    assert relays > 50


@pytest.mark.long
def test_equals_brute_force_on_10000_draws() -> None:
    wrong, feasible, relays = differences(range(10_000))
    print(f"M1: 10000 draws, {feasible} feasible, {relays} relays, {len(wrong)} unlike brute force")
    assert wrong == []
    assert relays > 500


def test_a_relay_beats_a_dearer_courier() -> None:
    chain = match([bid("all", A, C, 900), bid("first", A, B, 300), bid("second", B, C, 400)])
    assert chain == Chain(bids=("first", "second"), cost=700, compared_as=700, is_proven=True)


def test_of_two_of_one_price_the_shorter_wins() -> None:
    chain = match([bid("first", A, B, 300), bid("second", B, C, 400), bid("zall", A, C, 700)])
    assert chain is not None
    assert chain.bids == ("zall",)


def test_nobody_carries_twice_under_two_names() -> None:
    bids = [
        bid("first", A, B, 300, operator="one"),
        bid("second", B, C, 400, operator="one"),
        bid("third", B, C, 500),
    ]
    chain = match(bids)
    assert chain is not None
    assert chain.bids == ("first", "third")
    assert match(bids[:2]) is None


def test_a_hand_over_waits_for_nobody_who_comes_too_late() -> None:
    late = bid("first", A, B, 300, arrives_by=2_881)
    assert match([late, bid("second", B, C, 400)]) is None
    assert match([replace(late, arrives_by=2_880), bid("second", B, C, 400)]) is not None


def test_the_budget_is_about_what_is_paid_and_not_about_names() -> None:
    famous = [bid("first", A, B, 500, score=10_000), bid("second", B, C, 510, score=10_000)]
    assert match(famous) is None
    chain = match(famous, replace(TRIP, budget=1_010))
    assert chain is not None
    assert (chain.cost, chain.compared_as) == (1_010, 1_010 - 16 - 16)


def test_a_good_name_wins_within_three_percent_and_not_beyond() -> None:
    cheap = bid("cheap", A, C, 10_000, score=1_000)
    trip = replace(TRIP, budget=20_000)
    within = match([cheap, bid("good", A, C, 10_600, score=9_000)], trip)
    beyond = match([cheap, bid("good", A, C, 10_700, score=9_000)], trip)
    assert within is not None
    assert beyond is not None
    assert (within.bids, beyond.bids) == (("good",), ("cheap",))


@pytest.mark.parametrize("seed", range(40))
def test_who_bids_first_has_no_advantage(seed: int) -> None:
    drawn = draw(seed)
    shuffled = drawn.bids[:]
    random.Random(seed).shuffle(shuffled)
    assert match(drawn.bids, drawn.trip) == match(shuffled, drawn.trip)


@pytest.mark.parametrize("seed", range(200))
def test_when_labels_run_out_a_chain_still_keeps_the_rules(seed: int) -> None:
    drawn = draw(seed)
    chain = find_chain(drawn.trip, open_book(drawn.bids, drawn.trip), labels_max=1)
    exact = match(drawn.bids, drawn.trip)
    assert chain is None or carries(chain, drawn)
    assert chain is None or (exact is not None and chain.compared_as >= exact.compared_as)


def test_bids_made_to_conflict_end_in_bounded_time() -> None:
    """Two operators, three hops, 1,500 bids: no chain exists, and every path meets a conflict."""
    hops = [(A, B, 1_000), (B, C, 3_000), (C, FAR, 5_000)]
    bids = [
        Bid(
            id=f"b{number:04}",
            operator=f"op-{number % 2}",
            pickup=hops[number % 3][0],
            dropoff=hops[number % 3][1],
            cost=1 + number % 7,
            pickup_until=hops[number % 3][2],
            arrives_by=hops[number % 3][2] + 600,
        )
        for number in range(1_500)
    ]
    trip = replace(TRIP, destination=FAR)
    assert find_chain(trip, open_book(bids, trip), labels_max=2_000) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"cost": 0},
        {"cost": -1},
        {"cost": 2**63},
        {"arrives_by": 1_000},
        {"pickup_until": -1},
        {"score": 10_001},
        {"pickup": Place(91, 0)},
        {"dropoff": Place(0, 180.01)},
        {"dropoff": Place(float("nan"), 0)},
    ],
)
def test_refuses_a_bid_with_figures_that_cannot_be(odd: dict[str, object]) -> None:
    with pytest.raises(BidUnfit):
        match([replace(bid("odd", A, C, 900), **odd)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "odd",
    [
        {"budget": 0},
        {"budget": 2**63},
        {"leg_count_max": 0},
        {"leg_count_max": 9},
        {"radius_m": 0},
        {"radius_m": float("nan")},
        {"ready_at": 9_000, "deliver_by": 9_000},
        {"origin": Place(0, -181)},
    ],
)
def test_refuses_a_trip_that_cannot_be(odd: dict[str, object]) -> None:
    with pytest.raises(BidUnfit):
        match([bid("all", A, C, 900)], replace(TRIP, **odd))  # type: ignore[arg-type]


def test_refuses_two_bids_of_one_id() -> None:
    with pytest.raises(BidUnfit, match="one id"):
        match([bid("all", A, C, 900), bid("all", A, C, 800)])


def test_an_empty_book_has_no_chain() -> None:
    assert match([]) is None
