"""The doors of the storefront, for the composition root."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kitchenasty.storefront.account_doors import DOORS as ACCOUNT_DOORS
from kitchenasty.storefront.brought_pages import BroughtPages
from kitchenasty.storefront.cart_pages import CartPages
from kitchenasty.storefront.checkout_pages import CheckoutPages
from kitchenasty.storefront.content_pages import ContentPages
from kitchenasty.storefront.pages import StorefrontPages
from kitchenasty.storefront.preview_pages import PreviewPages
from kitchenasty.storefront.search_engines import show_robots, show_sitemap
from kitchenasty.storefront.tracking_pages import TrackingPages
from kitchenasty.storefront.way_out_pages import WayOutPages

DOORS: list[ControllerRouterHandler] = [
    *ACCOUNT_DOORS,
    ContentPages,
    StorefrontPages,
    PreviewPages,
    show_robots,
    show_sitemap,
    CartPages,
    CheckoutPages,
    TrackingPages,
    BroughtPages,
    WayOutPages,
]
