"""How the invented house shows itself: its name, its front."""

from __future__ import annotations

from pathlib import Path

from kitchenasty import content, media
from kitchenasty.demo import written
from kitchenasty.kit.data.work import UnitOfWork

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


async def keep_hero(data_dir: Path) -> media.Upload | None:
    """The picture behind the front's head, where there is one, kept on the disk."""
    picture = written.picture_of("hero")
    return None if picture is None else await media.receive_ready(data_dir, picture, "hero.webp")


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
