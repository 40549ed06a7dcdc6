"""Every text that the database keeps, and where people get to see it.

`PAGE`: on a page; attacks are planted there and must be seen on one. `KEPT`: stored, on no page
yet; planted all the same. `DOOR`: only values of ours get past the door, a test of the door holds
that. `HIDDEN`: hashes, keys and copies that no page shows. A new text column needs a row here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Enum, String, Table, Text, TypeDecorator

from kitchenasty import main
from kitchenasty.kit.data.columns import IdType, Json, Model

PAGE, KEPT, DOOR, HIDDEN = "page", "kept", "door", "hidden"
FIELDS = {
    "addresses.city": PAGE,
    "addresses.country": KEPT,
    "addresses.label": PAGE,
    "addresses.line1": PAGE,
    "addresses.line2": PAGE,
    "addresses.postal_code": PAGE,
    "addresses.state": KEPT,
    "allergens.code": DOOR,
    "allergens.name": PAGE,
    "api_keys.created_by": PAGE,
    "api_keys.house_ids": DOOR,
    "api_keys.name": PAGE,
    "api_keys.revoked_by": KEPT,
    "api_keys.scopes": DOOR,
    "api_keys.shown": DOOR,
    "api_keys.token_hash": HIDDEN,
    "audit_rows.action": HIDDEN,
    "audit_rows.actor_id": HIDDEN,
    "audit_rows.actor_name": HIDDEN,
    "audit_rows.address": HIDDEN,
    "audit_rows.after": HIDDEN,
    "audit_rows.before": HIDDEN,
    "audit_rows.entity": HIDDEN,
    "audit_rows.entity_id": HIDDEN,
    "audit_rows.request_id": HIDDEN,
    "cancelled_tickets.before": DOOR,
    "carts.lines": PAGE,
    "carts.visitor_hash": HIDDEN,
    "cash_counts.currency": DOOR,
    "cash_counts.day": DOOR,
    "cash_counts.made_by": HIDDEN,
    "cash_counts.made_by_name": PAGE,
    "cash_counts.pieces": DOOR,
    "cash_counts.reason": PAGE,
    "categories.description": PAGE,
    "categories.image": DOOR,
    "categories.name": PAGE,
    "categories.slug": DOOR,
    "counted_orders.day": DOOR,
    "counted_orders.figures": HIDDEN,
    "counted_orders.guest": HIDDEN,
    "cookie_categories.cookies": DOOR,
    "cookie_categories.description": PAGE,
    "cookie_categories.label": PAGE,
    "cookie_categories.name": PAGE,
    "cookie_categories.script_site": DOOR,
    "cookie_categories.script_url": DOOR,
    "cookie_consents.category": PAGE,
    "cookie_consents.visitor": HIDDEN,
    "cookie_questions.asked": PAGE,
    "coupon_people.person": HIDDEN,
    "coupon_uses.people": HIDDEN,
    "coupons.code": PAGE,
    "coupons.currency": DOOR,
    "coupons.ends": DOOR,
    "coupons.starts": DOOR,
    "customers.allergies": PAGE,
    "customers.email": PAGE,
    "customers.name": PAGE,
    "customers.name_key": HIDDEN,
    "customers.password_hash": HIDDEN,
    "customers.phone": PAGE,
    "customers.phone_key": HIDDEN,
    "customers.push_token": HIDDEN,
    "customers.surname_key": HIDDEN,
    "delivery_zones.boundary": DOOR,
    "delivery_zones.name": PAGE,
    "delivery_zones.postal_codes": DOOR,
    "dishes.closed_to": HIDDEN,
    "dishes.components": PAGE,
    "dishes.description": PAGE,
    "dishes.image": DOOR,
    "dishes.marks": PAGE,
    "dishes.name": PAGE,
    "dishes.order_type": DOOR,
    "dishes.slug": DOOR,
    "dishes.tax_category": DOOR,
    "figures.currency": DOOR,
    "figures.day": DOOR,
    "figures.key": PAGE,
    "figures.kind": DOOR,
    "gallery_images.alt": PAGE,
    "gallery_images.url": DOOR,
    "gift_card_entries.actor_name": PAGE,
    "gift_card_entries.order_number": DOOR,
    "gift_card_entries.reason": PAGE,
    "gift_cards.code_hash": HIDDEN,
    "gift_cards.currency": DOOR,
    "gift_cards.hint": DOOR,
    "gift_cards.note": PAGE,
    "guest_days.day": DOOR,
    "guest_days.guest": HIDDEN,
    "guest_identities.email": PAGE,
    "guest_identities.issuer": DOOR,
    "guest_identities.subject": KEPT,
    "guest_notes.author_id": HIDDEN,
    "guest_notes.author_name": PAGE,
    "guest_notes.body": PAGE,
    "idempotency_keys.body_hash": HIDDEN,
    "idempotency_keys.content": HIDDEN,
    "idempotency_keys.key": HIDDEN,
    "idempotency_keys.request_hash": HIDDEN,
    "idempotency_keys.scope": HIDDEN,
    "jobs.error": HIDDEN,
    "jobs.key": HIDDEN,
    "jobs.name": HIDDEN,
    "jobs.payload": HIDDEN,
    "legal_pages.content": PAGE,
    "legal_pages.slug": DOOR,
    "legal_pages.title": PAGE,
    "legal_versions.content": KEPT,
    "legal_versions.title": PAGE,
    "legal_versions.written_by": PAGE,
    "letter_links.email": HIDDEN,
    "letter_links.token_hash": HIDDEN,
    "live_log.body": HIDDEN,
    "live_log.name": HIDDEN,
    "live_log.topic": HIDDEN,
    "live_topics.topic": HIDDEN,
    "locations.address": PAGE,
    "locations.busy_message": PAGE,
    "locations.charges": PAGE,
    "locations.city": PAGE,
    "locations.country": DOOR,
    "locations.currency": DOOR,
    "locations.description": PAGE,
    "locations.email": PAGE,
    "locations.guest_may_cancel_until": DOOR,
    "locations.image": DOOR,
    "locations.legal_name": PAGE,
    "locations.name": PAGE,
    "locations.phone": PAGE,
    "locations.postal_code": PAGE,
    "locations.rounding_policy": DOOR,
    "locations.slug": DOOR,
    "locations.state": PAGE,
    "locations.tax_id": PAGE,
    "locations.zone": DOOR,
    "mealtimes.days": DOOR,
    "mealtimes.name": PAGE,
    "media_assets.alt": PAGE,
    "media_assets.original_name": PAGE,
    "media_assets.path": DOOR,
    "media_assets.uploaded_by_name": PAGE,
    "month_figures.currency": DOOR,
    "month_figures.key": PAGE,
    "month_figures.kind": DOOR,
    "month_figures.month": DOOR,
    "notices.error": PAGE,
    "notices.facts": HIDDEN,
    "notices.kind": DOOR,
    "notices.locale": DOOR,
    "notices.recipient": DOOR,
    "opening_exceptions.note": PAGE,
    "option_groups.name": PAGE,
    "option_values.allergens": DOOR,
    "option_values.name": PAGE,
    "order_counters.day": DOOR,
    "order_history.actor": HIDDEN,
    "order_history.actor_name": PAGE,
    "order_history.after": DOOR,
    "order_history.before": DOOR,
    "order_history.reason": PAGE,
    "order_lines.allergens": PAGE,
    "order_lines.name": PAGE,
    "order_lines.note": PAGE,
    "order_lines.options": PAGE,
    "orders.address": PAGE,
    "orders.cancel_reason": PAGE,
    "orders.capability_hash": HIDDEN,
    "orders.currency": DOOR,
    "orders.day": DOOR,
    "orders.explanation": PAGE,
    "orders.guest_email": PAGE,
    "orders.guest_name": PAGE,
    "orders.guest_phone": PAGE,
    "orders.locale": DOOR,
    "orders.name_key": HIDDEN,
    "orders.note": PAGE,
    "orders.number": DOOR,
    "orders.payment_method": DOOR,
    "orders.phone_key": HIDDEN,
    "orders.rounding_policy": DOOR,
    "orders.stock_taken": HIDDEN,
    "outbox.actor": HIDDEN,
    "outbox.payload": HIDDEN,
    "outbox.topic": HIDDEN,
    "outbox_failures.error": HIDDEN,
    "outbox_failures.subscription": HIDDEN,
    "payments.charge_ref": HIDDEN,
    "payment_returns.currency": DOOR,
    "payment_returns.failure": KEPT,
    "payment_returns.provider_ref": HIDDEN,
    "payments.currency": DOOR,
    "payments.failure": PAGE,
    "payments.provider_ref": HIDDEN,
    "payments.review": PAGE,
    "point_entries.order_number": DOOR,
    "point_entries.reason": PAGE,
    "point_programme.currency": DOOR,
    "provider_messages.message_id": HIDDEN,
    "provider_messages.reason": HIDDEN,
    "provider_messages.told": HIDDEN,
    "promotions.category_ids": DOOR,
    "promotions.currency": DOOR,
    "promotions.days": DOOR,
    "promotions.dish_ids": DOOR,
    "promotions.name": PAGE,
    "receipts.seller": PAGE,
    "refunds.currency": DOOR,
    "refunds.made_by": HIDDEN,
    "refunds.made_by_name": PAGE,
    "refunds.parts": DOOR,
    "refunds.reason": PAGE,
    "reviews.author_name": PAGE,
    "reviews.body": PAGE,
    "reviews.replied_by": PAGE,
    "reviews.reply": PAGE,
    "route_hours.method": DOOR,
    "route_hours.route": DOOR,
    "sessions.address": PAGE,
    "sessions.token_hash": HIDDEN,
    "sessions.user_agent": PAGE,
    "settings.name": DOOR,
    "settings.value": DOOR,
    "set_up_codes.code_hash": HIDDEN,
    "set_up_codes.slot": HIDDEN,
    "site.call": PAGE,
    "site.color_primary": DOOR,
    "site.color_secondary": DOOR,
    "site.favicon": DOOR,
    "site.features": PAGE,
    "site.hero": PAGE,
    "site.id": DOOR,
    "site.logo": DOOR,
    "site.name": PAGE,
    "site.scheme": DOOR,
    "site.theme": DOOR,
    "site.title": PAGE,
    "staff_invitations.email": PAGE,
    "staff_invitations.house_ids": DOOR,
    "staff_invitations.invited_by": KEPT,
    "staff_invitations.name": PAGE,
    "staff_invitations.token_hash": HIDDEN,
    "staff_members.avatar": KEPT,
    "staff_members.email": PAGE,
    "staff_members.house_ids": DOOR,
    "staff_members.name": PAGE,
    "staff_members.password_hash": HIDDEN,
    "staff_members.phone": PAGE,
    "tables.area": PAGE,
    "tables.name": PAGE,
    "tax_rates.category": DOOR,
    "tax_rates.dining": DOOR,
    "tax_rates.tax": PAGE,
    "staff_password_links.token_hash": HIDDEN,
    "staff_recovery_codes.code_hash": HIDDEN,
    "staff_second_factors.sealed_secret": HIDDEN,
}


def text_columns() -> set[str]:
    """Every column of ours that can hold what somebody typed."""
    assert main.DOORS, "importing main is what makes every table known"
    return {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if is_text(column.type)
    }


def is_text(kind: Any) -> bool:
    if isinstance(kind, TypeDecorator):
        return isinstance(kind, Json)
    return isinstance(kind, String | Text) and not isinstance(kind, Enum | IdType)


def marked(field: str, words: str) -> str:
    """The attack with the name of its field, by which it is found again on a page."""
    return f"[{field}] {words}"


def write_into(file: sqlite3.Connection, table: Table, key: dict[str, str], words: str) -> None:
    """Plant the attack in every text of the rows with this key, past all doors."""
    for column in table.columns:
        field = f"{table.name}.{column.name}"
        if FIELDS.get(field) not in (PAGE, KEPT):
            continue
        where = " AND ".join(f"{name} = ?" for name in key)
        for row in file.execute(
            f"SELECT rowid, {column.name} FROM {table.name} WHERE {where}",  # noqa: S608
            tuple(key.values()),
        ).fetchall():
            value = SHAPED.get(field, plain)(row[1], marked(field, words))
            file.execute(
                f"UPDATE {table.name} SET {column.name} = ? WHERE rowid = ?",  # noqa: S608
                (value, row[0]),
            )


def plain(_known: Any, words: str) -> str:
    return words


def in_components(_known: Any, words: str) -> str:
    return json.dumps([{"name": words, "tax_category": "standard", "price_minor": 100}])


def in_list(_known: Any, words: str) -> str:
    return json.dumps([words])


def in_address(_known: Any, words: str) -> str:
    return json.dumps(dict.fromkeys(("line1", "line2", "city", "postalCode"), words))


def in_options(known: str, words: str) -> str:
    return json.dumps([one | {"group": words, "name": words} for one in json.loads(known)])


def in_explanation(known: str, words: str) -> str:
    explanation = json.loads(known)
    taxes = [one | {"tax": words} for one in explanation["taxes"]]
    steps = [one | {"name": words} for one in explanation["steps"]]
    return json.dumps(explanation | {"taxes": taxes, "steps": steps})


def in_charges(known: str, words: str) -> str:
    charges = json.loads(known)
    return json.dumps(charges | {"service": charges["service"] | {"name": words}})


def in_hero(known: str, words: str) -> str:
    return json.dumps(json.loads(known) | {"title": words, "subtitle": words})


def in_features(known: str, words: str) -> str:
    return json.dumps([one | {"title": words, "words": words} for one in json.loads(known)])


def in_call(known: str, words: str) -> str:
    return json.dumps(json.loads(known) | {"title": words, "words": words})


def in_question(known: str, words: str) -> str:
    asked = [one | {"name": words, "label": words, "description": words}
             for one in json.loads(known)]  # fmt: skip
    return json.dumps(asked)


def in_figure(known: str, words: str) -> str:
    """Names stand behind the id or rate of what they name; other keys are ours."""
    begin, bar, _ = known.partition("|")
    return f"{begin}|{words}" if bar else known


def in_cart(known: str, words: str) -> str:
    return json.dumps([one | {"name": words, "note": words} for one in json.loads(known)])


SHAPED: dict[str, Callable[[Any, str], str]] = {
    "carts.lines": in_cart,
    "cookie_questions.asked": in_question,
    "dishes.components": in_components,
    "dishes.marks": in_list,
    "figures.key": in_figure,
    "month_figures.key": in_figure,
    "order_lines.allergens": in_list,
    "order_lines.options": in_options,
    "locations.charges": in_charges,
    "orders.address": in_address,
    "orders.explanation": in_explanation,
    "receipts.seller": in_list,
    "site.call": in_call,
    "site.features": in_features,
    "site.hero": in_hero,
}
