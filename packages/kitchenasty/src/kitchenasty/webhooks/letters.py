"""What owners read when a webhook was switched off."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

from basis.kit.data.paging import Page
from kitchenasty import notices, staff
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.kit.principals import Role
from kitchenasty.notices import Action, Letter, Sender
from kitchenasty.webhooks.people import EndpointNotFound
from kitchenasty.webhooks.service import load_endpoint
from kitchenasty.webhooks.states import OffReason

KIND = "webhooks.off"
USEFUL_FOR = timedelta(days=7)
OWNERS_MAX = 50


async def tell_owners(uow: UnitOfWork, endpoint_id: str) -> None:
    """A house without a mail server sees it in the office only."""
    if await notices.load_smtp(uow) is None:
        return
    owners = staff.StaffFilter(role=Role.SUPER_ADMIN, is_active=True)
    found, _total = await staff.list_members(uow, owners, Page(1, OWNERS_MAX))
    for owner in found:
        if owner.house_ids is not None:
            continue
        # An address that nobody can write to holds up nothing.
        with contextlib.suppress(EmailRefused):
            await notices.send_notice(
                uow,
                KIND,
                recipient=owner.email,
                facts={"endpoint_id": endpoint_id},
                useful_for=USEFUL_FOR,
            )


async def write_switched_off(
    uow: UnitOfWork, facts: dict[str, Any], sender: Sender
) -> Letter | None:
    """Nothing if it was removed, or switched on again meanwhile."""
    try:
        endpoint = await load_endpoint(uow, facts["endpoint_id"])
    except EndpointNotFound:
        return None
    if endpoint.is_on:
        return None
    gone = endpoint.off_reason is OffReason.GONE
    why = (
        translate("The receiver says that it is not there any more.")
        if gone
        else translate("The receiver took nothing for days.")
    )
    return Letter(
        subject=translate("A webhook was switched off"),
        paragraphs=(
            translate("We do not send to this address any more:"),
            endpoint.url,
            why,
            translate("What was not delivered is kept for a while and can be sent again."),
        ),
        action=Action(translate("Look at it"), f"{sender.public_url}/admin/webhooks/{endpoint.id}"),
    )


WRITERS = {KIND: write_switched_off}
