"""What the house shows of itself: its name, its colours, the front. Others use only these names."""

from kitchenasty.content.colours import LEAST_CONTRAST, Contrast, Tone, contrasts_of, tone_of
from kitchenasty.content.current import current_site
from kitchenasty.content.links import LinkRefused, checked_link
from kitchenasty.content.looks import (
    FEATURES_MAX,
    ICONS,
    SCHEMES,
    Button,
    Call,
    Feature,
    Hero,
    Site,
)
from kitchenasty.content.queries import load_site
from kitchenasty.content.service import SiteRefused, change_site
from kitchenasty.content.themes import THEMES

__all__ = [
    "FEATURES_MAX",
    "ICONS",
    "LEAST_CONTRAST",
    "SCHEMES",
    "THEMES",
    "Button",
    "Call",
    "Contrast",
    "Feature",
    "Hero",
    "LinkRefused",
    "Site",
    "SiteRefused",
    "Tone",
    "change_site",
    "checked_link",
    "contrasts_of",
    "current_site",
    "load_site",
    "tone_of",
]
