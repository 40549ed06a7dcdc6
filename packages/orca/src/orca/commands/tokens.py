"""`orca token` and `orca journal`: who may, and who did."""

from __future__ import annotations

from urllib.parse import quote

import click

from orca.access import Role
from orca.calling import Calling


@click.group("token")
def token_commands() -> None:
    """Tokens: who may do what."""


@token_commands.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--days", type=int, help="For how long. Without: until it is revoked.")
@click.pass_obj
def create_token(calling: Calling, name: str, role: str, days: int | None) -> None:
    """A new token. It is shown once."""
    told = calling.ask("POST", "/tokens", {"name": name, "role": role, "days": days})
    print(told["token"])


@token_commands.command("list")
@click.pass_obj
def list_tokens(calling: Calling) -> None:
    """All tokens, without what opens doors."""
    for line in calling.ask("GET", "/tokens"):
        used, ends = line["usedAt"] or "never used", line["endsAt"] or "until it is revoked"
        print(f"{line['id']}  {line['role']:<8}  {line['name']:<24} {used}  {ends}")


@token_commands.command("revoke")
@click.argument("token_id")
@click.pass_obj
def revoke_token(calling: Calling, token_id: str) -> None:
    """From the next request on it opens nothing."""
    calling.ask("DELETE", f"/tokens/{quote(token_id, safe='')}")
    print("Revoked.")


@click.command("journal")
@click.option("--limit", default=50, show_default=True)
@click.option("--before", type=int, help="Those before this number.")
@click.pass_obj
def show_journal(calling: Calling, limit: int, before: int | None) -> None:
    """What was changed by whom, the newest first."""
    for act in calling.ask("GET", "/journal", query={"limit": limit, "before": before}):
        target = f" {act['target']}" if act["target"] else ""
        print(
            f"{act['number']:>6} {act['at']} {act['who']}: {act['what']}{target} {act['outcome']}"
        )


COMMANDS: tuple[click.Command, ...] = (token_commands, show_journal)
