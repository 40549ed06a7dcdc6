"""What is told and when: once when it begins, once when it is over, and never a storm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orca.certificates import CertificateLine
from orca.notices import Known, Notice, Trouble, look, troubles_in
from orca.notices.noticing import QUIET
from orca.notices.troubles import Kind
from orca.planning import State

START = datetime(2026, 11, 1, tzinfo=UTC)
PATIENCE = timedelta(minutes=5)
AWAY = Trouble(Kind.NODE, "quay", "The node quay is away.")
UNWELL = Trouble(Kind.SERVICE, "shop/web", "shop/web has 1 of 2 copies ready.")


class Watch:
    """Somebody who looks again and again."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.now = START
        self.told: list[str] = []

    def see(self, *troubles: Trouble, seconds: int = 1) -> list[Notice]:
        self.now += timedelta(seconds=seconds)
        self.known, notices = look(self.known, troubles, self.now, patience=PATIENCE)
        self.told += [each.words for each in notices]
        return notices


def test_a_trouble_is_told_once_and_once_that_it_is_over() -> None:
    watch = Watch()
    for _ in range(10):
        watch.see(AWAY)
    for _ in range(10):
        watch.see(seconds=30)
    assert watch.told == ["The node quay is away.", "The node quay is back."]
    assert watch.known == {}


def test_a_service_is_told_only_when_it_stays_unwell() -> None:
    watch = Watch()
    watch.see(UNWELL)
    watch.see(UNWELL, seconds=299)
    assert watch.told == []
    watch.see(UNWELL, seconds=2)
    assert watch.told == [UNWELL.words]


def test_an_engine_that_is_begun_anew_is_no_trouble() -> None:
    watch = Watch()
    away = Trouble(Kind.ENGINE, "quay", "On the node quay the engine does not answer.")
    watch.see(away, seconds=1)
    watch.see(away, seconds=14)
    assert watch.told == []
    watch.see(away, seconds=2)
    assert watch.told == [away.words]


def test_what_ended_before_it_was_told_is_never_told() -> None:
    watch = Watch()
    watch.see(UNWELL)
    watch.see(seconds=90)
    watch.see(seconds=90)
    assert (watch.told, watch.known) == ([], {})


def test_what_comes_and_goes_is_one_trouble() -> None:
    """A container that crashes again and again is ready for some seconds each time."""
    watch = Watch()
    for _ in range(60):
        watch.see(UNWELL, seconds=20)
        watch.see(seconds=20)
    assert watch.told == [UNWELL.words]


def test_a_release_that_failed_is_not_over_when_it_is_forgotten() -> None:
    watch = Watch()
    failed = Trouble(Kind.RELEASE, "shop/web 3", "shop/web: Release 3 failed: no.")
    watch.see(failed)
    watch.see(seconds=90)
    watch.see(seconds=90)
    assert watch.told == [failed.words]
    again = Trouble(Kind.RELEASE, "shop/web 4", "shop/web: Release 4 failed: no.")
    assert [each.words for each in watch.see(again)] == [again.words]


def test_a_certificate_that_ends_soon_or_cannot_be_had_is_a_trouble() -> None:
    lines = [
        CertificateLine("a.example", (), START + timedelta(days=20), False, ""),
        CertificateLine("b.example", (), START + timedelta(days=3), True, ""),
        CertificateLine("c.example", (), None, False, "404"),
    ]
    found = list(troubles_in(State(), lines, START))
    assert [each.name for each in found] == ["b.example", "c.example"]
    assert "ends on 2026-11-04" in found[0].words
    assert found[1].words.endswith(": 404")


def test_a_certificate_that_is_good_for_days_only_is_no_trouble_all_its_life() -> None:
    """It was told as ending soon from its first minute on."""
    begins, ends = START - timedelta(days=3), START + timedelta(days=3)
    line = CertificateLine("a.example", (), ends, False, "", begins)
    assert list(troubles_in(State(), [line], START)) == []
    [told] = troubles_in(State(), [line], ends - timedelta(hours=23))
    assert "ends on" in told.words


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 400)), max_size=60))
def test_beginnings_and_ends_take_turns(history: list[tuple[bool, bool, int]]) -> None:
    """Whatever happens: nothing is over that was not told, and nothing is told twice."""
    watch = Watch()
    open_ones: set[str] = set()
    for is_away, is_unwell, seconds in history:
        troubles = [AWAY] * is_away + [UNWELL] * is_unwell
        for notice in watch.see(*troubles, seconds=seconds):
            assert (notice.name in open_ones) is notice.is_over
            open_ones ^= {notice.name}
    watch.see()
    for notice in watch.see(seconds=int(QUIET.total_seconds()) + 1):
        open_ones ^= {notice.name}
    assert open_ones == set()
