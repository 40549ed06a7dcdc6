"""Reservations on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, Stamp, Version, WireStruct, stamp
from kitchenasty import locations
from kitchenasty.availability import Slot, Wish, read_day
from kitchenasty.kit.principals import Kind
from kitchenasty.reservations import HistoryEntry, Reservation, Source, Status, next_statuses

Id = Annotated[str, msgspec.Meta(max_length=64)]
DateText = Annotated[str, msgspec.Meta(max_length=30)]
TimeText = Annotated[str, msgspec.Meta(max_length=8)]
PartySize = Annotated[int, msgspec.Meta(ge=0, le=1_000)]
"""Read generously, so that the refusal is the house's own sentence."""
Area = Annotated[str, msgspec.Meta(max_length=40)]
Name = Annotated[str, msgspec.Meta(max_length=120)]
Email = Annotated[str, msgspec.Meta(max_length=254)]
Phone = Annotated[str, msgspec.Meta(max_length=40)]
Note = Annotated[str, msgspec.Meta(max_length=500)]
Allergies = Annotated[str, msgspec.Meta(max_length=300)]
TableIds = Annotated[list[Id], msgspec.Meta(max_length=12)]


class ReservationForm(Form, kw_only=True):
    """What somebody wishes. `guest…` is who comes; an account knows that itself."""

    PARAGRAPHS = frozenset({"comment", "allergies"})

    location_id: Id
    date: DateText
    time: TimeText
    party_size: PartySize
    area: Area | None = None
    comment: Note | None = None
    allergies: Allergies | None = None
    guest_name: Name | None = None
    guest_email: Email | None = None
    guest_phone: Phone | None = None

    def to_wish(self) -> Wish:
        """Raises WishRefused."""
        return Wish(
            house_id=self.location_id,
            day=read_day(self.date),
            shown=self.time,
            party=self.party_size,
            area=self.area or None,
        )


class ReservationChange(Form, kw_only=True):
    """What is left out stays. Guests change when they come, how many, and what they tell us, and
    cancel; the rest is the house's. `tableId` null: the best table that is free.
    """

    PARAGRAPHS = frozenset({"comment", "allergies", "house_note"})

    status: Status | UnsetType = UNSET
    table_id: Id | UnsetType | None = UNSET
    table_ids: TableIds | UnsetType = UNSET
    date: DateText | UnsetType = UNSET
    time: TimeText | UnsetType = UNSET
    party_size: PartySize | UnsetType = UNSET
    area: Area | UnsetType | None = UNSET
    comment: Note | UnsetType | None = UNSET
    allergies: Allergies | UnsetType | None = UNSET
    house_note: Note | UnsetType | None = UNSET
    reason: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    version: Version | None = None

    @property
    def is_for_staff(self) -> bool:
        """Whether something in it is not for guests to say."""
        asked = (self.table_id, self.table_ids, self.house_note)
        return any(one is not UNSET for one in asked) or self.status not in (
            UNSET,
            Status.CANCELLED,
        )

    @property
    def tables(self) -> list[str]:
        """The tables that are named; none where they are to be found."""
        if self.table_ids is not UNSET:
            return self.table_ids
        return [self.table_id] if isinstance(self.table_id, str) else []

    def texts(self) -> dict[str, str | None]:
        given = {"note": self.comment, "allergies": self.allergies, "house_note": self.house_note}
        return {name: text for name, text in given.items() if text is not UNSET}

    def to_wish(self, reservation: Reservation, zone: str) -> Wish | None:
        """Another sitting, if one is asked for. Raises WishRefused."""
        sitting = (self.date, self.time, self.party_size, self.area)
        finds_table = self.table_id is None and self.table_ids is UNSET
        if all(one is UNSET for one in sitting) and not finds_table:
            return None
        return Wish(
            house_id=reservation.house_id,
            day=reservation.day if self.date is UNSET else read_day(self.date),
            shown=wall_of(reservation, zone) if self.time is UNSET else self.time,
            party=reservation.party if self.party_size is UNSET else self.party_size,
            area=reservation.area if self.area is UNSET else self.area or None,
            table_ids=tuple(sorted(self.tables)),
        )


class SlotView(WireStruct, kw_only=True):
    time: str
    available: bool

    @classmethod
    def of(cls, slot: Slot, *, is_free: bool) -> SlotView:
        return cls(time=slot.shown, available=is_free)


class AvailabilityView(WireStruct, kw_only=True):
    slots: list[SlotView]
    total_tables: int


class BookableDayView(WireStruct, kw_only=True):
    """`state`: FREE, FULL, CLOSED, or NOT_YET and OVER for what cannot be booked (any more)."""

    date: str
    state: str
    note: str | None


class Reference(WireStruct, kw_only=True):
    id: str
    name: str


class TableReference(Reference, kw_only=True):
    capacity: int
    area: str


class CustomerReference(Reference, kw_only=True):
    email: str | None
    phone: str | None


class StepView(WireStruct, kw_only=True):
    """A line of the history; guests are told the house's name and not its staff's."""

    at: Stamp
    what: str
    actor: str

    @classmethod
    def of(cls, entry: HistoryEntry, *, instead_of_staff: str | None) -> StepView:
        kind = entry.actor.partition(":")[0]
        name = instead_of_staff if kind in (Kind.STAFF, Kind.KEY) else None
        return cls(
            at=stamp(entry.happened_at), what=entry.what, actor=name or entry.actor_name or kind
        )


@dataclass(frozen=True, slots=True)
class Place:
    """The house of a reservation and its tables by id."""

    house: locations.House
    tables: Mapping[str, locations.Table]


class ReservationView(WireStruct, kw_only=True):
    """A reservation. `date` is the date on which the house opened for it, as midnight in UTC, and
    `time` what the clock of the house shows; `startsAt` and `endsAt` are instants.
    """

    id: str
    location_id: str
    customer_id: str | None
    table_id: str | None
    date: Stamp
    time: str
    party_size: int
    status: Status
    comment: str | None
    area: str | None
    allergies: str | None
    guest_name: str
    guest_email: str | None
    guest_phone: str | None
    source: Source
    starts_at: Stamp
    ends_at: Stamp
    time_zone: str
    version: int
    created_at: Stamp
    updated_at: Stamp
    location: Reference
    customer: CustomerReference | None
    table: TableReference | None
    tables: list[TableReference]
    house_note: str | UnsetType | None = UNSET
    next_statuses: list[Status] | UnsetType = UNSET
    history: list[StepView] | UnsetType = UNSET

    @classmethod
    def of(cls, reservation: Reservation, place: Place, *, for_staff: bool) -> ReservationView:
        """As its house sees it, or as its guest does."""
        house = place.house
        tables = [
            table_reference(place.tables[table_id])
            for table_id in reservation.table_ids
            if table_id in place.tables
        ]
        view = cls(
            id=reservation.id,
            location_id=house.id,
            customer_id=reservation.customer_id,
            table_id=tables[0].id if tables else None,
            date=f"{reservation.day.isoformat()}T00:00:00.000Z",
            time=wall_of(reservation, house.zone),
            party_size=reservation.party,
            status=reservation.status,
            comment=reservation.note,
            area=reservation.area,
            allergies=reservation.allergies,
            guest_name=reservation.guest_name,
            guest_email=reservation.guest_email,
            guest_phone=reservation.guest_phone,
            source=reservation.source,
            starts_at=stamp(reservation.starts_at),
            ends_at=stamp(reservation.ends_at),
            time_zone=house.zone,
            version=reservation.version,
            created_at=stamp(reservation.created_at),
            updated_at=stamp(reservation.updated_at),
            location=Reference(id=house.id, name=house.name),
            customer=customer_reference(reservation),
            table=tables[0] if tables else None,
            tables=tables,
        )
        if for_staff:
            view.house_note = reservation.house_note
            view.next_statuses = list(next_statuses(reservation.status))
        return view


class BookedView(ReservationView, kw_only=True):
    """The reservation just made, with the secret link by which its guest opens it."""

    capability: str
    tracking_url: str

    @classmethod
    def of_booked(cls, view: ReservationView, capability: str) -> BookedView:
        fields = {name: getattr(view, name) for name in ReservationView.__struct_fields__}
        return cls(**fields, capability=capability, tracking_url=f"/r/{capability}")


def table_reference(table: locations.Table) -> TableReference:
    return TableReference(id=table.id, name=table.name, capacity=table.seats, area=table.area)


def customer_reference(reservation: Reservation) -> CustomerReference | None:
    """Who booked with an account, named as they were then."""
    if reservation.customer_id is None:
        return None
    return CustomerReference(
        id=reservation.customer_id,
        name=reservation.guest_name,
        email=reservation.guest_email,
        phone=reservation.guest_phone,
    )


def wall_of(reservation: Reservation, zone: str) -> str:
    """What the clock on the wall of the house shows when they come."""
    return f"{reservation.starts_at.astimezone(ZoneInfo(zone)):%H:%M}"
