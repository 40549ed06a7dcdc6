"""What is owed and what was paid. Others use only these names."""

from kitchenasty.payments.models import PaymentMethod, PaymentStatus
from kitchenasty.payments.service import (
    Payment,
    PaymentMethodOff,
    collect_cash,
    list_payments,
    offered_methods,
    parse_method,
    record_due,
    void_due,
)

__all__ = [
    "Payment",
    "PaymentMethod",
    "PaymentMethodOff",
    "PaymentStatus",
    "collect_cash",
    "list_payments",
    "offered_methods",
    "parse_method",
    "record_due",
    "void_due",
]
