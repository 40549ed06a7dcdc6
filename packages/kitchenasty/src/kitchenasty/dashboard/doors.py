"""The doors of the office, for the composition root."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kitchenasty.dashboard.automation.doors import RULE_DOORS
from kitchenasty.dashboard.coupon_pages import CouponPages
from kitchenasty.dashboard.gift_card_pages import GiftCardPages
from kitchenasty.dashboard.guests.doors import DOORS as GUEST_DOORS
from kitchenasty.dashboard.handoff_pages import HandoffPages
from kitchenasty.dashboard.houses.doors import HOUSE_DOORS
from kitchenasty.dashboard.letters.doors import LETTER_DOORS
from kitchenasty.dashboard.loyalty_pages import LoyaltyPages
from kitchenasty.dashboard.me_pages import MePages
from kitchenasty.dashboard.member_pages import MemberPages
from kitchenasty.dashboard.menu.doors import MENU_PAGES
from kitchenasty.dashboard.money_doors import MONEY_PAGES
from kitchenasty.dashboard.notice_pages import NoticePages
from kitchenasty.dashboard.order_export import OrderExport
from kitchenasty.dashboard.order_pages import OrderPages
from kitchenasty.dashboard.promotion_pages import PromotionPages
from kitchenasty.dashboard.routes import DashboardApi
from kitchenasty.dashboard.second_factor_pages import SecondFactorPages
from kitchenasty.dashboard.settings.pages import SettingsPages
from kitchenasty.dashboard.settings.routes import SettingsApi
from kitchenasty.dashboard.site.doors import PAGES as SITE_PAGES
from kitchenasty.dashboard.staff_pages import StaffPages
from kitchenasty.dashboard.staff_routes import StaffHousesApi
from kitchenasty.dashboard.system.doors import SYSTEM_DOORS
from kitchenasty.dashboard.tables.doors import DOORS as TABLE_DOORS
from kitchenasty.dashboard.text_pages import TextPages
from kitchenasty.dashboard.zones.doors import ZONE_DOORS

OFFICE_DOORS: list[ControllerRouterHandler] = [
    StaffHousesApi,
    StaffPages,
    MemberPages,
    MePages,
    SecondFactorPages,
    *SYSTEM_DOORS,
    *ZONE_DOORS,
    *HOUSE_DOORS,
    *TABLE_DOORS,
    NoticePages,
    *LETTER_DOORS,
    *RULE_DOORS,
    TextPages,
    OrderExport,
    *GUEST_DOORS,
    OrderPages,
    HandoffPages,
    CouponPages,
    PromotionPages,
    LoyaltyPages,
    GiftCardPages,
    *MENU_PAGES,
    *SITE_PAGES,
    DashboardApi,
    *MONEY_PAGES,
    SettingsApi,
    SettingsPages,
]
