"""What a rule prints: a docket on the printers of the house in which it happened."""

from __future__ import annotations

from basis.sentences import word
from kitchenasty import printing
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.rules import StepKind, TextField
from kitchenasty.automation.steps import house_of
from kitchenasty.kit.books import UnitOfWork

BODY_LENGTH_MAX = 2_000


async def print_docket(uow: UnitOfWork, doing: Doing) -> None:
    """Queued in this transaction under the effect's id. Raises HouseUnknown, NoPrinter."""
    house = await house_of(uow, doing)
    await printing.print_text(
        uow,
        house.id,
        doing.planned.texts["body"],
        key=f"rule:{doing.effect_id}",
        about_id=doing.about_id,
    )


PRINT = Deed(
    StepKind(
        "print",
        word("Print a docket"),
        (TextField("body", word("Text"), Channel.TEXT, BODY_LENGTH_MAX, is_long=True),),
        frozenset(),
        "house.id",
    ),
    print_docket,
)
