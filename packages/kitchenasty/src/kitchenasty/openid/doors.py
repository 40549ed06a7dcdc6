"""Every door of the slice, as the application opens them."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kitchenasty.openid.pages import ElsewherePages, WaysPages
from kitchenasty.openid.routes import ElsewhereApi, IdentitiesApi

DOORS: list[ControllerRouterHandler] = [ElsewherePages, WaysPages, ElsewhereApi, IdentitiesApi]
