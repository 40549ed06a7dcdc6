"""A letter that nobody is sent, to look at the words."""

from __future__ import annotations

from kitchenasty import locations
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.notices import ADDRESS, HOUSE, PHONE, Letter, Pattern, Wording
from kitchenasty.texting import Said
from kitchenasty.wordings.filling import worded, worded_text

LINK = "https://example.com/a-link-of-this-letter"


async def example_letter(look: Look, pattern: Pattern, locale: str, wording: Wording) -> Letter:
    """With the first house's own name and invented guests. Raises TemplateUnreadable."""
    house = await first_house(look)
    language = current_locale.set(locale)
    try:
        letter = pattern.write(
            examples_of(pattern, house),
            rows=pattern.example_rows(),
            url=LINK,
            house=house.name if house and HOUSE.name in pattern.facts else "",
        )
        return worded(letter, wording)
    finally:
        current_locale.reset(language)


async def example_text(look: Look, pattern: Pattern, locale: str, wording: Wording) -> str:
    """Raises TemplateUnreadable."""
    house = await first_house(look)
    language = current_locale.set(locale)
    try:
        known = examples_of(pattern, house)
        said = Said(pattern.say(known), pattern.key, pattern.facts_of(known))
        return worded_text(said, wording)
    finally:
        current_locale.reset(language)


async def first_house(look: Look) -> locations.House | None:
    return next(iter(await locations.list_houses(look)), None)


def examples_of(pattern: Pattern, house: locations.House | None) -> dict[str, str]:
    if house is None:
        return pattern.examples()
    place = f"{house.name}, {house.address}, {house.postal_code} {house.city}"
    ours = {HOUSE.name: house.name, ADDRESS.name: place, PHONE.name: house.phone or ""}
    return {
        place: ours.get(pattern.places[place].name, example)
        for place, example in pattern.examples().items()
    }
