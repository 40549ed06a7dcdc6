"""The requests of W1 to W3, as bytes could be sent by any client."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from benchmarks.house import Furnished, Wish
from benchmarks.load import Call, fetch

ORDERING_HOUSE, PAST_HOUSE, FOLLOWED_HOUSE = 0, 1, 2
"""Which of the houses takes the new orders, which has the hundred thousand, which is followed."""
ORDER_VARIANTS = 30


@dataclass(frozen=True, slots=True)
class Workload:
    """What is asked; `from_memory` when no Python client would keep up with the answers."""

    name: str
    calls: tuple[Call, ...]
    from_memory: bool = False


def cold_menu_workload(furnished: Furnished) -> Workload:
    """Each house's menu once in a round that is longer than what the server keeps."""
    return Workload("W1 menu, cold", tuple(menu_call(house) for house in furnished.house_ids))


def menu_workloads(url: str, furnished: Furnished) -> list[Workload]:
    menu = menu_call(furnished.house_ids[ORDERING_HOUSE])
    etag = fetch(url, menu)[0]["etag"]
    known = Call(menu.path, headers=(("if-none-match", etag),), status=304)
    return [
        Workload("W1 menu, cached", (menu,), from_memory=True),
        Workload("W1 menu, known (304)", (known,), from_memory=True),
        Workload("W1 menu page", (Call(f"/at/{furnished.slug}"),)),
    ]


def menu_call(house_id: str) -> Call:
    return Call(f"/api/menu?locationId={house_id}")


def order_workload(furnished: Furnished, name: str, house: int) -> Workload:
    """Two lines with options, each under a key of its own, over different pairs of dishes."""
    wishes = furnished.wishes
    return Workload(
        name,
        tuple(
            order_call(furnished.house_ids[house], wishes[n], wishes[n + ORDER_VARIANTS])
            for n in range(ORDER_VARIANTS)
        ),
    )


def order_call(house_id: str, *wishes: Wish) -> Call:
    form = {
        "orderType": "PICKUP",
        "locationId": house_id,
        "guestName": "Ines Berg",
        "guestPhone": "+49 30 5550101",
        "items": [
            {
                "menuItemId": wish.dish_id,
                "quantity": 1,
                "options": [{"menuOptionValueId": option_id} for option_id in wish.option_ids],
            }
            for wish in wishes
        ],
    }
    return Call(
        "/api/orders",
        method="POST",
        headers=(("idempotency-key", "bench-{n}"),),
        body=msgspec.json.encode(form),
        status=201,
    )


def staff_workloads(furnished: Furnished) -> list[Workload]:
    """What is read in the back while a hundred thousand orders lie in the books."""
    bearer = (("authorization", f"Bearer {furnished.token}"),)
    cookie = (("cookie", f"session={furnished.cookie}"),)
    board = f"/kitchen/{furnished.house_ids[PAST_HOUSE]}/board.json"
    return [
        Workload("W3 order list (API)", (Call("/api/orders?limit=20", headers=bearer),)),
        Workload("W3 order list (page)", (Call("/admin/orders", headers=cookie),)),
        Workload("kitchen board", (Call(board, headers=cookie),)),
        *report_workloads(furnished),
    ]


def report_workloads(furnished: Furnished) -> list[Workload]:
    """What the house took, of the house with the hundred thousand orders."""
    bearer = (("authorization", f"Bearer {furnished.token}"),)
    cookie = (("cookie", f"session={furnished.cookie}"),)
    house = furnished.house_ids[PAST_HOUSE]
    pages = [
        Workload(
            f"W6 report of a {words} (page)",
            (Call(f"/admin/reports?period={name}&house={house}", headers=cookie),),
        )
        for words, name in (("day", "yesterday"), ("month", "month"), ("year", "year"))
    ]
    return [*pages, Workload("W6 dashboard (API)", (Call("/api/dashboard/stats", headers=bearer),))]
