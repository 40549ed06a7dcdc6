"""Opening the demo: once, in one transaction; a second start finds everything and keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from basis.money import Money
from kitchenasty import (
    gift_cards,
    locations,
    loyalty,
    media,
    menu,
    promotions,
    reports,
    settings,
    texting,
)
from kitchenasty.demo import (
    arrangements,
    happenings,
    people,
    regulars,
    seats,
    securing,
    site,
    trade,
    written,
)
from kitchenasty.demo.written import Written
from kitchenasty.kit.books import Books, UnitOfWork

HAPPY_HOUR = promotions.PromotionDraft(
    name="Quiet afternoon",
    currency="EUR",
    rate_millionths=150_000,
    days=(1, 2, 3, 4),
    starts=15 * 60,
    ends=17 * 60,
    combines=True,
)
POINTS = loyalty.Programme(is_on=True, hundred_points_minor=500, spend_min_points=20)
TEXTS: dict[str, settings.Value] = {"carrier": "shown", "orderReady": True, "reminders": True}
"""Nobody is texted by a house that was invented; the office shows what guests would read."""
COUPONS = (
    promotions.CouponDraft(
        code="WELCOME10",
        type=promotions.CouponType.PERCENTAGE,
        currency="EUR",
        rate_millionths=100_000,
        min_order_minor=1_500,
        cap_minor=1_000,
    ),
    promotions.CouponDraft(
        code="FIVE",
        type=promotions.CouponType.FIXED,
        currency="EUR",
        amount_minor=500,
        min_order_minor=2_500,
        uses_max=200,
        per_customer_max=3,
    ),
    promotions.CouponDraft(
        code="FREERIDE",
        type=promotions.CouponType.FREE_DELIVERY,
        currency="EUR",
        min_order_minor=2_000,
    ),
)


async def prepare_demo(books: Books, data_dir: Path) -> bool:
    """Fill empty books with Juniper & Rye. Answers whether there was anything to do."""
    async with books.reading() as look:
        if await locations.list_houses(look, only_active=False):
            return False
    document = written.read_written()
    hashes = await people.hash_for_all()
    kept = await keep_pictures(document, data_dir)
    pictures = {name: upload.path for name, upload in kept.items()}
    async with books.writing() as uow:
        await site.fill_library(uow, document, kept)
        taxes = written.tax_rates(document)
        houses = [await open_house(uow, one, pictures, taxes) for one in document["houses"]]
        by_slug = {house.slug: house.id for house in houses}
        ids = await people.add_people(uow, hashes, by_slug)
        owner = people.as_staff("owner", ids)
        uow.actor = owner
        await write_menu(uow, document, pictures, by_slug)
        await write_coupons(uow)
        await arrangements.arrange(uow, by_slug.values())
        await settings.change(uow, texting.TEXTING, TEXTS)
        await site.show_house(uow, pictures.get("hero", ""))
        await site.write_pages(uow, document, pictures)
        await live(uow, document, houses, ids, hashes)
        await seats.fill_tables(uow, houses, waiter_id=ids["waiter@demo.example"])
        uow.actor = owner
        for house, one in zip(houses, document["houses"], strict=True):
            await securing.secure_tables(uow, house, one)
        await people.change_the_team(uow, by_slug, hashed=hashes["owner@demo.example"])
        await reports.count_now(uow)
        await happenings.remember_orders(uow)
        await trade.give_something_back(uow, owner_id=ids["owner@demo.example"])
    return True


async def live(
    uow: UnitOfWork,
    document: Written,
    houses: Sequence[locations.House],
    ids: Mapping[str, str],
    hashes: Mapping[str, str],
) -> None:
    """The last weeks: guests come back, order, and say how it was. It is history, so what all this
    would tell screens and subscribers is dropped.
    """
    waiter, manager = people.as_staff("waiter", ids), people.as_staff("manager", ids)
    known = await regulars.add_regulars(
        uow, document["regulars"], password_hash=hashes["guest@demo.example"], author=waiter
    )
    everybody = [*known, people.guest_as_regular(ids)]
    visits = await trade.trade(uow, houses, everybody, cook_id=ids["cook@demo.example"])
    await regulars.review(uow, document["reviews"], visits, reader=manager)
    await regulars.block_some(uow, document["regulars"], known)
    for told in (uow.events, uow.jobs, uow.told):
        told.clear()


async def write_coupons(uow: UnitOfWork) -> None:
    await loyalty.change_programme(uow, POINTS)
    await promotions.add_promotion(uow, HAPPY_HOUR)
    await gift_cards.issue(uow, Money(5_000, "EUR"), note="Sold at the bar")
    for draft in COUPONS:
        await promotions.add_coupon(uow, draft)


async def keep_pictures(document: Written, data_dir: Path) -> dict[str, media.Upload]:
    """The picture of each name, where there is one, kept on the disk."""
    kept: dict[str, media.Upload] = {}
    names = ["hero", *(one["picture"] for one in document["gallery"])]
    names += [f"house-{one['slug']}" for one in document["houses"]]
    names += [one["slug"] for one in (*document["categories"], *document["dishes"])]
    for name in dict.fromkeys(names):
        content = written.picture_of(name)
        if content is not None:
            kept[name] = await media.receive_ready(data_dir, content, f"{name}.webp")
    return kept


async def open_house(
    uow: UnitOfWork,
    one: Written,
    pictures: Mapping[str, str],
    taxes: Sequence[locations.TaxRate],
) -> locations.House:
    draft = written.house_draft(one, pictures.get(f"house-{one['slug']}"))
    house = await locations.add_house(uow, draft, written.intervals(one))
    for day, exception in written.exceptions(one, uow.now.date()):
        spans = [(opens, closes) for opens, closes in exception["spans"]]
        await locations.set_exception(uow, house.id, day, spans, note=exception["note"])
    await locations.set_charges(uow, house.id, written.charges(one))
    for zone in written.zone_drafts(one):
        await locations.add_zone(uow, house.id, zone)
    await locations.add_tables(uow, house.id, written.table_drafts(one))
    return await locations.set_taxes(
        uow,
        house.id,
        taxes,
        prices_include_tax=draft.prices_include_tax,
        rounding_policy=draft.rounding_policy,
    )


async def write_menu(
    uow: UnitOfWork, document: Written, pictures: Mapping[str, str], houses: Mapping[str, str]
) -> None:
    await menu.add_allergens(uow)
    categories: dict[str, str] = {}
    for place, one in enumerate(document["categories"]):
        draft = menu.CategoryDraft(
            name=one["name"],
            slug=one["slug"],
            description=one.get("description"),
            image=pictures.get(one["slug"]),
            sort_order=place,
            parent_id=categories.get(one.get("parent", "")),
        )
        categories[one["slug"]] = await menu.add_category(uow, draft)
    mealtimes = {
        one["slug"]: await menu.add_mealtime(uow, written.mealtime_draft(one))
        for one in document["mealtimes"]
    }
    groups = {name: written.group_draft(one) for name, one in document["options"].items()}
    for place, one in enumerate(document["dishes"]):
        only = one.get("only")
        known: dict[str, Any] = {
            "sort_order": place,
            "category_id": categories[one["category"]],
            "image": pictures.get(one["slug"]),
            "options": tuple(groups[name] for name in one.get("options", ())),
            "mealtime_ids": tuple(mealtimes[name] for name in one.get("mealtimes", ())),
            "house_id": None if only is None else houses[only],
        }
        await menu.add_dish(uow, dish_draft(one, known))


def dish_draft(one: Written, known: Mapping[str, Any]) -> menu.DishDraft:
    allergens = one.get("allergens")
    return menu.DishDraft(
        **known,
        name=one["name"],
        slug=one["slug"],
        description=one["description"],
        price_minor=one["price"],
        is_86=one.get("is_86", False),
        stock=one.get("stock"),
        order_type=one.get("order_type"),
        allergens=None if allergens is None else tuple(allergens),
        marks=tuple(one.get("marks", ())),
        work_minutes=one["work"],
        tax_category=one.get("tax", "standard"),
        deposit_minor=one.get("deposit", 0),
        components=tuple(
            menu.Component(part["name"], part["tax"], part["price"])
            for part in one.get("components", ())
        ),
    )
