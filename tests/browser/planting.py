"""Houses in which every text can be replaced by attacks: one house for some of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import update

from basis.clock import system_clock
from basis.ids import hash_capability, new_id
from basis.kit.data.engines import open_database
from basis.kit.data.statements import insert_into
from basis.kit.testing import SECRET_KEY
from basis.money import Money
from kitchenasty import (
    api_keys,
    checkout,
    content,
    gift_cards,
    guests,
    locations,
    loyalty,
    media,
    menu,
    notices,
    orders,
    payments,
    receipts,
    refunds,
    reviews,
    settings,
    staff,
    texting,
    till,
    webhooks,
)
from kitchenasty.automation.tests.builders import add_rule_that_acted
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.consent.tests.builders import ask_about_cookies
from kitchenasty.kit.books import UnitOfWork, open_books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role, Scope
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.kit.tables import every_table
from kitchenasty.locations import BusyMode
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import SIZE, add_category, add_dish
from kitchenasty.openid.rules import Identity
from kitchenasty.openid.service import link
from kitchenasty.orders.outward import TOPICS
from kitchenasty.promotions.tests.builders import add_coupon, add_happy_hour
from kitchenasty.reports.counting import count_orders
from kitchenasty.storefront.models import CartRow
from kitchenasty.texting.models import TextRow
from kitchenasty.webhooks.deliveries import row_of
from kitchenasty.webhooks.queries import NOTE_TRY, QUEUE
from kitchenasty.wordings.models import WordingRow
from tests.browser.batch import DAY, Batch
from tests.browser.overwriting import write_into
from tests.browser.planting_couriers import know_a_market
from tests.browser.planting_printers import put_up_a_printer
from tests.browser.planting_tables import seat_somebody

TAX = locations.TaxRate(tax="VAT", category="standard", millionths=100_000)
LOOKS = {
    "name_given": "Rye",
    "title_given": "Supper",
    "hero": content.Hero(title="Warm plates", first=content.Button("Go", "/locations")),
    "features": (content.Feature("leaf", "Green"),),
    "call": content.Call(title="Hungry?"),
}
PUT_INTO_CART = insert_into(CartRow)
OF_HOUSE = (
    "handoff_terms",
    "printers",
    "categories",
    "dishes",
    "mealtimes",
    "carts",
    "coupons",
    "promotions",
    "orders",
    "delivery_zones",
    "opening_exceptions",
    "tables",
    "tax_rates",
    "cash_counts",
    "figures",
    "month_figures",
    "receipts",
    "refunds",
    "reservations",
    "reviews",
    "table_blocks",
    "waiting_parties",
)
"""Tables whose rows name their house."""
OF_PARTY = ("reservation_history", "deposit_payments", "deposit_returns")


async def furnish(folder: Path, texts: list[str]) -> list[Batch]:
    """A house for each text, and the text in every field of it."""
    url = f"sqlite:///{folder}/kitchenasty.db"
    await SCHEMA.migrate(url)
    database = open_database(url)
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY).writing() as uow:
        batches = [await furnish_house(uow, number, words) for number, words in enumerate(texts)]
        await content.change_site(uow, LOOKS)
        shown = await show_something(uow)
    await database.stop()
    with closing(sqlite3.connect(folder / "kitchenasty.db")) as file, file:
        for batch in batches:
            fill(file, batch)
        for table, key in shown.items():
            write_into(file, every_table()[table], key, texts[0])
        file.execute("UPDATE menu_version SET version = version + 1")
        file.execute("UPDATE locations SET version = version + 1")
    return batches


async def show_something(uow: UnitOfWork) -> dict[str, dict[str, str]]:
    """What all houses share on the website; answers the key of each row by its table."""
    upload = media.Upload(f"/uploads/{'0' * 32}.webp", "room.jpg", 1, Path(__file__))
    asset = await media.shelve(uow, upload, alt="Our room")
    image = await content.add_image(uow, content.ImageDraft(url=asset.path, alt="Our room"))
    allergen = await menu.add_allergen(uow, "Coriander")
    for words in ("First", "Second"):
        law = await content.write_legal_page(uow, "terms", title="Terms", content=words)
    return {
        **await ask_about_cookies(uow),
        "site": {"id": "default"},
        "media_assets": {"id": asset.id},
        "gallery_images": {"id": image.id},
        "allergens": {"id": allergen.id},
        "legal_pages": {"id": law.id},
        "legal_versions": {"page_id": law.id},
    }


async def furnish_house(uow: UnitOfWork, number: int, words: str) -> Batch:
    """A house, its menu, two orders, a guest and one of the staff, all of them harmless yet."""
    house = await add_house(uow, slug=f"house-{number}", busy_mode=BusyMode.SLOWER)
    await set_terms(uow, house)
    slug = f"dish-{number}"
    category_id, mealtime_id, dish_id, group = await add_menu(uow, house, slug)
    line = checkout.CartLine(dish_id, 1, ((group.choices[0].id, 1),), "note")
    coupon = await add_coupon(uow, code=f"CODE{number}", house_id=house.id)
    draft = draft_of(house.id, line, coupon_code=coupon.code)
    placed = [await checkout.place_order(uow, draft) for _ in range(2)]
    await orders.move_order(uow, placed[1].id, orders.OrderStatus.CANCELLED, reason="a reason")
    await receipts.issue(uow, house_id=house.id, order_id=placed[0].id)
    await collect(uow, house, placed[0].id)
    await have_reviewed(uow, placed[0])
    wish = refunds.Wish(units={}, amount_minor=1)
    refund = await refunds.refund(uow, placed[0].order, wish, reason="a reason")
    visitor = f"visitor-{number}"
    await put_into_cart(uow, visitor, house.id, dish_id, group.choices[0].id)
    member_id, staff_cookie = await add_owner(uow, number)
    invitation = await invite(uow, number)
    customer_id, guest_cookie = await add_guest(uow, number)
    await loyalty.adjust(uow, customer_id, 100, reason="a present")
    notice_id = await notices.send_notice(
        uow, "note", recipient="a@b.example", facts={}, useful_for=timedelta(days=1)
    )
    await add_happy_hour(uow, house_id=house.id)
    issued = await gift_cards.issue(uow, Money(500, "EUR"), note="a raffle")
    await gift_cards.void(uow, issued.card.id, reason="lost")
    await put_up_a_printer(uow, house)
    await know_a_market(uow, house)
    return Batch(
        words, house.slug, house.id, category_id, dish_id, slug, group.id, mealtime_id,
        tuple(placed), refund.id, await seat_somebody(uow, house),
        visitor, member_id, invitation.id, customer_id, notice_id, issued.card.id,
        *await add_rule_that_acted(uow), staff_cookie, guest_cookie,
        await text_somebody(uow, number),
    )  # fmt: skip


async def text_somebody(uow: UnitOfWork, number: int) -> str:
    """A text that was only written down, as a house may wish."""
    await settings.change(uow, texting.TEXTING, {"carrier": "shown"})
    draft = texting.TextDraft(
        kind="note",
        key=f"planted {number}",
        phone="+4930901820",
        country="DE",
        facts={},
        useful_for=timedelta(days=1),
    )
    text_id = str(await texting.send_text(uow, draft))
    # Else the server writes and settles it while the attacks are looked for.
    await uow.session.execute(
        update(TextRow)
        .where(TextRow.id == text_id)
        .values(state=texting.TextState.SHOWN, settled_at=uow.now)
    )
    await word_letters(uow, text_id, number)
    return text_id


async def word_letters(uow: UnitOfWork, wording_id: str, number: int) -> None:
    """What letters of one kind say, as one of the staff once wrote it."""
    row = WordingRow(
        id=wording_id,
        pattern="account.known",
        locale="en_GB",
        number=number + 1,
        subject="Hello",
        body="{{ letter.button }}",
        written_at=uow.now,
        written_by="Rosa",
    )
    uow.session.add(row)


async def add_menu(
    uow: UnitOfWork, house: locations.House, slug: str
) -> tuple[str, str, str, menu.OptionGroup]:
    """A category, a mealtime and two dishes, of which the first has options."""
    category_id = await add_category(uow, house_id=house.id)
    never = menu.MealtimeDraft(name="Never", starts=0, ends=1, days=(0,), house_id=house.id)
    mealtime_id = await menu.add_mealtime(uow, never)
    here = {"category_id": category_id, "house_id": house.id}
    dish_id = await add_dish(uow, slug=slug, options=(SIZE,), marks=("vegan",), **here)
    await add_dish(uow, mealtime_ids=(mealtime_id,), **here)
    group = (await menu.load_menu(uow, house.id)).dishes[dish_id].options[0]
    return category_id, mealtime_id, dish_id, group


async def collect(uow: UnitOfWork, house: locations.House, order_id: str) -> None:
    """It is paid and counted, and so is the drawer."""
    await payments.collect_cash(uow, order_id)
    await count_orders(uow, [order_id])
    empty = till.Drawer(pieces={})
    await till.close_day(uow, house, DAY, empty, reason="a reason", seen_number=0)


async def invite(uow: UnitOfWork, number: int) -> staff.Invitation:
    draft = staff.InvitationDraft(email=f"i{number}@house.example", name="Neo")
    return await staff.invite(uow, draft)


async def have_reviewed(uow: UnitOfWork, placed: checkout.AcceptedOrder) -> None:
    """Handed over, reviewed, shown and answered."""
    for status in orders.FORWARD[orders.OrderType.PICKUP][1:]:
        await orders.move_order(uow, placed.id, status)
    about = reviews.Draft(rating=4, body="Good.", order_id=placed.id, capability=placed.capability)
    review = await reviews.submit(uow, about)
    await reviews.decide(uow, review.id, reviews.ReviewState.APPROVED)
    await reviews.answer(uow, review.id, "Thank you.")


async def set_terms(uow: UnitOfWork, house: locations.House) -> None:
    """Its taxes, charges and zones, and what is special today."""
    await locations.set_taxes(
        uow, house.id, [TAX], prices_include_tax=True, rounding_policy=house.rounding_policy
    )
    service = locations.ServiceTerms(name="Service", millionths=100_000)
    await locations.set_charges(uow, house.id, locations.Charges(service=service))
    await locations.add_zone(uow, house.id, locations.ZoneDraft(name="Near", codes="10119"))
    await locations.add_tables(uow, house.id, [locations.TableDraft(name="1", seats=4)])
    today = uow.now.astimezone(ZoneInfo(house.zone)).date()
    await locations.set_exception(uow, house.id, today, [("00:00", "24:00")], note="note")


async def put_into_cart(
    uow: UnitOfWork, visitor: str, house_id: str, dish_id: str, size: str
) -> None:
    line = {
        "id": new_id(), "dish_id": dish_id, "quantity": 1, "options": [[size, 1]],
        "note": "note", "shown_minor": 1, "name": "Soup",
    }  # fmt: skip
    await uow.run(
        PUT_INTO_CART,
        id=new_id(),
        visitor_hash=hash_capability(visitor),
        house_id=house_id,
        lines=[line],
        expires_at=uow.now + timedelta(days=1),
    )


async def add_owner(uow: UnitOfWork, number: int) -> tuple[str, str]:
    newcomer = staff.NewMember(email=f"s{number}@house.example", name="Rosa", role=Role.SUPER_ADMIN)
    member = await staff.add_member(uow, newcomer, password_hash="none")
    scopes = frozenset({Scope.MENU_READ})
    key = api_keys.KeyDraft(id=member.id, name=f"house-{number}", scopes=scopes)
    await api_keys.create_key(uow, key)
    await told_elsewhere(uow, member.id)
    cookie = await open_session(
        uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=member.id
    )
    return member.id, cookie


async def told_elsewhere(uow: UnitOfWork, member_id: str) -> None:
    """A webhook, a delivery and a try of it, all under the id of an owner."""
    topics = webhooks.Vocabulary(TOPICS)
    draft = webhooks.EndpointDraft(
        id=member_id, url="https://shop.example/", topics=tuple(topics), description="Till"
    )
    await webhooks.create_endpoint(uow, draft, topics)
    row = row_of(uow, member_id, member_id, "order.placed", "{}")
    await uow.run(QUEUE, **row | {"id": member_id})
    await uow.run(
        NOTE_TRY,
        id=member_id,
        delivery_id=member_id,
        tried_at=uow.now,
        status=500,
        trouble=None,
        duration_ms=1,
        answer="no",
    )


async def add_guest(uow: UnitOfWork, number: int) -> tuple[str, str]:
    newcomer = guests.NewGuest(email=f"g{number}@home.example", name="Tom", phone="1")
    guest = await guests.register_guest(uow, newcomer, password_hash="none")
    home = guests.AddressDraft(
        label="Home", line1="Long Lane 1", line2="Back yard", city="Berlin", postal_code="10117"
    )
    await guests.add_address(uow, guest.id, home)
    await guests.keep_allergies(uow, guest.id, "nuts")
    await guests.write_note(uow, guest.id, "Sits by the window.")
    await guests.add_tag(uow, guest.id, "regular")
    who = Identity(
        "https://login.example", guest.id, email=guest.email, is_email_verified=False, name="Anna"
    )
    await link(uow, guest.id, who)
    cookie = await open_session(
        uow, kind=SessionKind.PAGE, subject_kind=Kind.CUSTOMER, subject_id=guest.id
    )
    return guest.id, cookie


def fill(file: sqlite3.Connection, batch: Batch) -> None:
    """Plant the words in every row of this house."""
    house = {"house_id": batch.house_id}
    keys: dict[str, list[dict[str, str]]] = {
        "locations": [{"id": batch.house_id}],
        **{name: [house] for name in OF_HOUSE},
        "printouts": [{"printer_id": batch.house_id}],
        "sessions": [{"subject_id": batch.member_id}],
        "staff_members": [{"id": batch.member_id}],
        "api_keys": [{"id": batch.member_id}],
        "webhook_endpoints": [{"id": batch.member_id}],
        "webhook_deliveries": [{"id": batch.member_id}],
        "webhook_tries": [{"id": batch.member_id}],
        "staff_invitations": [{"id": batch.invitation_id}],
        "customers": [{"id": batch.customer_id}],
        "addresses": [{"customer_id": batch.customer_id}],
        "guest_identities": [{"customer_id": batch.customer_id}],
        "guest_notes": [{"customer_id": batch.customer_id}],
        "guest_tags": [{"customer_id": batch.customer_id}],
        "point_entries": [{"customer_id": batch.customer_id}],
        "notices": [{"id": batch.notice_id}],
        "text_messages": [{"id": batch.text_id}],
        "wordings": [{"id": batch.text_id}],
        **{name: [{"reservation_id": batch.party_id}] for name in OF_PARTY},
        "gift_cards": [{"id": batch.card_id}],
        "gift_card_entries": [{"card_id": batch.card_id}],
        "rules": [{"id": batch.rule_id}],
        "rule_versions": [{"rule_id": batch.rule_id}],
        "rule_facts": [{"event_id": batch.event_id}],
        "rule_effects": [{"event_id": batch.event_id}],
    }
    for order in batch.orders:
        for name in ("order_lines", "order_history", "payments", "payment_returns"):
            keys.setdefault(name, []).append({"order_id": order.id})
    groups = groups_of(file, ids_of(file, "dishes", keys["dishes"]))
    keys["option_groups"] = [{"id": one} for one in groups]
    keys["option_values"] = [{"group_id": one} for one in groups]
    for name, found in keys.items():
        for key in found:
            write_into(file, every_table()[name], key, batch.words)


def groups_of(file: sqlite3.Connection, dish_ids: list[str]) -> list[str]:
    return [
        row[0]
        for dish_id in dish_ids
        for row in file.execute("SELECT group_id FROM dish_options WHERE dish_id = ?", (dish_id,))
    ]


def ids_of(file: sqlite3.Connection, table: str, keys: list[dict[str, str]]) -> list[str]:
    return [
        row[0]
        for key in keys
        for name, value in key.items()
        for row in file.execute(f"SELECT id FROM {table} WHERE {name} = ?", (value,))  # noqa: S608
    ]
