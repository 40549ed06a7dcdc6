"""Where exactly the guest lives: told to the courier of the last leg, and to nobody else."""

from __future__ import annotations

from typing import Any

from basis.errors import Forbidden
from basis.ids import is_id
from basis.kit.http.wire import WireStruct
from basis.kit.signing import open_statement
from kitchenasty import orders
from kitchenasty.handoff import queries, wire
from kitchenasty.handoff.queries import HandoffNotFound
from kitchenasty.handoff.states import HandoffState
from kitchenasty.kit.books import Look

LIVES_SECONDS_MAX = 120
BRINGING = frozenset({HandoffState.FOUND, HandoffState.CARRIED})


class NotTheLastCourier(Forbidden):
    """Also when the delivery is over: nobody keeps the right to ask for a home."""

    def __init__(self) -> None:
        super().__init__("Only the courier of the last leg is told the address, while it is to go.")


class Door(WireStruct, kw_only=True):
    """What the last courier needs, and no more."""

    name: str
    phone: str | None
    line1: str
    line2: str | None
    city: str
    postal_code: str
    note: str | None


async def show_door(look: Look, rail_id: str, raw: bytes, signature: str | None) -> Door:
    """Raises HandoffNotFound, NotTheLastCourier, and what an unfit statement raises."""
    handoff = await queries.load_handoff(look, id_of(rail_id))
    terms = await queries.find_terms(look, handoff.house_id)
    if terms is None or terms.market is None:
        raise HandoffNotFound
    signed = open_statement(
        raw,
        signature,
        market=terms.market.name,
        purpose=wire.ADDRESS,
        now=look.now,
        lives_seconds_max=LIVES_SECONDS_MAX,
    )
    last = handoff.legs[-1] if handoff.legs else None
    is_last = last is not None and last.agent == signed.signer and last.status == "accepted"
    # A rail's name for a job is its shipper's own: a stranger can list a job of the same name, win
    # this courier for it, and pass on here what was signed for there.
    wish = {"job": handoff.rail_id, "shipper": terms.key}
    if not is_last or handoff.state not in BRINGING or signed.terms != wish:
        raise NotTheLastCourier
    return door_of(await orders.load_order(look, handoff.order_id))


def id_of(rail_id: str) -> str:
    """Raises HandoffNotFound."""
    parts = (rail_id[:8], rail_id[8:12], rail_id[12:16], rail_id[16:20], rail_id[20:])
    if len(rail_id) != 32 or not is_id("-".join(parts)):
        raise HandoffNotFound
    return "-".join(parts)


def door_of(order: orders.Order) -> Door:
    address: dict[str, Any] = dict(order.address or {})
    return Door(
        name=order.contact.name,
        phone=order.contact.phone,
        line1=str(address.get("line1") or ""),
        line2=address.get("line2"),
        city=str(address.get("city") or ""),
        postal_code=str(address.get("postalCode") or ""),
        note=order.note,
    )
