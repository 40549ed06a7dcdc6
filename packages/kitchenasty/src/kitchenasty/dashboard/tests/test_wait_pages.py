"""The waiting list on the day's page: put on it, offered, taken, off it. 3 s."""

from __future__ import annotations

import httpx

from basis.kit.testing import HandClock
from kitchenasty import waitlist
from kitchenasty.availability.tests.builders import FRIDAY
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.waitlist.tests.builders import (
    cancel,
    fill,
    go_on,
    leave_the_table,
    open_evening,
    open_small_house,
    wait,
)

DAY = FRIDAY.isoformat()
TYPED = {"day": DAY, "party": "2", "name": "Tom Lang", "phone": "030 1"}


async def test_people_of_the_house_keep_the_waiting_list(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    house = await open_small_house(books, clock)
    await add_staff(books, "waiter@bistro.example", houses=(house.id,))
    await sign_in(client, "waiter@bistro.example")
    here = f"/admin/tables/{house.id}"
    early = await client.post(f"{here}/waiting", data=TYPED, headers=OWN)
    assert early.status_code == 409
    assert "there is a table at 17:00" in early.text
    taken = await fill(books, house)
    for name in ("Tom Lang", "Mia Ott"):
        put = await client.post(f"{here}/waiting", data=TYPED | {"name": name}, headers=OWN)
        assert put.status_code == 303
    shown = (await client.get(f"{here}?day={DAY}")).text
    assert shown.index("Tom Lang") < shown.index("Mia Ott")
    assert "They take it" not in shown
    await cancel(books, taken[2])
    await go_on(books)
    shown = (await client.get(f"{here}?day={DAY}")).text
    assert "Offered for" in shown
    async with books.reading() as look:
        tom, mia = await waitlist.list_waiting(look, house.id, FRIDAY)
    for one, answer, code in ((mia, "accept", 409), (tom, "accept", 303), (mia, "remove", 303)):
        done = await client.post(
            f"{here}/waiting/{one.id}", data={"answer": answer, "day": DAY}, headers=OWN
        )
        assert done.status_code == code, answer
    shown = (await client.get(f"{here}?day={DAY}")).text
    assert "Nobody waits for a table." in shown
    assert "Tom Lang, 20:00 to 21:30" in shown


async def test_people_of_the_house_tell_a_party_that_its_table_is_ready(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    house = await open_evening(books, clock)
    ada = await wait(books, house, "Ada")
    await leave_the_table(books, house)
    await add_staff(books, "waiter@bistro.example", houses=(house.id,))
    await sign_in(client, "waiter@bistro.example")
    here = f"/admin/tables/{house.id}"
    typed = {"answer": "ready", "day": FRIDAY.isoformat()}
    shown = (await client.get(f"{here}?day={FRIDAY}")).text
    assert 'value="ready"' in shown
    assert 'value="unready"' not in shown
    done = await client.post(f"{here}/waiting/{ada.id}", data=typed, headers=OWN)
    assert done.status_code == 303, done.text
    shown = (await client.get(f"{here}?day={FRIDAY}")).text
    assert "Told at 19:10, held until 19:25" in shown
    assert 'value="unready"' in shown
