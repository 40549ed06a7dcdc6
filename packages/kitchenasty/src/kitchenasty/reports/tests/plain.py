"""What the invented trade comes to, by plain addition over every row.

Nothing of the slice is used. Rows are read as they lie in the tables, every order and every refund
becomes a few facts, and every question is answered by going through all facts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from basis.kit.data.statements import Statement
from basis.money import split_minor
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table

AT_ONCE = 20_000
PAID = ("CAPTURED", "PARTLY_REFUNDED", "REFUNDED")

Found = dict[str, Any]


class Fact(NamedTuple):
    """Something that happened in a house on its own date: so many times, portions, money, tax."""

    house_id: str
    day: date
    what: str
    key: str
    times: int
    units: int
    minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A sale to somebody who says who they are."""

    house_id: str
    day: date
    guest: str


@dataclass(frozen=True, slots=True)
class Ledger:
    facts: list[Fact]
    visits: list[Visit]

    def sums(
        self, houses: set[str], first: date, last: date, what: str
    ) -> dict[str, tuple[int, int, int, int]]:
        """By key; what comes to nothing is left out."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for fact in self.facts:
            if fact.what == what and fact.house_id in houses and first <= fact.day <= last:
                for n, amount in enumerate(fact[4:]):
                    found[fact.key][n] += amount
        return {key: (a, b, c, d) for key, (a, b, c, d) in found.items() if any((a, b, c, d))}

    def days(self, houses: set[str], first: date, last: date, what: str) -> dict[date, int]:
        """Money by day."""
        found: Counter[date] = Counter()
        for fact in self.facts:
            if fact.what == what and fact.house_id in houses and first <= fact.day <= last:
                found[fact.day] += fact.minor
        return {day: minor for day, minor in found.items() if minor}

    def guests(self, houses: set[str], first: date, last: date) -> tuple[int, int]:
        """Everybody who came, and those of them who had come before, house by house."""
        came = {
            (one.house_id, one.guest)
            for one in self.visits
            if one.house_id in houses and first <= one.day <= last
        }
        before = {(one.house_id, one.guest) for one in self.visits if one.day < first}
        return len(came), len(came & before)


async def read_ledger(books: Books) -> Ledger:
    houses = {row["id"]: row for row in await read_all(books, "locations")}
    categories = {row["id"]: row["name"] for row in await read_all(books, "categories")}
    dishes = {row["id"]: row for row in await read_all(books, "dishes")}
    lines = by_order(await read_all(books, "order_lines"))
    tenders = by_order(await read_all(books, "payments"))
    refunds = by_order(await read_all(books, "refunds"))
    ledger = Ledger([], [])
    for order in await read_all(books, "orders"):
        if order["awaits_payment_until"] is not None:
            continue
        zone = ZoneInfo(houses[order["house_id"]]["zone"])
        own_lines = sorted(lines[order["id"]], key=lambda line: line["position"])
        for line in own_lines:
            line["category"] = categories[dishes[line["dish_id"]]["category_id"]]
            line["dish"] = dishes[line["dish_id"]]["name"]
        paid = [
            one for one in tenders[order["id"]] if one["state"] in PAID and not one["is_surplus"]
        ]
        for what, key, at, *amounts in tell(order, own_lines, paid, refunds[order["id"]], zone):
            day = at.astimezone(zone).date()
            ledger.facts.append(Fact(order["house_id"], day, what, key, *amounts))
            if what == "TYPE" and (guest := guest_of(order)):
                ledger.visits.append(Visit(order["house_id"], day, guest))
    return ledger


async def read_all(books: Books, name: str) -> list[Found]:
    """Every row of a table, whosever it is, in parts that a busy database has time for."""
    table = every_table()[name]
    names = [column.key for column in table.columns]
    statement = Statement(
        select(*table.columns)
        .order_by(*table.primary_key)
        .limit(AT_ONCE)
        .offset(bindparam("skipped", required=True))
    )
    found: list[Found] = []
    while True:
        async with books.reading() as look:
            rows = await look.rows(statement, skipped=len(found))
        found += [dict(zip(names, row, strict=True)) for row in rows]
        if len(rows) < AT_ONCE:
            return found


def by_order(rows: list[Found]) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = defaultdict(list)
    for row in rows:
        found[row["order_id"]].append(row)
    return found


Told = tuple[str, str, datetime, int, int, int, int]


def tell(
    order: Found, lines: list[Found], paid: list[Found], refunds: list[Found], zone: ZoneInfo
) -> Iterator[Told]:
    at = order["placed_at"]
    if order["status"] == "CANCELLED":
        yield "CANCELLED", "", at, 1, 0, order["total_minor"], 0
        return
    if sum(one["amount_minor"] for one in paid) < order["total_minor"]:
        yield "DUE", "", at, 1, 0, order["total_minor"], 0
        return
    bill = bill_of(order, lines)
    goods = [one for one in bill if one[0] != "TIP"]
    net, tax = sum(one[2] for one in goods), sum(one[3] for one in goods)
    portions = sum(line["quantity"] for line in lines)
    yield "HOUR", f"{at.astimezone(zone).hour:02}", at, 1, portions, net, tax
    yield "TYPE", order["order_type"], at, 1, portions, net, tax
    for method in {one["method"] for one in paid}:
        minor = sum(one["amount_minor"] for one in paid if one["method"] == method)
        yield "TENDER", method, at, 1, 0, minor, 0
    seen = set()
    for kind, place, net_minor, tax_minor in bill:
        if kind == "LINE":
            line = lines[int(place)]
            is_new = line["dish_id"] not in seen
            seen.add(line["dish_id"])
            units = line["quantity"]
            yield "DISH", line["dish"], at, int(is_new), units, net_minor, tax_minor
            yield "CATEGORY", line["category"], at, int(is_new), units, net_minor, tax_minor
        elif net_minor or tax_minor:
            yield kind, "", at, 1, 0, net_minor, tax_minor
    yield from tell_explained(order)
    for refund in refunds:
        yield from tell_refund(order, refund)


def bill_of(order: Found, lines: list[Found]) -> list[tuple[str, str, int, int]]:
    """Kind, key, net and tax of everything that was charged."""
    if order["explanation"] is not None:
        found = []
        for share in order["explanation"]["shares"]:
            gross = sum(piece["gross_minor"] for piece in share["pieces"])
            tax = sum(one["minor"] for piece in share["pieces"] for one in piece["taxes"])
            found.append((share["kind"], share["key"], gross - tax, tax))
        return found
    weights = [line["total_minor"] for line in lines]
    keys = [("LINE", str(place)) for place in range(len(lines))]
    if order["delivery_fee_minor"]:
        weights.append(order["delivery_fee_minor"])
        keys.append(("DELIVERY", ""))
    gross = split_minor(order["total_minor"] - order["tip_minor"], weights)
    taxes = split_minor(order["tax_minor"], weights)
    bill = [(*key, all_of - tax, tax) for key, all_of, tax in zip(keys, gross, taxes, strict=True)]
    return [*bill, ("TIP", "", order["tip_minor"], 0)]


def tell_explained(order: Found) -> Iterator[Told]:
    at, explanation = order["placed_at"], order["explanation"]
    if explanation is None:
        net = order["total_minor"] - order["tip_minor"] - order["tax_minor"]
        if order["discount_minor"]:
            yield "DISCOUNT", "COUPON|", at, 1, 0, order["discount_minor"], 0
        if order["tax_minor"]:
            yield "TAX", "|", at, 1, 0, net, order["tax_minor"]
        return
    for step in explanation["steps"]:
        if step["kind"] == "DISCOUNT" and step["minor"]:
            name = "POINTS|" if step["key"] == "points" else f"COUPON|{step['name']}"
            yield "DISCOUNT", name, at, 1, 0, -step["minor"], 0
    for one in explanation["taxes"]:
        key = f"{one['rate']['millionths']}|{one['tax']}"
        yield "TAX", key, at, 1, 0, one["net_minor"], one["tax_minor"]


def tell_refund(order: Found, refund: Found) -> Iterator[Told]:
    at = refund["made_at"]
    tips = [part for part in refund["parts"] if part["kind"] == "TIP"]
    tip = sum(sum(part["minors"]) for part in tips)
    assert not any(minor for part in tips for _, minor in part["taxes"]), "these tips are untaxed"
    net = refund["amount_minor"] - refund["tax_minor"] - tip
    yield "REFUND", "", at, 1, 0, net, refund["tax_minor"]
    if tip:
        yield "REFUND_TIP", "", at, 1, 0, tip, 0
    by_row: Counter[int] = Counter()
    for part in refund["parts"]:
        for row, minor in part["taxes"]:
            by_row[row] += minor
    for row, minor in by_row.items():
        one = order["explanation"]["taxes"][row]
        yield "REFUND_TAX", f"{one['rate']['millionths']}|{one['tax']}", at, 1, 0, 0, minor


def guest_of(order: Found) -> str:
    if order["phone_key"]:
        return f"phone {order['phone_key']}"
    return f"mail {order['guest_email'].lower()}" if order["guest_email"] else ""
