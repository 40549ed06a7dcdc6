"""A visit of one house to its market: hear what happened, then say what there is to say. Each step
is a transaction of its own, and none is open while the market thinks. Whatever is cut off is done
again at the next visit; a job has one name, so it is listed once, and the rail pays once.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog

from basis.errors import DomainError
from basis.escrow import Envelope
from basis.kit.outgoing import ElsewhereAway, Outgoing
from basis.kit.signing import SigningKey
from kitchenasty import audit, locations, orders, settings
from kitchenasty.handoff import papers, queries, rules, service
from kitchenasty.handoff.drafts import Market, Place, Terms
from kitchenasty.handoff.market import MarketLine, MarketOdd, MarketRefuses
from kitchenasty.handoff.queries import Handoff
from kitchenasty.handoff.states import HandoffState
from kitchenasty.handoff.wire import JobAnswer
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Principal

logger = structlog.get_logger(__name__)

LEASE = timedelta(seconds=120)
PAUSE = timedelta(seconds=1)
WAIT_SECONDS_MAX = 300
ALREADY = frozenset({"ListedBefore", "Replayed"})
OUT_OF_DATE = frozenset({"Expired", "JobUnfit", "NotYet", "OpeningUnfit"})
"""What was signed took too long to arrive; what is signed now may be taken."""
SECRET_LOST = "SECRET"  # noqa: S105  # a word for the page
PUBLIC_ADDRESS = "/api/handoffs"


@dataclass(frozen=True, slots=True)
class Desk:
    """One house's dealings with its market, for as long as one visit."""

    books: Books
    line: MarketLine
    terms: Terms
    market: Market

    @property
    def key(self) -> SigningKey:
        return self.line.key

    @property
    def house_id(self) -> str:
        return self.terms.house_id


async def visit(books: Books, outgoing: Outgoing, house_id: str) -> bool:
    """Go there if something is due and nobody else is on the way. Answers False: what is left is
    for the next look around.
    """
    async with books.writing() as uow:
        until = uow.now + LEASE
        if not await uow.run(queries.CLAIM, of_house=house_id, now=uow.now, lease_until=until):
            return False
    try:
        await deal(await open_desk(books, outgoing, house_id))
    except settings.CannotUnseal:
        await note_trouble(books, house_id, SECRET_LOST)
    except ElsewhereAway as away:
        why = "ODD" if isinstance(away, MarketOdd) else away.trouble.value
        await note_trouble(books, house_id, why)
    except DomainError as refused:
        logger.warning("handoff.refused", house=house_id, code=refused.code)
        await note_trouble(books, house_id, getattr(refused, "reason", refused.code))
    else:
        await go_home(books, house_id)
    return False


async def open_desk(books: Books, outgoing: Outgoing, house_id: str) -> Desk:
    """With the market that was met first: another one at the same address is not trusted."""
    async with books.reading() as look:
        terms = await queries.find_terms(look, house_id)
        assert terms is not None, "it was claimed a moment ago"
        key = service.key_of(look, terms)
    line = MarketLine(outgoing, terms.draft.market_url, key)
    said = (await line.read_market()).to_market()
    if terms.market is None:
        newest = await find_newest(line, 0)  # what happened before we came is not about us
        async with books.writing() as uow:
            kept = msgspec.to_builtins(said)
            await uow.run(queries.PIN_MARKET, of_house=house_id, said=kept, newest=newest)
            terms = await queries.find_terms(uow, house_id) or terms
    elif (said.name, said.coordinator) != (terms.market.name, terms.market.coordinator):
        raise MarketOdd
    return Desk(books, line, terms, said)


async def find_newest(line: MarketLine, since: int) -> int:
    """The number of the market's newest event."""
    try:
        return (await line.list_events(since, limit=1)).seq
    except MarketRefuses as refused:
        if refused.reason != "EventsForgotten":
            raise
        return (await line.list_events(refused.oldest - 1, limit=1)).seq


async def deal(desk: Desk) -> None:
    """Hear, say, and look into the wallet."""
    await hear(desk, await read_open(desk))
    for handoff in await read_open(desk):
        await say(desk, handoff)
    balance = await desk.line.read_balance()
    async with desk.books.writing() as uow:
        await uow.run(queries.NOTE_TALK, of_house=desk.house_id, now=uow.now, new_balance=balance)


async def read_open(desk: Desk) -> list[Handoff]:
    """All of it, a page at a time: what is open for days holds up nothing that is new."""
    known: list[Handoff] = []
    async with desk.books.reading() as look:
        while page := await queries.list_open(
            look, desk.house_id, after=known[-1].id if known else None
        ):
            known += page
    return known


async def hear(desk: Desk, known: list[Handoff]) -> None:
    """Read what happened since the last visit, to its end. The place in the stream moves with what
    was read, so nothing is left out and nothing counts twice.
    """
    by_job = {str(one.job_id): one for one in known if one.job_id is not None}
    seq = desk.terms.seq
    if not by_job:
        # What is listed from now on happens later, whatever others did meanwhile.
        end = await find_newest(desk.line, seq)
        await keep_words(desk, [], seq=seq, end=max(seq, end))
    while by_job:
        try:
            told = await desk.line.list_events(seq)
        except MarketRefuses as refused:
            if refused.reason != "EventsForgotten":
                raise
            # Some of it is gone for good: read all of ours anew, and go on from what is kept.
            told = await desk.line.list_events(refused.oldest - 1)
            touched = set(by_job)
        else:
            touched = {str(one.payload.get("job_id")) for one in told.messages} & set(by_job)
        jobs = [await load_word(desk, by_job[job_id]) for job_id in sorted(touched)]
        end = told.messages[-1].seq if told.messages else seq
        await keep_words(desk, jobs, seq=seq, end=end)
        if not told.messages:
            return
        seq = end


async def load_word(desk: Desk, handoff: Handoff) -> tuple[Handoff, JobAnswer]:
    """Raises MarketOdd."""
    job = await desk.line.load_job(str(handoff.job_id))
    check_job(desk, handoff, job)
    return handoff, job


def check_job(desk: Desk, handoff: Handoff, job: JobAnswer) -> None:
    """Raises MarketOdd where the answer is about another job than the one that was asked for."""
    is_ours = (job.shipper, job.terms.id) == (desk.key.public, handoff.rail_id)
    if not is_ours or handoff.job_id not in (None, job.id):
        raise MarketOdd


async def keep_words(
    desk: Desk, jobs: list[tuple[Handoff, JobAnswer]], *, seq: int, end: int
) -> None:
    async with desk.books.writing() as uow:
        moved = await uow.run(
            queries.MOVE_SEQ, of_house=desk.house_id, seq_before=seq, seq_after=end
        )
        if not moved:
            raise ElsewhereAway  # another process read it meanwhile; look again
        for handoff, job in jobs:
            await service.take_word(uow, await queries.load_handoff(uow, handoff.id), job)


async def say(desk: Desk, handoff: Handoff) -> None:
    """What this delivery needs now, if anything."""
    now = desk.books.clock()
    if handoff.state is HandoffState.WAITING:
        await offer(desk, handoff)
    elif handoff.state is HandoffState.LEFT or (
        handoff.state is HandoffState.LISTED and handoff.is_wanted_back
    ):
        await command(desk, papers.withdrawal_of(desk.key, handoff, now))
    elif handoff.state is HandoffState.ARRIVED:
        await settle(desk, handoff, now)


async def settle(desk: Desk, handoff: Handoff, now: datetime) -> None:
    """The guest's word counts; where the guest says nothing for a while, the courier's does."""
    assert handoff.arrived_at is not None
    patience = timedelta(seconds=desk.terms.draft.confirm_seconds)
    if handoff.is_received is False:
        await command(desk, papers.objection_of(desk.key, handoff, now))
    elif handoff.is_received or now >= handoff.arrived_at + patience:
        await command(desk, papers.confirmation_of(desk.key, handoff, now))


async def command(desk: Desk, envelope: Envelope) -> None:
    """The rail's word on it comes back with the market's events."""
    try:
        await desk.line.give(envelope)
    except MarketRefuses as refused:
        logger.warning("handoff.command_refused", house=desk.house_id, code=refused.reason)


async def offer(desk: Desk, handoff: Handoff) -> None:
    """List it. What was sent before and never answered is looked for first."""
    if handoff.sent_at is not None:
        job = await desk.line.find_own(handoff.rail_id)
        if job is not None:
            return await keep_word(desk, handoff, job)
    if handoff.is_wanted_back:
        return await end(desk, handoff, HandoffState.WITHDRAWN)
    load = await load_of(desk, handoff)
    if load is None:
        return await end(desk, handoff, HandoffState.IMPOSSIBLE)
    try:
        job = await send(desk, handoff, load)
    except MarketRefuses as refused:
        if refused.reason in ALREADY | OUT_OF_DATE:
            return None  # the next visit finds it, or signs anew
        return await end(desk, handoff, HandoffState.REFUSED, reason=refused.reason)
    return await keep_word(desk, handoff, job)


async def send(desk: Desk, handoff: Handoff, load: papers.Load) -> JobAnswer:
    """Sign it, note that it goes out, and send it. Raises MarketRefuses."""
    opening = papers.opening_of(desk.key, desk.market, handoff, load)
    given = await desk.line.sign(opening)
    said = papers.job_terms(desk.terms.draft, handoff.rail_id, load, given)
    signed = papers.listing_of(desk.key, desk.market, said, now=desk.books.clock())
    async with desk.books.writing() as uow:
        await uow.run(
            queries.NOTE_SENDING,
            handoff_id=handoff.id,
            now=uow.now,
            new_budget=load.budget,
        )
    return await desk.line.list_job(signed.text, signed.signature)


async def keep_word(desk: Desk, handoff: Handoff, job: JobAnswer) -> None:
    """Raises MarketOdd."""
    check_job(desk, handoff, job)
    async with desk.books.writing() as uow:
        await service.take_word(uow, await queries.load_handoff(uow, handoff.id), job)


async def end(
    desk: Desk, handoff: Handoff, state: HandoffState, *, reason: str | None = None
) -> None:
    async with desk.books.writing() as uow:
        await service.move(uow, await queries.load_handoff(uow, handoff.id), state, reason=reason)


async def load_of(desk: Desk, handoff: Handoff) -> papers.Load | None:
    """None where the house or the guest is nowhere on the map."""
    async with desk.books.reading() as look:
        order = await orders.load_order(look, handoff.order_id)
        house = await locations.load_house(look, handoff.house_id)
        site = look.given.get("PUBLIC_URL")
        now = look.now
    draft = desk.terms.draft
    destination = place_of(order, desk.terms)
    if house.latitude is None or house.longitude is None or destination is None:
        return None
    origin = Place(latitude=house.latitude, longitude=house.longitude)
    travel = timedelta(minutes=max(0, house.delivery_lead_minutes - house.pickup_lead_minutes))
    metres = rules.metres_between(origin, rules.cell_of(destination))
    rule = rules.budget_of(metres, base=draft.base, per_km=draft.per_km, most=draft.most)
    return papers.Load(
        house_name=house.name,
        origin=origin,
        destination=destination,
        times=rules.times_of(now, order.promised_at, travel=travel, bid_seconds=draft.bid_seconds),
        budget=handoff.budget or rule,
        address_url=f"{site.rstrip('/')}{PUBLIC_ADDRESS}/{handoff.rail_id}" if site else None,
    )


def place_of(order: orders.Order, terms: Terms) -> Place | None:
    """Where the guest's own map says, else where the postal code lies."""
    address = order.address or {}
    latitude, longitude = address.get("lat"), address.get("lng")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return Place(latitude=latitude, longitude=longitude)
    return rules.find_place(terms.draft.places, str(address.get("postalCode") or ""))


async def go_home(books: Books, house_id: str) -> None:
    """Come again soon while something is open. What is begun meanwhile wakes us: it writes the same
    row, so it waits for us or we see it.
    """
    async with books.writing() as uow:
        await uow.run(queries.HOLD, of_house=house_id)
        is_busy = await uow.value(queries.COUNT_OPEN, house_id=house_id)
        again_at = uow.now + PAUSE if is_busy else None
        await uow.run(queries.SLEEP, of_house=house_id, again_at=again_at)


async def note_trouble(books: Books, house_id: str, why: str) -> None:
    """Try again after a while that grows; the orders themselves do not suffer."""
    async with books.writing() as uow:
        terms = await queries.find_terms(uow, house_id)
        tries = 0 if terms is None else terms.tries
        seconds = min(WAIT_SECONDS_MAX, 2 ** min(tries, 10)) * (1 + random.random() / 4)  # noqa: S311  # spreads load
        await uow.run(
            queries.NOTE_TROUBLE,
            of_house=house_id,
            now=uow.now,
            why=why[:80],
            again_at=uow.now + timedelta(seconds=seconds),
        )


async def talk(books: Books, outgoing: Outgoing, actor: Principal, house_id: str) -> Terms:
    """Ask the market who it is and what is in the wallet. Raises ElsewhereAway, MarketRefuses."""
    async with books.reading(actor) as look:
        await locations.load_own_house(look, house_id)
        if await queries.find_terms(look, house_id) is None:
            raise service.TermsRefused("Please save the address of a market first.")
    desk = await open_desk(books, outgoing, house_id)
    balance = await desk.line.read_balance()
    async with books.writing(actor) as uow:
        await uow.run(queries.NOTE_TALK, of_house=house_id, now=uow.now, new_balance=balance)
        await audit.record(uow, action="try", entity="Handoff", entity_id=house_id)
        terms = await queries.find_terms(uow, house_id)
    assert terms is not None
    return terms
