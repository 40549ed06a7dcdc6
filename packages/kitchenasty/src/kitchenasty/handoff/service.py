"""What houses do about handing over: set its terms, begin, take back, try again, hear the guest."""

from __future__ import annotations

from datetime import timedelta

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.kit.signing import SigningKey
from basis.kit.web_address import NotAnAddress, read_web_address
from kitchenasty import audit, orders, settings
from kitchenasty.handoff import queries
from kitchenasty.handoff.drafts import Terms, TermsDraft
from kitchenasty.handoff.events import HandoffMoved
from kitchenasty.handoff.queries import Handoff, find_handoff, find_terms, list_handoffs
from kitchenasty.handoff.rules import LAMPORTS_MAX
from kitchenasty.handoff.states import ENDS, LOST, HandoffState, Leg, state_of
from kitchenasty.handoff.wire import JobAnswer
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.orders import OrderStatus, OrderType

ATTEMPTS_MAX = 5
FIGURES_FOR = timedelta(days=30)
BOUNDS = {
    "base": (0, LAMPORTS_MAX),
    "per_km": (0, LAMPORTS_MAX),
    "most": (1, LAMPORTS_MAX),
    "weight_grams": (1, 1_000_000),
    "volume_ml": (1, 1_000_000),
    "bid_seconds": (10, 3_600),
    "confirm_seconds": (0, 86_400),
}


class TermsRefused(Invalid):
    """Deliveries cannot be handed over like that; the sentence says why."""


class TermsChanged(Conflict):
    def __init__(self) -> None:
        super().__init__("Somebody has changed this meanwhile. Please look again.")


class NoMoreTries(Conflict):
    """An order is under way, is over, or was offered often enough."""

    def __init__(self) -> None:
        super().__init__("This order cannot be offered again. Please bring it yourselves.")


async def set_terms(uow: UnitOfWork, house_id: str, draft: TermsDraft, *, version: int) -> None:
    """Raises TermsRefused, TermsChanged. Another market begins from nothing; the key stays."""
    check_draft(draft)
    before = await find_terms(uow, house_id)
    if before is None:
        await begin(uow, house_id, draft)
    else:
        await change(uow, house_id, before, draft, version)
    if draft.is_on:
        await uow.run(queries.WAKE, of_house=house_id, now=uow.now)
    await audit.record(
        uow,
        action="update",
        entity="Handoff",
        entity_id=house_id,
        before=None if before is None else told(before.draft),
        after=told(draft),
    )


async def begin(uow: UnitOfWork, house_id: str, draft: TermsDraft) -> None:
    """With a key of the house's own, which is made here and never shown."""
    key = SigningKey.new()
    kept = await uow.run(
        queries.ADD_TERMS,
        **values_of(draft),
        house_id=house_id,
        market=None,
        key=key.public,
        sealed_key=settings.seal(uow.secret, seal_name(house_id), key.seed.hex()),
        version=1,
        seq=0,
        balance=None,
        spoke_at=None,
        trouble=None,
        trouble_since=None,
        tries=0,
        look_at=None,
        claimed_until=None,
    )
    if not kept:
        raise TermsChanged


async def change(
    uow: UnitOfWork, house_id: str, before: Terms, draft: TermsDraft, version: int
) -> None:
    new = {f"new_{name}": value for name, value in values_of(draft).items()}
    if not await uow.run(queries.CHANGE_TERMS, of_house=house_id, before=version, **new):
        raise TermsChanged
    if before.draft.market_url != draft.market_url:
        if await queries.list_open(uow, house_id):
            raise TermsRefused("Deliveries are under way on the other market. Wait for their end.")
        await uow.run(queries.FORGET_MARKET, of_house=house_id)


def check_draft(draft: TermsDraft) -> None:
    """Raises TermsRefused."""
    if draft.is_on or draft.market_url:
        try:
            read_web_address(draft.market_url)
        except NotAnAddress as error:
            raise TermsRefused(str(error)) from error
        if "?" in draft.market_url or len(draft.market_url) > 300:
            raise TermsRefused("Please write the market's address without anything after it.")
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(draft, name) <= most:
            raise TermsRefused("A number is too small or too large. Nothing was saved.")


def values_of(draft: TermsDraft) -> dict[str, object]:
    drafted = {name: getattr(draft, name) for name in queries.DRAFTED}
    return drafted | {"places": queries.keep_places(draft.places)}


def told(draft: TermsDraft) -> dict[str, object]:
    return values_of(draft) | {"places": len(draft.places)}


def seal_name(house_id: str) -> str:
    """Bound to its house: nobody who writes to the database makes one key stand in for another."""
    return f"handoff.{house_id}"


def key_of(look: Look, terms: Terms) -> SigningKey:
    """Raises CannotUnseal."""
    seed = settings.unseal(look.secret, seal_name(terms.house_id), terms.sealed_key)
    return SigningKey.of_seed(bytes.fromhex(seed))


async def begin_handoff(uow: UnitOfWork, order_id: str, house_id: str) -> None:
    """An order that was accepted goes to the market, once; told again, nothing happens again."""
    terms = await find_terms(uow, house_id)
    if terms is None or not terms.draft.is_on or await list_handoffs(uow, order_id):
        return
    await add(uow, order_id, house_id, attempt=1, budget=0)


async def add(uow: UnitOfWork, order_id: str, house_id: str, *, attempt: int, budget: int) -> None:
    """Of two that come at once, the number of the try lets one in."""
    handoff_id = new_id()
    added = await uow.run(
        queries.ADD,
        id=handoff_id,
        order_id=order_id,
        house_id=house_id,
        attempt=attempt,
        state=HandoffState.WAITING,
        is_wanted_back=False,
        budget=budget,
        paid=0,
        sent_at=None,
        job_id=None,
        legs=[],
        reason=None,
        created_at=uow.now,
        arrived_at=None,
        is_received=None,
        ended_at=None,
    )
    if added:
        await uow.run(queries.WAKE, of_house=house_id, now=uow.now)
        tell(uow, handoff_id, order_id, house_id, HandoffState.WAITING)


async def take_back(uow: UnitOfWork, order_id: str) -> None:
    """An order was cancelled, or is brought otherwise. Before the award the money comes back at
    once; afterwards couriers are on their way, and what was promised to them is theirs.
    """
    handoff = await find_handoff(uow, order_id)
    if handoff is None or not handoff.is_open:
        return
    await uow.run(queries.WANT_BACK, handoff_id=handoff.id)
    await uow.run(queries.WAKE, of_house=handoff.house_id, now=uow.now)


async def try_again(uow: UnitOfWork, order_id: str, *, budget: int) -> None:
    """Offer it once more, for so many lamports; 0: by the rule of the house. Raises NoMoreTries,
    TermsRefused.
    """
    order = await orders.load_visible(uow, order_id)
    tries = await list_handoffs(uow, order_id)
    terms = await find_terms(uow, order.house_id)
    is_over = order.status in orders.FINAL_STATUSES
    if terms is None or is_over or not tries or tries[-1].state not in LOST:
        raise NoMoreTries
    if len(tries) >= ATTEMPTS_MAX:
        raise NoMoreTries
    if not 0 <= budget <= terms.draft.most:
        raise TermsRefused("That is more than a delivery may cost here. Change the most first.")
    await add(uow, order_id, order.house_id, attempt=tries[-1].attempt + 1, budget=budget)
    await audit.record(
        uow, action="update", entity="Order", entity_id=order_id, after={"offered": budget}
    )


async def hear_guest(uow: UnitOfWork, order_id: str, *, is_received: bool) -> None:
    """The guest has it, or has not, though the courier says so. Whoever says it first is heard."""
    handoff = await find_handoff(uow, order_id)
    if handoff is None:
        return
    if await uow.run(queries.HEAR_GUEST, handoff_id=handoff.id, received=is_received):
        await uow.run(queries.WAKE, of_house=handoff.house_id, now=uow.now)
        tell(uow, handoff.id, order_id, handoff.house_id, handoff.state)


async def take_word(uow: UnitOfWork, handoff: Handoff, job: JobAnswer) -> None:
    """What the market says of a job becomes ours, and moves the order on."""
    legs = [leg.to_leg() for leg in sorted(job.legs, key=lambda leg: leg.number)]
    state = state_of(job.status, legs, wanted_back=handoff.is_wanted_back)
    if (state, tuple(legs), job.paid) != (handoff.state, handoff.legs, handoff.paid):
        await move(uow, handoff, state, legs=legs, job=job)


async def move(
    uow: UnitOfWork,
    handoff: Handoff,
    state: HandoffState,
    *,
    legs: list[Leg] | None = None,
    job: JobAnswer | None = None,
    reason: str | None = None,
) -> None:
    kept = handoff.legs if legs is None else legs
    is_end = state in ENDS
    moved = await uow.run(
        queries.MOVE,
        handoff_id=handoff.id,
        new_state=state,
        new_job_id=handoff.job_id if job is None else job.id[:36],
        new_legs=[[leg.number, leg.agent, leg.pay, leg.status] for leg in kept],
        new_paid=handoff.paid if job is None else job.paid,
        new_reason=reason or (job.refusal if job else None) or handoff.reason,
        arrived=uow.now if state is HandoffState.ARRIVED else None,
        ended=uow.now if is_end else None,
    )
    if moved:
        tell(uow, handoff.id, handoff.order_id, handoff.house_id, state)


def tell(
    uow: UnitOfWork, handoff_id: str, order_id: str, house_id: str, state: HandoffState
) -> None:
    uow.emit(HandoffMoved(handoff_id=handoff_id, order_id=order_id, house_id=house_id, state=state))


async def bring_order_along(uow: UnitOfWork, order_id: str, *, is_delivered: bool) -> None:
    """What couriers carry has left the kitchen, and what they brought is delivered, also where
    nobody there had the time to say so.
    """
    target = OrderStatus.DELIVERED if is_delivered else OrderStatus.OUT_FOR_DELIVERY
    order = await orders.load_order(uow, order_id)
    way = orders.FORWARD[OrderType.DELIVERY]
    if order.status not in way or order.order_type is not OrderType.DELIVERY:
        return
    for step in way[way.index(order.status) + 1 : way.index(target) + 1]:
        await orders.move_order(uow, order_id, step)


async def sum_paid(look: Look, house_id: str) -> tuple[int, int]:
    """Deliveries that couriers were paid for in the last month, and the lamports."""
    row = await look.row(queries.SUM_PAID, house_id=house_id, since=look.now - FIGURES_FOR)
    return (0, 0) if row is None else (int(row[0]), int(row[1]))
