"""How long somebody waits who had trouble, and when that is forgotten."""

from __future__ import annotations

from orca.agent.knowing import Trouble
from orca.agent.watching import BACK_OFF_SECS, STEADY_SECS

DAY = 86_400.0


def test_trouble_upon_trouble_is_waited_for_longer_each_time() -> None:
    trouble, now = Trouble(), 0.0
    for seconds in (*BACK_OFF_SECS, BACK_OFF_SECS[-1]):
        trouble.add("it ended with 1", now)
        assert trouble.not_before == now + seconds
        now = trouble.not_before
    assert trouble.times == len(BACK_OFF_SECS) + 1


def test_who_ran_well_for_long_is_begun_at_once_again() -> None:
    """Somebody kills it once a day: in a week it would be away for a minute each time."""
    trouble = Trouble()
    for day in range(10):
        trouble.add("it ended with 137", day * DAY)
        assert trouble.not_before == day * DAY + BACK_OFF_SECS[0]
    assert trouble.times == 10, "all of them are counted"


def test_the_longest_pause_alone_does_not_count_as_running_well() -> None:
    assert BACK_OFF_SECS[-1] < STEADY_SECS
