"""The API's doors to branding and the front, and what browsers fetch of them."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post, put
from litestar.datastructures import UploadFile
from litestar.params import JSONBody

from basis.errors import Invalid
from basis.kit.http.api import ApiController
from basis.kit.http.wire import ENCODER, Envelope, ok
from kitchenasty import media
from kitchenasty.content import service
from kitchenasty.content.colours import ACCENT, hexadecimal_of
from kitchenasty.content.current import current_site
from kitchenasty.content.looks import CSS_PATH, Site
from kitchenasty.content.queries import load_site
from kitchenasty.content.schemas import SiteForm, SiteView
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, writing_for
from kitchenasty.kit.principals import Principal

UPLOAD_BYTES_MAX = 9_000_000
CURRENT = "public, max-age=31536000, immutable"
ICON_SIZES = (192, 512)


class PictureMissing(Invalid):
    """The form has no file in the field where one was expected."""


class SiteApi(ApiController):
    path = "/api/settings"
    tags = ["Site"]

    @get(opt=access(Access.PUBLIC), operation_id="ShowSite")
    async def show_site(self, look: Reading) -> Envelope[SiteView]:
        """The house's name, pictures, colours and front."""
        return ok(SiteView.of(await load_site(look)))

    @put(opt=access(Access.MANAGER, every_house=True), operation_id="ChangeSite")
    async def change_site(self, uow: Work, data: JSONBody[SiteForm]) -> Envelope[SiteView]:
        """Change what is given. The next page that anybody opens shows it."""
        return ok(SiteView.of(await service.change_site(uow, data.to_changes())))

    @post(
        "/logo",
        opt=access(Access.MANAGER, every_house=True),
        status_code=200,
        request_max_body_size=UPLOAD_BYTES_MAX,
        operation_id="UploadLogo",
    )
    async def upload_logo(self, request: WebRequest, principal: Actor) -> Envelope[SiteView]:
        """A picture in the multipart field `logo`."""
        content, name = await picture_in(request, "logo")
        logo = await media.receive(data_dir(request), content, name)
        return ok(SiteView.of(await save(request, principal, "logo", logo)))

    @post(
        "/favicon",
        opt=access(Access.MANAGER, every_house=True),
        status_code=200,
        request_max_body_size=UPLOAD_BYTES_MAX,
        operation_id="UploadFavicon",
    )
    async def upload_favicon(self, request: WebRequest, principal: Actor) -> Envelope[SiteView]:
        """A picture in the multipart field `favicon`; every size of it is made here."""
        content, name = await picture_in(request, "favicon")
        path = await media.keep_icon(data_dir(request), content)
        icon = await media.received(data_dir(request), path, name)
        return ok(SiteView.of(await save(request, principal, "favicon", icon)))


async def picture_in(request: WebRequest, name: str) -> tuple[bytes, str]:
    """The file of a form, and what its sender calls it. Raises PictureMissing."""
    file = (await request.form()).get(name)
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content or not isinstance(file, UploadFile):
        raise PictureMissing("Please choose a picture.")
    return content, file.filename


def data_dir(request: WebRequest) -> Any:
    return request.app.state.config.data_dir


async def save(request: WebRequest, principal: Principal, field: str, upload: media.Upload) -> Site:
    """In a transaction that begins after the picture was made: that can take a second."""
    async with writing_for(request, principal) as uow:
        await media.shelve(uow, upload)
        return await service.change_site(uow, {field: upload.path})


@get(CSS_PATH, opt=access(Access.PUBLIC), include_in_schema=False)
async def show_colours(request: WebRequest) -> Response[str]:
    """The owner's colours, for every page that shows them."""
    site = current_site.get()
    is_current = request.url.query == site.css_address.partition("?")[2]
    headers = {"cache-control": CURRENT if is_current else "no-cache"}
    return Response(site.css, media_type="text/css; charset=utf-8", headers=headers)


@get("/site.webmanifest", opt=access(Access.PUBLIC), include_in_schema=False)
async def show_manifest() -> Response[bytes]:
    """What a phone shows of the site on its first screen."""
    site = current_site.get()
    told = {
        "name": site.name,
        "short_name": site.name[:12].strip(),
        "start_url": "/",
        "display": "standalone",
        "background_color": "#16130f" if site.scheme == "dark" else "#fcf8f1",
        "theme_color": hexadecimal_of(ACCENT["light"], site.tone),
        "icons": icons_of(site),
    }
    return Response(ENCODER.encode(told), media_type="application/manifest+json")


def icons_of(site: Site) -> list[dict[str, str]]:
    if site.favicon is None:
        return [{"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml"}]
    return [
        {"src": media.icon_of(site.favicon, size), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES
    ]
