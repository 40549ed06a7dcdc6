"""P4: the numbers of cards never get here, whoever types them wherever."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

import kitchenasty
from basis.kit.data.statements import Statement
from basis.kit.texts import one_line, paragraphs
from kitchenasty.kit.tables import every_table
from kitchenasty.tests.scene import Scene

# The published test numbers of the providers.
CARDS = (
    "4242424242424242", "4000056655665556", "4111111111111111", "4012888888881881",
    "4000000000000002", "5555555555554444", "5105105105105100", "5200828282828210",
    "2223003122003222", "2223016768739313", "378282246310005", "371449635398431",
    "6011111111111117", "6011000990139424", "30569309025904", "36227206271667",
    "3566002020360505", "3530111333300000", "6200000000000005", "6205500000000000004",
)  # fmt: skip
NO_CARDS = (
    "+49 30 123456789012", "4915112345678", "DE89 3704 0044 0532 0130 00", "4242424242424241",
    "1904 3002 3457 3201", "order 2026112116350042", "pk_test_4242424242424242", "12.90",
    "42424242424242424242",
)  # fmt: skip
FIELD = re.compile(r"cc-(?:number|csc|exp)|card.?number|name=.?(?:cvc|cvv|pan)\b", re.IGNORECASE)
FOREIGN = re.compile(r"<(?:script|iframe)[^>]*\bsrc=.?(?:https?:)?//", re.IGNORECASE)


def spelt(card: str) -> tuple[str, ...]:
    groups = [card[start : start + 4] for start in range(0, len(card), 4)]
    return (
        card,
        " ".join(groups),
        "-".join(groups),
        f"card:{card}, please",
        f"({card})\tthanks",
        f"{card} 12/30 123",
    )


@pytest.mark.parametrize("card", CARDS)
def test_the_number_of_a_card_is_not_kept_however_it_is_spelt(card: str) -> None:
    for text in spelt(card):
        for cleaned in (one_line(text), paragraphs(f"Hello,\n{text}\n")):
            assert card not in re.sub(r"\D", "", cleaned)
            assert f"•••• {card[-4:]}" in cleaned


@pytest.mark.parametrize("text", NO_CARDS)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert one_line(text) == text


async def test_a_card_typed_into_every_field_of_an_order_is_nowhere(
    client: httpx.AsyncClient, scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    answered = ""
    for card in CARDS:
        body = {
            "orderType": "PICKUP",
            "locationId": scene.house.id,
            "items": [{"menuItemId": scene.dish_id, "quantity": 1, "comment": f"card {card}"}],
            "guestName": f"Ada {card}",
            "guestEmail": "ada@guest.example",
            "guestPhone": "030 1234567",
            "comment": f"charge {card} 12/30 123",
        }
        answer = await client.post("/api/orders", json=body)
        assert answer.status_code == 201, answer.text
        answered += answer.text
    kept = await everything_in(scene)
    said = "".join(capfd.readouterr())
    found = [card for card in CARDS if card in kept or card in answered or card in said]
    print(f"P4: {len(CARDS)} cards typed into 3 fields each, {len(found)} kept, told or logged")
    assert found == []
    assert "•••• 4242" in kept


async def everything_in(scene: Scene) -> str:
    """All that the books hold, as text."""
    async with scene.books.reading() as look:
        return "".join(
            [repr(await look.rows(Statement(select(table)))) for table in every_table().values()]
        )


def test_no_page_asks_for_a_card_or_loads_what_is_not_ours() -> None:
    templates = list(Path(kitchenasty.__file__).parent.glob("*/templates/**/*.html"))
    asking = [path.name for path in templates if FIELD.search(path.read_text())]
    foreign = [path.name for path in templates if FOREIGN.search(path.read_text())]
    print(f"P4: {len(templates)} templates, {len(asking)} ask for a card, {len(foreign)} load")
    assert len(templates) > 50
    assert (asking, foreign) == ([], [])
