"""Who waits for a table, on the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, Stamp, WireStruct
from kitchenasty.waitlist.states import WaitState

TimeText = Annotated[str, msgspec.Meta(max_length=8)]


class JoinForm(Form, kw_only=True):
    """Who wants a table when. Times that are left out: any time of the day. `guest…` is who comes;
    an account knows that itself.
    """

    location_id: Annotated[str, msgspec.Meta(max_length=64)]
    date: Annotated[str, msgspec.Meta(max_length=30)]
    party_size: Annotated[int, msgspec.Meta(ge=0, le=1_000)]
    since: TimeText = ""
    until: TimeText = ""
    guest_name: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    guest_email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    guest_phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class OfferView(WireStruct, kw_only=True):
    """The table that is held: its time on the clock of the house, and until when to answer or, when
    it is ready, to come.
    """

    time: str
    starts_at: Stamp
    ends_at: Stamp
    answer_until: Stamp


class WaitingView(WireStruct, kw_only=True):
    """Somebody who waits. `since` and `until` are the times that suit, on the clock of the house;
    `date` is the date on which the house opens for them, as midnight in UTC.
    """

    id: str
    location_id: str
    date: Stamp
    since: str
    until: str
    time_zone: str
    party_size: int
    status: WaitState
    guest_name: str
    guest_email: str | None
    guest_phone: str | None
    joined_at: Stamp
    offer: OfferView | None
    reservation_id: str | None


class JoinedView(WaitingView, kw_only=True):
    """The place in the line just taken, with the secret link by which its guest opens it."""

    capability: str
    tracking_url: str

    @classmethod
    def of_joined(cls, view: WaitingView, capability: str) -> JoinedView:
        fields = {name: getattr(view, name) for name in WaitingView.__struct_fields__}
        return cls(**fields, capability=capability, tracking_url=f"/w/{capability}")


class TakenView(WireStruct, kw_only=True):
    """The reservation that it became. `capability` and `trackingUrl` are for its guest alone."""

    reservation_id: str
    capability: str | UnsetType = UNSET
    tracking_url: str | UnsetType = UNSET
