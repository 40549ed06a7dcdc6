"""What is measured on: a group of houses with one menu, and a hundred thousand orders of one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY
from kitchenasty import menu, staff
from kitchenasty.kit.books import Books, UnitOfWork, open_books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_category, add_dish

DISHES = 60
CATEGORIES = 6
STOCK = 100_000_000
HOUSES = 260
"""More than the server keeps menus of, so that going round them never meets a kept one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A dish with the options that an order of it names."""

    dish_id: str
    option_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Furnished:
    """A database ready to be served. Tokens are those of a manager of the first three houses."""

    url: str
    house_ids: tuple[str, ...]
    slug: str
    wishes: tuple[Wish, ...]
    token: str
    cookie: str


async def furnish(url: str) -> Furnished:
    """Houses that never close, 60 dishes with options and allergens, and somebody of the staff."""
    await SCHEMA.migrate(url)
    async with opened(url) as books:
        async with books.writing() as uow:
            houses = [await add_house(uow) for _ in range(HOUSES)]
            await add_dishes(uow)
            token, cookie = await add_manager(uow, tuple(house.id for house in houses[:3]))
        async with books.reading() as look:
            book = await menu.load_menu(look, houses[0].id)
    return Furnished(
        url=url,
        house_ids=tuple(house.id for house in houses),
        slug=houses[0].slug,
        wishes=tuple(wish_of(dish) for dish in book.dishes.values()),
        token=token,
        cookie=cookie,
    )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Books]:
    database = open_database(url)
    await database.start()
    try:
        yield open_books(database, system_clock, SECRET_KEY)
    finally:
        await database.stop()


async def add_dishes(uow: UnitOfWork) -> None:
    category_ids = [await add_category(uow, name=f"Course {n}") for n in range(CATEGORIES)]
    for n in range(DISHES):
        await add_dish(
            uow,
            category_id=category_ids[n % CATEGORIES],
            name=f"Dish {n}",
            description="Slowly braised, with roots of the season and a sauce of its own bones.",
            allergens=("milk", "celery"),
            options=(SIZE, TOPPINGS),
            # Half of the dishes are counted, as in a kitchen that bakes in the morning.
            stock=STOCK if n % 2 else None,
        )


async def add_manager(uow: UnitOfWork, house_ids: tuple[str, ...]) -> tuple[str, str]:
    """An API token and a page's cookie of the same person."""
    newcomer = staff.NewMember(
        email="rosa@house.example", name="Rosa", role=Role.MANAGER, house_ids=house_ids
    )
    member = await staff.add_member(uow, newcomer, password_hash="none")  # noqa: S106  # never used
    return (
        await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.STAFF, subject_id=member.id
        ),
        await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=member.id
        ),
    )


def wish_of(dish: menu.Dish) -> Wish:
    """One value of each group, so that every order pays for options."""
    return Wish(dish.id, tuple(group.choices[0].id for group in dish.options))
