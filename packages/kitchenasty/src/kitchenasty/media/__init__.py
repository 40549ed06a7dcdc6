"""Pictures: looked at, cleaned, kept under a name made of their content, and served."""

from kitchenasty.media.names import UPLOADS, Picture, picture_of
from kitchenasty.media.pictures import PictureRefused
from kitchenasty.media.service import keep_picture, keep_ready_picture

__all__ = [
    "UPLOADS",
    "Picture",
    "PictureRefused",
    "keep_picture",
    "keep_ready_picture",
    "picture_of",
]
