"""All doors of this slice."""

from kitchenasty.content.gallery_routes import GalleryApi
from kitchenasty.content.legal_routes import LegalApi
from kitchenasty.content.routes import SiteApi, show_colours, show_manifest

DOORS = (show_colours, show_manifest, SiteApi, GalleryApi, LegalApi)
