"""Waiting for a table: joining the line, being offered what became free, and answering.

Each answer is one conditional update, so of two that come at once one counts. The table of an offer
is held by stays of its own (availability/held.py): it cannot be promised to two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, update

from basis.errors import Conflict, Invalid
from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Statement, insert_into
from basis.kit.secret import Secret
from basis.sentences import Sentence, word
from basis.signing import derive
from kitchenasty import audit, availability, floor, locations, notices, reservations
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.waitlist.events import WaitingChanged
from kitchenasty.waitlist.models import WaitingPartyRow
from kitchenasty.waitlist.queries import (
    COUNT_OF_DAY,
    SHOWN_MAX,
    Waiting,
    find_waiting,
    list_line,
)
from kitchenasty.waitlist.states import HOLDING, OPEN, WaitState

LAPSE_JOB = "waitlist.lapse"
OFFER_LETTER, READY_LETTER = "waitlist.offer", "waitlist.ready"
LETTERS = {WaitState.OFFERED: OFFER_LETTER, WaitState.READY: READY_LETTER}
KEPT_DAYS = 7
"""After the last time that would have suited."""
NEXT_MORNING = timedelta(days=1)
TIME_LENGTH = 5
NOBODY_THEN = word("We seat nobody at these times on that day. Please choose others.")
INSERT = insert_into(WaitingPartyRow)
IT = WaitingPartyRow.id == bindparam("waiting_id", required=True)
OFFER = Statement(
    update(WaitingPartyRow)
    .where(IT, WaitingPartyRow.state == WaitState.WAITING)
    .values(
        {
            name: bindparam(name, required=True)
            for name in ("block_id", "offer_starts_at", "offer_ends_at", "offered_until_at")
        }
        | {
            "state": bindparam("target", required=True),
            "updated_at": bindparam("now", required=True),
        }
    )
)
ACCEPT = Statement(
    update(WaitingPartyRow)
    .where(
        IT,
        WaitingPartyRow.state == WaitState.OFFERED,
        WaitingPartyRow.block_id == bindparam("seen_block", required=True),
        WaitingPartyRow.offered_until_at > bindparam("now", required=True),
    )
    .values(state=WaitState.BOOKED, updated_at=bindparam("now", required=True))
)
END = Statement(
    update(WaitingPartyRow)
    .where(IT, WaitingPartyRow.state == bindparam("seen_state", required=True))
    .values(
        state=bindparam("target", required=True),
        updated_at=bindparam("now", required=True),
    )
)
LAPSE = Statement(
    update(WaitingPartyRow)
    .where(
        IT,
        WaitingPartyRow.state.in_(HOLDING),
        WaitingPartyRow.block_id == bindparam("seen_block", required=True),
    )
    .values(state=WaitState.LAPSED, updated_at=bindparam("now", required=True))
)
NAME_TABLE = Statement(
    update(WaitingPartyRow)
    .where(IT)
    .values(reservation_id=bindparam("to_reservation", required=True))
)
FORGET = Statement(
    delete(WaitingPartyRow).where(WaitingPartyRow.until_at < bindparam("before", required=True))
)


class WaitRefused(Invalid):
    """Nobody can wait so; the sentence says why."""


class StillFree(Conflict):
    """Nobody waits for what they can have at once."""

    def __init__(self, free: list[str]) -> None:
        super().__init__(
            Sentence.of(
                "You need not wait: there is a table at {times}.", times=", ".join(free[:4])
            ),
            free=free,
        )


class OfferOver(Conflict):
    def __init__(self) -> None:
        super().__init__("This offer is over: the table went to somebody else.")


class NothingFree(Conflict):
    def __init__(self) -> None:
        super().__init__("No table is free at the times that suit them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For which day and between which times on the wall, both included, somebody wants a table.
    An empty time: from the first, to the last.
    """

    house_id: str
    day: date
    party: int
    since: str = ""
    until: str = ""


async def join(uow: UnitOfWork, asked: Asked, guest: reservations.Guest) -> tuple[str, str]:
    """Get in line; the id, and what opens it to the guest. Raises WaitRefused, StillFree,
    GuestRefused, HouseNotFound, WishRefused, NoReservations.
    """
    inside = await list_full(uow, asked)
    if await uow.value(COUNT_OF_DAY, of_house=asked.house_id, of_day=asked.day) >= SHOWN_MAX:
        raise WaitRefused("The waiting list of this day is full. Please choose another day.")
    source = reservations.Source.STAFF if uow.actor.is_staff else reservations.Source.GUEST
    who = reservations.checked_guest(guest, source)
    waiting_id = new_id()
    capability = capability_of(uow.secret, waiting_id)
    await uow.run(
        INSERT,
        id=waiting_id,
        house_id=asked.house_id,
        customer_id=who.customer_id,
        guest_name=who.name,
        guest_email=who.email,
        guest_phone=who.phone,
        party=asked.party,
        day=asked.day,
        since_at=inside[0].starts_at,
        until_at=inside[-1].starts_at,
        state=WaitState.WAITING,
        locale=who.locale,
        capability_hash=hash_capability(capability),
        **dict.fromkeys(NOT_YET),
        joined_at=uow.now,
        updated_at=uow.now,
    )
    await tell_joined(uow, waiting_id, asked)
    return waiting_id, capability


async def list_full(look: Look, asked: Asked) -> list[availability.Slot]:
    """The times of the window, none of which has a table. Raises what `join` raises."""
    wish = availability.Wish(house_id=asked.house_id, day=asked.day, shown="", party=asked.party)
    book = await availability.open_day(look, asked.house_id, asked.day)
    window = window_of(book.slots, asked)
    slots = availability.free_times(look, book, wish)
    inside = [one for one in slots if window[0] <= one[0].wall <= window[1]]
    if not inside:
        raise WaitRefused(NOBODY_THEN)
    free = [slot.shown for slot, is_free in inside if is_free]
    if free:
        raise StillFree(free)
    return [slot for slot, _ in inside]


async def tell_joined(uow: UnitOfWork, waiting_id: str, asked: Asked) -> None:
    await audit.record(
        uow,
        action="create",
        entity="WaitingParty",
        entity_id=waiting_id,
        after={"state": WaitState.WAITING, "party": asked.party, "day": asked.day},
    )
    uow.emit(availability.FloorChanged(house_id=asked.house_id))


NOT_YET = ("block_id", "offer_starts_at", "offer_ends_at", "offered_until_at", "reservation_id")


def window_of(slots: Sequence[availability.Slot], asked: Asked) -> tuple[datetime, datetime]:
    """Between which times on the wall, of all at which the house seats people that day. The evening
    goes on after midnight: until half past midnight is later than from ten. Raises WaitRefused.
    """
    since, until = time_on(asked.day, asked.since), time_on(asked.day, asked.until)
    if not slots:
        raise WaitRefused(NOBODY_THEN)
    first, last = slots[0].wall, slots[-1].wall
    if since is not None and since < first:
        are_both_late = until is not None and since <= until < first
        if are_both_late or since + NEXT_MORNING <= last:
            since += NEXT_MORNING
    if until is not None and until < first:
        until += NEXT_MORNING
    return since or first, until or last


def time_on(day: date, text: str) -> datetime | None:
    """What `18:30` is on the wall that day; None for nothing. Raises WaitRefused."""
    try:
        minutes = locations.parse_wall(text[:TIME_LENGTH]) if text else None
    except ValueError:
        raise WaitRefused("Please write times like 18:30.") from None
    if minutes is None:
        return None
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def capability_of(secret: Secret, waiting_id: str) -> str:
    """What opens the place in the line to its guest; only its hash is stored (docs/adr/0005)."""
    return derive(secret, purpose="waiting list capability", subject=waiting_id)


async def offer_tables(uow: UnitOfWork, house_id: str) -> int:
    """Something became free: who came first and fits is offered it, then the next. Answers how many
    offers were made. Each is made once: who does not take it is not in the line any more.
    """
    made = 0
    books: dict[date, availability.DayBook] = {}
    in_vain: set[tuple[object, ...]] = set()
    for one in await list_line(uow, house_id):
        wanted = (one.day, one.since_at, one.until_at, one.party)
        # What one did not find, the next who wants the same will not find either.
        if wanted in in_vain:
            continue
        book = books.get(one.day)
        if book is None:
            book = books[one.day] = await availability.open_day(uow, house_id, one.day)
        if await offer(uow, one, book):
            made += 1
            del books[one.day]
        else:
            in_vain.add(wanted)
    return made


async def offer(uow: UnitOfWork, one: Waiting, book: availability.DayBook) -> bool:
    """Whether there was something for them: then it is held, and the book is out of date."""
    minutes = timedelta(minutes=book.terms.offer_minutes)
    # Who has so long to answer can hardly sit there before.
    window = max(one.since_at, uow.now + minutes), one.until_at
    reason = translate("Offered from the waiting list")
    held = await availability.hold_back(uow, book, window, one.party, reason=reason)
    if held is None:
        return False
    if not await give_to(uow, one, held, WaitState.OFFERED, minutes):
        # They left while we looked: what was held for them is free for the next.
        await availability.give_free(uow, held)
    return True


async def give_to(
    uow: UnitOfWork, one: Waiting, held: availability.Held, target: WaitState, minutes: timedelta
) -> bool:
    """False where they do not wait any more. Otherwise it is theirs until the minutes are over."""
    until = uow.now + minutes
    taken = await uow.run(
        OFFER,
        waiting_id=one.id,
        block_id=held.block_id,
        offer_starts_at=held.period[0],
        offer_ends_at=held.period[1],
        offered_until_at=until,
        target=target,
        now=uow.now,
    )
    if not taken:
        return False
    payload = {"waiting_id": one.id, "house_id": one.house_id, "block_id": held.block_id}
    uow.enqueue(LAPSE_JOB, payload, run_at=until, key=f"{LAPSE_JOB}:{held.block_id}")
    await tell(uow, one, target, starts_at=held.period[0], until=until)
    if one.guest_email and await notices.load_smtp(uow) is not None:
        await notices.send_notice(
            uow,
            LETTERS[target],
            recipient=one.guest_email,
            facts={"waiting_id": one.id},
            useful_for=minutes,
            locale=one.locale,
        )
    return True


async def offer_now(uow: UnitOfWork, one: Waiting) -> None:
    """The house offers it to them, whoever stands in front of them. Raises OfferOver where they do
    not wait any more, NothingFree.
    """
    if one.is_held:
        return
    if one.state is not WaitState.WAITING:
        raise OfferOver
    if not await offer(uow, one, await availability.open_day(uow, one.house_id, one.day)):
        raise NothingFree
    now_is = await find_waiting(uow, one.id)
    if now_is is None or not now_is.is_offered:
        raise OfferOver


async def accept(uow: UnitOfWork, one: Waiting) -> str:
    """They want it: the reservation's id, the same one when they say so twice. Raises OfferOver."""
    if one.state is WaitState.BOOKED and one.reservation_id is not None:
        return one.reservation_id
    if not one.is_offered or not await uow.run(
        ACCEPT, waiting_id=one.id, seen_block=one.block_id, now=uow.now
    ):
        now_is = await find_waiting(uow, one.id)
        if now_is is not None and now_is.reservation_id is not None:
            return now_is.reservation_id
        raise OfferOver
    source = reservations.Source.STAFF if uow.actor.is_staff else reservations.Source.GUEST
    try:
        booked = await reservations.book_held(uow, one.held, one.guest, source=source)
    except availability.HeldNoMore:
        raise OfferOver from None
    made = booked.reservation.id
    await uow.run(NAME_TABLE, waiting_id=one.id, to_reservation=made)
    await tell(uow, one, WaitState.BOOKED, reservation_id=made)
    return made


async def leave(uow: UnitOfWork, one: Waiting) -> None:
    """They do not wait any more; what was held for them goes to the next. Leaving twice is leaving
    once. Raises OfferOver where something else happened meanwhile.
    """
    if one.state in OPEN:
        await end(uow, one, WaitState.LEFT)


async def seat_now(uow: UnitOfWork, one: Waiting) -> reservations.Reservation:
    """They stand in the door and get a table now. Raises OfferOver, and what `walk_in` raises."""
    if one.state not in OPEN:
        raise OfferOver
    # The table of which they were told, where it is still held.
    told = await availability.list_held(uow, one.held) if one.is_ready else ()
    await end(uow, one, WaitState.BOOKED)
    seated = await floor.walk_in(uow, one.house_id, one.party, table_ids=told, name=one.guest_name)
    await uow.run(NAME_TABLE, waiting_id=one.id, to_reservation=seated.id)
    return seated


async def end(uow: UnitOfWork, one: Waiting, target: WaitState) -> None:
    """Raises OfferOver."""
    if not await uow.run(END, waiting_id=one.id, seen_state=one.state, target=target, now=uow.now):
        raise OfferOver
    if one.is_held:
        await availability.give_free(uow, one.held)
    else:
        uow.emit(availability.FloorChanged(house_id=one.house_id))
    await tell(uow, one, target)


async def lapse(uow: UnitOfWork, payload: dict[str, Any]) -> None:
    """The time to answer is over. That the table became free is told, and so the next is asked."""
    block_id = payload["block_id"]
    one = await find_waiting(uow, payload["waiting_id"])
    if one is None:
        # Whoever was asked had all that is known of them erased.
        await floor.unblock(uow, payload["house_id"], block_id)
        return
    if not await uow.run(LAPSE, waiting_id=one.id, seen_block=block_id, now=uow.now):
        return
    await availability.give_free(uow, one.held)
    await tell(uow, one, WaitState.LAPSED)


async def forget_past(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Who waited is not known for longer than it takes to clear up a misunderstanding."""
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))


async def tell(uow: UnitOfWork, one: Waiting, state: WaitState, **facts: Any) -> None:
    """To the trail, and to the page that they have open."""
    uow.emit(WaitingChanged(waiting_id=one.id, house_id=one.house_id))
    await audit.record(
        uow,
        action="update",
        entity="WaitingParty",
        entity_id=one.id,
        after={"state": state, **facts},
    )
