"""When a bid window closes: at its end, or when it was quiet after enough had bid. Never at the
first bid that covers the way, or nobody would ever compete.
"""

from __future__ import annotations

from swarmhaul.market.terms import Window

AWARD_SECONDS = 900
"""After the window the coordinator has this long to award; then the money can only go back."""


def is_over(window: Window, now: int) -> bool:
    return now >= window.bids_until


def is_quiet(window: Window, *, last_change: int, operators: int, now: int) -> bool:
    """Whether enough compete and none has moved for a while; whether they cover the way is then
    worth finding out.
    """
    return operators >= window.operators_min and now >= last_change + window.quiet_seconds


def look_at(window: Window, *, last_change: int, now: int) -> int:
    """When to look at the window next, if nobody moves until then."""
    quiet = last_change + window.quiet_seconds
    return min(quiet if quiet > now else window.bids_until, window.bids_until)
