"""What an owner seldom touches: the house behind a curtain, and the limits for hasty visitors."""

from __future__ import annotations

from basis.sentences import word
from kitchenasty.settings.fields import Field, Group
from kitchenasty.settings.kinds import Kind

ADVANCED = Group(
    "advanced",
    (
        Field(
            name="maintenanceMode",
            label=word("Closed for maintenance"),
            default=False,
            hint=word(
                "On: guests see a calm page and order nothing. The staff works on, and who is "
                "paying an order finishes."
            ),
        ),
        Field(
            name="maintenanceMessage",
            label=word("What guests read meanwhile"),
            kind=Kind.PARAGRAPH,
            can_be_empty=True,
            length_max=300,
            hint=word("Up to 300 characters. Empty: that we are back soon."),
        ),
        Field(
            name="enableRateLimiting",
            label=word("Slow down visitors who ask too often"),
            default=True,
            environment="RATE_LIMITS",
            hint=word(
                "Off: one visitor alone can keep the server busy. Guesses at passwords and codes "
                "stay limited all the same."
            ),
        ),
    ),
)
