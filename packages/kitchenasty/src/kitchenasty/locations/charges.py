"""What a house asks for beside dishes and delivery, and how it takes cash. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Invalid
from basis.sentences import Sentence

MILLION = 1_000_000
TIPS_MAX = 6
TIP_PERCENT_MAX = 100
NAME_LENGTH_MAX = 60
CASH_STEP_MAX = 10_000
DININGS = ("PICKUP", "DELIVERY", "DINE_IN")


class ChargesRefused(Invalid):
    """Something about tips, service or cash does not fit; the sentence says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTerms:
    """A compulsory share of the dishes, for some ways of having them."""

    millionths: int
    name: str = ""
    """Stands beside the word "Service"."""
    is_taxed: bool = True
    """Taxed like the dishes; else outside tax."""
    after_discounts: bool = True
    dinings: tuple[str, ...] = DININGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """`tips` are the percentages that guests are offered. `cash_step_minor` is the smallest coin:
    5 where one pays to the nearest 0.05.
    """

    takes_tips: bool = False
    tips: tuple[int, ...] = ()
    service: ServiceTerms | None = None
    cash_step_minor: int = 1


NO_CHARGES = Charges()


def check_charges(charges: Charges) -> None:
    """Raises ChargesRefused."""
    if len(charges.tips) > TIPS_MAX or len(set(charges.tips)) < len(charges.tips):
        raise ChargesRefused(Sentence.of("Up to {most} different tips.", most=TIPS_MAX))
    if not all(1 <= percent <= TIP_PERCENT_MAX for percent in charges.tips):
        raise ChargesRefused("A tip is a whole number of percent, from 1 to 100.")
    if not 1 <= charges.cash_step_minor <= CASH_STEP_MAX:
        raise ChargesRefused("The smallest coin is an amount above nothing, like 0.05.")
    if charges.service is not None:
        check_service(charges.service)


def check_service(service: ServiceTerms) -> None:
    """Raises ChargesRefused."""
    if len(service.name) > NAME_LENGTH_MAX:
        raise ChargesRefused("Please use fewer words beside the service charge.")
    if not 1 <= service.millionths <= MILLION:
        raise ChargesRefused("A service charge is above 0 and at most 100 percent.")
    if not service.dinings or not set(service.dinings) <= set(DININGS):
        raise ChargesRefused("Please say for what the service charge holds.")
