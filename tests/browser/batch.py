"""One house of those in which every text is an attack, and the pages on which it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from kitchenasty import checkout

SEARCH_LENGTH = 80
DAY = date(2026, 1, 2)
"""One that was closed in every house."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One house with everything in it, to be filled with `words`."""

    words: str
    slug: str
    house_id: str
    category_id: str
    dish_id: str
    dish_slug: str
    group_id: str
    mealtime_id: str
    orders: tuple[checkout.AcceptedOrder, ...]
    refund_id: str
    party_id: str
    visitor: str
    member_id: str
    invitation_id: str
    customer_id: str
    notice_id: str
    card_id: str
    rule_id: str
    event_id: str
    staff_cookie: str
    guest_cookie: str
    text_id: str

    @property
    def year(self) -> str:
        """Of their orders, in the house's time."""
        return self.orders[0].order.day[:4]

    def pages_of_staff(self) -> list[str]:
        return [
            "/admin",
            "/admin/coupons",
            "/admin/texts",
            "/admin/reviews",
            "/admin/promotions",
            "/admin/orders",
            f"/admin/loyalty?guest={self.customer_id}",
            f"/admin/guests/{self.customer_id}",
            "/admin/gift-cards",
            f"/admin/rules/{self.rule_id}",
            f"/admin/gift-cards/{self.card_id}",
            f"/kitchen/{self.house_id}",
            "/admin/charges",
            f"/admin/reports?period=year&house={self.house_id}",
            f"/admin/reports?from={self.year}-01-01&to={self.year}-12-31&house={self.house_id}",
            f"/admin/till/{self.house_id}/{DAY}",
            "/admin/me",
            f"/admin/staff/{self.member_id}",
            "/admin/letters/wordings/account.known?language=en_GB",
            "/admin/webhooks",
            f"/admin/webhooks/{self.member_id}",
            f"/admin/webhooks/{self.member_id}/deliveries/{self.member_id}",
            "/admin/zones",
            *self.pages_of_menu(),
            "/admin/houses",
            *self.pages_of_house(),
            f"/admin/tables/{self.house_id}?party={self.party_id}",
            f"/admin/tables/{self.house_id}/plan",
            f"/admin/orders?q={quote(self.words[:SEARCH_LENGTH])}",
            *(f"/admin/orders/{order.id}" for order in self.orders),
            *(f"/admin/orders/{order.id}/receipt" for order in self.orders),
            f"/admin/orders/{self.orders[0].id}/refund",
            f"/admin/orders/{self.orders[0].id}/refunds/{self.refund_id}/note",
        ]

    def pages_of_house(self) -> list[str]:
        ends = ("", "/hours", "/busy", "/tables", "/reservations", "/printers", "/couriers")
        here = f"/admin/houses/{self.house_id}"
        return [*(f"{here}{end}" for end in ends), f"{here}/printers/{self.house_id}"]

    def pages_of_menu(self) -> list[str]:
        return [
            f"/admin/menu?category={self.category_id}",
            f"/admin/menu/dishes/{self.dish_id}",
            f"/admin/menu/dishes/{self.dish_id}/pictures",
            "/admin/menu/options",
            f"/admin/menu/options/{self.group_id}",
            "/admin/menu/categories",
            f"/admin/menu/categories/{self.category_id}",
            f"/admin/menu/categories/{self.category_id}/pictures",
            "/admin/menu/mealtimes",
            f"/admin/menu/mealtimes/{self.mealtime_id}",
            "/admin/menu/allergens",
            f"/preview/{self.dish_id}",
        ]

    def pages_of_guest(self) -> list[str]:
        here = f"/at/{self.slug}"
        return [
            here,
            f"{here}/dish/{self.dish_slug}",
            f"{here}/cart",
            f"{here}/checkout",
            f"{here}/reviews",
            "/account",
            "/account/addresses",
            "/account/orders",
            "/account/points",
            "/account/ways",
            f"{here}?q={quote(self.words[-SEARCH_LENGTH:])}",
            *(f"/t/{order.capability}" for order in self.orders),
            f"/t/{self.orders[0].capability}/receipt",
            f"/t/{self.orders[0].capability}/refunds/{self.refund_id}/note",
        ]
