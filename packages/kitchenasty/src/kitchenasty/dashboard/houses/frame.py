"""What every page of one house has in common: its name, and its tabs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from litestar.response import Template

from basis.errors import DomainError
from basis.sentences import word
from kitchenasty import locations
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.principals import Role

HERE = "/admin/houses"


class Tab(StrEnum):
    """The pages of a house, by the end of their address; BASICS is the house itself."""

    BASICS = ""
    HOURS = "hours"
    BUSY = "busy"
    TABLES = "tables"
    TERMS = "reservations"
    PRINTERS = "printers"
    COURIERS = "couriers"


TAB_WORDS = {
    Tab.BASICS: word("The house"),
    Tab.HOURS: word("Opening hours"),
    Tab.BUSY: word("How busy"),
    Tab.TABLES: word("Tables"),
    Tab.TERMS: word("Reservations"),
    Tab.PRINTERS: word("Printers"),
    Tab.COURIERS: word("Couriers"),
}
TEMPLATES = {
    Tab.BASICS: "dashboard/houses/house.html",
    Tab.HOURS: "dashboard/houses/hours.html",
    Tab.BUSY: "dashboard/houses/busy.html",
    Tab.TABLES: "dashboard/houses/tables.html",
    Tab.TERMS: "dashboard/houses/reservations.html",
    Tab.PRINTERS: "dashboard/houses/printers.html",
    Tab.COURIERS: "dashboard/houses/couriers.html",
}


def house_page(
    request: WebRequest,
    look: Look,
    house: locations.House,
    tab: Tab,
    *,
    refusal: DomainError | None = None,
    **context: Any,
) -> Template:
    """A page of this house. Cooks see how busy it is and may say so; the rest is for managers."""
    principal = look.actor
    shown = list(Tab) if principal.has_role(Role.MANAGER) else [Tab.BUSY]
    return office_page(
        TEMPLATES[tab],
        request,
        principal,
        refusal=refusal,
        house=house,
        now=look.now,
        tabs=[
            (f"{HERE}/{house.id}/{one}".rstrip("/"), translate(TAB_WORDS[one]), one is tab)
            for one in shown
        ],
        **context,
    )
