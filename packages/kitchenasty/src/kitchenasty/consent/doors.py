"""All doors of this slice."""

from kitchenasty.consent.pages import CookiePages
from kitchenasty.consent.routes import ConsentApi, CookieCategoriesApi

DOORS = (CookiePages, CookieCategoriesApi, ConsentApi)
