"""Pictures: looked at, cleaned, kept under a name made of their content, and served."""

from kitchenasty.media.library import (
    Asset,
    AssetNotFound,
    PictureInUse,
    Upload,
    Use,
    Uses,
    describe_asset,
    discard,
    list_assets,
    load_asset,
    receive,
    received,
    remove_asset,
    shelve,
    uses_of,
)
from kitchenasty.media.names import UPLOADS, Picture, icon_of, picture_of
from kitchenasty.media.pictures import WIDE_SIDE_MAX, PictureRefused
from kitchenasty.media.service import keep_icon, keep_picture, keep_ready_picture

__all__ = [
    "UPLOADS",
    "WIDE_SIDE_MAX",
    "Asset",
    "AssetNotFound",
    "Picture",
    "PictureInUse",
    "PictureRefused",
    "Upload",
    "Use",
    "Uses",
    "describe_asset",
    "discard",
    "icon_of",
    "keep_icon",
    "keep_picture",
    "keep_ready_picture",
    "list_assets",
    "load_asset",
    "picture_of",
    "receive",
    "received",
    "remove_asset",
    "shelve",
    "uses_of",
]
