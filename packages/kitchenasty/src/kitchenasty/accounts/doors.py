"""Every door of the accounts, as the application opens them."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kitchenasty.accounts.address_pages import AddressPages
from kitchenasty.accounts.address_routes import AddressesApi
from kitchenasty.accounts.customer_pages import CustomerPages
from kitchenasty.accounts.customer_routes import CustomerAccountApi
from kitchenasty.accounts.invitation_pages import InvitationPages
from kitchenasty.accounts.invitation_routes import InvitationsApi
from kitchenasty.accounts.pages import AccountPages
from kitchenasty.accounts.routes import AccountsApi
from kitchenasty.accounts.second_factor_routes import SecondFactorApi
from kitchenasty.accounts.staff_account_pages import StaffAccountPages
from kitchenasty.accounts.staff_account_routes import SessionsApi, StaffAccountApi

DOORS: list[ControllerRouterHandler] = [
    AddressPages,
    AddressesApi,
    CustomerPages,
    CustomerAccountApi,
    InvitationPages,
    InvitationsApi,
    AccountPages,
    AccountsApi,
    StaffAccountPages,
    SecondFactorApi,
    SessionsApi,
    StaffAccountApi,
]
