"""How long somebody will wait: who is there, who comes later, and who stands in front of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kitchenasty.availability import Floor, Seat, Stay
from kitchenasty.waitlist.quotes import quote

NOW = datetime(2030, 5, 17, 18, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def seat(name: str, most: int) -> Seat:
    return Seat(
        table_ids=tuple(name),
        name=name,
        least=1,
        most=most,
        areas=frozenset({""}),
        position=0,
        is_combinable=False,
    )


def stay(table: str, since: int, until: int) -> Stay:
    """From so many minutes from now until so many."""
    return Stay(
        id=f"{table}{since}",
        table_id=table,
        starts_at=NOW + timedelta(minutes=since),
        ends_at=NOW + timedelta(minutes=until),
        reservation_id="r",
        block_id=None,
    )


def quoted(seats: tuple[Seat, ...], stays: list[Stay], *parties: int) -> list[int | None]:
    floor = Floor(house_id="h", seats=seats)
    return quote(floor, stays, parties, NOW, lambda _: HOUR)


def test_nobody_waits_while_a_table_is_free() -> None:
    assert quoted((seat("a", 2),), [], 2) == [0]


def test_each_waits_for_who_sits_there_and_for_who_stands_in_front() -> None:
    assert quoted((seat("a", 2),), [stay("a", -30, 22)], 2, 2) == [25, 85]


def test_a_table_that_is_booked_soon_is_no_table() -> None:
    assert quoted((seat("a", 2),), [stay("a", 40, 100)], 2) == [100]


def test_the_small_table_is_kept_from_no_one_by_a_large_party() -> None:
    seats = (seat("a", 2), seat("b", 6))
    assert quoted(seats, [stay("b", -10, 45)], 6, 2) == [45, 0]


def test_a_pair_of_tables_is_free_when_both_are() -> None:
    seats = (seat("ab", 8),)
    assert quoted(seats, [stay("a", -10, 15), stay("b", -10, 35)], 7) == [35]


def test_for_too_many_or_too_late_there_is_no_answer() -> None:
    assert quoted((seat("a", 2),), [stay("a", -10, 400)], 2, 5) == [None, None]
