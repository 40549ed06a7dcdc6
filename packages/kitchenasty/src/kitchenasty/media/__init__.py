"""Pictures: looked at, cleaned, kept under a name made of their content, and served."""

from kitchenasty.media.names import UPLOADS, Picture, icon_of, picture_of
from kitchenasty.media.pictures import WIDE_SIDE_MAX, PictureRefused
from kitchenasty.media.service import keep_icon, keep_picture, keep_ready_picture

__all__ = [
    "UPLOADS",
    "WIDE_SIDE_MAX",
    "Picture",
    "PictureRefused",
    "icon_of",
    "keep_icon",
    "keep_picture",
    "keep_ready_picture",
    "picture_of",
]
