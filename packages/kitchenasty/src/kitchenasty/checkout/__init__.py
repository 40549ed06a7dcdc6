"""From a cart to an agreed order: prices, checks, promises. Others use only these names."""

from kitchenasty.checkout.charge_schemas import read_percent
from kitchenasty.checkout.charges import change_charges
from kitchenasty.checkout.drafts import (
    AcceptedOrder,
    CartDraft,
    CartLine,
    LineProblem,
    OrderDraft,
    PricedCart,
    Reach,
    Seated,
)
from kitchenasty.checkout.happy_hours import paths_of
from kitchenasty.checkout.points import earn_points
from kitchenasty.checkout.pricing import unit_price
from kitchenasty.checkout.promise import Promise, list_slots
from kitchenasty.checkout.quotes import (
    QUOTE_LENGTH_MAX,
    Quote,
    QuoteForged,
    QuoteStale,
    sign_priced,
)
from kitchenasty.checkout.refusals import (
    AddressNeeded,
    BelowMinimum,
    ContactNeeded,
    DishGone,
    HouseClosed,
    HousePaused,
    NotServedNow,
    OrderingOff,
    OrderTypeOff,
    PriceChanged,
    PromiseMoved,
    ScheduleRefused,
    SlotFull,
)
from kitchenasty.checkout.reorder import LineAgain, OrderAgain, order_again
from kitchenasty.checkout.service import place_order, price_cart
from kitchenasty.checkout.tax_schemas import RATES_MAX, TaxRateForm
from kitchenasty.checkout.taxes import TaxGap, change_taxes, profile_of
from kitchenasty.checkout.tips import TipRefused, TipWish

__all__ = [
    "QUOTE_LENGTH_MAX",
    "RATES_MAX",
    "AcceptedOrder",
    "AddressNeeded",
    "BelowMinimum",
    "CartDraft",
    "CartLine",
    "ContactNeeded",
    "DishGone",
    "HouseClosed",
    "HousePaused",
    "LineAgain",
    "LineProblem",
    "NotServedNow",
    "OrderAgain",
    "OrderDraft",
    "OrderTypeOff",
    "OrderingOff",
    "PriceChanged",
    "PricedCart",
    "Promise",
    "PromiseMoved",
    "Quote",
    "QuoteForged",
    "QuoteStale",
    "Reach",
    "ScheduleRefused",
    "Seated",
    "SlotFull",
    "TaxGap",
    "TaxRateForm",
    "TipRefused",
    "TipWish",
    "change_charges",
    "change_taxes",
    "earn_points",
    "list_slots",
    "order_again",
    "paths_of",
    "place_order",
    "price_cart",
    "profile_of",
    "read_percent",
    "sign_priced",
    "unit_price",
]
