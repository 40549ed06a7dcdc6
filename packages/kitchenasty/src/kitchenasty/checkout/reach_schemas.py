"""What a quote tells beside its sums: of delivery, of tips, and why something is not in them."""

from __future__ import annotations

from basis.errors import DomainError
from basis.kit.http.wire import Amount, WireStruct, amount
from kitchenasty.checkout.drafts import Reach


class RefusalView(WireStruct, kw_only=True):
    """Why something that was asked for is not in the sums: a coupon, points, a card, a tip."""

    code: str
    error: str

    @classmethod
    def of(cls, refusal: DomainError | None) -> RefusalView | None:
        return None if refusal is None else cls(code=refusal.code, error=str(refusal))


class TipOption(WireStruct, kw_only=True):
    """A tip that the house suggests, and what it comes to for this cart."""

    percent: int
    amount: Amount


class ReachView(WireStruct, kw_only=True):
    """What delivery to the address asks of the items: `missing` is what they lack of the smallest
    order, `toFree` what they lack until delivery is free (null: it never is). `code` and `error`
    say why it is not known; then the sums are without a fee.
    """

    zone_id: str | None
    zone: str | None
    missing: Amount
    to_free: Amount | None
    code: str | None
    error: str | None

    @classmethod
    def of(cls, reach: Reach, currency: str) -> ReachView:
        zone, refusal, to_free = reach.zone, reach.refusal, reach.to_free_minor
        return cls(
            zone_id=None if zone is None else zone.id,
            zone=None if zone is None else zone.name,
            missing=amount(reach.missing_minor, currency),
            to_free=None if to_free is None else amount(to_free, currency),
            code=None if refusal is None else refusal.code,
            error=None if refusal is None else str(refusal),
        )
