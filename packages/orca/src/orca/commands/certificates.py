"""`orca certificates`: what there is, and an order that is tried again."""

from __future__ import annotations

from urllib.parse import quote

import click

from orca.calling import Calling


@click.group("certificates", invoke_without_command=True)
@click.pass_context
def certificate_commands(ctx: click.Context) -> None:
    """Which there are, until when, who signed or brought them, and what is wrong."""
    if ctx.invoked_subcommand is None:
        list_certificates(ctx.obj)


def list_certificates(calling: Calling) -> None:
    for line in calling.ask("GET", "/certificates"):
        names = ", ".join(line["domains"]) or line["name"]
        source = "brought" if line["own"] else "ordered"
        until = f"until {line['endsAt']}" if line["endsAt"] else "not there yet"
        print(f"{names}: {source}, {until}")
        if line["trouble"]:
            print(f"  ! {line['trouble']}")


@certificate_commands.command("retry")
@click.argument("domain")
@click.pass_obj
def retry_order(calling: Calling, domain: str) -> None:
    """Try an order that has failed again at once: `orca certificates retry shop.example`. What was
    wrong (see `orca certificates`) should be mended before; authorities count failures.
    """
    calling.ask("POST", f"/certificates/{quote(domain, safe='')}/retries")
    print("It is tried again. How that ends says: orca certificates")


COMMANDS: tuple[click.Command, ...] = (certificate_commands,)
