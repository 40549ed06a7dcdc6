"""What owners set in the office: read from the database first, else from the environment; secrets
are encrypted at rest and masked when shown. Others use only these names.
"""

from kitchenasty.settings.advanced import ADVANCED
from kitchenasty.settings.bonds import Bond
from kitchenasty.settings.events import SettingsChanged
from kitchenasty.settings.fields import Field, Group, SettingRefused
from kitchenasty.settings.general import GENERAL, KILOMETRES, MILES
from kitchenasty.settings.kinds import Kind, Value, write_value, zone_names
from kitchenasty.settings.sealing import CannotUnseal, seal, unseal
from kitchenasty.settings.service import (
    Shown,
    change,
    is_saved_as,
    load,
    revision,
    show,
)
from kitchenasty.settings.standing import CALM, Facts, Standing, UnderMaintenance

__all__ = [
    "ADVANCED",
    "CALM",
    "GENERAL",
    "KILOMETRES",
    "MILES",
    "Bond",
    "CannotUnseal",
    "Facts",
    "Field",
    "Group",
    "Kind",
    "SettingRefused",
    "SettingsChanged",
    "Shown",
    "Standing",
    "UnderMaintenance",
    "Value",
    "change",
    "is_saved_as",
    "load",
    "revision",
    "seal",
    "show",
    "unseal",
    "write_value",
    "zone_names",
]
