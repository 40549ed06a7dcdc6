"""`kitchenasty demo`: fill empty books with the invented house, say who may sign in, serve."""

from __future__ import annotations

import click

from kitchenasty.cli import couriers, serving
from kitchenasty.demo import PASSWORD, PEOPLE, prepare_demo
from kitchenasty.kit.config import Config


async def show(config: Config, place: serving.Place, *, with_couriers: bool) -> None:
    """Serve the demo until stopped. Raises NotFitForProduction or PortTaken before anything is
    written.
    """
    if config.production:
        raise serving.NotFitForProduction(
            "The demo's people have a password that everybody knows. Start it without "
            "KITCHENASTY_PRODUCTION, or run `kitchenasty serve`."
        )
    place.check_free()
    async with serving.opened_books(config) as books:
        is_new = await prepare_demo(books, config.data_dir)
    click.echo("Juniper & Rye has opened." if is_new else "Juniper & Rye is as you left it.")
    address = config.public_url or f"http://{place.host}:{place.port}"
    say_who(address)
    if not with_couriers:
        await serving.serve(config, place)
        return
    config = couriers.with_this_machine(config, address)
    async with (
        serving.opened_books(config) as books,
        couriers.couriers_beside(books, config, address),
    ):
        await serving.serve(config, place)


def say_who(address: str) -> None:
    """Where to look, and as whom."""
    click.echo(f"\n  Storefront  {address}/\n  Kitchen     {address}/kitchen")
    click.echo(f"  Office      {address}/admin\n  API         {address}/api/docs\n")
    click.echo(f"Sign in at {address}/sign-in, everybody with the password {PASSWORD}:")
    for person in PEOPLE:
        role = "guest" if person.role is None else person.role.lower().replace("_", " ")
        click.echo(f"  {person.email:<22} {person.name} ({role})")
    click.echo("")
