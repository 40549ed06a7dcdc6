"""O5: a docket never gets lost, and the second one says that it is one."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from basis.kit.limits import Network, parse_networks
from basis.kit.testing import HandClock
from kitchenasty import locations, printing
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.printing.escpos import REPRINT
from kitchenasty.printing.sending import print_next
from kitchenasty.printing.states import LEASE, PATIENCE, PrintoutState, Trouble
from kitchenasty.printing.tests.printers import Device, device

HERE = parse_networks(["127.0.0.0/8"])
TROUBLES = 200


@pytest.fixture
async def paper() -> AsyncIterator[Device]:
    async with device() as made:
        yield made


@pytest.fixture
async def house(books: Books) -> locations.House:
    async with books.writing() as uow:
        return await add_house(uow)


async def set_up(
    books: Books, house: locations.House, paper: Device, *, answers: bool = True
) -> str:
    draft = printing.PrinterDraft(
        name="Pass", address="127.0.0.1", port=paper.port, answers=answers
    )
    async with books.writing() as uow:
        return await printing.add_printer(uow, house.id, draft)


async def order(books: Books, house: locations.House, body: str) -> None:
    async with books.writing() as uow:
        await printing.print_text(uow, house.id, body, key=body)


async def serve(books: Books, printer_id: str, networks: tuple[Network, ...] = HERE) -> None:
    while await print_next(books, networks, printer_id):
        pass


async def stands(books: Books, house: locations.House, printer_id: str) -> printing.Printer:
    async with books.reading() as look:
        return await printing.load_printer(look, house.id, printer_id)


async def states(books: Books, printer_id: str) -> list[PrintoutState]:
    async with books.reading() as look:
        return [one.state for one in await printing.list_printouts(look, printer_id)]


@pytest.mark.parametrize("answers", [True, False])
async def test_dockets_come_out_in_their_order_and_once(
    books: Books, house: locations.House, paper: Device, *, answers: bool
) -> None:
    paper.is_mute = not answers
    printer_id = await set_up(books, house, paper, answers=answers)
    for number in range(5):
        await order(books, house, f"Order {number}\n2 x Käsespätzle 9,80 €")
    await serve(books, printer_id)
    assert [docket.splitlines()[0] for docket in paper.dockets] == [
        f"Order {number}" for number in range(5)
    ]
    assert "2 x Käsespätzle 9,80 €" in paper.dockets[0]
    assert not any(REPRINT in docket for docket in paper.dockets)
    assert await states(books, printer_id) == [PrintoutState.PRINTED] * 5


async def test_the_same_thing_is_printed_once_however_often_it_is_asked_for(
    books: Books, house: locations.House, paper: Device
) -> None:
    printer_id = await set_up(books, house, paper)
    for _ in range(3):
        await order(books, house, "Order 1")
    await serve(books, printer_id)
    assert len(paper.dockets) == 1


@pytest.mark.parametrize(
    ("broken", "trouble"), [("has_paper", Trouble.PAPER), ("is_closed", Trouble.COVER)]
)
async def test_a_printer_that_cannot_print_is_asked_first_and_nothing_is_wasted(
    books: Books,
    house: locations.House,
    paper: Device,
    clock: HandClock,
    broken: str,
    trouble: Trouble,
) -> None:
    printer_id = await set_up(books, house, paper)
    setattr(paper, broken, False)
    await order(books, house, "Order 1")
    await serve(books, printer_id)
    found = await stands(books, house, printer_id)
    assert (found.trouble, found.trouble_since) == (trouble, clock.now)
    setattr(paper, broken, True)
    clock.advance(minutes=2)
    await serve(books, printer_id)
    assert len(paper.dockets) == 1
    assert REPRINT not in paper.dockets[0]
    assert (await stands(books, house, printer_id)).trouble is None


async def test_what_is_cut_off_in_the_middle_comes_again_and_says_so(
    books: Books, house: locations.House, paper: Device, clock: HandClock
) -> None:
    printer_id = await set_up(books, house, paper)
    paper.breaks_after = 30
    await order(books, house, "Order 1, with enough words to be cut off in the middle of them")
    await serve(books, printer_id)
    clock.advance(minutes=2)
    await serve(books, printer_id)
    assert [REPRINT in docket for docket in paper.dockets] == [True]


async def test_a_process_that_died_while_printing_leaves_a_docket_that_says_reprint(
    books: Books, house: locations.House, paper: Device, clock: HandClock
) -> None:
    printer_id = await set_up(books, house, paper)
    await order(books, house, "Order 1")
    async with books.writing() as uow:
        from kitchenasty.printing.sending import claim  # noqa: PLC0415  # as the dead process did

        assert await claim(uow, printer_id) is not None
    await serve(books, printer_id)
    assert paper.dockets == [], "somebody may still be printing it"
    clock.now += LEASE + timedelta(seconds=1)
    await serve(books, printer_id)
    assert [REPRINT in docket for docket in paper.dockets] == [True]


async def test_whatever_goes_wrong_each_docket_comes_and_twins_are_marked(
    books: Books, house: locations.House, paper: Device, clock: HandClock
) -> None:
    """Off, out of paper, open, or without power after any number of bytes, two hundred times."""
    chance = random.Random(5)
    printer_id = await set_up(books, house, paper)
    for number in range(TROUBLES):
        body = f"Order {number}\n" + "x" * chance.randint(0, 60)
        await order(books, house, body)
        match chance.choice(("paper", "open", "power", "power", "well")):
            case "paper":
                paper.has_paper = False
            case "open":
                paper.is_closed = False
            case "power":
                paper.breaks_after = chance.randint(0, 140)
            case _:
                pass
        await serve(books, printer_id)
        paper.has_paper = paper.is_closed = True
        clock.advance(minutes=2)
        await serve(books, printer_id)
    paper.breaks_after = None
    for _ in range(3):
        clock.advance(minutes=2)
        await serve(books, printer_id)
    twins = 0
    for number in range(TROUBLES):
        mine = [one for one in paper.dockets if f"Order {number}\n" in one]
        assert mine, f"order {number} was lost"
        twins += len(mine) - 1
        assert sum(REPRINT not in one for one in mine) <= 1
        assert all(REPRINT in one for one in mine[1:])
    marked = sum(REPRINT in docket for docket in paper.dockets)
    print(f"O5: {TROUBLES} dockets, 0 lost, {twins} came twice, {marked} marked as such")
    assert twins, "a run in which nothing comes twice shows less"


async def test_the_oldest_waits_for_nobody_and_is_given_up_in_the_end(
    books: Books, house: locations.House, paper: Device, clock: HandClock
) -> None:
    printer_id = await set_up(books, house, paper)
    paper.has_paper = False
    await order(books, house, "Order 1")
    clock.now += PATIENCE
    await serve(books, printer_id)
    assert await states(books, printer_id) == [PrintoutState.GIVEN_UP]
    paper.has_paper = True
    async with books.writing() as uow:
        (printout,) = await printing.list_printouts(uow, printer_id)
        await printing.print_again(uow, house.id, printer_id, printout.id)
        with pytest.raises(printing.StillWaiting):
            await printing.print_again(uow, house.id, printer_id, printout.id)
    await serve(books, printer_id)
    assert [REPRINT in docket for docket in paper.dockets] == [True]


async def test_nobody_is_called_in_a_network_that_was_not_named(
    books: Books, house: locations.House, paper: Device
) -> None:
    printer_id = await set_up(books, house, paper)
    await order(books, house, "Order 1")
    await serve(books, printer_id, parse_networks(["10.0.0.0/8"]))
    assert (await stands(books, house, printer_id)).trouble is Trouble.FORBIDDEN
    assert paper.commands == set()


async def test_a_printer_that_is_off_holds_nobody_up(
    books: Books, house: locations.House, paper: Device
) -> None:
    async with device() as gone:
        port = gone.port
    async with books.writing() as uow:
        off = printing.PrinterDraft(name="Bar", address="127.0.0.1", port=port)
        await printing.add_printer(uow, house.id, off)
    await set_up(books, house, paper)
    await order(books, house, "Order 1")
    room = printing.PrintRoom(books, HERE)
    await room.run_due()
    assert len(paper.dockets) == 1
    async with books.reading() as look:
        found = {one.name: one.trouble for one in await printing.list_printers(look, house.id)}
    assert found == {"Bar": Trouble.AWAY, "Pass": None}


async def test_two_processes_print_each_docket_once(
    books: Books, house: locations.House, paper: Device
) -> None:
    printer_id = await set_up(books, house, paper)
    for number in range(20):
        await order(books, house, f"Order {number}")
    rooms = [printing.PrintRoom(books, HERE) for _ in range(4)]
    for _ in range(20):
        for room in rooms:
            await room.begin_due()
        for room in rooms:
            await room.run_due()
    assert sorted(paper.dockets) == sorted(f"Order {number}\n" for number in range(20))
    assert await states(books, printer_id) == [PrintoutState.PRINTED] * 20


async def test_a_house_without_a_printer_says_so(books: Books, house: locations.House) -> None:
    async with books.writing() as uow:
        with pytest.raises(printing.NoPrinter):
            await printing.print_text(uow, house.id, "Order 1", key="1")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""}, {"name": "x" * 61}, {"address": ""}, {"address": "http://a"},
        {"address": "a b"}, {"address": "a\nb"}, {"address": "ä"}, {"address": "x" * 254},
        {"port": 0}, {"port": 65_536}, {"width": 41},
    ],
)  # fmt: skip
async def test_refuses_what_is_no_printer(
    books: Books, house: locations.House, changes: dict[str, object]
) -> None:
    given: dict[str, object] = {"name": "Pass", "address": "10.0.0.5"}
    draft = printing.PrinterDraft(**(given | changes))  # type: ignore[arg-type]  # on purpose
    async with books.writing() as uow:
        with pytest.raises(printing.PrinterRefused):
            await printing.add_printer(uow, house.id, draft)
