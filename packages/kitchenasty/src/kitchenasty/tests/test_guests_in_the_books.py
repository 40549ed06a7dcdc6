"""Nobody forgets where guests are: every table and every text is classified (P1, P2)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Enum, String, Text

from basis.kit.data.columns import IdType, Json, UtcDateTime
from kitchenasty import main, privacy
from kitchenasty.kit.tables import every_table

TABLE = Path(__file__).parents[5] / "docs" / "operators" / "privacy.md"


def rules_by_table() -> dict[str, list[privacy.Rule]]:
    found: dict[str, list[privacy.Rule]] = {}
    for rule in privacy.RULES:
        found.setdefault(rule.table, []).append(rule)
    return found


def texts_of(table: str) -> set[str]:
    return {
        column.name
        for column in every_table()[table].columns
        if isinstance(column.type, Json)
        or (
            isinstance(column.type, String | Text)
            and not isinstance(column.type, Enum | IdType | UtcDateTime)
        )
    }


def test_every_table_is_of_guests_or_of_none() -> None:
    """A new table needs a rule in privacy/register.py, or a line in privacy/no_guest.py."""
    assert main.DOORS, "importing main is what makes every table known"
    tables, ruled = set(every_table()), set(rules_by_table())
    assert sorted(tables - ruled - privacy.OF_NO_GUEST) == []
    assert sorted((ruled | privacy.OF_NO_GUEST) - tables) == []
    assert sorted(ruled & privacy.OF_NO_GUEST) == []


def test_what_hangs_on_a_guest_or_an_order_is_of_guests() -> None:
    """A foreign key to them is a way to find a person, so there must be a rule."""
    hanging = {
        table.name
        for table in every_table().values()
        for key in table.foreign_keys
        if key.column.table.name in ("customers", "orders")
    }
    assert sorted(hanging & privacy.OF_NO_GUEST) == []


def test_every_text_of_a_guests_table_is_told_secret_or_kept() -> None:
    """A new text column needs its place in the rule of its table: `told` in the export, `secret`,
    or `kept` if it is about no guest.
    """
    unplaced, gone = [], []
    for name, rules in rules_by_table().items():
        placed = {column for rule in rules for column in (*rule.told, *rule.secret, *rule.kept)}
        unplaced += [f"{name}.{column}" for column in texts_of(name) - placed]
        known = set(every_table()[name].columns.keys())
        gone += [f"{name}.{column}" for column in placed - known]
    assert (sorted(unplaced), sorted(gone)) == ([], [])


def test_what_is_about_a_guest_goes() -> None:
    """Each text that is told or secret is changed by erasure, unless its row goes."""
    staying = []
    for rule in privacy.RULES:
        if rule.becomes is None:
            continue
        personal = texts_of(rule.table) & {*rule.told, *rule.secret}
        staying += [
            f"{rule.table}.{name}"
            for name in personal - rule.becomes.keys()
            if f"{rule.table}.{name}" not in STAYS
        ]
    assert sorted(staying) == []


STAYS = {
    # The order itself: dishes, sums, days and ways of payment are the books.
    "order_lines.name",
    "order_lines.options",
    "orders.capability_hash",  # made anew for each order, by a statement of its own
    "orders.currency",
    "orders.day",
    "orders.number",
    "orders.payment_method",
    "payments.currency",
    "payment_returns.currency",
    "refunds.currency",
    "gift_card_entries.order_number",
    "order_history.after",
    # What opens the page of a reservation, as a hash of nothing that a guest told.
    "reservations.capability_hash",
    # The reports take the sign out of both once they are told; that nothing is left is P2's.
    "counted_orders.guest",
    "guest_days.guest",
    # Words of ours about what happened.
    "reservation_history.what",
    "audit_rows.action",
    "audit_rows.entity",
    # The sum, the instant and the words of the house; nothing that the guest said.
    "reservations.agreed",
}


def test_the_page_for_operators_says_how_long_what_is_kept() -> None:
    lines = TABLE.read_text().splitlines()
    for kept in privacy.RETENTION:
        what = "the row" if kept.column is None else f"the {kept.column}"
        assert f"| {kept.name} | {kept.days} | {what} |" in lines
