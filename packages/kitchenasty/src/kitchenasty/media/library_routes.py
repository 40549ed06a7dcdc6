"""The API's doors to the library."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromQuery, PathParameter

from basis.errors import Invalid
from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Stamp, WireStruct, done, listed, ok, stamp
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, writing_for
from kitchenasty.media import library
from kitchenasty.media.names import picture_of

ASSETS_DEFAULT, ASSETS_MAX = 50, 100
UPLOAD_BYTES_MAX = 9_000_000
AssetId = Annotated[str, PathParameter(max_length=64)]


class FileMissing(Invalid):
    """The form has no file in its field `file`."""


class UploaderView(WireStruct, kw_only=True):
    id: str
    name: str


class AssetView(WireStruct, kw_only=True):
    """A picture of the library. `url` is a path on this server."""

    id: str
    filename: str
    original_name: str
    url: str
    mime_type: str
    size: int
    alt: str
    width: int | None
    height: int | None
    uploaded_by_id: str | None
    uploaded_by: UploaderView | None
    created_at: Stamp

    @classmethod
    def of(cls, asset: library.Asset) -> AssetView:
        picture = picture_of(asset.path)
        by = asset.uploaded_by_id
        return cls(
            id=asset.id,
            filename=asset.path.rpartition("/")[2],
            original_name=asset.original_name,
            url=asset.path,
            mime_type="image/png" if asset.path.endswith(".png") else "image/webp",
            size=asset.bytes,
            alt=asset.alt,
            width=picture.width,
            height=picture.height,
            uploaded_by_id=by,
            uploaded_by=UploaderView(id=by, name=asset.uploaded_by_name) if by else None,
            created_at=stamp(asset.created_at),
        )


class MediaApi(ApiController):
    path = "/api/media"
    tags = ["Media"]

    @get(opt=access(Access.STAFF), operation_id="ListMedia")
    async def list_media(
        self,
        look: Reading,
        page: FromQuery[int | None] = None,
        limit: FromQuery[int | None] = None,
    ) -> Envelope[list[AssetView]]:
        """The library, the newest first."""
        wanted = Page.of(page, limit or ASSETS_DEFAULT, limit_max=ASSETS_MAX)
        assets, total = await library.list_assets(look, wanted)
        views = [AssetView.of(asset) for asset in assets]
        return listed(views, page=wanted.number, limit=wanted.limit, total=total)

    @post(
        "/upload",
        opt=access(Access.MANAGER, every_house=True),
        request_max_body_size=UPLOAD_BYTES_MAX,
        operation_id="UploadMedia",
    )
    async def upload(self, request: WebRequest, principal: Actor) -> Envelope[AssetView]:
        """A picture in the multipart field `file`. It is decoded, cleaned and made anew."""
        file = (await request.form()).get("file")
        if not isinstance(file, UploadFile):
            raise FileMissing("Please send a picture in the field `file`.")
        folder = request.app.state.config.data_dir
        upload = await library.receive(folder, await file.read(), file.filename)
        async with writing_for(request, principal) as uow:
            return ok(AssetView.of(await library.shelve(uow, upload)))

    @delete(
        "/{asset_id:str}",
        opt=access(Access.MANAGER, every_house=True),
        status_code=200,
        operation_id="DeleteMedia",
    )
    async def remove(
        self, request: WebRequest, principal: Actor, asset_id: AssetId
    ) -> Envelope[None]:
        """Remove a picture that is shown nowhere; a refusal lists where it is."""
        await remove(request, principal, asset_id)
        return done("Media deleted")


async def remove(request: WebRequest, principal: Actor, asset_id: str) -> None:
    """Raises AssetNotFound, PictureInUse."""
    state = request.app.state
    async with writing_for(request, principal) as uow:
        await library.remove_asset(uow, state.config.data_dir, asset_id, state.picture_uses)
