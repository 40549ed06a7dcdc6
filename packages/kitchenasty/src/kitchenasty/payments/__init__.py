"""What is owed and what was paid. Others use only these names."""

from kitchenasty.payments.keys import PAYMENT, Keys, load_keys
from kitchenasty.payments.models import PaymentMethod, PaymentStatus
from kitchenasty.payments.port import Begun, Found, Provider, ProviderAway, ProviderRefused, Wish
from kitchenasty.payments.service import (
    KeysMissing,
    Payment,
    PaymentMethodOff,
    check_keys,
    collect_cash,
    list_payments,
    offered_methods,
    parse_method,
    record_due,
    void_due,
)
from kitchenasty.payments.states import IntentState

__all__ = [
    "PAYMENT",
    "Begun",
    "Found",
    "IntentState",
    "Keys",
    "KeysMissing",
    "Payment",
    "PaymentMethod",
    "PaymentMethodOff",
    "PaymentStatus",
    "Provider",
    "ProviderAway",
    "ProviderRefused",
    "Wish",
    "check_keys",
    "collect_cash",
    "list_payments",
    "load_keys",
    "offered_methods",
    "parse_method",
    "record_due",
    "void_due",
]
