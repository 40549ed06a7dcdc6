"""Jobs that strangers carry together: listed with their money, bid for, matched, awarded."""

from swarmhaul.market.admission import LIVE_MAX
from swarmhaul.market.choosing import ChosenLeg, Offered, choose, duration_of
from swarmhaul.market.closing import ACCEPT_SECONDS, award, close_window
from swarmhaul.market.escrow import catch_up, follow_forever, open_escrow, sweep
from swarmhaul.market.events import TOPICS, BidPlaced
from swarmhaul.market.openings import read_envelope
from swarmhaul.market.queries import (
    BIDS_MAX,
    count_all_bids,
    count_jobs,
    list_all_bids,
    list_bids,
    list_jobs,
    load_bid,
    load_job,
)
from swarmhaul.market.refusals import (
    BidBound,
    BidsClosed,
    JobUnfit,
    ListedBefore,
    NoSuchBid,
    NoSuchJob,
    OpeningUnfit,
    OtherBid,
    OwnJob,
    TermsUnfit,
)
from swarmhaul.market.replacing import substitute
from swarmhaul.market.schemas import BidView, JobEntryView, JobView, LegView, WithdrawalView
from swarmhaul.market.service import list_job, place_bid, withdraw_bid
from swarmhaul.market.simulating import SimulatedLeg, Simulation, StillBidFor, Wish, simulate
from swarmhaul.market.states import AWARDED, BidStatus, JobStatus, LegStatus
from swarmhaul.market.terms import (
    BID,
    LIST,
    LIVES_SECONDS_MAX,
    WITHDRAW,
    ListJob,
    Opening,
    PlaceBid,
    Prices,
    Pricing,
    Spot,
    Window,
    WithdrawBid,
)
from swarmhaul.market.venue import Venue
from swarmhaul.market.watching import (
    count_bids,
    list_bids_by_id,
    list_job_entries,
    list_legs_of,
    list_payments,
    list_running,
    list_seconds_to_award,
)
from swarmhaul.market.windows import AWARD_SECONDS

__all__ = [
    "ACCEPT_SECONDS", "AWARDED", "AWARD_SECONDS", "BID", "BIDS_MAX", "LIST", "LIVES_SECONDS_MAX",
    "LIVE_MAX", "TOPICS", "WITHDRAW", "BidBound", "BidPlaced", "BidStatus", "BidView", "BidsClosed",
    "ChosenLeg", "JobEntryView", "JobStatus", "JobUnfit", "JobView", "LegStatus", "LegView",
    "ListJob", "ListedBefore", "NoSuchBid", "NoSuchJob", "Offered", "Opening", "OpeningUnfit",
    "OtherBid", "OwnJob", "PlaceBid", "Prices", "Pricing", "SimulatedLeg", "Simulation", "Spot",
    "StillBidFor", "TermsUnfit", "Venue", "Window", "Wish", "WithdrawBid", "WithdrawalView",
    "award", "catch_up", "choose", "close_window", "count_all_bids", "count_bids", "count_jobs",
    "duration_of", "follow_forever", "list_all_bids", "list_bids", "list_bids_by_id", "list_job",
    "list_job_entries", "list_jobs", "list_legs_of", "list_payments", "list_running",
    "list_seconds_to_award", "load_bid", "load_job", "open_escrow", "place_bid", "read_envelope",
    "simulate", "substitute", "sweep", "withdraw_bid",
]  # fmt: skip
