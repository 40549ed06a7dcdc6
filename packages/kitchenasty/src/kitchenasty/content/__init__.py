"""What the house shows of itself: its name, its colours, the front. Others use only these names."""

from kitchenasty.content.categories import CATEGORY_WORDS, GalleryCategory
from kitchenasty.content.colours import LEAST_CONTRAST, Contrast, Tone, contrasts_of, tone_of
from kitchenasty.content.current import current_site
from kitchenasty.content.gallery import (
    GalleryImage,
    GalleryImageNotFound,
    GalleryRefused,
    ImageDraft,
    add_image,
    change_image,
    list_gallery,
    load_image,
    remove_image,
)
from kitchenasty.content.legal import (
    CONTENT_LENGTH_MAX,
    USUAL,
    LegalPage,
    LegalPageNotFound,
    LegalPageRefused,
    LegalVersion,
    list_legal_pages,
    list_versions,
    load_legal_page,
    restore_version,
    write_legal_page,
)
from kitchenasty.content.letters import letter_head
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
from kitchenasty.content.markdown import to_html
from kitchenasty.content.queries import load_site
from kitchenasty.content.service import SiteRefused, change_site, move_on
from kitchenasty.content.themes import THEMES
from kitchenasty.content.uses import picture_uses

__all__ = [
    "CATEGORY_WORDS",
    "CONTENT_LENGTH_MAX",
    "FEATURES_MAX",
    "ICONS",
    "LEAST_CONTRAST",
    "SCHEMES",
    "THEMES",
    "USUAL",
    "Button",
    "Call",
    "Contrast",
    "Feature",
    "GalleryCategory",
    "GalleryImage",
    "GalleryImageNotFound",
    "GalleryRefused",
    "Hero",
    "ImageDraft",
    "LegalPage",
    "LegalPageNotFound",
    "LegalPageRefused",
    "LegalVersion",
    "LinkRefused",
    "Site",
    "SiteRefused",
    "Tone",
    "add_image",
    "change_image",
    "change_site",
    "checked_link",
    "contrasts_of",
    "current_site",
    "letter_head",
    "list_gallery",
    "list_legal_pages",
    "list_versions",
    "load_image",
    "load_legal_page",
    "load_site",
    "move_on",
    "picture_uses",
    "remove_image",
    "restore_version",
    "to_html",
    "tone_of",
    "write_legal_page",
]
