from __future__ import annotations

import pytest

from kitchenasty.staff.rules import (
    LastOwnerRefused,
    OwnAccountRefused,
    Standing,
    check_standing_change,
)

OWNER = Standing("SUPER_ADMIN", is_active=True)
GONE_OWNER = Standing("SUPER_ADMIN", is_active=False)
MANAGER = Standing("MANAGER", is_active=True)
COOK = Standing("STAFF", is_active=True)
GONE_COOK = Standing("STAFF", is_active=False)


@pytest.mark.parametrize(
    ("before", "after"), [(COOK, MANAGER), (MANAGER, COOK), (COOK, GONE_COOK), (COOK, OWNER)]
)
def test_an_owner_changes_others(before: Standing, after: Standing) -> None:
    check_standing_change(before, after, is_own=False, other_owners=1)


@pytest.mark.parametrize("after", [MANAGER, GONE_OWNER])
def test_nobody_changes_their_own_role_or_activity(after: Standing) -> None:
    with pytest.raises(OwnAccountRefused):
        check_standing_change(OWNER, after, is_own=True, other_owners=5)


@pytest.mark.parametrize("after", [MANAGER, COOK, GONE_OWNER])
def test_the_last_owner_stays(after: Standing) -> None:
    with pytest.raises(LastOwnerRefused):
        check_standing_change(OWNER, after, is_own=False, other_owners=0)
    check_standing_change(OWNER, after, is_own=False, other_owners=1)


def test_one_may_change_what_gives_no_rights() -> None:
    check_standing_change(OWNER, OWNER, is_own=True, other_owners=0)
