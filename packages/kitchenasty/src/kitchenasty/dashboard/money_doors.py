"""The pages of the office that are about money, for the composition root."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kitchenasty.dashboard.charge_pages import ChargePages
from kitchenasty.dashboard.paper_pages import PaperPages
from kitchenasty.dashboard.payment_pages import PaymentSettingsPages
from kitchenasty.dashboard.refund_pages import RefundPages, ReturnPages
from kitchenasty.dashboard.report_pages import ReportPages
from kitchenasty.dashboard.split_pages import SplitPages
from kitchenasty.dashboard.tax_pages import TaxPages
from kitchenasty.dashboard.till_pages import TillPages

MONEY_PAGES: list[ControllerRouterHandler] = [
    ChargePages,
    PaperPages,
    PaymentSettingsPages,
    RefundPages,
    ReportPages,
    ReturnPages,
    SplitPages,
    TaxPages,
    TillPages,
]
