"""Where a guest is in the books: each text of each table is about a guest or it is not.

One table says what is told in the export, what erasure makes of it, and what it leaves. A test
fails when a table or a text is in none of its places (docs/adr/0012).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

NOBODY = "—"
"""What stands where a name was, on receipts and in lists."""


class Whose(StrEnum):
    """How the rows of a guest are found in a table."""

    SELF = "the account itself"
    ACCOUNT = "by customer_id"
    ORDERED = "the orders themselves"
    OF_ORDER = "by order_id"
    SIGNED_IN = "by the subject of a session"
    WRITTEN_TO = "by the address that is written to"
    TEXTED = "by the order or reservation that a text is about"
    FOLLOWED = "by the order, reservation, place in the line or account that a phone follows"
    ABOUT = "by what an entry of the trail is about"
    ACTED = "by who acted, as kind and id"
    MENTIONED = "by the id of an order in a text that is kept for a while"
    RESERVED = "the reservations themselves"
    OF_RESERVATION = "by reservation_id"
    WAITED = "by customer_id, or by the address that a guest without an account left"
    VISITED = "by the sign under which the days of a guest were counted"
    COUNTED = "by the signs under which a guest's use of a coupon was counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One table, or some of its rows. `told` goes into the export; `kept` is about no guest;
    `secret` is about a guest and of no use to them (hashes, keys for searching). Erasure deletes
    the rows, or makes of them what `becomes` says.
    """

    table: str
    whose: Whose
    title: str = ""
    told: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    becomes: Mapping[str, Any] | None = None
    since: str = ""
    """The instant of a row, for texts that mention an order: none before it was placed."""
    mentions: str = ""


ADVERT_WORDS = ("way", "recipient", "said", "place", "wording", "said_at", "counts_at")
RULES = (
    Rule(
        table="customers",
        whose=Whose.SELF,
        title="account",
        told=("name", "email", "verified_at", "phone", "allergies", "is_active", "created_at"),
        secret=("name_key", "surname_key", "phone_key", "password_hash"),
    ),
    Rule(
        table="addresses",
        whose=Whose.ACCOUNT,
        title="addresses",
        told=("label", "line1", "line2", "city", "state", "postal_code", "country", "lat", "lng"),
    ),
    Rule(
        table="guest_notes",
        whose=Whose.ACCOUNT,
        title="notesOfTheHouse",
        told=("body", "author_name", "written_at"),
        secret=("author_id",),
    ),
    Rule(
        table="guest_tags", whose=Whose.ACCOUNT, title="tagsOfTheHouse", told=("tag", "tagged_at")
    ),
    Rule(
        table="point_entries",
        whose=Whose.ACCOUNT,
        title="points",
        told=("kind", "points", "balance", "order_number", "reason", "happened_at"),
    ),
    Rule(table="point_counters", whose=Whose.ACCOUNT),
    Rule(
        table="cookie_consents",
        whose=Whose.ACCOUNT,
        title="consents",
        told=("category", "version", "accepted", "created_at"),
        secret=("visitor",),
    ),
    Rule(table="advert_words", whose=Whose.ACCOUNT, title="advertising", told=ADVERT_WORDS),
    Rule(table="advert_words", whose=Whose.WRITTEN_TO, title="advertising", told=ADVERT_WORDS),
    Rule(
        table="reviews",
        whose=Whose.ACCOUNT,
        title="reviews",
        told=("author_name", "rating", "body", "state", "reply", "created_at"),
        kept=("replied_by",),
    ),
    Rule(
        table="reviews",
        whose=Whose.OF_ORDER,
        title="reviews",
        told=("author_name", "rating", "body", "state", "reply", "created_at"),
    ),
    Rule(
        table="letter_links",
        whose=Whose.ACCOUNT,
        title="linksInLetters",
        told=("purpose", "email", "created_at", "used_at"),
        secret=("token_hash",),
    ),
    Rule(
        table="guest_identities",
        whose=Whose.ACCOUNT,
        title="signInsElsewhere",
        told=("issuer", "subject", "email", "created_at", "used_at"),
    ),
    Rule(
        table="sessions",
        whose=Whose.SIGNED_IN,
        title="signIns",
        told=("address", "user_agent", "created_at", "last_seen_at"),
        secret=("token_hash",),
    ),
    Rule(
        table="orders",
        whose=Whose.ORDERED,
        title="orders",
        told=(
            "number",
            "day",
            "status",
            "order_type",
            "guest_name",
            "guest_email",
            "guest_phone",
            "address",
            "note",
            "cancel_reason",
            "payment_method",
            "currency",
            "total_minor",
            "tip_minor",
            "placed_at",
            "locale",
        ),
        secret=("name_key", "phone_key", "capability_hash"),
        kept=("explanation", "rounding_policy", "stock_taken", "table_name"),
        becomes={
            "customer_id": None,
            "guest_name": NOBODY,
            "guest_email": None,
            "guest_phone": None,
            "name_key": "",
            "phone_key": "",
            "address": None,
            "note": None,
            "cancel_reason": None,
            "locale": None,
        },
    ),
    Rule(
        table="order_lines",
        whose=Whose.OF_ORDER,
        title="dishesOrdered",
        told=("order_id", "name", "quantity", "total_minor", "options", "note"),
        kept=("allergens",),
        becomes={"note": None},
    ),
    Rule(
        table="order_history",
        whose=Whose.OF_ORDER,
        title="whatHappenedToOrders",
        told=("order_id", "happened_at", "after", "reason"),
        kept=("before",),
        becomes={"reason": None},
    ),
    Rule(
        table="order_history",
        whose=Whose.ACTED,
        secret=("actor", "actor_name"),
        becomes={"actor": "CUSTOMER", "actor_name": ""},
    ),
    Rule(
        table="payments",
        whose=Whose.OF_ORDER,
        title="payments",
        told=("order_id", "method", "state", "amount_minor", "currency", "failure", "review"),
        # The providers' names for money that moved: needed to give it back, and part of the books.
        kept=("provider_ref", "charge_ref"),
        becomes={"failure": None, "review": None},
    ),
    Rule(
        table="payment_returns",
        whose=Whose.OF_ORDER,
        title="moneyReturned",
        told=("order_id", "amount_minor", "currency", "state", "failure"),
        kept=("provider_ref",),
        becomes={"failure": None},
    ),
    Rule(
        table="refunds",
        whose=Whose.OF_ORDER,
        title="refunds",
        told=("order_id", "amount_minor", "currency", "reason", "made_at"),
        kept=("parts", "made_by", "made_by_name"),
        becomes={"reason": NOBODY},
    ),
    Rule(
        table="gift_card_entries",
        whose=Whose.OF_ORDER,
        title="giftCardsUsed",
        told=("kind", "amount_minor", "order_number", "reason", "actor_name", "happened_at"),
        becomes={"reason": None, "actor_name": ""},
    ),
    Rule(table="receipts", whose=Whose.OF_ORDER, kept=("seller",), becomes={}),
    Rule(table="handoffs", whose=Whose.OF_ORDER, kept=("job_id", "legs", "reason"), becomes={}),
    Rule(table="cancelled_tickets", whose=Whose.OF_ORDER, kept=("before",), becomes={}),
    Rule(
        table="coupon_uses",
        whose=Whose.OF_ORDER,
        title="couponsUsed",
        told=("order_id", "used_at", "given_back_at"),
        secret=("people",),
        becomes={"people": []},
    ),
    Rule(
        table="counted_orders",
        whose=Whose.OF_ORDER,
        secret=("guest",),
        kept=("day", "figures"),
        # The reports take the sign out of both as soon as they are told: until then it says
        # which days of nobody's the figures of new and returning guests have to lose.
        becomes={},
    ),
    Rule(
        table="reservations",
        whose=Whose.RESERVED,
        title="reservations",
        told=(
            "guest_name",
            "guest_email",
            "guest_phone",
            "party",
            "day",
            "starts_at",
            "ends_at",
            "status",
            "area",
            "note",
            "allergies",
            "house_note",
            "source",
            "created_at",
            "locale",
            "agreed",
        ),
        secret=("name_key", "phone_key", "capability_hash"),
        becomes={
            "customer_id": None,
            "guest_name": NOBODY,
            "guest_email": None,
            "guest_phone": None,
            "name_key": "",
            "phone_key": "",
            "area": None,
            "note": None,
            "allergies": None,
            "house_note": None,
            "locale": None,
        },
    ),
    Rule(
        table="reservation_history",
        whose=Whose.OF_RESERVATION,
        title="whatHappenedToReservations",
        told=("reservation_id", "happened_at", "what", "details"),
        becomes={"details": None},
    ),
    Rule(
        table="reservation_history",
        whose=Whose.ACTED,
        secret=("actor", "actor_name"),
        becomes={"actor": "CUSTOMER", "actor_name": ""},
    ),
    Rule(
        table="waiting_parties",
        whose=Whose.WAITED,
        title="waitingLists",
        told=(
            "guest_name",
            "guest_email",
            "guest_phone",
            "party",
            "day",
            "since_at",
            "until_at",
            "state",
            "joined_at",
            "locale",
        ),
        secret=("capability_hash",),
    ),
    Rule(table="guest_days", whose=Whose.VISITED, secret=("guest",), kept=("day",), becomes={}),
    Rule(table="coupon_people", whose=Whose.COUNTED, secret=("person",)),
    Rule(
        table="notices",
        whose=Whose.WRITTEN_TO,
        title="letters",
        told=("kind", "recipient", "locale", "state", "created_at", "settled_at", "error"),
        secret=("facts",),
    ),
    Rule(
        table="text_messages",
        whose=Whose.TEXTED,
        title="texts",
        told=("kind", "recipient", "locale", "state", "created_at", "settled_at", "body", "error"),
        secret=("facts", "key", "carrier_ref"),
    ),
    Rule(
        table="printouts",
        whose=Whose.TEXTED,
        title="dockets",
        told=("created_at", "body", "state", "settled_at"),
        secret=("key",),
    ),
    Rule(
        table="push_followers",
        whose=Whose.FOLLOWED,
        title="phonesThatAreTold",
        told=("way", "about", "about_id", "locale", "created_at"),
        secret=("endpoint", "public_key", "auth_secret"),
    ),
    Rule(
        table="audit_rows",
        whose=Whose.ABOUT,
        title="trail",
        told=("happened_at", "action", "entity", "before", "after"),
        secret=("address",),
        kept=("entity_id", "request_id"),
        becomes={"before": None, "after": None, "address": None},
    ),
    Rule(
        table="audit_rows",
        whose=Whose.ACTED,
        title="doneByYou",
        told=("happened_at", "action", "entity", "actor_name", "address"),
        secret=("actor_id",),
        becomes={"actor_id": None, "actor_name": "", "address": None},
    ),
    Rule(
        table="idempotency_keys",
        whose=Whose.MENTIONED,
        secret=("body_hash", "content", "key", "request_hash", "scope"),
        since="created_at",
        mentions="content",
    ),
    Rule(
        table="outbox",
        whose=Whose.MENTIONED,
        secret=("payload", "actor"),
        kept=("topic",),
        since="emitted_at",
        mentions="payload",
    ),
    Rule(
        table="live_log",
        whose=Whose.MENTIONED,
        secret=("body",),
        kept=("topic", "name"),
        since="at",
        mentions="body",
    ),
    Rule(
        table="rule_facts",
        whose=Whose.MENTIONED,
        secret=("facts",),
        kept=("topic",),
        since="happened_at",
        mentions="facts",
    ),
    Rule(
        table="rule_effects",
        whose=Whose.MENTIONED,
        secret=("recipient", "texts", "about", "error"),
        kept=("kind",),
        since="done_at",
        mentions="about",
    ),
)
"""Tables in which a guest can be. Erasure goes from the last to the first: accounts at the end."""
