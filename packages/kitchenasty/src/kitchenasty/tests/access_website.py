"""Who may use the doors to the website: its looks, pictures, and pages of law."""

from __future__ import annotations

from kitchenasty.tests.access_rows import ALL_HOUSES, EVERYBODY, MANAGERS, STAFF

WEBSITE = {
    "GET /admin/site/branding": MANAGERS,
    "POST /admin/site/branding": ALL_HOUSES,
    "GET /admin/site/branding/tone.json": MANAGERS,
    "GET /admin/site/front": MANAGERS,
    "POST /admin/site/front": ALL_HOUSES,
    "GET /admin/site/gallery": MANAGERS,
    "POST /admin/site/gallery": ALL_HOUSES,
    "POST /admin/site/gallery/{image_id:str}": ALL_HOUSES,
    "POST /admin/site/gallery/{image_id:str}/remove": ALL_HOUSES,
    "GET /admin/site/legal": MANAGERS,
    "GET /admin/site/legal/{slug:str}": MANAGERS,
    "POST /admin/site/legal/{slug:str}": ALL_HOUSES,
    "POST /admin/site/legal/{slug:str}/restore": ALL_HOUSES,
    "GET /admin/site/pictures": MANAGERS,
    "POST /admin/site/pictures": ALL_HOUSES,
    "POST /admin/site/pictures/{asset_id:str}": ALL_HOUSES,
    "POST /admin/site/pictures/{asset_id:str}/remove": ALL_HOUSES,
    "GET /api/gallery": EVERYBODY,
    "POST /api/gallery": ALL_HOUSES,
    "GET /api/gallery/admin": MANAGERS,
    "PATCH /api/gallery/{image_id:str}": ALL_HOUSES,
    "DELETE /api/gallery/{image_id:str}": ALL_HOUSES,
    "GET /api/legal": EVERYBODY,
    "GET /api/legal/{slug:str}": EVERYBODY,
    "PUT /api/legal/{slug:str}": ALL_HOUSES,
    "GET /api/media": STAFF,
    "POST /api/media/upload": ALL_HOUSES,
    "DELETE /api/media/{asset_id:str}": ALL_HOUSES,
    "GET /brand.css": EVERYBODY,
    "GET /site.webmanifest": EVERYBODY,
    "GET /gallery": EVERYBODY,
    "GET /legal/{slug:str}": EVERYBODY,
}
