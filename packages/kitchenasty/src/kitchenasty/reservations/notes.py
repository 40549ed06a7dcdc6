"""What is written down about a reservation: by its guest, and by the house about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import bindparam, delete

from basis.errors import Conflict
from basis.kit.data.statements import Statement
from basis.kit.texts import paragraphs
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.availability import WishRefused
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservations import records
from kitchenasty.reservations.events import ReservationChanged
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.views import Reservation

MOST = {
    "note": records.NOTE_LENGTH_MAX,
    "allergies": records.ALLERGIES_LENGTH_MAX,
    "house_note": records.NOTE_LENGTH_MAX,
}
REMOVE = Statement(
    delete(ReservationRow).where(ReservationRow.id == bindparam("reservation_id", required=True))
)


class StillExpected(Conflict):
    def __init__(self) -> None:
        super().__init__("This party is still expected. Please cancel first, so that they hear it.")


class MoneyAgreed(Conflict):
    def __init__(self) -> None:
        super().__init__("Money was agreed for this reservation, so it stays in the books.")


async def annotate(
    uow: UnitOfWork, reservation: Reservation, texts: Mapping[str, str | None]
) -> Reservation:
    """Notes, by the names of MOST; from guests until they leave. Raises WishRefused, GuestRefused,
    SomebodyChangedIt.
    """
    if not (reservation.is_held or uow.actor.is_staff):
        raise WishRefused("This reservation is over, so it cannot be changed.")
    clean = {name: paragraphs(text or "") or None for name, text in texts.items()}
    for name, text in clean.items():
        if text and len(text) > MOST[name]:
            raise records.GuestRefused(
                Sentence.of("Please write at most {most} characters.", most=MOST[name])
            )
    if all(getattr(reservation, name) == text for name, text in clean.items()):
        return reservation
    after = replace(reservation, **clean)  # type: ignore[arg-type]  # texts, all three of them
    kept = await records.keep(uow, reservation, after, "note")
    uow.emit(
        ReservationChanged(
            reservation_id=kept.id, house_id=kept.house_id, what=tuple(sorted(texts))
        )
    )
    return kept


async def remove(uow: UnitOfWork, reservation: Reservation) -> None:
    """For good, with its history. What still keeps its table is cancelled first. Raises
    StillExpected, MoneyAgreed.
    """
    if reservation.is_held:
        raise StillExpected
    if reservation.agreed is not None:
        raise MoneyAgreed
    await uow.run(REMOVE, reservation_id=reservation.id)
    await audit.record(
        uow,
        action="delete",
        entity="Reservation",
        entity_id=reservation.id,
        before={"day": reservation.day, "party": reservation.party, "status": reservation.status},
    )
