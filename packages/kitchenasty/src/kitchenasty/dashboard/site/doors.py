"""All pages of the office about the website."""

from kitchenasty.dashboard.site.branding_pages import BrandingPages
from kitchenasty.dashboard.site.cookie_pages import CookieCategoryPages
from kitchenasty.dashboard.site.gallery_pages import GalleryPages
from kitchenasty.dashboard.site.landing_pages import LandingPages
from kitchenasty.dashboard.site.legal_pages import LegalPages
from kitchenasty.dashboard.site.picker_pages import PickerPages
from kitchenasty.dashboard.site.picture_pages import PicturePages

PAGES = (
    BrandingPages,
    LandingPages,
    PicturePages,
    PickerPages,
    GalleryPages,
    LegalPages,
    CookieCategoryPages,
)
