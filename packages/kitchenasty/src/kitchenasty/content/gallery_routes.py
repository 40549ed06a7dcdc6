"""The API's doors to the gallery."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Form, Stamp, WireStruct, done, ok, stamp
from kitchenasty.content import gallery
from kitchenasty.content.categories import GalleryCategory
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, WebRequest, Work, site_of
from kitchenasty.media import UPLOADS

ImageId = Annotated[str, PathParameter(max_length=64)]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
Alt = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Order = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Asked = Annotated[str | None, QueryParameter(max_length=20)]


class NewImage(Form, kw_only=True):
    """`url` is a picture of the library, as a path or with this site's address before it."""

    url: Address
    alt: Alt
    category: GalleryCategory = GalleryCategory.FOOD
    sort_order: Order = 0
    is_active: bool = True


class ImagePatch(Form, kw_only=True):
    url: Address | UnsetType = UNSET
    alt: Alt | UnsetType = UNSET
    category: GalleryCategory | UnsetType = UNSET
    sort_order: Order | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class ImageView(WireStruct, kw_only=True):
    id: str
    url: str
    alt: str
    category: GalleryCategory
    sort_order: int
    is_active: bool
    created_at: Stamp
    updated_at: Stamp

    @classmethod
    def of(cls, image: gallery.GalleryImage) -> ImageView:
        return cls(
            id=image.id,
            url=image.url,
            alt=image.alt,
            category=image.category,
            sort_order=image.sort_order,
            is_active=image.is_active,
            created_at=stamp(image.created_at),
            updated_at=stamp(image.updated_at),
        )


class GalleryApi(ApiController):
    path = "/api/gallery"
    tags = ["Gallery"]

    @get(opt=access(Access.PUBLIC), operation_id="ListGallery")
    async def list_images(self, look: Reading, category: Asked = None) -> Envelope[list[ImageView]]:
        """What guests see; a category that there is not is no filter."""
        known = next((one for one in GalleryCategory if one == category), None)
        return ok([ImageView.of(one) for one in await gallery.list_gallery(look, known)])

    @get("/admin", opt=access(Access.MANAGER), operation_id="ListWholeGallery")
    async def list_all(self, look: Reading) -> Envelope[list[ImageView]]:
        """Hidden ones too."""
        images = await gallery.list_gallery(look, also_hidden=True)
        return ok([ImageView.of(one) for one in images])

    @post(opt=access(Access.MANAGER, every_house=True), operation_id="AddGalleryImage")
    async def add_image(
        self, request: WebRequest, uow: Work, data: JSONBody[NewImage]
    ) -> Envelope[ImageView]:
        """Hang a picture of the library."""
        draft = gallery.ImageDraft(
            url=own_path(request, data.url),
            alt=data.alt,
            category=data.category,
            sort_order=data.sort_order,
            is_active=data.is_active,
        )
        return ok(ImageView.of(await gallery.add_image(uow, draft)))

    @patch(
        "/{image_id:str}",
        opt=access(Access.MANAGER, every_house=True),
        operation_id="ChangeGalleryImage",
    )
    async def change_image(
        self, request: WebRequest, uow: Work, image_id: ImageId, data: JSONBody[ImagePatch]
    ) -> Envelope[ImageView]:
        """Change what is given."""
        changes: dict[str, Any] = {
            name: value
            for name, value in msgspec.structs.asdict(data).items()
            if value is not UNSET
        }
        if "url" in changes:
            changes["url"] = own_path(request, changes["url"])
        return ok(ImageView.of(await gallery.change_image(uow, image_id, changes)))

    @delete(
        "/{image_id:str}",
        opt=access(Access.MANAGER, every_house=True),
        status_code=200,
        operation_id="RemoveGalleryImage",
    )
    async def remove_image(self, uow: Work, image_id: ImageId) -> Envelope[None]:
        """Take a picture down; the library keeps it."""
        await gallery.remove_image(uow, image_id)
        return done("Gallery image deleted")


def own_path(request: WebRequest, url: str) -> str:
    """The path of a picture of ours. One from elsewhere would tell somebody else who looks at the
    page, and the policy of our pages shows none. Raises GalleryRefused.
    """
    site = site_of(request)
    path = url.removeprefix(site) if url.startswith(f"{site}/") else url
    parts = urlsplit(path)
    if parts.path != path or not path.startswith(UPLOADS) or ".." in path or len(path) > 100:
        raise gallery.GalleryRefused(
            "Please upload the picture first; the library has its address."
        )
    return path
