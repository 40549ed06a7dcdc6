"""The doors to one's own data."""

from kitchenasty.privacy.pages import OwnDataPages
from kitchenasty.privacy.routes import OwnDataApi

DOORS = (OwnDataPages, OwnDataApi)
