"""What owners set in the office: read from the database first, else from the environment; secrets
are encrypted at rest and masked when shown. Others use only these names.
"""

from kitchenasty.settings.fields import Field, Group, SettingRefused, Value
from kitchenasty.settings.service import Shown, change, is_saved_as, load, show

__all__ = [
    "Field",
    "Group",
    "SettingRefused",
    "Shown",
    "Value",
    "change",
    "is_saved_as",
    "load",
    "show",
]
