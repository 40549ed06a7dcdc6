"""The drawer as programs read and fill it. Amounts are major units of the house's currency."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Annotated

import msgspec

from basis.kit.http.wire import Amount, Form, Price, Stamp, WireStruct, amount, bounded_minor, stamp
from kitchenasty.till.rules import PIECES_MAX, REASON_LENGTH_MAX, CountKind, Drawer
from kitchenasty.till.views import CashCount, CashDay

KINDS_OF_PIECES_MAX = 40
NUMBER_MAX = 100_000


class PieceForm(Form, kw_only=True):
    """So many coins or notes of a value, such as 0.50."""

    value: Price
    count: Annotated[int, msgspec.Meta(ge=0, le=PIECES_MAX)]


class DrawerForm(Form, kw_only=True):
    """What was counted. `number` is that of the day's last count as whoever counts has seen it, 0
    before the first: if somebody else has counted meanwhile, the answer is 409.
    """

    pieces: Annotated[list[PieceForm], msgspec.Meta(max_length=KINDS_OF_PIECES_MAX)]
    float_amount: Price = msgspec.field(name="float", default=Decimal(0))
    paid_in: Price = Decimal(0)
    paid_out: Price = Decimal(0)
    number: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]

    def to_drawer(self, currency: str) -> Drawer:
        """Raises BadAmount."""
        pieces: Counter[int] = Counter()
        for piece in self.pieces:
            pieces[bounded_minor(piece.value, currency)] += piece.count
        return Drawer(
            pieces=pieces,
            float_minor=bounded_minor(self.float_amount, currency),
            paid_in_minor=bounded_minor(self.paid_in, currency),
            paid_out_minor=bounded_minor(self.paid_out, currency),
        )


class CloseForm(DrawerForm, kw_only=True):
    """`reason` is needed where there is a difference, and to correct a day that is closed."""

    reason: Annotated[str, msgspec.Meta(max_length=REASON_LENGTH_MAX)] = ""


class PieceView(WireStruct, kw_only=True):
    value: Amount
    count: int


class SumsView(WireStruct, kw_only=True):
    """What should be in the drawer, and why. `difference` above 0: there is too much in it."""

    taken: Amount
    tips: Amount
    returned: Amount
    expected: Amount
    difference: Amount


class CountView(WireStruct, kw_only=True):
    """A count, as it was kept. `closeNumber` is that of the close among all of the house; `sums`
    is null for cooks and waiters, who count without knowing what should be there.
    """

    day: str
    number: int
    close_number: int | None
    kind: CountKind
    currency: str
    pieces: list[PieceView]
    float_amount: Amount = msgspec.field(name="float")
    paid_in: Amount
    paid_out: Amount
    counted: Amount
    sums: SumsView | None
    reason: str | None
    made_at: Stamp
    made_by: str

    @classmethod
    def of(cls, day: str, count: CashCount, *, with_sums: bool) -> CountView:
        code = count.currency
        return cls(
            day=day,
            number=count.number,
            close_number=count.close_number,
            kind=count.kind,
            currency=code,
            pieces=[
                PieceView(value=amount(value, code), count=many)
                for value, many in count.pieces.items()
            ],
            float_amount=amount(count.float_minor, code),
            paid_in=amount(count.paid_in_minor, code),
            paid_out=amount(count.paid_out_minor, code),
            counted=amount(count.counted_minor, code),
            sums=sums_of(count) if with_sums else None,
            reason=count.reason,
            made_at=stamp(count.made_at),
            made_by=count.made_by_name,
        )


class CashDayView(WireStruct, kw_only=True):
    """A day of the drawer. `number` goes back with the next count; `usualFloat` is what the drawer
    began with when a day was closed last. `movedSince` is cash that came or went after the close.
    """

    location_id: str
    day: str
    currency: str
    number: int
    is_closed: bool
    usual_float: Amount
    taken: Amount | None
    returned: Amount | None
    moved_since: Amount | None
    pieces: list[Amount]
    counts: list[CountView]

    @classmethod
    def of(cls, found: CashDay, pieces: tuple[int, ...], *, with_sums: bool) -> CashDayView:
        code, day = found.house.currency, found.day.isoformat()

        def told(minor: int) -> Decimal | None:
            return amount(minor, code) if with_sums else None

        return cls(
            location_id=found.house.id,
            day=day,
            currency=code,
            number=found.number,
            is_closed=found.closed is not None,
            usual_float=amount(found.usual_float_minor, code),
            taken=told(found.flow.taken_minor),
            returned=told(found.flow.returned_minor),
            moved_since=told(found.moved_since_minor),
            pieces=[amount(value, code) for value in pieces],
            counts=[CountView.of(day, one, with_sums=with_sums) for one in found.counts],
        )


def sums_of(count: CashCount) -> SumsView:
    code = count.currency
    return SumsView(
        taken=amount(count.taken_minor, code),
        tips=amount(count.tips_minor, code),
        returned=amount(count.returned_minor, code),
        expected=amount(count.expected_minor, code),
        difference=amount(count.difference_minor, code),
    )
