"""Every way in which checkout says no. The messages are for the guest and say what to do."""

from basis.errors import Conflict, Invalid


class DishGone(Conflict):
    """A dish of the cart is not on the menu of this house (any more)."""


class NotServedNow(Conflict):
    """A dish is not served at the time of the order."""


class OrderTypeOff(Conflict):
    """The house, or one dish, is not offered for delivery or for pickup."""


class HouseClosed(Conflict):
    """The house is closed at the time of the order. `details` has the next opening."""


class OrderingOff(Conflict):
    """No house takes orders now: its owner switched ordering off, or works on it."""


class HousePaused(Conflict):
    """The kitchen takes no orders for the moment."""


class ScheduleRefused(Invalid):
    """The wished time is too early, too late, or not a time at all."""


class SlotFull(Conflict):
    """The kitchen cannot take more work at that time. `details` has the next free time."""


class BelowMinimum(Conflict):
    """The order is smaller than the house delivers or hands out."""


class AddressNeeded(Invalid):
    """A delivery needs an address."""


class ContactNeeded(Invalid):
    """The house must be able to reach whoever orders."""


class PromiseMoved(Conflict):
    """It would be ready much later than was shown. `details` has the new time."""


class PriceChanged(Conflict):
    """The total that was shown is not the total that is due. `details` has the new one."""
