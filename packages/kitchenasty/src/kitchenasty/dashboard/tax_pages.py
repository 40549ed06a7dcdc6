"""The taxes of each house: its rates with their days, changed as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.errors import DomainError, Invalid
from basis.money import Rate
from basis.sentences import Sentence, word
from kitchenasty import checkout, locations, orders
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Principal

FIELDS = ("tax", "category", "rate", "dining", "from", "until")
EMPTY_ROWS = 2
POLICY_WORDS = {
    "by-rate/half-up": word("Once for each rate, halves up (usual)"),
    "by-rate/half-even": word("Once for each rate, halves to the even cent"),
    "by-rate/half-down": word("Once for each rate, halves down"),
    "by-rate/down": word("Once for each rate, always down"),
    "by-rate/up": word("Once for each rate, always up"),
    "by-line/half-up": word("Once for each line"),
    "net-first/half-up": word("Net prices first"),
}
DINING_WORDS = {
    "": word("However it is had"),
    "PICKUP": word("Taken away"),
    "DELIVERY": word("Delivered"),
    "DINE_IN": word("Eaten here"),
}


class RateUnreadable(Invalid):
    """A row of the form is no rate."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A profile as it stands in the form, right or wrong."""

    includes: bool
    policy: str
    rows: tuple[Mapping[str, str], ...]

    @classmethod
    def of(cls, house: locations.House) -> Typed:
        rows = tuple(row_of(one) for one in house.tax_rates)
        return cls(house.prices_include_tax, house.rounding_policy, rows)


class TaxPages(Controller):
    path = "/admin/taxes"
    include_in_schema = False

    @get("/", opt=access(Access.MANAGER))
    async def show_taxes(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/{house_id:str}", opt=access(Access.MANAGER))
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: Annotated[str, PathParameter(max_length=64)],
    ) -> Response[Any]:
        typed = await read_typed(request)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, house_id, typed),
            lambda look, said: show(request, look, principal, refused=(house_id, said, typed)),
            refused=Invalid,
        )


async def keep(uow: UnitOfWork, house_id: str, typed: Typed) -> str:
    house = await locations.load_own_house(uow, house_id)
    await checkout.change_taxes(
        uow,
        house.id,
        rates_of(typed),
        prices_include_tax=typed.includes,
        rounding_policy=typed.policy,
    )
    return f"/admin/taxes?saved={house_id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refused: tuple[str, DomainError, Typed] | None = None,
) -> Response[Any]:
    houses = await list_own_houses(look, principal)
    refused_id, refusal, kept = refused or ("", None, None)
    forms = {house.id: Typed.of(house) for house in houses}
    if kept is not None and refused_id in forms:
        forms[refused_id] = kept
    return office_page(
        "dashboard/taxes.html",
        request,
        principal,
        refusal=refusal,
        houses=houses,
        forms=forms,
        empty_rows=EMPTY_ROWS,
        policies=[(name, translate(POLICY_WORDS[name])) for name in orders.totals.POLICIES],
        dinings=[(code, translate(words)) for code, words in DINING_WORDS.items()],
        refused_id=refused_id,
        saved=request.query_params.get("saved", ""),
    )


def row_of(one: locations.TaxRate) -> dict[str, str]:
    return {
        "tax": one.tax,
        "category": one.category,
        "rate": Rate(one.millionths).to_text(),
        "dining": one.dining or "",
        "from": "" if one.valid_from == date.min else one.valid_from.isoformat(),
        "until": "" if one.valid_until is None else one.valid_until.isoformat(),
    }


async def read_typed(request: WebRequest) -> Typed:
    """The rows that are neither empty nor to be taken away."""
    form = await request.form()
    columns = [[str(one) for one in form.getall(name, [])] for name in FIELDS]
    gone = {str(one) for one in form.getall("drop", [])}
    rows = tuple(
        dict(zip(FIELDS, values, strict=True))
        for place, values in enumerate(zip_longest(*columns, fillvalue=""))
        if str(place) not in gone and any(values[place].strip() for place in (0, 1, 2))
    )
    return Typed("includes" in form, str(form.get("policy", "")), rows)


def rates_of(typed: Typed) -> list[locations.TaxRate]:
    """Raises RateUnreadable, which names the row."""
    if len(typed.rows) > checkout.RATES_MAX:
        raise RateUnreadable(word("These are more rates than any country has."))
    return [read_rate(number, row) for number, row in enumerate(typed.rows, 1)]


def read_rate(number: int, row: Mapping[str, str]) -> locations.TaxRate:
    wire = {
        "tax": row["tax"],
        "category": row["category"].strip().lower(),
        "rate": row["rate"].strip().removesuffix("%").strip(),
        "dining": row["dining"] or None,
        "validFrom": row["from"] or None,
        "validUntil": row["until"] or None,
    }
    try:
        return msgspec.convert(wire, checkout.TaxRateForm).to_rate()
    except (msgspec.ValidationError, orders.totals.ProfileRefused) as error:
        raise RateUnreadable(
            Sentence.of(
                "Rate {number} cannot be read. It needs the tax's name, a category in small "
                "letters, percent like 7 or 8.875, and days like 2026-01-31.",
                number=number,
            )
        ) from error
