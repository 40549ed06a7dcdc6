"""The taxes of a house as the price engine knows them, and whether they leave a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from basis.errors import Invalid
from basis.money import Rate
from basis.sentences import Sentence
from kitchenasty import locations, menu, orders
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.locations import House, TaxRate

PROFILES_KEPT = 500
DEPOSIT = "deposit"
"""The category of deposits, for houses where they are taxed unlike what is in the bottle."""
DAY = timedelta(days=1)


class TaxGap(Invalid):
    """From some day on a category would have no rate, and nobody could order."""


def profile_of(house: House) -> orders.totals.TaxProfile:
    """The dated rates of the house, or its one rate if it has none. Raises ProfileRefused."""
    return profile_from(
        house.tax_rates, house.tax_basis_points, prices_include_tax=house.prices_include_tax
    )


@lru_cache(PROFILES_KEPT)
def profile_from(
    rates: tuple[TaxRate, ...], basis_points: int, *, prices_include_tax: bool
) -> orders.totals.TaxProfile:
    """Kept: the engine checks a profile when it is made, and it changes once in some years."""
    if not rates:
        rate = Rate.of_basis_points(basis_points)
        return orders.totals.flat_profile(rate, prices_include_tax=prices_include_tax)
    rules = tuple(
        orders.totals.TaxRule(
            tax=one.tax,
            category=one.category,
            rate=Rate(one.millionths),
            dining=None if one.dining is None else orders.totals.Dining(one.dining),
            valid_from=one.valid_from,
            valid_until=one.valid_until or date.max,
        )
        for one in rates
    )
    return orders.totals.TaxProfile("dated", prices_include_tax, rules)


def category_at(house: House, category: str, *, instead: str = orders.totals.STANDARD) -> str:
    """What something is to the tax profile of a house; `instead`, if that does not know it."""
    known = {one.category for one in house.tax_rates}
    return next((one for one in (category, instead) if one in known), orders.totals.STANDARD)


def components_at(house: House, dish: menu.Dish) -> tuple[orders.totals.Component, ...]:
    """The parts of a set menu, whose price is taxed by what they cost alone."""
    return tuple(
        orders.totals.Component(category_at(house, one.tax_category), one.price_minor)
        for one in dish.components
    )


async def change_taxes(
    uow: UnitOfWork,
    house_id: str,
    rates: Sequence[TaxRate],
    *,
    prices_include_tax: bool,
    rounding_policy: str,
) -> House:
    """Replace the rates of a house; no rates mean its one rate for everything.

    Raises HouseNotFound, PolicyUnknown, ProfileRefused, TaxGap; then nothing is written.
    """
    house = await locations.load_house(uow, house_id)
    orders.totals.load_policy(rounding_policy)
    profile = profile_from(
        tuple(rates), house.tax_basis_points, prices_include_tax=prices_include_tax
    )
    check_gaps(profile, uow.now.astimezone(ZoneInfo(house.zone)).date())
    return await locations.set_taxes(
        uow,
        house_id,
        rates,
        prices_include_tax=prices_include_tax,
        rounding_policy=rounding_policy,
    )


def check_gaps(profile: orders.totals.TaxProfile, today: date) -> None:
    """Every category, the standard one among them, has a rate on every day from today on, however
    the meal is had. Rates change only where a row begins or ends, so those days are all to look at.

    Raises TaxGap.
    """
    categories = {orders.totals.STANDARD, *(rule.category for rule in profile.rules)}
    ends = {rule.valid_until for rule in profile.rules} - {date.max}
    turns = {today, *(rule.valid_from for rule in profile.rules), *(day + DAY for day in ends)}
    for day in sorted(turn for turn in turns if turn >= today):
        for category in sorted(categories):
            for dining in orders.totals.Dining:
                try:
                    profile.levied_on(category, dining, day)
                except orders.totals.RateMissing as missing:
                    raise TaxGap(
                        Sentence.of(
                            "From {day} on there is no rate for {category} ({dining}). "
                            "Please add one; what is untaxed has a rate of 0.",
                            day=day,
                            category=category,
                            dining=dining,
                        )
                    ) from missing
