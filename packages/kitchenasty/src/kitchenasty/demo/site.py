"""How the invented house shows itself: its name, its front, its question."""

from __future__ import annotations

from collections.abc import Mapping

from kitchenasty import consent, content, media
from kitchenasty.demo.written import Written
from kitchenasty.kit.books import UnitOfWork

NAME = "Juniper & Rye"
FEATURES = (
    content.Feature(
        "flame", "Cooked when you order", "Nothing waits under a lamp; the clock starts with you."
    ),
    content.Feature(
        "leaf", "From people we know", "Vegetables from two farms, fish from the morning's boat."
    ),
    content.Feature(
        "clock",
        "A time that holds",
        "We promise by how busy the stove is, and tell you if it slips.",
    ),
)
CALL = content.Call(
    title="Hungry already?",
    words="Choose the house that is nearer, and supper is on its way.",
    button=content.Button("Choose a house", "/locations"),
)

COUNTER = consent.CategoryDraft(
    name="visits",
    label="Counting visits",
    description="Tells us which dishes are looked at most. Nobody is named.",
    cookies=("_pk_*",),
    is_active=False,
)


async def show_house(uow: UnitOfWork, hero: str) -> None:
    head = content.Hero(
        title="A mill, a quay, and a fire in each.",
        subtitle=(
            "Bread from five in the morning, fish off the boats at noon, and supper for as long as "
            "you like. Order for pickup or to your door."
        ),
        first=content.Button("Choose a house", "#houses"),
        picture=hero,
    )
    looks = {"name_given": NAME, "title_given": f"{NAME}: supper in Dublin and Howth"}
    await content.change_site(uow, {**looks, "hero": head, "features": FEATURES, "call": CALL})
    await consent.add_category(uow, COUNTER)


async def fill_library(
    uow: UnitOfWork, document: Written, kept: Mapping[str, media.Upload]
) -> None:
    """Every picture of the house can be chosen anew, with its words where it has some."""
    words = {one["picture"]: one["alt"] for one in document["gallery"]}
    words |= {one["slug"]: one["name"] for one in (*document["dishes"], *document["houses"])}
    for name, upload in kept.items():
        await media.shelve(uow, upload, alt=words.get(name.removeprefix("house-"), ""))


async def write_pages(uow: UnitOfWork, document: Written, pictures: Mapping[str, str]) -> None:
    """The gallery, and what the law wants to be read."""
    for place, one in enumerate(document["gallery"]):
        if one["picture"] in pictures:
            draft = content.ImageDraft(
                url=pictures[one["picture"]],
                alt=one["alt"],
                category=content.GalleryCategory(one["category"]),
                sort_order=place,
            )
            await content.add_image(uow, draft)
    for one in document["legal"]:
        await content.write_legal_page(uow, one["slug"], title=one["title"], content=one["words"])
