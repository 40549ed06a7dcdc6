"""Scores: bounded, the same for everybody, slowly earned, quickly lost, not made at home."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmhaul.matching import NUDGE_DEFAULT, Bid, Place, Trip, find_chain, open_book
from swarmhaul.reputation import (
    BASE,
    FIRST_MEETING_CEILING,
    ONE,
    STRANGER,
    Seen,
    SeenKind,
    Standing,
    basis_points,
    estimate_after,
    fold,
)

NAMES = ("ada", "ben", "cyd")
SEEN = st.builds(Seen, st.sampled_from(SeenKind), st.sampled_from(NAMES), st.integers(0, ONE))
HISTORIES = st.lists(SEEN, max_size=60)
TRUSTS = st.lists(st.integers(0, ONE), max_size=100)


def completed(count: int, *, of: int = 0) -> list[Seen]:
    """Completions for so many counterparties, in turns; each another one if nobody says."""
    return [Seen(SeenKind.COMPLETED, f"party-{n % (of or count)}") for n in range(count)]


def breached() -> Seen:
    return Seen(SeenKind.BREACHED, "party")


@given(HISTORIES, HISTORIES)
def test_a_fold_goes_on_from_a_snapshot_as_if_there_were_none(
    earlier: list[Seen], later: list[Seen]
) -> None:
    assert fold(later, fold(earlier)) == fold([*earlier, *later])


@given(HISTORIES)
def test_a_score_stays_between_nothing_and_one(seen: list[Seen]) -> None:
    assert 0 <= fold(seen).score <= ONE


@given(HISTORIES)
def test_a_completion_never_costs_and_a_breach_never_earns(seen: list[Seen]) -> None:
    standing = fold(seen)
    better = fold(completed(1), standing)
    worse = fold([breached()], standing)
    assert worse.score <= standing.score <= better.score


def referred(*trusts: int) -> list[Seen]:
    return [Seen(SeenKind.REFERRED, f"friend-{n}", trust) for n, trust in enumerate(trusts)]


@given(TRUSTS)
def test_a_stranger_stays_below_the_ceiling_of_a_first_meeting(trusts: list[int]) -> None:
    assert BASE <= fold(referred(*trusts)).score <= FIRST_MEETING_CEILING


@given(TRUSTS, TRUSTS)
def test_more_friends_never_make_a_stranger_worse(less: list[int], more: list[int]) -> None:
    assert fold(referred(*less, *more)).score >= fold(referred(*less)).score


@given(TRUSTS, HISTORIES)
def test_who_was_met_is_judged_by_deeds_alone(trusts: list[int], seen: list[Seen]) -> None:
    met = fold([*seen, breached()])
    assert fold(referred(*trusts), met) == met


def test_order_matters_and_is_kept() -> None:
    assert fold([breached(), *completed(1)]).score > fold([*completed(1), breached()]).score


def test_everybody_who_folds_the_same_gets_the_same_digits() -> None:
    """The figures of docs/developers/algorithms/reputation.md; no float is in them."""
    counts = (1, 50, 100, 200, 500)
    scores = [fold(completed(count)).score for count in counts]
    assert scores == [
        317_500_000_000,
        802_608_328_349,
        944_337_897_079,
        995_573_900_410,
        999_997_774_590,
    ]
    # Each completion closes a fortieth of what is missing; only the rounding down differs.
    missing = [ONE - ONE * 7 * 39**count // (10 * 40**count) for count in counts]
    assert all(
        0 <= exact - score <= 40
        for exact, score, count in zip(missing, scores, counts, strict=True)
    )


def test_no_gain_is_lost_to_rounding_near_the_top() -> None:
    """The reference rounds to a tenth of a point and stalls at 0.98."""
    standing = fold(completed(500))
    assert fold(completed(1), standing).score > standing.score


@pytest.mark.parametrize(("score", "needed"), [(30, 15), (50, 28), (80, 64), (90, 87), (95, 112)])
def test_a_breach_costs_as_many_completions_as_the_model_says(score: int, needed: int) -> None:
    start = Standing(score=score * ONE // 100)
    fallen = fold([breached()], start)
    back = [n for n in range(1, 200) if fold(completed(n), fallen).score >= start.score]
    assert back[0] == needed


def test_two_who_trade_with_each_other_earn_less_than_five_strangers_would() -> None:
    """Wash trades (D-06): each dealing of a pair counts four fifths of the one before."""
    honest = fold(completed(5)).score
    washed = [fold(completed(count, of=1)).score for count in (1, 5, 200, 2_000)]
    assert washed == sorted(washed)
    assert washed[-1] < honest
    assert washed[-1] == washed[-2]


def test_a_new_key_is_worth_no_more_than_the_base_at_equal_price() -> None:
    """Whitewashing (D-36): a known 0.45 wins against a fresh key, which is not taken for 0.5."""
    a, b = Place(48.10, 11.50), Place(48.12, 11.53)
    trip = Trip(origin=a, destination=b, budget=2_000_000)

    def bid(name: str, score: int) -> Bid:
        return Bid(
            id=name,
            operator=name,
            pickup=a,
            dropoff=b,
            cost=1_000_000,
            pickup_until=1_000,
            arrives_by=2_000,
            score=basis_points(score),
        )

    known, fresh = bid("known", 45 * ONE // 100), bid("fresh", STRANGER.score)
    chain = find_chain(trip, open_book([fresh, known], trip, NUDGE_DEFAULT))
    assert chain is not None
    assert chain.bids == ("known",)
    assert STRANGER.score == BASE < known.score * (ONE // 10_000)


def test_thirty_who_stand_at_the_top_bring_a_stranger_to_the_ceiling() -> None:
    assert estimate_after(BASE, trust=9 * ONE // 10) == BASE + 9 * ONE // 1_000
    assert fold(referred(*[ONE] * 29)).score < FIRST_MEETING_CEILING
    assert fold(referred(*[ONE] * 30)).score == FIRST_MEETING_CEILING
