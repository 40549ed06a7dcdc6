"""A guest who has left traces everywhere: `mark` is in every text they typed or were named by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import httpx
from sqlalchemy import insert

from basis.ids import new_id
from basis.kit.data.statements import Statement
from basis.kit.limits import Limits
from basis.money import Money
from kitchenasty import (
    accounts,
    adverts,
    audit,
    availability,
    checkout,
    consent,
    gift_cards,
    guests,
    locations,
    loyalty,
    notices,
    orders,
    payments,
    push,
    refunds,
    reservations,
    reviews,
    settings,
    texting,
    waitlist,
)
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.principals import ANONYMOUS, Kind, Principal
from kitchenasty.kit.tables import every_table
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.promotions.tests.builders import add_coupon

PASSWORD = "seven green kettles"
WAY = (
    orders.OrderStatus.CONFIRMED,
    orders.OrderStatus.PREPARING,
    orders.OrderStatus.READY,
    orders.OrderStatus.PICKED_UP,
)


@dataclass(frozen=True, slots=True)
class Traced:
    """A guest and what opens their doors."""

    mark: str
    guest: guests.Guest
    token: str
    order_ids: tuple[str, ...]

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


async def leave_traces(
    books: Books, client: httpx.AsyncClient, house: locations.House, mark: str
) -> Traced:
    """Everything a guest can do, done once, and everything the house can do with a guest."""
    guest, token = await open_account(books, mark)
    bearer = {"authorization": f"Bearer {token}"}
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
        coupon = await add_coupon(uow, code=new_id()[-12:].upper())
        card = await gift_cards.issue(uow, Money(300, house.currency), note="a raffle")
        await remark(uow, guest, mark)
    body = {
        "locationId": house.id,
        "orderType": "PICKUP",
        "guestName": f"{mark} name",
        "guestPhone": f"+49 30 5550 {mark}",
        "comment": f"{mark} note",
        "items": [{"menuItemId": dish_id, "quantity": 2, "comment": f"{mark} line"}],
        "couponCode": coupon.code,
        "giftCardCode": card.code,
    }
    sent = bearer | {"idempotency-key": new_id(), "user-agent": f"{mark} browser"}
    answer = await client.post("/api/orders", json=body, headers=sent)
    assert answer.status_code == 201, answer.text
    order_id = str(answer.json()["data"]["id"])
    cancelled = await place_and_cancel(books, house, dish_id, guest, mark)
    unclaimed = await place_without_account(books, house, dish_id, guest, mark)
    for one in (order_id, unclaimed):
        await hand_over(books, one)
    await give_back(books, order_id, mark)
    await review(books, guest, order_id, unclaimed, mark)
    await agree(books, guest)
    await reserve_and_cancel(books, house, guest, mark)
    return Traced(mark, guest, token, (order_id, cancelled, unclaimed))


async def open_account(books: Books, mark: str) -> tuple[guests.Guest, str]:
    entrance = Entrance.of(
        books, secret=b"s" * 32, limits=Limits(enabled=False), passwords=Passwords(memory_kib=64)
    )
    visit = Visit(door=SessionKind.API, address=f"{mark} addr", user_agent=f"{mark} phone")
    newcomer = guests.NewGuest(email=f"{mark}@guest.example", name=f"{mark} account", phone=mark)
    guest, signed_in = await accounts.register_guest(entrance, visit, newcomer, PASSWORD)
    async with books.writing(Principal(kind=Kind.CUSTOMER, id=guest.id, name=guest.name)) as uow:
        guest = await guests.confirm_address(uow, guest.id)
    return guest, signed_in.token


async def remark(uow: UnitOfWork, guest: guests.Guest, mark: str) -> None:
    home = guests.AddressDraft(
        label=f"{mark} home", line1=f"{mark} lane", line2=mark, city=mark, postal_code="10117"
    )
    await guests.add_address(uow, guest.id, home)
    await push.follow_account(uow, f"ExponentPushToken[{mark}]", guest.id)
    await guests.keep_allergies(uow, guest.id, f"{mark} nuts")
    await guests.write_note(uow, guest.id, f"{mark} sits by the window")
    await guests.add_tag(uow, guest.id, f"{mark} regular")
    await loyalty.adjust(uow, guest.id, 100, reason=f"{mark} present")
    elsewhere = {
        "id": new_id(),
        "customer_id": guest.id,
        "issuer": "https://elsewhere.example",
        "subject": f"{mark} elsewhere",
        "email": guest.email,
        "created_at": uow.now,
        "used_at": uow.now,
    }
    identities = every_table()["guest_identities"]
    await uow.run(Statement(insert(identities).values(elsewhere)))
    await notices.send_notice(
        uow,
        "note",
        recipient=guest.email,
        facts={"name": mark},
        useful_for=timedelta(days=1),
    )


async def place_and_cancel(
    books: Books, house: locations.House, dish_id: str, guest: guests.Guest, mark: str
) -> str:
    customer = Principal(kind=Kind.CUSTOMER, id=guest.id, name=guest.name)
    line = checkout.CartLine(dish_id=dish_id, quantity=1)
    contact = orders.Contact(name=f"{mark} again", email=guest.email, phone=mark)
    async with books.writing(customer) as uow:
        draft = draft_of(house.id, line, customer_id=guest.id, contact=contact)
        placed = await checkout.place_order(uow, draft)
        await text_about(uow, placed.id)
    async with books.writing(customer) as uow:
        await orders.move_order(
            uow, placed.id, orders.OrderStatus.CANCELLED, reason=f"{mark} changed plans"
        )
    return placed.id


async def text_about(uow: UnitOfWork, order_id: str) -> None:
    await settings.change(uow, texting.TEXTING, {"carrier": "shown"})
    draft = texting.TextDraft(
        kind="note",
        key=order_id,
        phone="+4930901820",
        country="DE",
        facts={},
        useful_for=timedelta(days=1),
        about_id=order_id,
    )
    await texting.send_text(uow, draft)


async def place_without_account(
    books: Books, house: locations.House, dish_id: str, guest: guests.Guest, mark: str
) -> str:
    """From another phone, signed out, with the same address."""
    line = checkout.CartLine(dish_id=dish_id, quantity=1)
    contact = orders.Contact(name=f"{mark} stranger", email=guest.email, phone=None)
    address = {"line1": mark, "line2": None, "city": mark, "postalCode": "10119"}
    async with books.writing() as uow:
        draft = draft_of(house.id, line, contact=contact, address=address)
        return (await checkout.place_order(uow, draft)).id


async def reserve_and_cancel(
    books: Books, house: locations.House, guest: guests.Guest, mark: str
) -> None:
    """One table with the account and one without, both with the same address."""
    async with books.writing() as uow:
        drafts = [locations.TableDraft(name=new_id()[-12:], seats=2) for _ in range(2)]
        await locations.add_tables(uow, house.id, drafts)
    customer = Principal(kind=Kind.CUSTOMER, id=guest.id, name=f"{mark} actor")
    for actor, customer_id in ((customer, guest.id), (ANONYMOUS, None)):
        async with books.reading(actor) as look:
            day = look.now.date() + timedelta(days=1)
            wish = availability.Wish(house_id=house.id, day=day, shown="19:00", party=2)
            plan = await availability.plan(look, wish)
        who = reservations.Guest(
            name=f"{mark} party",
            email=guest.email,
            phone=f"+49 {mark}",
            note=f"{mark} by the window",
            allergies=f"{mark} nuts",
            customer_id=customer_id,
        )
        async with books.writing(actor) as uow:
            booked = await reservations.book(uow, plan, who, source=reservations.Source.GUEST)
        async with books.writing(actor) as uow:
            await reservations.cancel(uow, booked.reservation, reason=f"{mark} changed plans")
        async with books.writing(actor) as uow:
            # More than any table has seats: others are told that there is a table.
            asked = waitlist.Asked(house_id=house.id, day=day, party=9)
            await waitlist.join(uow, asked, who)


async def hand_over(books: Books, order_id: str) -> None:
    for status in WAY:
        async with books.writing() as uow:
            await orders.move_order(uow, order_id, status)


async def review(
    books: Books, guest: guests.Guest, order_id: str, unclaimed: str, mark: str
) -> None:
    """As a customer, and as whoever has the link of an order."""
    customer = Principal(kind=Kind.CUSTOMER, id=guest.id, name=guest.name)
    async with books.writing(customer) as uow:
        draft = reviews.Draft(rating=4, body=f"{mark} liked it", order_id=order_id)
        written = await reviews.submit(uow, draft)
    async with books.writing(ANONYMOUS) as uow:
        link = orders.capability_of(uow.secret, unclaimed)
        draft = reviews.Draft(rating=2, body=f"{mark} waited", order_id=unclaimed, capability=link)
        await reviews.submit(uow, draft)
    async with books.writing() as uow:
        await reviews.answer(uow, written.id, f"Thank you, {mark}.")


async def agree(books: Books, guest: guests.Guest) -> None:
    """To some cookies, signed in; to advertising, with the account and without."""
    way, place = adverts.Way.MAIL, adverts.Place.CHECKOUT
    for customer_id in (guest.id, None):
        spoken = adverts.Spoken(
            way=way,
            recipient=guest.email,
            wording="Write to me",
            place=place,
            customer_id=customer_id,
            is_theirs=True,
        )
        async with books.writing() as uow:
            await adverts.agree(uow, spoken)
    async with books.writing(Principal(kind=Kind.CUSTOMER, id=guest.id, name=guest.name)) as uow:
        draft = consent.CategoryDraft(name=new_id(), label="Counting", description="How many.")
        category = await consent.add_category(uow, draft)
        await consent.answer_some(uow, {category.id: True})


async def give_back(books: Books, order_id: str, mark: str) -> None:
    async with books.writing() as uow:
        await payments.collect_cash(uow, order_id)
        order = await orders.load_order(uow, order_id)
        wish = refunds.Wish(units={}, amount_minor=1)
        await refunds.refund(uow, order, wish, reason=f"{mark} found it cold")
        after = {"reason": f"{mark} found it cold"}
        await audit.record(uow, action="look", entity="Order", entity_id=order_id, after=after)
