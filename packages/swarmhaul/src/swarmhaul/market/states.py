"""What may happen to a job and a bid, one after the other."""

from __future__ import annotations

from enum import StrEnum


class JobStatus(StrEnum):
    """`OPENING` waits for the money, `AWARDING` for the rail to take the award, `UNMATCHED` for the
    money to go back. What comes after the award is told by the rail alone.
    """

    OPENING = "opening"
    REFUSED = "refused"
    OPEN = "open"
    UNMATCHED = "unmatched"
    AWARDING = "awarding"
    AWARDED = "awarded"
    IN_TRANSIT = "in-transit"
    DELIVERED = "delivered"
    REFUNDED = "refunded"


class BidStatus(StrEnum):
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    CHOSEN = "chosen"


class LegStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    DISPUTED = "disputed"
    SETTLED = "settled"


BEFORE: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.OPENING: frozenset(),
    JobStatus.REFUSED: frozenset({JobStatus.OPENING}),
    # An opening that was refused for want of money may come to the rail again while it lives.
    JobStatus.OPEN: frozenset({JobStatus.OPENING, JobStatus.REFUSED}),
    # The window closed and no chain covers the way, or the rail would not take the award.
    JobStatus.UNMATCHED: frozenset({JobStatus.OPEN, JobStatus.AWARDING}),
    JobStatus.AWARDING: frozenset({JobStatus.OPEN}),
    JobStatus.AWARDED: frozenset({JobStatus.AWARDING}),
    JobStatus.IN_TRANSIT: frozenset({JobStatus.AWARDED}),
    JobStatus.DELIVERED: frozenset({JobStatus.AWARDED, JobStatus.IN_TRANSIT}),
    # The shipper may take the money back until the award, and anybody may bring it back later.
    JobStatus.REFUNDED: frozenset(
        {
            JobStatus.OPEN,
            JobStatus.UNMATCHED,
            JobStatus.AWARDING,
            JobStatus.AWARDED,
            JobStatus.IN_TRANSIT,
        }
    ),
}
"""What a job may have been before it becomes this."""
AWARDED = frozenset({JobStatus.AWARDED, JobStatus.IN_TRANSIT, JobStatus.DELIVERED})
"""Somebody carries it, or has."""
ENDED = frozenset({JobStatus.REFUSED, JobStatus.DELIVERED, JobStatus.REFUNDED})
