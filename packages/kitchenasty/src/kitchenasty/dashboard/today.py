"""What the house has to know now: its orders, the kitchen's next hour, what runs out, what ails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kitchenasty import kitchen, locations, menu, notices, orders, payments
from kitchenasty.dashboard.handoff_views import list_lost_orders
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.principals import Principal, Role

HOUR = timedelta(hours=1)
FEW = 5
"""So many portions are nearly none."""
FAILING_WITHIN = timedelta(hours=2)
LETTERS_LATE = timedelta(minutes=10)
SILENT_AFTER = timedelta(days=2)
"""A provider that is paid with says something every day."""


@dataclass(frozen=True, slots=True)
class KitchenLoad:
    """The next hour of a kitchen: minutes of work that are promised, and how many there are;
    without a limit there is nothing to compare with. `screens` follow it at this server.
    """

    house: locations.House
    promised_minutes: int
    minutes: int | None
    screens: int

    @property
    def percent(self) -> int | None:
        if not self.minutes:
            return None
        return min(100, round(self.promised_minutes * 100 / self.minutes))

    @property
    def is_full(self) -> bool:
        return self.percent is not None and self.percent >= 90  # nearly all


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that somebody should look at, and where."""

    words: str
    path: str
    is_bad: bool = True


async def look_at_kitchens(
    request: WebRequest, look: Look, houses: Sequence[locations.House]
) -> list[KitchenLoad]:
    hub = request.app.state.rooms.hub
    begins = orders.quarter_of(look.now)
    found = []
    for house in houses:
        loads = await orders.list_loads(look, house.id, begins, begins + HOUR)
        quarter = house.kitchen_minutes_per_quarter
        found.append(
            KitchenLoad(
                house,
                sum(loads.values()),
                None if quarter is None else quarter * (HOUR // orders.QUARTER),
                hub.count_subscribers(kitchen.kitchen_topic(house.id)),
            )
        )
    return found


async def list_short(look: Look, principal: Principal) -> list[menu.ShortDish]:
    """Dishes that are off or nearly gone, in the houses that one works in."""
    return await menu.list_short(look, principal.house_ids, few=FEW)


async def list_troubles(look: Look, principal: Principal) -> list[Trouble]:
    """What keeps money or letters from arriving; for those who can do something about it."""
    if not principal.has_role(Role.MANAGER):
        return await deliveries_in_trouble(look, principal)
    failing = await payments.count_failing(
        look, principal.house_ids, since=look.now - FAILING_WITHIN
    )
    troubles = await deliveries_in_trouble(look, principal)
    if failing:
        words = translate("Payments that failed in the last two hours: {count}")
        troubles.append(Trouble(words.format(count=failing), "/admin/orders"))
    if principal.house_ids is None:
        troubles += [*await letters_in_trouble(look), *await providers_in_trouble(look)]
    return troubles


async def deliveries_in_trouble(look: Look, principal: Principal) -> list[Trouble]:
    """Cooks are told too: somebody has to bring it."""
    words = translate("Deliveries that no courier brings: {count}")
    lost = await list_lost_orders(look, principal)
    return [Trouble(words.format(count=len(lost)), f"/admin/orders/{lost[0]}")] if lost else []


async def letters_in_trouble(look: Look) -> list[Trouble]:
    tally = await notices.count_notices(look)
    troubles = []
    if tally.given_up:
        words = translate("Letters that nobody could deliver: {count}")
        troubles.append(Trouble(words.format(count=tally.given_up), "/admin/letters"))
    if tally.oldest_at is not None and look.now - tally.oldest_at > LETTERS_LATE:
        words = translate("Letters that wait longer than they should: {count}")
        troubles.append(Trouble(words.format(count=tally.waiting), "/admin/letters"))
    return troubles


async def providers_in_trouble(look: Look) -> list[Trouble]:
    """Whoever has keys and says nothing, or what our books do not know."""
    keys, hearing = await payments.load_keys(look), await payments.look_at_hearing(look)
    return list(troubles_of(look, keys, hearing))


def troubles_of(look: Look, keys: payments.Keys, hearing: payments.Hearing) -> Iterator[Trouble]:
    for method in (payments.PaymentMethod.STRIPE, payments.PaymentMethod.PAYPAL):
        last = hearing.last.get(method)
        is_silent = last is not None and look.now - last > SILENT_AFTER
        if keys.provider(method) is not None and is_silent:
            name = translate(payments.METHOD_WORDS[method])
            words = translate("{provider} has said nothing for days.").format(provider=name)
            yield Trouble(words, "/admin/payments", is_bad=False)
    odd = hearing.refused + hearing.waiting
    if odd:
        words = translate("Messages of payment providers that do not fit our books: {count}")
        yield Trouble(words.format(count=odd), "/admin/payments")
