"""Every door through which a guest reserves, as the application opens them."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kitchenasty.reserving.guest_pages import ReservationPages, ReservePages
from kitchenasty.reserving.routes import ReservationsApi

DOORS: list[ControllerRouterHandler] = [ReservationsApi, ReservePages, ReservationPages]
