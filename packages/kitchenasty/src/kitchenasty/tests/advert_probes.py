"""How one sees from outside whom the house advertises to."""

from __future__ import annotations

from kitchenasty import adverts
from kitchenasty.tests.setting_world import Probe, World


async def read_checkout(world: World) -> tuple[bool, bool]:
    """Whether the checkout asks, and whether it says that one may object."""
    here, own = f"/at/{world.house.slug}", {"origin": str(world.client.base_url).rstrip("/")}
    await world.client.post(f"{here}/cart", data={"dish": world.dish_id}, headers=own)
    page = (await world.client.get(f"{here}/checkout")).text
    return "write me by mail now and then" in page, "You can object at any time" in page


PROBES = [
    Probe(
        adverts.ADVERTS,
        "basis",
        ("agreed", "customers"),
        ((True, False), (False, True)),
        read_checkout,
    )
]
