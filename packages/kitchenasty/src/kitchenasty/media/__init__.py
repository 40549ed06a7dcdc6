"""Pictures: looked at, cleaned, kept under a name made of their content, and served."""

from kitchenasty.media.letter_pictures import letter_picture
from kitchenasty.media.library import (
    Asset,
    AssetNotFound,
    PictureGone,
    PictureInUse,
    Upload,
    Use,
    Uses,
    describe_asset,
    hold,
    list_assets,
    load_asset,
    receive,
    receive_ready,
    received,
    remove_asset,
    shelve,
    uses_of,
)
from kitchenasty.media.names import UPLOADS, Picture, icon_of, picture_of
from kitchenasty.media.pictures import WIDE_SIDE_MAX, PictureRefused
from kitchenasty.media.service import keep_icon, keep_picture

__all__ = [
    "UPLOADS",
    "WIDE_SIDE_MAX",
    "Asset",
    "AssetNotFound",
    "Picture",
    "PictureGone",
    "PictureInUse",
    "PictureRefused",
    "Upload",
    "Use",
    "Uses",
    "describe_asset",
    "hold",
    "icon_of",
    "keep_icon",
    "keep_picture",
    "letter_picture",
    "list_assets",
    "load_asset",
    "picture_of",
    "receive",
    "receive_ready",
    "received",
    "remove_asset",
    "shelve",
    "uses_of",
]
