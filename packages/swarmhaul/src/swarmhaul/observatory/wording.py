"""The words of the observatory: what statuses and commands are called, and how figures are read."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from swarmhaul.market import BidStatus, JobStatus, LegStatus
from swarmhaul.reputation import ONE

SENTENCE_WITH_ADDRESS = re.compile(r"[^.!?]*\bhttps?://\S+")
"""What programs are told in a description; people want to know what is carried."""
Badge = tuple[str, str, str]
"""Words, kind and sign."""

JOBS: dict[JobStatus, Badge] = {
    JobStatus.OPENING: ("Money is being locked", "", "lock"),
    JobStatus.REFUSED: ("Refused by the rail", "bad", "ban"),
    JobStatus.OPEN: ("Takes bids", "accent", "hand-coins"),
    JobStatus.UNMATCHED: ("Nobody covers the way", "warn", "triangle-alert"),
    JobStatus.AWARDING: ("Being awarded", "accent", "timer"),
    JobStatus.AWARDED: ("Awarded", "accent", "users"),
    JobStatus.IN_TRANSIT: ("On the way", "ok", "truck"),
    JobStatus.DELIVERED: ("Delivered", "ok", "circle-check"),
    JobStatus.REFUNDED: ("Money went back", "warn", "undo-2"),
}
LEGS: dict[LegStatus, Badge] = {
    LegStatus.OFFERED: ("Offered", "", "clock"),
    LegStatus.ACCEPTED: ("Accepted", "accent", "check"),
    LegStatus.ARRIVED: ("Arrived, to be confirmed", "warn", "map-pin"),
    LegStatus.DISPUTED: ("Disputed", "bad", "triangle-alert"),
    LegStatus.SETTLED: ("Settled", "ok", "circle-check"),
}
BIDS = {
    BidStatus.LIVE: ("Live", "accent"),
    BidStatus.WITHDRAWN: ("Withdrawn", ""),
    BidStatus.CHOSEN: ("Chosen", "ok"),
}
COMMANDS = {
    "Open": "The budget was locked",
    "Award": "The legs were awarded",
    "Accept": "Leg {leg} was accepted",
    "Replace": "Leg {leg} was offered to somebody else",
    "Arrive": "Leg {leg} says it has arrived",
    "Confirm": "Leg {leg} was confirmed and paid",
    "Release": "Leg {leg} was paid after a silence",
    "Dispute": "The arrival of leg {leg} was disputed",
    "Resolve": "The arbiter ruled on leg {leg}",
    "Expire": "The time was over and the money went back",
    "Close": "The job was closed",
}
WAYS_OUT = {
    "Release": "anybody may have this leg paid",
    "Expire": "anybody may send the money back to the shipper",
    "Close": "anybody may close the job, and the rest goes back to the shipper",
}


def show_headline(description: str) -> str:
    """What is carried, without where programs are to ask about it; all of it if nothing else is
    said.
    """
    rest = SENTENCE_WITH_ADDRESS.sub("", description).strip()
    return rest.removesuffix(".") if rest and rest != description else description


def show_amount(lamports: int) -> str:
    """`1290000` as `1,290,000`; a sum that is given has a real minus sign."""
    return f"{lamports:,}".replace("-", "\N{MINUS SIGN}")


def show_figure(number: int) -> str:
    """`133184657` as `133 M`: beside an axis there is little room."""
    for size, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.3g} {sign}"
    return str(number)


def show_key(key: str) -> str:
    """The ends of a key: enough to tell two apart that nobody made to look alike."""
    return key if len(key) <= 12 else f"{key[:5]}…{key[-4:]}"


def show_score(score: int) -> str:
    """Trillionths as `0.307`, rounded down: nobody is shown as better than they are."""
    return f"{score * 1000 // ONE / 1000:.3f}"


def show_share(basis_points: int) -> str:
    """`700` as `7 %`, `50` as `0.5 %`."""
    return f"{basis_points / 100:g} %"


def show_instant(instant: datetime) -> str:
    """For those without script; the browser puts it into its own zone."""
    return f"{instant.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def instant_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def show_seconds(seconds: float) -> str:
    """`95` as `1 min 35 s`."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"


def show_metres(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def show_place(place: object) -> str:
    """A spot, or whatever else has a latitude and a longitude in millionths."""
    latitude = getattr(place, "latitude_e6", 0) / 1_000_000
    longitude = getattr(place, "longitude_e6", 0) / 1_000_000
    return f"{latitude:.4f}, {longitude:.4f}"
