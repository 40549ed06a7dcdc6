"""Every group of settings there is, and who may open it."""

from __future__ import annotations

from dataclasses import dataclass

from basis.sentences import word
from kitchenasty import (
    adverts,
    locations,
    notices,
    openid,
    payments,
    reservation_terms,
    reviews,
    settings,
    staff,
    texting,
)
from kitchenasty.kit.principals import Role

HERE = "/admin/settings"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A group as the office shows it. `page` is where it is changed."""

    group: settings.Group
    title: str
    about: str
    icon: str
    role: Role
    own_page: str = ""

    @property
    def page(self) -> str:
        return self.own_page or f"{HERE}/{self.group.name}"


CHAPTERS = (
    Chapter(
        locations.ORDER,
        word("Ordering"),
        word("Whether guests can order and tip, and how new houses begin."),
        "shopping-bag",
        Role.MANAGER,
    ),
    Chapter(
        settings.GENERAL,
        word("General"),
        word("What holds for the whole group."),
        "settings",
        Role.MANAGER,
    ),
    Chapter(
        reservation_terms.RESERVATION,
        word("Reservations"),
        word("Whether guests reserve tables online, and on which terms."),
        "calendar",
        Role.MANAGER,
    ),
    Chapter(
        reviews.REVIEW,
        word("Reviews"),
        word("Who may review, and what is shown at once."),
        "star",
        Role.MANAGER,
    ),
    Chapter(
        payments.PAYMENT,
        word("Payments"),
        word("The ways of paying, and their keys."),
        "wallet",
        Role.SUPER_ADMIN,
        own_page="/admin/payments",
    ),
    Chapter(
        notices.MAIL,
        word("Mail"),
        word("The server that takes the letters to guests and staff, and who they come from."),
        "mail",
        Role.SUPER_ADMIN,
    ),
    Chapter(
        texting.TEXTING,
        word("Text messages"),
        word("Whether guests get texts to their phones, by whom, and about what."),
        "phone",
        Role.SUPER_ADMIN,
    ),
    Chapter(
        adverts.ADVERTS,
        word("Advertising"),
        word("Whom you may write to about what is new, and whether the checkout asks."),
        "star",
        Role.SUPER_ADMIN,
    ),
    Chapter(
        locations.MAPS,
        word("Maps"),
        word("The ground under the delivery zones of the office, if a map service draws one."),
        "map-pin",
        Role.SUPER_ADMIN,
    ),
    Chapter(
        staff.SECURITY,
        word("Safety of sign-ins"),
        word("From whom more than a password is asked."),
        "key-round",
        Role.SUPER_ADMIN,
        own_page="/admin/staff",
    ),
    Chapter(
        openid.OPENID,
        word("Sign-in elsewhere"),
        word("Guests sign in with Google, or another provider of accounts."),
        "key-round",
        Role.SUPER_ADMIN,
    ),
    Chapter(
        settings.ADVANCED,
        word("Advanced"),
        word("Maintenance, and limits for hasty visitors."),
        "shield",
        Role.SUPER_ADMIN,
    ),
)
BY_NAME = {chapter.group.name: chapter for chapter in CHAPTERS}


def pages_for(role: Role) -> list[str]:
    """The paths below /admin/settings of the groups that begin with this role."""
    return [f"/{one.group.name}" for one in CHAPTERS if one.role is role and not one.own_page]
